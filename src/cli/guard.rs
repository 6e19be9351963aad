//! Who may send: one run at a time.

use super::{Exit, Fault, newsroom::Newsroom};
use crate::{
    clock::Clock as _,
    ledger::{Holder, LockError, RunLock},
};

impl Newsroom {
    /// Takes the right to change what a run works on; `command` tells others what for, and names
    /// nobody.
    pub(super) fn lock(&self, command: &str) -> Result<RunLock, Fault> {
        self.state()?;
        self.try_lock(command).map_err(|error| self.locked(error))
    }

    /// The same, or nothing while somebody else has it.
    pub(super) fn lock_if_free(&self, command: &str) -> Result<Option<RunLock>, Fault> {
        self.state()?;
        match self.try_lock(command) {
            Ok(lock) => Ok(Some(lock)),
            Err(LockError::Held(_)) => Ok(None),
            Err(error) => Err(self.locked(error)),
        }
    }

    /// The campaign that a run is sending now; empty when that is not known yet.
    pub(super) fn sending(&self) -> Result<Option<String>, Fault> {
        self.state()?;
        match self.try_lock("looking who sends") {
            Ok(_) => Ok(None),
            // In the instant before it has said who it is.
            Err(LockError::Held(None)) => Ok(Some(String::new())),
            Err(LockError::Held(Some(holder))) => Ok(campaign(&holder)),
            Err(error) => Err(self.locked(error)),
        }
    }

    fn try_lock(&self, command: &str) -> Result<RunLock, LockError> {
        let holder = Holder {
            pid: std::process::id(),
            command: command.to_owned(),
            since: self.clock().now(),
        };
        RunLock::acquire(&self.state_path("lock"), &holder)
    }

    fn locked(&self, error: LockError) -> Fault {
        let (message, hint) = match error {
            LockError::Storage(_) => {
                let hint = "check who owns `.announce` and whether the disk is full";
                (error.to_string(), hint.to_owned())
            }
            LockError::Held(None) => (error.to_string(), "try again in a moment".to_owned()),
            LockError::Held(Some(holder)) => {
                let began = self.when(holder.since);
                let hint = match campaign(&holder) {
                    Some(id) => format!("wait for it, or stop it: `announce stop {id}`"),
                    None => "try again in a moment".to_owned(),
                };
                let Holder { pid, command, .. } = holder;
                let message =
                    format!("another run is at work: `{command}` (process {pid}), begun {began}");
                (message, hint)
            }
        };
        Fault::with_hint(Exit::TryAgain, message, hint)
    }
}

/// The campaign that a holder of the lock is sending.
fn campaign(holder: &Holder) -> Option<String> {
    match holder.command.split_once(' ') {
        Some(("send" | "resume", id)) => Some(id.to_owned()),
        _ => None,
    }
}
