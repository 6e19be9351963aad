//! Everything the program leaves behind, looked through at any moment.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use super::canary::traces;

/// What was found in many looks.
#[derive(Default)]
pub(super) struct Finds {
    /// How often everything was looked at.
    pub(super) looks: usize,
    /// Bytes looked at, all looks together.
    pub(super) bytes: usize,
    /// Canaries, in which form and file.
    pub(super) canaries: Vec<String>,
    /// Files and folders that others than their owner may use.
    pub(super) exposed: Vec<String>,
}

impl Finds {
    /// Looks through every file below these folders; files may come and go meanwhile. What is
    /// below the `private` ones must be for its owner alone.
    pub(super) fn look(&mut self, folders: &[PathBuf], private: &[PathBuf]) {
        self.looks += 1;
        for path in folders.iter().flat_map(|folder| below(folder)) {
            let name = path.display().to_string();
            let bytes = fs::read(&path).unwrap_or_default();
            self.bytes += bytes.len();
            for (form, at) in traces(&bytes).into_iter().chain(traces(name.as_bytes())) {
                let around = bytes.get(at.saturating_sub(60)..bytes.len().min(at + 60));
                let around = String::from_utf8_lossy(around.unwrap_or_default());
                self.canaries.push(format!("{form} in {name}: {around:?}"));
            }
        }
        for path in private.iter().flat_map(|folder| below(folder)).chain(private.to_vec()) {
            let Ok(metadata) = fs::symlink_metadata(&path) else { continue };
            let wanted = if metadata.is_dir() { 0o700 } else { 0o600 };
            let mode = metadata.permissions().mode() & 0o7777;
            if mode != wanted {
                self.exposed.push(format!("{} has mode {mode:o}", path.display()));
            }
        }
    }
}

/// All files and folders below a folder.
fn below(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let paths = entries.flatten().map(|entry| entry.path());
    paths
        .flat_map(|path| {
            let inner = if path.is_dir() { below(&path) } else { Vec::new() };
            std::iter::once(path).chain(inner)
        })
        .collect()
}
