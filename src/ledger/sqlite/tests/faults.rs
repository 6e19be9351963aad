//! Damage, and other processes that do not let go.

use std::{sync::Arc, time::Duration};

use super::*;
use crate::{campaign::tests::reliability::found, ledger::sqlite::check::Check};

/// Waits no longer than this for other processes.
async fn patience(ledger: &SqliteLedger, patience: Duration) {
    let set = move |connection: &Connection| Ok(connection.busy_timeout(patience)?);
    ledger.queue.write(set).await.unwrap();
}

#[tokio::test]
async fn a_process_that_never_lets_go_is_an_error_and_nothing_is_lost() {
    let (ledger, folder) = on_disk();
    freeze(&ledger, 1..=3).await;
    let marked = mark_next(&ledger, 10).await;
    let claimed = claim(&ledger, 1, 11).await[0].delivery;
    // Instead of the thirty seconds that `open.rs` sets on every connection.
    patience(&ledger, Duration::from_millis(5)).await;

    let other = Connection::open(file(&folder)).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let held = Error::Storage {
        action: "used",
        reason: "another process has held it for 30 seconds".to_owned(),
    };
    let (outcome, mark, claim) = tokio::join!(
        ledger.finish(marked, attempt(Status::Accepted, 12)),
        ledger.commit(claimed, at(12)),
        ledger.claim(ID, 1, at(12)),
    );
    assert_eq!((outcome, mark, claim), (Err(held.clone()), Err(held.clone()), Err(held)));
    assert_eq!(books(&ledger).await.pending, 3, "reading goes on");

    other.execute_batch("COMMIT").unwrap();
    ledger.finish(marked, attempt(Status::Accepted, 13)).await.unwrap();
    ledger.commit(claimed, at(13)).await.unwrap();
    let books = books(&ledger).await;
    assert_eq!((books.accepted, books.pending), (1, 2));
    let happened = "each waits up to 30 s, then an error; nothing written, reading goes on, and \
                    the same calls succeed afterwards";
    found("F33d", "another process holds the ledger (SQLITE_BUSY)", happened);
}

#[tokio::test]
async fn a_damaged_page_is_noticed_before_a_run_begins_wherever_it_is() {
    let (ledger, folder) = on_disk();
    let mirror = folder.path().join("state");
    freeze(&ledger, 1..=255).await;
    for second in 0..100 {
        finish_next(&ledger, Status::Accepted, second).await;
    }
    drop(ledger);
    let good = fs::read(file(&folder)).unwrap();
    let mut damaged = 0;
    for page in 0..good.len() / 4096 {
        // Where a page of a tree says what it is.
        let kind = page * 4096 + if page == 0 { 100 } else { 0 };
        if ![2, 5, 10, 13].contains(&good[kind]) {
            continue;
        }
        let mut bad = good.clone();
        bad[kind] = 0;
        fs::write(file(&folder), bad).unwrap();
        let refused = match SqliteLedger::open(&file(&folder)) {
            Ok(ledger) => ledger.begin_run(&mirror).await.unwrap_err(),
            Err(refused) => refused,
        };
        assert!(refused.to_string().contains("damaged"), "page {page}: {refused}");
        damaged += 1;
    }
    assert!(damaged > 20, "{damaged}");
    fs::write(file(&folder), good).unwrap();
    SqliteLedger::open(&file(&folder)).unwrap().begin_run(&mirror).await.unwrap();
}

#[tokio::test]
async fn damage_that_is_found_beside_a_run_ends_it_and_what_is_on_the_wire_is_recorded() {
    let (ledger, folder) = on_disk();
    freeze(&ledger, 1..=255).await;
    drop(ledger);
    // A leaf of the index by person, which a run does not touch.
    let connection = Connection::open(file(&folder)).unwrap();
    let sql = "SELECT max(pageno) FROM dbstat
               WHERE name = 'sqlite_autoindex_deliveries_1' AND pagetype = 'leaf'";
    let page: u32 = connection.query_row(sql, [], |row| row.get(0)).unwrap();
    drop(connection);
    let leaf = (page as usize - 1) * 4096;
    let mut bytes = fs::read(file(&folder)).unwrap();
    assert_eq!(bytes[leaf], 10, "a leaf says so");
    bytes[leaf] = 0;
    fs::write(file(&folder), bytes).unwrap();

    let mut ledger = SqliteLedger::open(&file(&folder)).unwrap();
    let marked = mark_next(&ledger, 10).await;
    let claimed = claim(&ledger, 1, 11).await[0].delivery;
    let mut check = Check::begin(ledger.queue.files().unwrap()).unwrap();
    check.wait();
    ledger.check = Arc::new(check.into());
    let damaged = |refused: Result<(), Error>| refused.unwrap_err().to_string().contains("damaged");
    assert!(damaged(ledger.claim(ID, 1, at(12)).await.map(drop)));
    assert!(damaged(ledger.commit(claimed, at(12)).await));
    ledger.finish(marked, attempt(Status::Accepted, 12)).await.unwrap();
    assert_eq!(books(&ledger).await.accepted, 1);
}

#[tokio::test]
async fn a_look_through_the_file_ends_with_the_ledger_that_is_closed() {
    let (ledger, folder) = on_disk();
    freeze(&ledger, 1..=255).await;
    ledger.look_through().unwrap();
    ledger.look_through().unwrap();
    claim(&ledger, 1, 10).await;
    drop(ledger);
    assert!(!file(&folder).with_extension("db-wal").exists(), "the log is emptied and gone");
}

#[tokio::test]
async fn a_read_only_ledger_is_refused_and_nothing_read_only_is_left_beside_it() {
    let (ledger, folder) = on_disk();
    freeze(&ledger, 1..=1).await;
    drop(ledger);
    let mode = |mode| fs::set_permissions(file(&folder), fs::Permissions::from_mode(mode)).unwrap();
    mode(0o400);
    let refused = refusal(&file(&folder));
    assert_eq!(refused, "the ledger could not be opened: the file: it is read-only");
    mode(0o600);
    claim(&SqliteLedger::open(&file(&folder)).unwrap(), 1, 10).await;
}

#[tokio::test]
async fn a_job_that_panics_reaches_its_caller_and_every_later_one_and_ends_in_no_deadlock() {
    let (ledger, folder) = on_disk();
    freeze(&ledger, 1..=2).await;
    let delivery = mark_next(&ledger, 10).await;
    let broken = ledger.queue.write(|_| -> Result<(), Error> { panic!("a fault of ours") }).await;
    assert!(matches!(broken, Err(Error::Storage { .. })), "{broken:?}");
    assert!(ledger.finish(delivery, attempt(Status::Accepted, 11)).await.is_err());
    assert_eq!(books(&ledger).await.pending, 2, "reading goes on");
    drop(ledger);
    let ledger = SqliteLedger::open(&file(&folder)).unwrap();
    assert_eq!(ledger.recover(at(12)).await.unwrap().uncertain, 1);
}
