//! What this machine has seen of ledgers, noted where neither a restored backup nor a lost ledger
//! reaches.

use std::{
    ffi::OsString,
    fs,
    io::ErrorKind,
    os::unix::ffi::{OsStrExt as _, OsStringExt as _},
    path::{Path, PathBuf},
};

use super::{Error, generation};

const FILE: &str = "ledger";

const HOME: &str = "workspace";

/// A folder outside of all workspaces (`$XDG_STATE_HOME/announce`).
#[derive(Clone, Debug)]
pub struct Register(PathBuf);

impl Register {
    /// The register in this folder, which need not be there.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self(folder.into())
    }

    /// Where the generation of a ledger is mirrored.
    pub fn mirror(&self, ledger_id: &str) -> PathBuf {
        self.0.join(ledger_id)
    }

    /// Whether a run was ever begun on this ledger here.
    pub fn has_seen(&self, ledger_id: &str) -> Result<bool, Error> {
        Ok(generation::read(&self.mirror(ledger_id))? > 0)
    }

    /// The workspace that a ledger was last sent with from, if that is noted.
    pub fn home(&self, ledger_id: &str) -> Result<Option<PathBuf>, Error> {
        match fs::read(self.mirror(ledger_id).join(HOME)) {
            Ok(bytes) => Ok(Some(PathBuf::from(OsString::from_vec(bytes)))),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(failed("read", &error.to_string())),
        }
    }

    /// Notes it.
    pub fn note_home(&self, ledger_id: &str, workspace: &Path) -> Result<(), Error> {
        if self.home(ledger_id)?.as_deref() == Some(workspace) {
            return Ok(());
        }
        let path = workspace.as_os_str().as_bytes();
        generation::replace(&self.mirror(ledger_id), HOME, path)
            .map_err(|error| failed("written", &error.to_string()))
    }

    /// Where the ledger of a secret, given by its mark, is noted.
    pub fn entry(&self, mark: &str) -> PathBuf {
        self.0.join(mark)
    }

    /// The id of the ledger that was last sent with under this secret, if any was.
    pub fn ledger_of(&self, mark: &str) -> Result<Option<String>, Error> {
        match fs::read_to_string(self.entry(mark).join(FILE)) {
            Ok(text) => Ok(Some(text.trim().to_owned())),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(failed("read", &error.to_string())),
        }
    }

    /// Notes it.
    pub fn note(&self, mark: &str, ledger_id: &str) -> Result<(), Error> {
        if self.ledger_of(mark)?.as_deref() == Some(ledger_id) {
            return Ok(());
        }
        let folder: &Path = &self.entry(mark);
        generation::replace(folder, FILE, format!("{ledger_id}\n").as_bytes())
            .map_err(|error| failed("written", &error.to_string()))
    }
}

fn failed(action: &str, reason: &str) -> Error {
    Error::Storage {
        action: "used",
        reason: format!("what is noted of it could not be {action}: {reason}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ledger_of_a_secret_is_remembered_until_another_takes_its_place() {
        let folder = tempfile::tempdir().unwrap();
        let register = Register::new(folder.path().join("announce"));
        assert_eq!(register.ledger_of("mark"), Ok(None));
        for id in ["0123", "0123", "4567"] {
            register.note("mark", id).unwrap();
            assert_eq!(register.ledger_of("mark"), Ok(Some(id.to_owned())));
        }
        assert_eq!(register.ledger_of("other"), Ok(None));
        assert_eq!(register.home("0123"), Ok(None));
        for home in ["/srv/news room\n", "/srv/뉴스"] {
            register.note_home("0123", Path::new(home)).unwrap();
            assert_eq!(register.home("0123"), Ok(Some(PathBuf::from(home))));
        }
        fs::remove_dir_all(register.entry("mark")).unwrap();
        assert_eq!(register.ledger_of("mark"), Ok(None));
    }
}
