//! One run at a time.

use std::{
    fmt,
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, ErrorKind, Read, Seek, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
    thread,
};

use jiff::Timestamp;

use super::sqlite::private_folder;

/// The right to send from a workspace. It ends when the value is dropped or the process dies,
/// however it dies.
#[derive(Debug)]
pub struct RunLock {
    /// The lock is the open file's.
    file: File,
}

/// Who is sending.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Holder {
    /// Its process.
    pub pid: u32,
    /// What it was asked to do (`send drafts/x.md`), no address in it.
    pub command: String,
    /// Since when.
    pub since: Timestamp,
}

/// `process 4711, `send drafts/x.md`, since 2026-12-03T18:30:00Z`.
impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "process {}, `{}`, since {:.0}", self.pid, self.command, self.since)
    }
}

/// There is no sending now.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another run is at work.
    #[error("another run is at work{}", .0.as_ref().map(|holder| format!(": {holder}")).unwrap_or_default())]
    Held(
        /// None in the instant before it has written down who it is.
        Option<Holder>,
    ),
    /// The lock file cannot be made or locked.
    #[error("the lock could not be taken: {0}")]
    Storage(String),
}

/// How often a run tries again while others only look: some tenths of a second.
const TRIES: u32 = 100_000;

impl RunLock {
    /// Takes the lock at `path` (`.announce/lock`) and writes down who has it. Never waits for
    /// another run.
    pub fn acquire(path: &Path, holder: &Holder) -> Result<Self, LockError> {
        let mut file = open(path).map_err(storage)?;
        take(&mut file)?;
        note(&mut file, holder).map_err(storage)?;
        Ok(Self { file })
    }

    /// Writes down what is being done now, by the same process.
    pub fn note(&mut self, holder: &Holder) -> Result<(), LockError> {
        note(&mut self.file, holder).map_err(storage)
    }

    /// Whether the lock is free; [`LockError::Held`] says who has it. Writes nothing, so that it
    /// also works on a full disk, and keeps no run from beginning.
    pub fn look(path: &Path) -> Result<(), LockError> {
        let mut file = open(path).map_err(storage)?;
        share(&mut file)
    }
}

fn storage(error: io::Error) -> LockError {
    LockError::Storage(error.to_string())
}

fn take(file: &mut File) -> Result<(), LockError> {
    for _ in 0..TRIES {
        match file.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::WouldBlock) => {}
            Err(TryLockError::Error(error)) => return Err(storage(error)),
        }
        // A run shares it with nobody; whoever looks does, for an instant.
        share(file)?;
        file.unlock().map_err(storage)?;
        thread::yield_now();
    }
    Err(LockError::Held(None))
}

fn share(file: &mut File) -> Result<(), LockError> {
    match file.try_lock_shared() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => Err(LockError::Held(read(file))),
        Err(TryLockError::Error(error)) => Err(storage(error)),
    }
}

fn open(path: &Path) -> io::Result<File> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        private_folder(folder)?;
    }
    if fs::symlink_metadata(path).is_ok_and(|found| !found.is_file()) {
        return Err(io::Error::new(ErrorKind::InvalidInput, "it is not a plain file"));
    }
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false).mode(0o600).open(path)
}

fn note(file: &mut File, holder: &Holder) -> io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    file.write_all(serde_json::to_string(holder)?.as_bytes())
}

fn read(file: &mut File) -> Option<Holder> {
    let mut text = String::new();
    file.take(4096).read_to_string(&mut text).ok()?;
    serde_json::from_str(&text).ok()
}

#[cfg(test)]
mod tests {
    use std::{
        os::unix::fs::{PermissionsExt, symlink},
        sync::atomic::{AtomicBool, Ordering},
    };

    use super::*;

    fn holder(pid: u32) -> Holder {
        let since = "2026-12-03T18:30:00Z".parse().unwrap();
        Holder { pid, command: "send drafts/x.md".to_owned(), since }
    }

    #[test]
    fn a_second_run_hears_who_holds_the_lock() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(".announce/lock");
        let first = RunLock::acquire(&path, &holder(4711)).unwrap();

        let refused = RunLock::acquire(&path, &holder(4712)).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "another run is at work: process 4711, `send drafts/x.md`, since 2026-12-03T18:30:00Z"
        );
        assert!(matches!(refused, LockError::Held(Some(by)) if by == holder(4711)));

        assert!(
            matches!(RunLock::look(&path), Err(LockError::Held(Some(by))) if by == holder(4711))
        );

        drop(first);
        RunLock::look(&path).unwrap();
        assert!(fs::read_to_string(&path).unwrap().contains("4711"), "looking changes nothing");
        RunLock::acquire(&path, &holder(4712)).unwrap();
    }

    #[test]
    fn looking_who_sends_keeps_no_run_from_beginning() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        let done = AtomicBool::new(false);
        thread::scope(|scope| {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    let _ = RunLock::look(&path);
                }
            });
            let begins = (0..2000).all(|_| RunLock::acquire(&path, &holder(1)).is_ok());
            done.store(true, Ordering::Relaxed);
            assert!(begins);
        });
    }

    #[test]
    fn the_lock_is_private_and_is_never_a_link() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(".announce/lock");
        drop(RunLock::acquire(&path, &holder(1)).unwrap());
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&path), 0o600);
        assert_eq!(mode(path.parent().unwrap()), 0o700);

        let elsewhere = folder.path().join("elsewhere");
        fs::write(&elsewhere, "precious").unwrap();
        fs::remove_file(&path).unwrap();
        symlink(&elsewhere, &path).unwrap();
        assert!(matches!(RunLock::acquire(&path, &holder(1)), Err(LockError::Storage(_))));
        assert_eq!(fs::read_to_string(elsewhere).unwrap(), "precious");
    }
}
