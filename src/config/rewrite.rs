//! Puts a new text in the place of a draft.

use std::{
    fs::{self, File},
    io::{self, Write as _},
    os::unix::fs::{MetadataExt as _, chown},
    path::Path,
};

use super::{DraftFile, Workspace, file};
use crate::diagnostic::Diagnostic;

impl Workspace {
    /// Replaces a draft by another text. All of it or nothing, and on disk when it returns. Refuses
    /// when the file does not say any more what it said: somebody is writing.
    pub fn rewrite(&self, draft: &DraftFile, text: &str) -> Result<(), Diagnostic> {
        let shown = &draft.source.name;
        if file::text(&draft.path, shown)?.text != draft.source.text {
            return Err(Diagnostic::new(format!("`{shown}` has changed since it was read"))
                .hint("nothing was written: look at it and run this again"));
        }
        replace(&draft.path, text).map_err(|error| {
            Diagnostic::new(format!("`{shown}` cannot be written: {}", file::reason(&error)))
                .hint("it is as it was: make room or mend the permissions, then run this again")
        })
    }
}

/// Under a name of its own first, with owner and permissions of the old file.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let old = fs::metadata(path)?;
    let mut new = tempfile::NamedTempFile::new_in(folder)?;
    new.write_all(text.as_bytes())?;
    // Only root can give a file away; from anybody else the new one is theirs, as from an editor.
    let _ = chown(new.path(), Some(old.uid()), Some(old.gid()));
    fs::set_permissions(new.path(), old.permissions())?;
    new.as_file().sync_all()?;
    new.persist(path)?;
    File::open(folder)?.sync_all()
}
