//! The file: who may read it, whether it is a ledger, and of which schema.

use std::{
    fmt::Write as _,
    fs,
    io::{self, ErrorKind},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
    time::Duration,
};

use rusqlite::{Connection, ErrorCode, MAIN_DB, OpenFlags};

use super::mount;
use crate::ledger::Error;

/// Marks the file as ours: `annc`.
const APPLICATION_ID: u32 = 0x616e_6e63;

/// One script a schema version, the first makes version 1.
const MIGRATIONS: &[&str] = &[include_str!("../migrations/0001.sql")];

/// How long another process may hold the file before we give up.
const PATIENCE: Duration = Duration::from_secs(30);

/// What every connection is told. Erased seals are overwritten, and temporary pages stay out of
/// `/tmp`. The log is cut back after a freeze made it long.
const SETTINGS: &str = "
    PRAGMA foreign_keys = ON;
    PRAGMA secure_delete = ON;
    PRAGMA temp_store = MEMORY;
    PRAGMA trusted_schema = OFF;
    PRAGMA synchronous = FULL;
    PRAGMA fullfsync = ON;
    PRAGMA cache_size = -16000;
    PRAGMA journal_size_limit = 4194304;
";

/// Where a ledger is, and where another is whose suppression list it goes by.
#[derive(Clone, Debug)]
pub(super) struct Files {
    ledger: PathBuf,
    suppressions: Option<PathBuf>,
}

/// Opens the ledger for writing, making it (0600, in a folder of 0700) where there is none.
/// Returns what readers are to open.
pub(super) fn writer(path: &Path) -> Result<(Connection, Files), Error> {
    let path = prepare(path)?;
    let connection = connect(&path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    if connection.is_readonly(MAIN_DB)? {
        return Err(failed("the file cannot be written"));
    }
    // Looked at before anything is written: it may be somebody else's file.
    check_owner(&connection)?;
    write_ahead(&connection)?;
    migrate(&connection, MIGRATIONS)?;
    Ok((connection, Files { ledger: path, suppressions: None }))
}

/// The same for a ledger that goes by the suppression list of another, making that one too where
/// there is none.
pub(super) fn writer_under(path: &Path, other: &Path) -> Result<(Connection, Files), Error> {
    let (_, other) = writer(other)?;
    let (connection, own) = writer(path)?;
    borrow_suppressions(&connection, &other.ledger)?;
    Ok((connection, Files { suppressions: Some(other.ledger), ..own }))
}

/// Opens the ledger for reading beside its writer.
pub(super) fn reader(files: &Files) -> Result<Connection, Error> {
    let connection = connect(&files.ledger, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    // What reads much reads it once.
    connection.pragma_update(None, "cache_size", -2000)?;
    if let Some(other) = &files.suppressions {
        borrow_suppressions(&connection, other)?;
    }
    Ok(connection)
}

/// From now on every look at the suppression list is a look at the other ledger's, as it stands at
/// that moment. It is attached for reading only: our transactions would lock it otherwise.
fn borrow_suppressions(connection: &Connection, other: &Path) -> Result<(), Error> {
    let mut uri = String::from("file:");
    for byte in other.as_os_str().as_encoded_bytes() {
        match byte {
            b'/' | b'-' | b'_' | b'.' => uri.push(char::from(*byte)),
            byte if byte.is_ascii_alphanumeric() => uri.push(char::from(*byte)),
            byte => {
                // Writing to a `String` cannot fail.
                let _ = write!(uri, "%{byte:02X}");
            }
        }
    }
    uri.push_str("?mode=ro");
    connection.execute("ATTACH ?1 AS other", [uri])?;
    connection.execute_batch(
        "CREATE TEMP VIEW suppressions AS SELECT person, reason, at FROM other.suppressions",
    )?;
    Ok(())
}

/// A ledger that is gone with its last handle.
pub(super) fn in_memory() -> Result<Connection, Error> {
    let connection = Connection::open_in_memory()?;
    set_up(&connection)?;
    migrate(&connection, MIGRATIONS)?;
    Ok(connection)
}

fn connect(path: &Path, mode: OpenFlags) -> Result<Connection, Error> {
    let flags = mode
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_NOFOLLOW
        // For what is attached; our own paths are absolute, so none of them is read as one.
        | OpenFlags::SQLITE_OPEN_URI;
    let connection = Connection::open_with_flags(path, flags)?;
    set_up(&connection)?;
    Ok(connection)
}

fn set_up(connection: &Connection) -> Result<(), Error> {
    connection.busy_timeout(PATIENCE)?;
    connection.set_prepared_statement_cache_capacity(64);
    connection.execute_batch(SETTINGS)?;
    Ok(())
}

/// Makes folder and file, both for us alone whatever the umask, and follows no symbolic link:
/// somebody else may have put it there.
fn prepare(path: &Path) -> Result<PathBuf, Error> {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
        return Err(failed("its path names no file"));
    };
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    private_folder(folder).map_err(|error| unusable("its folder", &error))?;
    let folder = folder.canonicalize().map_err(|error| unusable("its folder", &error))?;
    // Other systems have no such file; there the database's own word has to do.
    let mounts = fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
    if let Some(kind) = mount::networked(&mounts, &folder) {
        return Err(failed(&format!(
            "it is on a network file system ({kind}), where two machines could each send: move \
             the workspace to a disk of this one"
        )));
    }
    let path = folder.join(name);
    private_file(&path).map_err(|error| unusable("the file", &error))?;
    Ok(path)
}

/// Makes a folder of 0700, or makes one that is there private.
pub(in crate::ledger) fn private_folder(folder: &Path) -> io::Result<()> {
    match fs::symlink_metadata(folder) {
        Ok(found) if found.is_dir() => {}
        Ok(_) => return Err(io::Error::new(ErrorKind::NotADirectory, "it is not a folder")),
        Err(_) => lasting_folder(folder)?,
    }
    if fs::metadata(folder)?.permissions().mode() & 0o077 != 0 {
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}

/// Makes a folder and those above it whose names a power loss cannot take back: a ledger whose
/// folder is gone would be begun anew, and everybody mailed again.
fn lasting_folder(folder: &Path) -> io::Result<()> {
    let missing: Vec<_> = folder.ancestors().take_while(|above| !above.exists()).collect();
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let parents = missing.iter().filter_map(|made| made.parent());
    for parent in parents {
        let parent = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
        fs::File::open(parent)?.sync_all()?;
    }
    Ok(())
}

/// Makes an empty file of 0600, or makes one that is there private. The logs beside it get
/// the same permissions from the database.
fn private_file(path: &Path) -> io::Result<()> {
    let made = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    match made {
        Ok(file) => return file.set_permissions(fs::Permissions::from_mode(0o600)),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
        Err(error) => return Err(error),
    }
    // It is never opened here: closing any handle on it would drop the locks that SQLite holds.
    let found = fs::symlink_metadata(path)?;
    if !found.is_file() {
        return Err(io::Error::new(ErrorKind::InvalidInput, "it is not a plain file"));
    }
    // The database would open it all the same, and make logs that are as read-only and stay.
    if found.permissions().readonly() {
        return Err(io::Error::new(ErrorKind::PermissionDenied, "it is read-only"));
    }
    if found.permissions().mode() & 0o077 != 0 {
        fs::set_permissions(path, fs::Permissions::from_mode(0o600))?;
    }
    Ok(())
}

/// Reads the header: an empty file, or a ledger of a schema we know.
fn check_owner(connection: &Connection) -> Result<(), Error> {
    // Both at one instant: another process may be making it right now.
    let snapshot = connection.unchecked_transaction()?;
    let owner: u32 = snapshot.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let tables: i64 =
        snapshot.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    snapshot.commit()?;
    match (owner, tables) {
        (APPLICATION_ID, _) | (0, 0) => Ok(()),
        _ => Err(failed("the file belongs to another program")),
    }
}

/// Turns the write-ahead log on. Where two processes make the ledger at once, the database does
/// not wait for the other one here; asking for the whole file does.
fn write_ahead(connection: &Connection) -> Result<(), Error> {
    loop {
        let mode = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0));
        match mode.map(|mode: String| mode == "wal") {
            Ok(true) => return Ok(()),
            Ok(false) => return Err(failed("its file system cannot share a log")),
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => {
                connection.execute_batch("BEGIN EXCLUSIVE; COMMIT")?;
            }
            Err(error) => return Err(error.into()),
        }
    }
}

/// Brings the schema up to date, one transaction a version.
fn migrate(connection: &Connection, migrations: &[&str]) -> Result<(), Error> {
    let known = u32::try_from(migrations.len()).unwrap_or(u32::MAX);
    loop {
        if version(connection)? == known {
            return Ok(());
        }
        connection.execute_batch("BEGIN IMMEDIATE")?;
        // Again under the lock: another process may have been faster.
        let step = version(connection).and_then(|found| {
            let Some(script) = usize::try_from(found).ok().and_then(|next| migrations.get(next))
            else {
                return if found == known { Ok(()) } else { Err(Error::Schema { found, known }) };
            };
            connection.execute_batch(script)?;
            connection.pragma_update(None, "application_id", APPLICATION_ID)?;
            connection.pragma_update(None, "user_version", found + 1)?;
            Ok(())
        });
        // On an error the connection is dropped, and the transaction with it.
        step?;
        connection.execute_batch("COMMIT")?;
    }
}

/// How large the file is.
pub(super) fn pages(connection: &Connection) -> Result<u32, Error> {
    Ok(connection.pragma_query_value(None, "page_count", |row| row.get(0))?)
}

/// Fails when pages of the file do not fit together.
pub(super) fn check_whole(connection: &Connection) -> Result<(), Error> {
    match findings(connection, "quick_check(1)")?.first() {
        None => Ok(()),
        // Names trees, pages and constraints, no values.
        Some(finding) => {
            let reason = format!("the file is damaged: {}", finding.trim_start_matches("*** "));
            Err(Error::Storage { action: "used", reason })
        }
    }
}

/// What one of the database's own checks finds.
pub(super) fn findings(connection: &Connection, check: &str) -> Result<Vec<String>, Error> {
    let mut statement = connection.prepare(&format!("PRAGMA {check}"))?;
    let findings = statement.query_map([], |row| row.get::<_, String>(0))?;
    let mut findings: Vec<String> = findings.collect::<Result<_, _>>()?;
    findings.retain(|finding| finding != "ok");
    Ok(findings)
}

fn version(connection: &Connection) -> Result<u32, Error> {
    Ok(connection.pragma_query_value(None, "user_version", |row| row.get(0))?)
}

fn failed(reason: &str) -> Error {
    Error::Storage { action: "opened", reason: reason.to_owned() }
}

fn unusable(what: &str, error: &io::Error) -> Error {
    Error::Storage { action: "opened", reason: format!("{what}: {error}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(path: &Path) -> Connection {
        connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE).unwrap()
    }

    #[test]
    fn an_older_schema_is_brought_up_to_date_with_what_it_holds() {
        let connection = Connection::open_in_memory().unwrap();
        let old = ["CREATE TABLE t (n); INSERT INTO t VALUES (7);"];
        migrate(&connection, &old).unwrap();
        let new = [old[0], "ALTER TABLE t ADD COLUMN m;", "UPDATE t SET m = 2 * n;"];
        migrate(&connection, &new).unwrap();
        migrate(&connection, &new).unwrap();
        assert_eq!(version(&connection), Ok(3));
        let m: i64 = connection.query_row("SELECT m FROM t", [], |row| row.get(0)).unwrap();
        assert_eq!(m, 14);
        assert_eq!(migrate(&connection, &old), Err(Error::Schema { found: 3, known: 1 }));
    }

    #[test]
    fn a_migration_that_fails_half_way_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().canonicalize().unwrap().join("ledger.db");
        migrate(&open(&path), &["CREATE TABLE t (n);"]).unwrap();
        let broken = ["", "DROP TABLE t; CREATE TABLE u (n); SELECT nonsense;"];
        assert!(migrate(&open(&path), &broken).is_err());
        let connection = open(&path);
        assert_eq!(version(&connection), Ok(1));
        connection.execute("INSERT INTO t VALUES (1)", []).unwrap();
    }

    #[test]
    fn a_commit_is_on_disk_and_what_is_deleted_is_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let (connection, path) = writer(&folder.path().join("ledger.db")).unwrap();
        for connection in [connection, reader(&path).unwrap()] {
            let setting =
                |name| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
            assert_eq!(setting("synchronous"), Ok(2), "FULL");
            assert_eq!(setting("secure_delete"), Ok(1));
            assert_eq!(setting("foreign_keys"), Ok(1));
            assert_eq!(setting("busy_timeout"), Ok(30_000), "reading waits as long as writing");
        }
    }

    #[test]
    fn several_processes_may_make_the_ledger_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(".announce/ledger.db");
        let ids = std::thread::scope(|scope| {
            let openers: Vec<_> =
                (0..8).map(|_| scope.spawn(|| writer(&path).map(|opened| opened.0))).collect();
            openers
                .into_iter()
                .map(|opener| {
                    let id = "SELECT ledger_id FROM meta";
                    opener.join().unwrap().unwrap().query_row(id, [], |row| row.get(0)).unwrap()
                })
                .collect::<std::collections::HashSet<String>>()
        });
        assert_eq!(ids.len(), 1);
    }
}
