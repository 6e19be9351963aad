//! A server of the test's own: it writes down what it sees, and knows nothing of our books.

use std::sync::{Arc, Mutex};

use announce::{
    clock::SystemClock,
    sandbox::{Caught, Journal, Options, Sandbox, Store},
};
use tokio::runtime::Runtime;

/// The server, in this process.
pub(crate) struct Relay {
    pub(crate) runtime: Runtime,
    pub(crate) sandbox: Sandbox,
    pub(crate) journal: Journal,
    pub(crate) caught: Arc<Mutex<Vec<Caught>>>,
}

impl Relay {
    /// Starts on a free port; `set` makes it another server than the one of one's wishes.
    pub(crate) fn start(set: impl FnOnce(&mut Options)) -> Self {
        let runtime = Runtime::new().expect("a runtime");
        let caught = Arc::default();
        let journal = Journal::new();
        let mut options = Options::new(Store::Memory(Arc::clone(&caught)));
        options.journal = Some(journal.clone());
        set(&mut options);
        let sandbox = runtime
            .block_on(async { Sandbox::start(options, SystemClock::new()).await })
            .expect("a free port");
        Self { runtime, sandbox, journal, caught }
    }

    /// Where it listens.
    pub(crate) fn port(&self) -> u16 {
        self.sandbox.addr().port()
    }

    /// What `[smtp] url` says to reach it.
    pub(crate) fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port())
    }

    /// Messages taken, and commands of this verb seen.
    pub(crate) fn seen(self, verb: &str) -> (usize, usize) {
        self.runtime.block_on(self.sandbox.stop());
        let caught = self.caught.lock().expect("no panic").len();
        (caught, self.journal.count(verb))
    }
}
