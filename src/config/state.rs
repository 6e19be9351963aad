//! `.announce/`: where the ledger, the lock and caught mail live.

use std::{
    fs::{self, DirBuilder},
    os::unix::fs::{DirBuilderExt, PermissionsExt},
    path::PathBuf,
};

use super::{Workspace, file};
use crate::diagnostic::Diagnostic;

/// Its name in the workspace.
pub(super) const FOLDER: &str = ".announce";

impl Workspace {
    /// The folder for state. It is made with mode 0700; one that is a link, or that others may
    /// write to, is refused: who can write there can make us mail people twice.
    pub fn state_dir(&self) -> Result<PathBuf, Diagnostic> {
        let path = self.root().join(FOLDER);
        let refused =
            |message: String, hint: &str| Diagnostic::new(message).in_file(FOLDER).hint(hint);
        let created = DirBuilder::new().mode(0o700).create(&path).and_then(|()| {
            // A power loss must not take its name away with all it holds.
            fs::File::open(self.root())?.sync_all()
        });
        match created {
            Ok(()) => return Ok(path),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => {
                let message = format!("it cannot be made: {}", file::reason(&error));
                return Err(refused(message, "check who owns the workspace"));
            }
        }
        let metadata = fs::symlink_metadata(&path).map_err(|error| {
            refused(format!("it cannot be read: {}", file::reason(&error)), "check its permissions")
        })?;
        if !metadata.is_dir() {
            let hint = "move it away; the state must be a real folder in the workspace";
            return Err(refused("it is not a folder".to_owned(), hint));
        }
        let mode = metadata.permissions().mode();
        if mode & 0o022 != 0 {
            let message = format!("others can write to it (mode {:o})", mode & 0o777);
            return Err(refused(message, "`chmod 700 .announce`"));
        }
        Ok(path)
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::{super::scaffold, *};

    fn workspace() -> (tempfile::TempDir, Workspace) {
        let folder = tempfile::tempdir().unwrap();
        scaffold::init(folder.path()).unwrap();
        let workspace = Workspace::open(folder.path()).unwrap();
        (folder, workspace)
    }

    fn set_mode(path: &std::path::Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn the_state_folder_is_made_for_its_owner_alone() {
        let (_folder, workspace) = workspace();
        let path = workspace.state_dir().unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o700);
        assert_eq!(workspace.state_dir(), Ok(path));
    }

    #[test]
    fn a_state_folder_that_others_can_write_to_is_refused() {
        let (_folder, workspace) = workspace();
        set_mode(&workspace.state_dir().unwrap(), 0o770);
        let fault = workspace.state_dir().unwrap_err();
        assert_eq!(fault.to_string(), ".announce: others can write to it (mode 770)");
    }

    #[test]
    fn a_state_folder_that_is_a_link_is_refused() {
        let (folder, workspace) = workspace();
        let elsewhere = tempfile::tempdir().unwrap();
        symlink(elsewhere.path(), folder.path().join(FOLDER)).unwrap();
        let fault = workspace.state_dir().unwrap_err();
        assert_eq!(fault.to_string(), ".announce: it is not a folder");
    }
}
