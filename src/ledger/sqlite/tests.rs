//! The contract on a real file and in memory, and what only a file can promise.

mod faults;
mod plans;
mod walk;

use std::{
    fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::{Path, PathBuf},
};

use rusqlite::Connection;
use tempfile::TempDir;

use super::SqliteLedger;
use crate::{
    campaign::status::Status,
    keys::PersonKey,
    ledger::{
        CampaignState, Delivery, Error, Ledger, Recipient, Recovered, Suppression,
        SuppressionReason,
        contract::{
            at, attempt, books, claim, contract, finish_next, freeze, frozen, mark_next, person,
            seal,
        },
    },
};

const ID: &str = "hidden-revolution";

fn on_disk() -> (SqliteLedger, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    (SqliteLedger::open(&file(&folder)).unwrap(), folder)
}

fn file(folder: &TempDir) -> PathBuf {
    folder.path().join(".announce/ledger.db")
}

mod a_file {
    super::contract!(super::on_disk);
}

mod memory {
    fn in_memory() -> (super::SqliteLedger, ()) {
        (super::SqliteLedger::in_memory().unwrap(), ())
    }

    super::contract!(in_memory);
}

#[tokio::test]
async fn a_process_that_dies_leaves_what_recovery_needs() {
    let (ledger, folder) = on_disk();
    freeze(&ledger, 1..=4).await;
    finish_next(&ledger, Status::Accepted, 10).await;
    mark_next(&ledger, 11).await;
    claim(&ledger, 1, 12).await;
    drop(ledger);

    let ledger = SqliteLedger::open(&file(&folder)).unwrap();
    let recovered = ledger.recover(at(100)).await.unwrap();
    assert_eq!(recovered, Recovered { released: 1, uncertain: 1 });
    let books = books(&ledger).await;
    assert_eq!((books.accepted, books.uncertain, books.pending), (1, 1, 2));
}

#[tokio::test]
async fn a_rehearsal_goes_by_the_suppression_list_of_the_workspace_as_it_stands() {
    let folder = tempfile::tempdir().unwrap();
    // Characters that mean something in a URI.
    let path = folder.path().join("a b?c#d%20/ledger.db");
    let own = folder.path().join("sandbox/ledger.db");
    let rehearsal = SqliteLedger::open_under(&own, &path).unwrap();
    let workspace = SqliteLedger::open(&path).unwrap();
    let suppress = |n| {
        let reason = SuppressionReason::Unsubscribed;
        workspace.suppress(Suppression { person: person(n), reason, at: at(1) })
    };
    suppress(1).await.unwrap();
    freeze(&rehearsal, 1..=4).await;
    suppress(2).await.unwrap();
    let claimed = claim(&rehearsal, 9, 10).await;
    assert_eq!(claimed.iter().map(|next| next.person).collect::<Vec<_>>(), [person(3), person(4)]);

    // Another process may be writing there for long; the rehearsal neither waits nor disturbs.
    let writing = Connection::open(&path).unwrap();
    writing.execute_batch("BEGIN IMMEDIATE").unwrap();
    rehearsal.commit(claimed[1].delivery, at(11)).await.unwrap();
    writing.execute_batch("ROLLBACK").unwrap();

    suppress(3).await.unwrap();
    assert!(rehearsal.is_suppressed(person(3)).await.unwrap());
    assert_eq!(rehearsal.commit(claimed[0].delivery, at(12)).await, Err(Error::Suppressed));
    assert_eq!(rehearsal.suppressed().await.unwrap().len(), 3);
    let kept = rehearsal.suppress(Suppression {
        person: person(4),
        reason: SuppressionReason::Bounced,
        at: at(13),
    });
    assert!(kept.await.is_err(), "a rehearsal suppresses nobody");
    assert_eq!(workspace.suppressed().await.unwrap().len(), 3);
}

#[tokio::test]
async fn a_call_whose_caller_is_gone_is_done_all_the_same() {
    let (ledger, folder) = on_disk();
    freeze(&ledger, 1..=1).await;
    let delivery = claim(&ledger, 1, 10).await[0].delivery;
    // Polled once, so that the job is queued, and dropped.
    drop(poll_once(ledger.commit(delivery, at(11))).await);
    drop(ledger);
    let ledger = SqliteLedger::open(&file(&folder)).unwrap();
    assert_eq!(ledger.recover(at(12)).await.unwrap().uncertain, 1);
}

async fn poll_once<F: Future>(future: F) -> Option<F::Output> {
    tokio::select! {
        biased;
        output = future => Some(output),
        () = std::future::ready(()) => None,
    }
}

#[tokio::test]
async fn a_run_that_was_overtaken_may_not_send() {
    let (old, folder) = on_disk();
    let mirror = folder.path().join("state");
    old.begin_run(&mirror).await.unwrap();
    freeze(&old, 1..=1).await;
    let delivery = claim(&old, 1, 10).await[0].delivery;

    let new = SqliteLedger::open(&file(&folder)).unwrap();
    new.begin_run(&mirror).await.unwrap();
    new.recover(at(11)).await.unwrap();
    assert_eq!(claim(&new, 1, 12).await[0].delivery, delivery);

    assert_eq!(old.commit(delivery, at(13)).await, Err(Error::NotHeld));
    assert_eq!(old.release(vec![delivery]).await, Err(Error::NotHeld));
    new.commit(delivery, at(14)).await.unwrap();
    let late = old.finish(delivery, attempt(Status::Accepted, 15)).await;
    assert_eq!(late, Err(Error::NotHeld));
}

#[tokio::test]
async fn a_ledger_restored_from_a_backup_is_refused() {
    let (ledger, folder) = on_disk();
    let (mirror, backup) = (folder.path().join("state"), folder.path().join("backup.db"));
    ledger.begin_run(&mirror).await.unwrap();
    let id = ledger.id().to_owned();
    drop(ledger);
    fs::copy(file(&folder), &backup).unwrap();
    let ledger = SqliteLedger::open(&file(&folder)).unwrap();
    ledger.begin_run(&mirror).await.unwrap();
    drop(ledger);

    fs::copy(&backup, file(&folder)).unwrap();
    let restored = SqliteLedger::open(&file(&folder)).unwrap();
    assert_eq!(restored.id(), id);
    assert_eq!(restored.begin_run(&mirror).await, Err(Error::Restored));
    assert_eq!(restored.begin_run(&mirror).await, Err(Error::Restored), "asking again is no way");
}

#[tokio::test]
async fn a_second_process_reads_and_writes_beside_a_run() {
    let (run, folder) = on_disk();
    freeze(&run, 1..=3).await;
    finish_next(&run, Status::Accepted, 10).await;

    let beside = SqliteLedger::open(&file(&folder)).unwrap();
    assert_eq!(books(&beside).await.accepted, 1);
    beside.request_stop(ID).await.unwrap();
    let suppression =
        Suppression { person: person(2), reason: SuppressionReason::Unsubscribed, at: at(11) };
    beside.suppress(suppression).await.unwrap();

    assert!(run.stop_requested(ID).await.unwrap());
    assert_eq!(claim(&run, 9, 12).await[0].person, person(3));
}

#[tokio::test]
async fn a_writer_waits_for_another_process_to_let_go() {
    let (ledger, folder) = on_disk();
    freeze(&ledger, 1..=1).await;
    let other = Connection::open(file(&folder)).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let stop = ledger.request_stop(ID);
    tokio::pin!(stop);
    assert_eq!(poll_once(stop.as_mut()).await, None, "another one is writing");
    assert!(!ledger.stop_requested(ID).await.unwrap(), "reading goes on meanwhile");
    other.execute_batch("COMMIT").unwrap();
    stop.await.unwrap();
    assert!(ledger.stop_requested(ID).await.unwrap());
}

/// Whether any file of the ledger holds these bytes.
fn on_disk_somewhere(folder: &Path, needle: &[u8]) -> bool {
    fs::read_dir(folder).unwrap().any(|entry| {
        let bytes = fs::read(entry.unwrap().path()).unwrap();
        bytes.windows(needle.len()).any(|window| window == needle)
    })
}

#[tokio::test]
async fn an_erased_seal_is_nowhere_on_disk() {
    let (ledger, folder) = on_disk();
    let state = folder.path().join(".announce");
    freeze(&ledger, 11..=14).await;
    for n in 11..=14 {
        assert!(on_disk_somewhere(&state, &seal(n)));
    }
    let suppression =
        Suppression { person: person(13), reason: SuppressionReason::Manual, at: at(5) };
    ledger.suppress(suppression).await.unwrap();
    finish_next(&ledger, Status::Accepted, 10).await;
    finish_next(&ledger, Status::Rejected, 11).await;
    finish_next(&ledger, Status::Uncertain, 12).await;
    // While it is open somewhere, the database keeps its log.
    let beside = SqliteLedger::open(&file(&folder)).unwrap();
    drop(ledger);

    for n in [11, 12, 13] {
        assert!(!on_disk_somewhere(&state, &seal(n)), "{n}");
    }
    assert!(on_disk_somewhere(&state, &seal(14)), "the uncertain may have to be sent again");
    assert_eq!(books(&beside).await.uncertain, 1);
}

#[tokio::test]
async fn every_file_is_private() {
    let (ledger, folder) = on_disk();
    freeze(&ledger, 1..=1).await;
    let state = folder.path().join(".announce");
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&state), 0o700);
    let files: Vec<_> = fs::read_dir(&state).unwrap().map(|file| file.unwrap().path()).collect();
    assert_eq!(files.len(), 3, "the ledger and its two logs: {files:?}");
    for file in &files {
        assert_eq!(mode(file), 0o600, "{}", file.display());
    }
    drop(ledger);

    fs::set_permissions(&state, fs::Permissions::from_mode(0o755)).unwrap();
    fs::set_permissions(file(&folder), fs::Permissions::from_mode(0o644)).unwrap();
    let _ledger = SqliteLedger::open(&file(&folder)).unwrap();
    assert_eq!((mode(&state), mode(&file(&folder))), (0o700, 0o600));
}

fn refusal(path: &Path) -> String {
    SqliteLedger::open(path).unwrap_err().to_string()
}

#[test]
fn links_are_not_followed() {
    let folder = tempfile::tempdir().unwrap();
    let (state, elsewhere) = (folder.path().join(".announce"), folder.path().join("elsewhere"));
    fs::create_dir(&elsewhere).unwrap();
    symlink(&elsewhere, &state).unwrap();
    let refused = refusal(&file(&folder));
    assert_eq!(refused, "the ledger could not be opened: its folder: it is not a folder");

    fs::remove_file(&state).unwrap();
    fs::create_dir(&state).unwrap();
    symlink(elsewhere.join("other.db"), file(&folder)).unwrap();
    let refused = refusal(&file(&folder));
    assert_eq!(refused, "the ledger could not be opened: the file: it is not a plain file");
    assert_eq!(fs::read_dir(elsewhere).unwrap().count(), 0);
}

#[test]
fn what_is_no_ledger_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    fs::write(&path, "Dear Ann,\n".repeat(999)).unwrap();
    let refused = refusal(&path);
    assert_eq!(refused, "the ledger could not be opened: the file is no ledger, or is damaged");
    assert!(fs::read_to_string(&path).unwrap().starts_with("Dear Ann"));

    fs::remove_file(&path).unwrap();
    Connection::open(&path).unwrap().execute_batch("CREATE TABLE theirs (n)").unwrap();
    let before = fs::read(&path).unwrap();
    let refused = refusal(&path);
    assert_eq!(refused, "the ledger could not be opened: the file belongs to another program");
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[tokio::test]
async fn a_damaged_ledger_says_so() {
    let (ledger, folder) = on_disk();
    freeze(&ledger, 1..=200).await;
    drop(ledger);
    let mut bytes = fs::read(file(&folder)).unwrap();
    bytes.truncate(bytes.len() / 2);
    fs::write(file(&folder), bytes).unwrap();
    assert!(refusal(&file(&folder)).contains("damaged"));
}

#[tokio::test]
async fn a_newer_schema_is_refused() {
    let (ledger, folder) = on_disk();
    drop(ledger);
    Connection::open(file(&folder)).unwrap().pragma_update(None, "user_version", 7).unwrap();
    let refused = SqliteLedger::open(&file(&folder)).unwrap_err();
    assert_eq!(refused, Error::Schema { found: 7, known: 1 });
}

#[tokio::test]
async fn a_full_disk_is_an_error_and_leaves_nothing_half_done() {
    let (ledger, folder) = on_disk();
    freeze(&ledger, 1..=2).await;
    let delivery = claim(&ledger, 1, 10).await[0].delivery;
    let limit = |pages: u32| {
        ledger.queue.write(move |connection| {
            let sql = format!("PRAGMA max_page_count = {pages}");
            Ok(connection.query_row(&sql, [], |_| Ok(()))?)
        })
    };
    limit(1).await.unwrap();
    let many = (0..=255).chain(0..=255).enumerate().map(|(row, n)| {
        let mut key = [n; 16];
        key[..8].copy_from_slice(&row.to_le_bytes());
        Ok(Recipient { person: PersonKey::from_bytes(key), sealed: vec![n; 4096] })
    });
    let full = ledger.freeze(frozen("letter", 512), many).await.unwrap_err();
    assert_eq!(full.to_string(), "the ledger could not be used: the disk is full");
    assert_eq!(ledger.campaign("letter").await, Ok(None));

    limit(u32::MAX).await.unwrap();
    ledger.commit(delivery, at(11)).await.unwrap();
    drop(ledger);
    let ledger = SqliteLedger::open(&file(&folder)).unwrap();
    assert_eq!(ledger.recover(at(12)).await.unwrap().uncertain, 1);
}

#[tokio::test]
async fn the_log_cannot_be_rewritten() {
    let (ledger, _folder) = on_disk();
    freeze(&ledger, 1..=1).await;
    finish_next(&ledger, Status::Accepted, 10).await;
    for sql in ["UPDATE attempts SET status = 5", "DELETE FROM attempts", "DELETE FROM deliveries"]
    {
        let refused = ledger.queue.write(move |connection| Ok(connection.execute(sql, [])?)).await;
        assert!(refused.unwrap_err().to_string().contains("are never"), "{sql}");
    }
}

#[tokio::test]
async fn nobody_is_claimed_for_a_text_that_is_not_in_force() {
    let (ledger, _folder) = on_disk();
    freeze(&ledger, 1..=2).await;
    let astray = |connection: &Connection| {
        Ok(connection.execute("UPDATE deliveries SET revision = 2 WHERE id = 2", [])?)
    };
    ledger.queue.write(astray).await.unwrap();
    let refused = ledger.claim(ID, 9, at(10)).await.unwrap_err().to_string();
    assert!(refused.ends_with("a delivery of a text that is not in force"), "{refused}");
    assert_eq!(claim(&ledger, 1, 10).await[0].person, person(1), "the first alone is in order");
}
