//! Where caught mail is put.

use std::{
    fmt, fs,
    io::{self, ErrorKind, Write},
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

/// Where caught mail goes.
#[derive(Clone)]
pub enum Store {
    /// `000001.eml` and so on in the order of arrival, in a folder (0700) that is made when it is
    /// not there. A file (0600) holds the message exactly as it was received, and appears whole or
    /// not at all. Numbers go on after the highest one in the folder.
    Folder(PathBuf),
    /// In memory.
    Memory(Arc<Mutex<Vec<Caught>>>),
    /// Nowhere.
    Discard,
}

/// A message the server took.
#[derive(Clone, PartialEq, Eq)]
pub struct Caught {
    /// The return path, empty for `<>`.
    pub sender: String,
    /// Whom it is for.
    pub recipients: Vec<String>,
    /// The message, CRLF line ends, dots no longer doubled.
    pub message: Vec<u8>,
}

/// Shows no address and no content.
impl fmt::Debug for Caught {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Caught({} recipients, {} bytes)", self.recipients.len(), self.message.len())
    }
}

/// A store that is open, with the number of its last message.
pub(super) struct Shelf {
    store: Store,
    last: AtomicU64,
    taken: AtomicU64,
}

impl Shelf {
    /// Makes the folder, private to its owner; one that is there already keeps its permissions.
    pub(super) fn open(store: Store) -> io::Result<Self> {
        let mut last = 0;
        if let Store::Folder(folder) = &store {
            last = last_in(folder).map_err(|error| {
                let message = format!("`{}` cannot be used: {error}", folder.display());
                io::Error::new(error.kind(), message)
            })?;
        }
        Ok(Self { store, last: AtomicU64::new(last), taken: AtomicU64::new(0) })
    }

    /// How much of a message is wanted, in bytes.
    pub(super) fn wants(&self) -> u64 {
        if matches!(self.store, Store::Discard) { 0 } else { u64::MAX }
    }

    /// Messages kept since it was opened.
    pub(super) fn taken(&self) -> u64 {
        self.taken.load(Ordering::Relaxed)
    }

    /// Keeps a message and returns its number. When it returns, the file has its name.
    pub(super) async fn keep(&self, caught: Caught) -> io::Result<u64> {
        let mut number = self.last.fetch_add(1, Ordering::Relaxed) + 1;
        match &self.store {
            Store::Discard => {}
            Store::Memory(messages) => {
                messages.lock().unwrap_or_else(PoisonError::into_inner).push(caught);
            }
            Store::Folder(folder) => {
                let folder = folder.clone();
                let write = move || write_file(&folder, number, &caught.message);
                number = tokio::task::spawn_blocking(write).await.map_err(io::Error::other)??;
                self.last.fetch_max(number, Ordering::Relaxed);
            }
        }
        self.taken.fetch_add(1, Ordering::Relaxed);
        Ok(number)
    }
}

/// Makes the folder where there is none; the highest number in it.
fn last_in(folder: &Path) -> io::Result<u64> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let mut last = 0;
    for entry in fs::read_dir(folder)? {
        last = last.max(number_of(&entry?.path()).unwrap_or(0));
    }
    Ok(last)
}

/// Writes a message under this number, or the next one that no other server has used meanwhile.
fn write_file(folder: &Path, mut number: u64, message: &[u8]) -> io::Result<u64> {
    // tempfile makes it 0600 and removes it when a step fails.
    let mut file = tempfile::Builder::new().prefix(UNFINISHED).tempfile_in(folder)?;
    file.write_all(message)?;
    loop {
        match file.persist_noclobber(folder.join(format!("{number:06}.eml"))) {
            Ok(_) => return Ok(number),
            Err(taken) if taken.error.kind() == ErrorKind::AlreadyExists => {
                (file, number) = (taken.file, number + 1);
            }
            Err(failed) => return Err(failed.error),
        }
    }
}

/// The messages that a sandbox has put into `folder`, each with its number, in no order; a folder
/// that is not there is empty.
pub fn caught(folder: &Path) -> io::Result<Vec<(u64, PathBuf)>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let paths = entries.map(|entry| entry.map(|entry| entry.path()));
    let numbered = |path: io::Result<PathBuf>| match path {
        Ok(path) => number_of(&path).map(|number| Ok((number, path))),
        Err(error) => Some(Err(error)),
    };
    paths.filter_map(numbered).collect()
}

/// How the names of files begin that are still being written.
const UNFINISHED: &str = ".unfinished-";

/// The number in a file name that the sandbox gives: `000001.eml`.
fn number_of(path: &Path) -> Option<u64> {
    let digits = path.file_name()?.to_str()?.strip_suffix(".eml")?;
    let all_digits = digits.len() >= 6 && digits.bytes().all(|byte| byte.is_ascii_digit());
    all_digits.then(|| digits.parse().ok()).flatten()
}

/// Removes the mail that a sandbox put into `folder`, and nothing else; a folder that is not there
/// is empty. Returns how many messages there were.
pub fn empty_folder(folder: &Path) -> io::Result<u64> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
        entries => entries?,
    };
    let mut removed = 0;
    for entry in entries {
        let entry = entry?;
        let is_message = number_of(&entry.path()).is_some();
        if is_message || entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
            fs::remove_file(entry.path())?;
            removed += u64::from(is_message);
        }
    }
    Ok(removed)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn caught(text: &str) -> Caught {
        let message = text.as_bytes().to_vec();
        Caught { sender: String::new(), recipients: vec!["ann@example.org".into()], message }
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(folder)
            .expect("the folder is there")
            .map(|entry| entry.expect("readable").file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    #[tokio::test]
    async fn files_are_private_numbered_and_verbatim() {
        let root = tempfile::tempdir().expect("a temporary folder");
        let folder = root.path().join("state/sandbox");
        let shelf = Shelf::open(Store::Folder(folder.clone())).expect("opens");
        assert_eq!(shelf.keep(caught("one\r\n")).await.ok(), Some(1));
        assert_eq!(shelf.keep(caught("two\r\n")).await.ok(), Some(2));
        assert_eq!(names(&folder), ["000001.eml", "000002.eml"]);
        let first = folder.join("000001.eml");
        assert_eq!(fs::read(&first).expect("readable"), b"one\r\n");
        let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
        assert_eq!((mode(&folder), mode(&first)), (0o700, 0o600));
    }

    #[tokio::test]
    async fn numbers_go_on_in_a_folder_that_has_mail() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        fs::write(folder.path().join("000041.eml"), "").expect("writable");
        fs::write(folder.path().join("notes.eml"), "").expect("writable");
        let shelf = Shelf::open(Store::Folder(folder.path().into())).expect("opens");
        assert_eq!(shelf.keep(caught("x")).await.ok(), Some(42));
    }

    #[test]
    fn emptying_leaves_what_the_sandbox_did_not_write() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for name in ["000001.eml", "000002.eml", ".unfinished-abc", "notes.eml", "README"] {
            fs::write(folder.path().join(name), "").expect("writable");
        }
        assert_eq!(empty_folder(folder.path()).ok(), Some(2));
        assert_eq!(names(folder.path()), ["README", "notes.eml"]);
        assert_eq!(empty_folder(&folder.path().join("nowhere")).ok(), Some(0));
    }

    #[test]
    fn debug_output_shows_nobody() {
        assert_eq!(format!("{:?}", caught("secret")), "Caught(1 recipients, 6 bytes)");
    }
}
