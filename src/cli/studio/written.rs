//! Whether a file has been written since it was last looked at: that somebody opened it for writing
//! is told as a change, too.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    time::SystemTime,
};

/// A file that is also opened to be read.
pub(super) struct Written {
    path: PathBuf,
    /// When it was last written, as far as has been seen.
    seen: Mutex<Option<SystemTime>>,
}

impl Written {
    /// From now on.
    pub(super) fn since_now(path: PathBuf) -> Self {
        let seen = Mutex::new(written_at(&path));
        Self { path, seen }
    }

    /// Whether this is the file, and it was written.
    pub(super) fn is_news(&self, path: &Path) -> bool {
        if path != self.path {
            return false;
        }
        let now = written_at(path);
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut *seen, now) != now
    }
}

fn written_at(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|metadata| metadata.modified()).ok()
}
