//! Attachments and pictures: files beside a draft that travel with it.

use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use super::{PasswordSource, Workspace, file};
use crate::{
    diagnostic::Diagnostic,
    draft::{Attachment, Draft},
};

/// Larger files do not arrive: many servers take messages up to 25 MB or less.
const MAX_BYTES: u64 = 10 * 1024 * 1024;

/// A file that travels along.
#[derive(Clone, PartialEq, Eq)]
pub struct Asset {
    /// Path as shown, from the workspace (`drafts/files/programme.pdf`).
    pub shown: String,
    /// File name (`programme.pdf`).
    pub name: String,
    /// What readers see, for attachments with a title.
    pub title: Option<String>,
    /// The whole file.
    pub bytes: Vec<u8>,
}

/// Shows no bytes.
impl std::fmt::Debug for Asset {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Asset({}, {} bytes)", self.shown, self.bytes.len())
    }
}

impl Workspace {
    /// Reads a file by its path from the draft's folder: a regular file of at most 10 MB that
    /// really lies in the workspace, and not with the lists or other files that name people or
    /// hold secrets. The fault has no place yet; the caller knows where the path was written.
    pub fn asset(&self, draft: &Draft, written: &str) -> Result<Asset, Diagnostic> {
        let is_plain = !written.contains(|c: char| c.is_control() || c == '\\');
        if written.is_empty() || !is_plain || Path::new(written).is_absolute() {
            return Err(Diagnostic::new(format!(
                "`{}` is not a relative path",
                written.escape_debug()
            ))
            .hint("write the path from the draft's folder, with `/`: `files/programme.pdf`"));
        }
        let folder = Path::new(&*draft.source.name).parent().unwrap_or(Path::new(""));
        let real = self.inside(&self.root().join(folder).join(written), written)?;
        if self.is_private(&real) {
            return Err(Diagnostic::new(format!("`{written}` lies with lists or secrets"))
                .hint("copy it beside the draft if everyone may read it"));
        }
        let shown = self.shown(&real);
        let bytes = file::bytes(&real, written, MAX_BYTES)?;
        let name = written.rsplit('/').next().unwrap_or(written).to_owned();
        Ok(Asset { shown, name, title: None, bytes })
    }

    /// Puts other bytes in the place of a file that [`Workspace::asset`] has read: all of them or
    /// none. It stays as readable as it was.
    pub fn replace_asset(
        &self,
        draft: &Draft,
        written: &str,
        bytes: &[u8],
    ) -> Result<(), Diagnostic> {
        let folder = Path::new(&*draft.source.name).parent().unwrap_or(Path::new(""));
        let real = self.inside(&self.root().join(folder).join(written), written)?;
        replace(&real, bytes).map_err(|error| {
            Diagnostic::new(format!("`{written}` cannot be written: {}", file::reason(&error)))
                .hint("check the disk and the permissions; the file is as it was")
        })
    }

    /// Whether a file is one of the lists, stands beside one, or holds settings or secrets.
    fn is_private(&self, real: &Path) -> bool {
        let settings = self.settings();
        let password = match &settings.smtp.password {
            PasswordSource::File(path) => Some(path),
            PasswordSource::Command(_) | PasswordSource::Environment => None,
        };
        let lists: Vec<PathBuf> =
            settings.lists.values().map(|list| self.path(&list.file)).collect();
        let mut folders = lists.iter().filter_map(|list| list.parent()).map(Path::to_owned);
        let secrets = password.into_iter().chain(&settings.secret_file).map(|path| self.path(path));
        let is_at = |path: &PathBuf| path.canonicalize().is_ok_and(|path| path == real);
        let is_in = |folder: PathBuf| {
            let folder = folder.canonicalize().unwrap_or(folder);
            folder != self.root() && real.parent() == Some(&folder)
        };
        let settings_file = self.root().join("announce.toml");
        lists.iter().any(is_at)
            || folders.any(is_in)
            || secrets.chain([settings_file]).any(|path| is_at(&path))
    }

    /// Reads all attachments of a draft. Every fault is reported.
    pub fn attachments(&self, draft: &Draft) -> Result<Vec<Asset>, Vec<Diagnostic>> {
        let mut assets = Vec::new();
        let mut faults = Vec::new();
        for Attachment { file, title } in &draft.front.attachments {
            match self.asset(draft, &file.value) {
                Ok(asset) => assets.push(Asset { title: title.clone(), ..asset }),
                Err(fault) => faults.push(fault.at(&draft.source, file.span.clone())),
            }
        }
        if faults.is_empty() { Ok(assets) } else { Err(faults) }
    }
}

fn replace(real: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = tempfile::NamedTempFile::new_in(real.parent().unwrap_or(Path::new(".")))?;
    file.write_all(bytes)?;
    fs::set_permissions(file.path(), fs::metadata(real)?.permissions())?;
    file.as_file().sync_all()?;
    file.persist(real)?;
    Ok(())
}
