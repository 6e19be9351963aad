//! The ledger in one file of a database that is built in.
//!
//! Owns: the file, its schema, the thread that writes. Reads go over connections of their own, so
//! that `status` and `log` work beside a run, in this process or another. The only module that
//! knows a SQL driver.

mod amend;
mod approval;
mod campaign;
mod check;
mod code;
mod delivery;
mod freeze;
mod ledger;
mod mount;
mod open;
mod past;
mod query;
mod queue;
mod readers;
mod settle;
#[cfg(test)]
mod tests;
mod thread;

use std::{
    path::Path,
    sync::{
        Arc, Mutex, OnceLock,
        atomic::{AtomicU32, Ordering},
    },
};

use check::Check;
pub(super) use open::private_folder;
use queue::Queue;
use rusqlite::Connection;

use super::{Error, generation};

/// The ledger in one `SQLite` file (WAL, `synchronous=FULL`). Cloning shares it; the last clone to
/// go waits until everything asked for is written, and closes the file.
#[derive(Clone, Debug)]
pub struct SqliteLedger {
    /// The look through a large file; ends before the queue closes it, which is why it stands
    /// above it.
    check: Arc<OnceLock<Check>>,
    queue: Arc<Queue>,
    /// Generation of the run that claims through this handle; 0 before it has begun.
    run: Arc<AtomicU32>,
    id: Arc<str>,
}

impl SqliteLedger {
    /// Opens the ledger at `path`, making file (0600) and folder (0700) where there are none and
    /// bringing an older schema up to date. Follows no symbolic link. Needs a tokio runtime from
    /// here on.
    pub fn open(path: &Path) -> Result<Self, Error> {
        Self::opened(open::writer(path))
    }

    /// The same for the ledger of rehearsals: it keeps no suppression list of its own, but goes by
    /// that of the ledger at `other`, whatever another process writes there meanwhile.
    pub fn open_under(path: &Path, other: &Path) -> Result<Self, Error> {
        Self::opened(open::writer_under(path, other))
    }

    fn opened(opened: Result<(Connection, open::Files), Error>) -> Result<Self, Error> {
        let ledger = opened.and_then(|(connection, files)| {
            let id = campaign::ledger_id(&connection)?;
            Ok(Self::new(Queue::spawn(files, connection)?, &id))
        });
        ledger.map_err(|error| match error {
            Error::Storage { reason, .. } => Error::Storage { action: "opened", reason },
            other => other,
        })
    }

    /// A ledger that is gone with its last clone and does its work on the caller's task, without
    /// a thread: for tests whose clock stands still.
    pub fn in_memory() -> Result<Self, Error> {
        let connection = open::in_memory()?;
        let id = campaign::ledger_id(&connection)?;
        Ok(Self::new(Queue::Inline(Arc::new(Mutex::new(connection))), &id))
    }

    /// A ledger in a file that does its work on the caller's task, and moves its log into the file
    /// whenever it has grown to `pages`: for tests that look at both after every call.
    #[cfg(test)]
    pub(crate) fn inline(path: &Path, pages: u32) -> Result<Self, Error> {
        let (connection, _) = open::writer(path)?;
        connection.pragma_update(None, "wal_autocheckpoint", pages)?;
        let id = campaign::ledger_id(&connection)?;
        Ok(Self::new(Queue::Inline(Arc::new(Mutex::new(connection))), &id))
    }

    /// Changes what is in the tables past the protocol, as damage does.
    #[cfg(test)]
    pub(crate) async fn damage(&self, sql: &'static str) -> Result<(), Error> {
        self.queue.write(|connection| Ok(connection.execute_batch(sql)?)).await
    }

    /// What the database finds wrong with its file, looking at all of it.
    #[cfg(test)]
    pub(crate) async fn findings(&self) -> Result<Vec<String>, Error> {
        self.queue.read(|connection| open::findings(connection, "integrity_check")).await
    }

    fn new(queue: Queue, id: &str) -> Self {
        Self { check: Arc::default(), queue: Arc::new(queue), run: Arc::default(), id: id.into() }
    }

    /// Names this ledger among all ledgers (32 hexadecimal digits): for receipts, and for the
    /// folder that mirrors its generation.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Begins a run: call it once, under the [`RunLock`](super::RunLock), before anything is
    /// claimed. Raises the ledger's generation and copies it to `mirror`, a folder outside the
    /// workspace (`$XDG_STATE_HOME/announce/<ledger id>`).
    ///
    /// [`Error::Restored`] when the mirror has seen a later generation of this ledger: people may
    /// have had mail that it does not know of.
    ///
    /// Looks through the file first (0.04 s for 100,000 people): damage that is met in mid-run is
    /// met between a message and its record. A file of more than 64 MiB (some 300,000 people) is
    /// looked through beside the first messages: from the moment that damage is found nobody is
    /// claimed or marked any more, and what is on the wire is still recorded.
    pub async fn begin_run(&self, mirror: &Path) -> Result<(), Error> {
        if self.queue.read(open::pages).await? <= check::WAITED_FOR {
            self.queue.read(open::check_whole).await?;
        } else {
            self.look_through()?;
        }
        let _lock = generation::lock(mirror)?;
        let seen = generation::read(mirror)?;
        let generation =
            self.queue.write(move |connection| campaign::raise(connection, seen)).await?;
        // The ledger first: a crash in between leaves it ahead of its mirror, which is no harm.
        generation::write(mirror, generation)?;
        self.run.store(generation, Ordering::SeqCst);
        Ok(())
    }

    /// Looks through the file beside what is done with it.
    fn look_through(&self) -> Result<(), Error> {
        if let Some(files) = self.queue.files() {
            // A second run of this handle goes by the first one's look.
            let _ = self.check.set(Check::begin(files)?);
        }
        Ok(())
    }

    /// Fails when the file is known to be damaged: nothing new may be begun on it.
    fn sound(&self) -> Result<(), Error> {
        self.check.get().map_or(Ok(()), Check::so_far)
    }

    /// [`Error::Restored`] when `mirror` has seen a later generation of this ledger; changes
    /// nothing.
    pub async fn is_newest(&self, mirror: &Path) -> Result<(), Error> {
        let seen = generation::read(mirror)?;
        let generation = self.queue.read(campaign::generation).await?;
        if generation < seen { Err(Error::Restored) } else { Ok(()) }
    }

    /// Makes sure that people are keyed by the secret whose mark this is; a ledger without one
    /// takes it. [`Error::OtherSecret`] when it belongs to another.
    pub async fn belongs_to(&self, mark: String) -> Result<(), Error> {
        self.queue.write(move |connection| campaign::claim_key_mark(connection, &mark)).await
    }

    fn run(&self) -> u32 {
        self.run.load(Ordering::SeqCst)
    }
}

/// What the database says, in words that help. Its messages hold no values, so no person's.
impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        let reason = match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase) => "the file is no ledger, or is damaged".to_owned(),
            Some(ErrorCode::DatabaseCorrupt) => "the file is damaged".to_owned(),
            Some(ErrorCode::ReadOnly) => "the file cannot be written".to_owned(),
            // The file can be read, and the log beside it not be made.
            Some(ErrorCode::CannotOpen) => {
                "the file or its log cannot be opened for writing".to_owned()
            }
            Some(ErrorCode::DiskFull) => "the disk is full".to_owned(),
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                "another process has held it for 30 seconds".to_owned()
            }
            // Some parts of a full disk are met where the database cannot tell.
            Some(ErrorCode::SystemIoFailure) => {
                let code = error.sqlite_error().map_or(0, |error| error.extended_code);
                format!("the disk is full or fails (SQLite error {code})")
            }
            _ => error.to_string(),
        };
        Self::Storage { action: "used", reason }
    }
}
