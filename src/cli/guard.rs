//! Who may send: one run at a time, and never from books that are not the newest.

use std::path::{Path, PathBuf};

use super::{Exit, Fault, newsroom::Newsroom};
use crate::{
    clock::Clock as _,
    keys::Keys,
    ledger::{self, Holder, LockError, Register, RunLock, SqliteLedger},
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
        match RunLock::look(&self.state_path("lock")) {
            Ok(()) => Ok(None),
            // In the instant before it has said who it is.
            Err(LockError::Held(None)) => Ok(Some(String::new())),
            Err(LockError::Held(Some(holder))) => Ok(campaign(&holder)),
            Err(error) => Err(self.locked(error)),
        }
    }

    /// Counts this run, and refuses a ledger that was restored from a backup, took the place of a
    /// lost one, or belongs to another secret.
    pub(super) async fn begin_run(&self, ledger: &SqliteLedger, keys: &Keys) -> Result<(), Fault> {
        let mark = keys.ledger_mark().to_string();
        if self.rehearses() {
            ledger.belongs_to(mark).await?;
            let mirrors = Register::new(self.sandbox_folder().join("runs"));
            return Ok(ledger.begin_run(&mirrors.mirror(ledger.id())).await?);
        }
        self.check_books(ledger, keys).await?;
        let register = register();
        ledger.begin_run(&register.mirror(ledger.id())).await?;
        register.note(&mark, ledger.id())?;
        Ok(register.note_home(ledger.id(), self.workspace().root())?)
    }

    /// The same refusals for the workspace's ledger, counting nothing.
    pub(super) async fn check_books(
        &self,
        ledger: &SqliteLedger,
        keys: &Keys,
    ) -> Result<(), Fault> {
        ledger.belongs_to(keys.ledger_mark().to_string()).await?;
        check_not_lost(keys, Some(ledger.id()))?;
        let mirror = register().mirror(ledger.id());
        ledger.is_newest(&mirror).await.map_err(|error| match error {
            ledger::Error::Restored => restored(&mirror),
            error => error.into(),
        })
    }

    /// Writes down what the holder of the lock does now.
    pub(super) fn note(&self, lock: &mut RunLock, command: &str) -> Result<(), Fault> {
        lock.note(&self.holder(command)).map_err(|error| self.locked(error))
    }

    fn try_lock(&self, command: &str) -> Result<RunLock, LockError> {
        RunLock::acquire(&self.state_path("lock"), &self.holder(command))
    }

    fn holder(&self, command: &str) -> Holder {
        let (pid, since) = (std::process::id(), self.clock().now());
        Holder { pid, command: command.to_owned(), since }
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
        Some(("send" | "resume" | "dispatch", id)) => Some(id.to_owned()),
        _ => None,
    }
}

/// Refuses when another ledger than this one was last sent with under this secret.
pub(super) fn check_not_lost(keys: &Keys, found: Option<&str>) -> Result<(), Fault> {
    let (register, mark) = (register(), keys.ledger_mark().to_string());
    match register.ledger_of(&mark)? {
        Some(known) if found != Some(&*known) => Err(lost(&register.entry(&mark))),
        _ => Ok(()),
    }
}

fn restored(mirror: &Path) -> Fault {
    let hint = format!(
        "people may have had mail that it does not know of: put the newer ledger back (or go on in \
         the copy of this newsroom that has sent since); if that is lost, see in the relay's log who has had what since, then delete `{}` to go on with this \
         one",
        mirror.display()
    );
    Fault::with_hint(Exit::Configuration, ledger::Error::Restored.to_string(), hint)
}

fn lost(entry: &Path) -> Fault {
    let hint = format!(
        "put `.announce/ledger.db` back from its backup; if there is none, delete `{}` to begin a \
         new one: then only the receipts in `drafts/` know what was sent, and nobody is \
         suppressed until you import your last `announce suppress export`",
        entry.display()
    );
    let message = "the ledger that was last sent with is gone: without it people would be mailed \
                   again";
    Fault::with_hint(Exit::Configuration, message, hint)
}

pub(super) fn register() -> Register {
    Register::new(state_home().join("announce"))
}

/// `$XDG_STATE_HOME`, or its default.
pub(super) fn state_home() -> PathBuf {
    let set = std::env::var_os("XDG_STATE_HOME").filter(|path| Path::new(path).is_absolute());
    set.map_or_else(
        || std::env::home_dir().unwrap_or_else(|| PathBuf::from("/")).join(".local/state"),
        PathBuf::from,
    )
}
