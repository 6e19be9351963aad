//! Damage is looked for before it is met.

use std::{
    fmt,
    sync::{Arc, OnceLock},
    thread,
};

use rusqlite::InterruptHandle;

use super::open::{self, Files};
use crate::ledger::Error;

/// The largest ledger that a run waits for (some 300,000 people, 0.15 s), in pages of 4 KiB. From
/// a cold disk a larger one takes seconds.
pub(super) const WAITED_FOR: u32 = 16_384;

/// A look through a file beside the run that goes by it. Ends when it is dropped.
pub(super) struct Check {
    damage: Arc<OnceLock<Error>>,
    interrupt: InterruptHandle,
    thread: Option<thread::JoinHandle<()>>,
}

impl Check {
    /// Begins to look.
    pub(super) fn begin(files: &Files) -> Result<Self, Error> {
        let connection = open::reader(files)?;
        let interrupt = connection.get_interrupt_handle();
        let damage = Arc::new(OnceLock::new());
        let found = Arc::clone(&damage);
        let look = move || {
            if let Err(error) = open::check_whole(&connection) {
                // Empty until now: it looks once.
                let _ = found.set(error);
            }
        };
        let thread = thread::Builder::new()
            .name("ledger-check".to_owned())
            .spawn(look)
            .map_err(|error| Error::Storage { action: "used", reason: error.to_string() })?;
        Ok(Self { damage, interrupt, thread: Some(thread) })
    }

    /// Fails once damage has been found.
    pub(super) fn so_far(&self) -> Result<(), Error> {
        self.damage.get().map_or(Ok(()), |error| Err(error.clone()))
    }

    /// Waits until it has seen everything.
    #[cfg(test)]
    pub(super) fn wait(&mut self) {
        drop(self.thread.take().map(thread::JoinHandle::join));
    }
}

impl fmt::Debug for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Check").field("damage", &self.damage).finish_non_exhaustive()
    }
}

/// As long as it reads, the log cannot be emptied.
impl Drop for Check {
    fn drop(&mut self) {
        self.interrupt.interrupt();
        if let Some(thread) = self.thread.take() {
            // A panic in it is no damage.
            drop(thread.join());
        }
    }
}
