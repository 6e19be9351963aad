//! One test a fault: what a server does, and what became of the person.

mod along;
mod asking;
mod body;
mod limping;
mod opening;
mod peer;
mod tls;

use std::sync::{Arc, Mutex};

use jiff::Timestamp;
use tokio::task::JoinHandle;

use crate::{
    campaign::tests::reliability::found,
    clock::{Clock, FixedStartClock},
    compose::Envelope,
    deliver::{
        Outcome, Scope, Stage, Transport,
        contract::{self, Marks},
        smtp::{Relay, SmtpTransport},
    },
};
use peer::{Peer, Script, relay};

const MESSAGE: &[u8] = b"Subject: Hello\r\n\r\n.dot\r\n";
const PIPELINING: &[&str] = &["PIPELINING"];

/// A transport, its clock, its marks and the servers it talks to.
struct Bench {
    transport: SmtpTransport<FixedStartClock, Script>,
    clock: FixedStartClock,
    marks: Marks,
    servers: Arc<Mutex<Vec<JoinHandle<()>>>>,
}

impl Bench {
    fn new(script: Script) -> Self {
        Self::with(relay(), script)
    }

    fn with(relay: Relay, script: Script) -> Self {
        let clock = FixedStartClock::new(Timestamp::from_second(1_800_000_000).unwrap());
        let servers = script.running();
        let transport = SmtpTransport::over(Arc::new(relay), clock, script);
        Self { transport, clock, marks: Marks::default(), servers }
    }

    async fn send(&mut self, name: &str) -> Outcome {
        self.transport.send(&to(name), MESSAGE, self.marks.clone()).await
    }

    fn seconds(&self) -> u64 {
        self.clock.monotonic().as_secs()
    }

    fn connections(&self) -> usize {
        self.servers.lock().unwrap().len()
    }

    /// Closes, and fails if a server was not talked to as its script says.
    async fn end(mut self) {
        self.transport.close().await;
        drop(self.transport);
        let servers = std::mem::take(&mut *self.servers.lock().unwrap());
        for server in servers {
            server.await.expect("the server heard what it expected");
        }
    }
}

fn to(name: &str) -> Envelope {
    Envelope { from: "news@appg.example".to_owned(), to: format!("{name}@example.org") }
}

/// Kind, stage and scope of what did not end in acceptance.
fn told(outcome: &Outcome) -> (&'static str, Stage, Scope) {
    let kind = match outcome {
        Outcome::Accepted(_) => "accepted",
        Outcome::Deferred(_) => "deferred",
        Outcome::Rejected(_) => "rejected",
        Outcome::Uncertain(_) => "uncertain",
        Outcome::NotTried(_) => "not tried",
    };
    let failure = outcome.failure().expect("not accepted");
    assert!(!failure.to_string().contains('@'), "{failure}");
    (kind, failure.stage, failure.scope)
}

const PERSON: Scope = Scope::Person { suppress: false };

/// A server that takes everything, on as many connections as it likes.
struct Obedient {
    transport: SmtpTransport<FixedStartClock, Script>,
    taken: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Obedient {
    fn new(extensions: &'static [&'static str]) -> Self {
        let taken = Arc::default();
        let script = (0..3).fold(Script::default(), |script, _| {
            let taken = Arc::clone(&taken);
            script.then(move |peer: Peer| Self::serve(peer, extensions, taken))
        });
        Self { transport: Bench::new(script).transport, taken }
    }

    async fn serve(mut peer: Peer, extensions: &[&str], taken: Arc<Mutex<Vec<Vec<u8>>>>) {
        peer.greet(extensions).await;
        while let Some(line) = peer.hear().await {
            peer.say(if line == "DATA" { "354 go" } else { "250 ok" }).await;
            if line == "DATA" {
                let Some(body) = peer.body().await else { return };
                taken.lock().unwrap().push(body);
                peer.say("250 ok").await;
            }
        }
    }
}

impl contract::Bench for Obedient {
    type Transport = SmtpTransport<FixedStartClock, Script>;

    fn transport(&mut self) -> &mut Self::Transport {
        &mut self.transport
    }

    fn look(&self) -> impl Fn() -> Vec<Vec<u8>> + Send + 'static {
        let taken = Arc::clone(&self.taken);
        move || taken.lock().unwrap().clone()
    }
}

mod with_pipelining {
    use super::*;
    contract::promises!(Obedient::new(PIPELINING));
}

mod without_pipelining {
    use super::*;
    contract::promises!(Obedient::new(&[]));
}
