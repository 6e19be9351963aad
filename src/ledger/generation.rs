//! How many runs a ledger has begun, noted where a restored backup does not reach.

use std::{
    fs,
    io::{self, ErrorKind, Write},
    path::Path,
};

use super::{Error, sqlite::private_folder};

const FILE: &str = "generation";

/// The last generation noted in this folder; 0 where there is none.
pub(super) fn read(folder: &Path) -> Result<u32, Error> {
    match fs::read_to_string(folder.join(FILE)) {
        Ok(text) => text.trim().parse().map_err(|_| failed("read", "it holds no number")),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(0),
        Err(error) => Err(failed("read", &error.to_string())),
    }
}

/// Notes a generation.
pub(super) fn write(folder: &Path, generation: u32) -> Result<(), Error> {
    replace(folder, FILE, format!("{generation}\n").as_bytes())
        .map_err(|error| failed("written", &error.to_string()))
}

/// Keeps others from noting a generation while this one is told what it is: two copies of a ledger
/// begin a run one after the other, and the second is found to be the older one.
pub(super) fn lock(folder: &Path) -> Result<fs::File, Error> {
    let lock = || {
        private_folder(folder)?;
        let file = fs::File::open(folder)?;
        file.lock()?;
        Ok(file)
    };
    lock().map_err(|error: io::Error| failed("locked", &error.to_string()))
}

/// Writes a file, all of it or nothing, and on disk when it returns.
pub(super) fn replace(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    private_folder(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(folder.join(name))?;
    fs::File::open(folder)?.sync_all()
}

fn failed(action: &str, reason: &str) -> Error {
    Error::Storage {
        action: "used",
        reason: format!("its generation could not be {action}: {reason}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_generation_reads_back_and_a_torn_note_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let mirror = folder.path().join("announce/0123");
        assert_eq!(read(&mirror), Ok(0));
        write(&mirror, 41).unwrap();
        write(&mirror, 42).unwrap();
        assert_eq!(read(&mirror), Ok(42));
        fs::write(mirror.join(FILE), "4 2").unwrap();
        assert!(read(&mirror).is_err(), "guessing 0 would let a restored ledger pass");
    }
}
