//! Books that are not the newest: an older ledger, another one, none. Nobody is mailed from them.

use std::{fs, path::PathBuf};

use announce::{
    deliver::Stage,
    ledger::SqliteLedger,
    sandbox::{Rule, Script},
};

use crate::{
    relay::Relay,
    reliability::found,
    workspace::{Ran, Workspace},
};

const LEDGER: &str = ".announce/ledger.db";

/// A workspace with a real relay whose letter is half sent, a copy of its ledger as it was then
/// in `yesterday.db`, and the rest sent since.
fn restored() -> (Workspace, Relay) {
    let relay = Relay::start(|_| {});
    let workspace = Workspace::with_server(&relay.url(), "");
    assert_eq!(workspace.run(&["send", "letter", "--yes", "--limit", "1"]).status, 75);
    fs::copy(workspace.path(LEDGER), workspace.path("yesterday.db")).expect("to copy");
    assert_eq!(workspace.run(&["resume", "letter"]).status, 0);
    fs::copy(workspace.path(LEDGER), workspace.path("today.db")).expect("to copy");
    fs::copy(workspace.path("yesterday.db"), workspace.path(LEDGER)).expect("to restore");
    (workspace, relay)
}

/// Fails for the books, and returns the path that the hint says to delete.
#[track_caller]
fn refused(workspace: &Workspace, arguments: &[&str], texts: &[&str]) -> PathBuf {
    let ran = workspace.run(arguments).fails(78, texts);
    assert!(!ran.stderr.contains('@'), "{ran:#?}");
    let Ran { stderr, .. } = ran;
    let path = stderr.split("delete `").nth(1).and_then(|rest| rest.split('`').next());
    let path = path.expect("a path to delete").replace("[workspace]/", "");
    workspace.path(&path)
}

const RESTORED: [&str; 3] = ["restored from a backup", "put the newer ledger back", "relay's log"];

#[test]
fn nothing_is_sent_from_a_ledger_that_was_restored_from_a_backup() {
    let (workspace, relay) = restored();
    for arguments in [
        &["send", "letter", "--yes"][..],
        &["send", "letter", "--dry-run"],
        &["send", "letter", "--as", "other", "--yes"],
        &["resolve", "letter", "--resend", "--yes"],
        &["suppress", "add", "ann@one.example"],
    ] {
        refused(&workspace, arguments, &RESTORED);
    }
    let shown = workspace.run(&["status", "letter"]);
    assert!(
        shown.stdout.contains("1 accepted") && shown.stderr.contains(RESTORED[0]),
        "{shown:#?}"
    );
    // The newer one back: everybody has it.
    fs::copy(workspace.path("today.db"), workspace.path(LEDGER)).expect("to put back");
    let again = workspace.run(&["send", "letter", "--yes", "--json"]);
    assert_eq!(again.json()["skipped"]["already_sent"], 3, "{again:#?}");
    assert_eq!(relay.seen("RCPT"), (3, 3), "each once");
    let happened = "exit 78 before any connection; with the newer ledger back it goes on";
    found("F36a", "`send` on yesterday's ledger, restored from a backup", happened);
}

#[test]
fn a_restored_ledger_is_gone_on_with_only_after_a_person_has_said_so() {
    let (workspace, relay) = restored();
    let resume = ["resume", "letter"];
    let path = refused(&workspace, &resume, &RESTORED);
    refused(&workspace, &resume, &RESTORED);
    assert_eq!(relay.journal.count("RCPT"), 3, "nobody since");
    // Who has read the hint and looked at the relay's log.
    fs::remove_dir_all(path).expect("what the hint names");
    assert_eq!(workspace.run(&resume).status, 0);
    assert_eq!(relay.seen("RCPT"), (5, 5), "as that ledger knows it");
    let happened = "exit 78, 0 RCPT; goes on once its note is deleted by hand, as the hint says";
    found("F36b", "`resume` on yesterday's ledger, restored from a backup", happened);
}

#[test]
fn a_lost_ledger_is_missed_and_no_new_one_takes_its_place_unasked() {
    let relay = Relay::start(|_| {});
    let workspace = Workspace::with_server(&relay.url(), "");
    assert_eq!(workspace.run(&["send", "letter", "--yes"]).status, 0);
    let kept = workspace.path("kept.db");
    fs::rename(workspace.path(LEDGER), &kept).expect("to lose it");
    let receipt = workspace.path("drafts/letter.sent.toml");
    fs::rename(&receipt, workspace.path("receipt")).expect("to lose it too");

    let lost = ["the ledger that was last sent with is gone", "put `.announce/ledger.db` back"];
    for arguments in [
        &["send", "letter", "--yes"][..],
        &["send", "letter", "--dry-run"],
        &["resume", "letter"],
        &["test", "letter", "--to", "office@group.example"],
        &["status"],
        &["log"],
        &["suppress", "add", "ann@one.example"],
        &["suppress", "list"],
    ] {
        refused(&workspace, arguments, &lost);
        assert!(!workspace.path(LEDGER).exists(), "{arguments:?} made a new one");
    }
    // A rehearsal goes by its suppression list.
    workspace.edit("announce.toml", &relay.url(), "sandbox:");
    let path = refused(&workspace, &["send", "letter", "--yes"], &lost);
    workspace.edit("announce.toml", "sandbox:", &relay.url());
    // One of another workspace under the same name will not do.
    let other = Workspace::new();
    other.run(&["suppress", "add", "ann@one.example"]);
    fs::copy(other.path(LEDGER), workspace.path(LEDGER)).expect("to copy");
    workspace.run(&["send", "letter", "--yes"]).fails(78, &["another secret"]);
    // Nor will an empty one.
    fs::remove_file(workspace.path(LEDGER)).expect("to remove");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime
        .block_on(async { drop(SqliteLedger::open(&workspace.path(LEDGER)).expect("a new one")) });
    refused(&workspace, &["send", "letter", "--yes"], &lost);

    fs::rename(&kept, workspace.path(LEDGER)).expect("to put it back");
    let again = workspace.run(&["send", "letter", "--yes", "--json"]);
    assert_eq!(again.json()["skipped"]["already_sent"], 3, "{again:#?}");
    assert_eq!(relay.journal.count("RCPT"), 3);

    // Lost for good, and a person says so. The receipt still knows.
    fs::remove_file(workspace.path(LEDGER)).expect("to lose it");
    fs::remove_dir_all(path).expect("what the hint names");
    workspace.run(&["send", "letter", "--yes"]).fails(1, &["another desk"]);
    let sent = workspace.run(&["send", "letter", "--as", "second", "--yes"]);
    assert_eq!((sent.status, relay.seen("RCPT").0), (0, 6), "{sent:#?}");
    let happened = "exit 78 before any connection, no new ledger; goes on with the old one back";
    found("F35c", "the ledger is missing, the secret and the counter are there", happened);
}

#[test]
fn what_is_finished_over_several_runs_ends_by_the_books_of_all() {
    let relay = Relay::start(|options| {
        let unknown = Rule::reply(Stage::Rcpt, "550 5.1.1 unknown").recipient("ann@one.example");
        options.script = Script::new().rule(unknown);
    });
    let workspace = Workspace::with_server(&relay.url(), "connections = 1");
    assert_eq!(workspace.run(&["send", "letter", "--yes", "--limit", "1"]).status, 75);
    let resumed = workspace.run(&["resume", "letter", "--json"]);
    let books = resumed.json();
    assert_eq!((&books["accepted"], &books["rejected"]), (&2.into(), &0.into()), "{books}");
    assert_eq!(resumed.status, 3, "one was rejected before: {resumed:#?}");
    let again = workspace.run(&["resume", "letter"]);
    assert_eq!(again.status, 0, "nothing to do: {again:#?}");
    assert!(again.stderr.contains("1 delivery rejected earlier"), "{again:#?}");
}

#[test]
fn an_answer_that_the_disk_does_not_take_is_an_error() {
    let workspace = Workspace::new();
    assert_eq!(workspace.run(&["send", "letter", "--yes"]).status, 0);
    for arguments in
        [&["status"][..], &["log", "--format", "csv"], &["lists"], &["suppress", "export"]]
    {
        let full = fs::OpenOptions::new().write(true).open("/dev/full").expect("a full disk");
        let ended = workspace.command("", arguments, &[]).stdout(full).output().expect("to run");
        let told = String::from_utf8_lossy(&ended.stderr);
        assert_eq!(ended.status.code(), Some(75), "{arguments:?}: {told}");
        assert!(told.contains("the output could not be written"), "{arguments:?}: {told}");
    }
}
