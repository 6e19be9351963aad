//! Ledgers and secrets that a run must not begin with: refused before any connection.

use std::{collections::BTreeMap, fs, os::unix::fs::PermissionsExt as _};

use crate::{
    disk::{Disk, got_it, not_tested},
    relay::Relay,
    reliability::found,
    workspace::{LETTER, Workspace},
};

/// One of three people has the letter.
fn half_sent() -> (Workspace, Relay) {
    let relay = Relay::start(|_| {});
    let workspace = Workspace::with_server(&relay.url(), "");
    begin(&workspace, &relay);
    (workspace, relay)
}

fn begin(workspace: &Workspace, relay: &Relay) {
    assert_eq!(workspace.run(&["send", "letter", "--yes", "--limit", "1"]).status, 75);
    assert_eq!(got_it(relay), 1);
}

/// Neither `resume` nor `send` goes near the server.
#[track_caller]
fn both_refuse(workspace: &Workspace, relay: &Relay, status: i32, texts: &[&str]) {
    let greeted = relay.journal.count("EHLO");
    workspace.run(&["resume", "letter"]).fails(status, texts);
    workspace.run(&["send", "letter", "--yes"]).fails(status, texts);
    assert_eq!(relay.journal.count("EHLO"), greeted, "it has connected");
}

#[track_caller]
fn everybody_gets_it_once(workspace: &Workspace, relay: &Relay) {
    let resumed = workspace.run(&["resume", "letter"]);
    assert_eq!((resumed.status, got_it(relay)), (0, 3), "{resumed:#?}");
}

/// Does something to the ledger's file, sees it refused, and puts it back.
#[track_caller]
fn unfit(damage: impl FnOnce(&mut Vec<u8>), texts: &[&str], status: i32) {
    let (workspace, relay) = half_sent();
    let path = workspace.path(".announce/ledger.db");
    let good = fs::read(&path).expect("a ledger");
    let mut bad = good.clone();
    damage(&mut bad);
    fs::write(&path, &bad).expect("to damage it");
    both_refuse(&workspace, &relay, status, texts);
    assert_eq!(fs::read(&path).expect("a ledger"), bad, "it is left as it was found");
    fs::write(&path, good).expect("to mend it");
    everybody_gets_it_once(&workspace, &relay);
}

#[test]
fn a_ledger_that_is_read_only_mails_nobody() {
    let (workspace, relay) = half_sent();
    let ledger = workspace.path(".announce/ledger.db");
    let mode = |mode| fs::set_permissions(&ledger, fs::Permissions::from_mode(mode)).expect("ours");
    mode(0o400);
    both_refuse(&workspace, &relay, 75, &["the file: it is read-only", "hint: "]);
    mode(0o600);
    everybody_gets_it_once(&workspace, &relay);
    let happened = "exit 75, 0 connections; writable again: resumes";
    found("F35a", "the ledger is read-only", happened);
}

#[test]
fn a_ledger_on_a_read_only_disk_mails_nobody() {
    let relay = Relay::start(|_| {});
    let workspace = Workspace::with_server(&relay.url(), "");
    let Some(disk) = Disk::mount(workspace.path(".announce")) else {
        return not_tested("a read-only disk: it takes root to mount one");
    };
    begin(&workspace, &relay);
    disk.set("ro");
    both_refuse(&workspace, &relay, 75, &["cannot be opened for writing", "hint: "]);
    disk.set("rw");
    everybody_gets_it_once(&workspace, &relay);
    let happened = "exit 75, 0 connections; writable again: resumes";
    found("F35g", "the ledger's disk is read-only", happened);
}

#[test]
fn a_file_that_is_no_ledger_mails_nobody() {
    let letter = |bytes: &mut Vec<u8>| *bytes = LETTER.as_bytes().repeat(99);
    unfit(letter, &["no ledger, or is damaged"], 75);
    let happened = "exit 75, 0 connections, left as it was; put back: resumes";
    found("F35b", "another file stands in the ledger's place", happened);
}

#[test]
fn a_ledger_of_a_newer_schema_mails_nobody() {
    // Where the database keeps `user_version`.
    let newer = |bytes: &mut Vec<u8>| bytes[60..64].copy_from_slice(&9_u32.to_be_bytes());
    unfit(newer, &["schema 9", "newer `announce`"], 78);
    let happened = "exit 78, 0 connections, left as it was; put back: resumes";
    found("F35d", "the ledger has a newer schema", happened);
}

#[test]
fn a_ledger_with_a_damaged_page_mails_nobody() {
    // The root of a table, which the planning of a send does not come by.
    let attempts = |bytes: &mut Vec<u8>| bytes[12 * 4096..12 * 4096 + 8].fill(0xFF);
    unfit(attempts, &["the file is damaged"], 75);
    let happened = "exit 75, 0 connections, left as it was; put back: resumes";
    found("F35e", "a page in the middle of the ledger is damaged", happened);
}

#[test]
fn a_folder_in_the_place_of_the_ledger_mails_nobody() {
    let (workspace, relay) = half_sent();
    let (ledger, aside) = (workspace.path(".announce/ledger.db"), workspace.path("aside"));
    fs::rename(&ledger, &aside).expect("to move it");
    fs::create_dir(&ledger).expect("a folder");
    both_refuse(&workspace, &relay, 75, &["it is not a plain file", "hint: "]);
    fs::remove_dir(&ledger).expect("empty still");
    fs::rename(&aside, &ledger).expect("to move it back");
    everybody_gets_it_once(&workspace, &relay);
    let happened = "exit 75, 0 connections; put back: resumes";
    found("F35f", "a folder stands in the ledger's place", happened);
}

/// Every person's message, but for its date.
fn messages(relay: &Relay) -> BTreeMap<String, String> {
    let caught = relay.caught.lock().expect("no panic");
    let undated = |message: &[u8]| {
        let text = String::from_utf8_lossy(message);
        let lines = text.split_inclusive("\r\n").filter(|line| !line.starts_with("Date: "));
        lines.collect::<String>()
    };
    caught.iter().map(|mail| (mail.recipients[0].clone(), undated(&mail.message))).collect()
}

#[test]
fn what_is_edited_between_crash_and_resume_changes_no_byte_and_shifts_nobody() {
    let (workspace, relay) = half_sent();
    // An office with the same secret where nothing is edited.
    let other_relay = Relay::start(|_| {});
    let undisturbed = Workspace::with_server(&other_relay.url(), "");
    let secret = fs::read(workspace.path(".announce/secret")).expect("a secret");
    undisturbed.file(".announce/secret", secret);
    for (folder, mode) in [(".announce", 0o700), (".announce/secret", 0o600)] {
        let mode = fs::Permissions::from_mode(mode);
        fs::set_permissions(undisturbed.path(folder), mode).expect("ours");
    }
    assert_eq!(undisturbed.run(&["send", "letter", "--yes"]).status, 0);

    workspace
        .members(&[
            ("dan@four.example", "Dan"),
            ("cho@three.example", "Bob"),
            ("bob@two.example", "Ann"),
            ("ann@one.example", "Cho"),
        ])
        .file("drafts/letter.md", LETTER.replace("Thank you", "No thanks"))
        .file("templates/letter/html.hbs", "<p>edited</p>{{{body}}}");
    workspace
        .run(&["send", "letter", "--yes"])
        .fails(1, &["has changed since it was sent to 1 person", "announce resume", "--as ID"]);
    assert_eq!(got_it(&relay), 1);
    everybody_gets_it_once(&workspace, &relay);
    assert_eq!(messages(&relay), messages(&other_relay));
    let happened = "`send` refuses; `resume` sends what was frozen, byte for byte, nobody shifted";
    found("F40", "list reordered, draft and template edited before the resume", happened);
}

#[test]
fn a_secret_that_is_changed_or_lost_between_two_runs_mails_nobody() {
    let (workspace, relay) = half_sent();
    let secret = workspace.path(".announce/secret");
    let kept = fs::read(&secret).expect("a secret");
    let other = Workspace::new();
    other.run(&["send", "letter", "--yes"]);
    fs::copy(other.path(".announce/secret"), &secret).expect("another secret");
    both_refuse(&workspace, &relay, 78, &["another secret", "backup"]);
    fs::remove_file(&secret).expect("to lose it");
    both_refuse(&workspace, &relay, 78, &["secret", "backup"]);
    assert!(!secret.exists(), "no new one is made");
    fs::write(&secret, kept).expect("to put it back");
    fs::set_permissions(&secret, fs::Permissions::from_mode(0o600)).expect("ours");
    everybody_gets_it_once(&workspace, &relay);
    let happened = "exit 78, 0 connections, no new one is made; put back: resumes. There is one \
                    secret only";
    found("F42", "the secret is another one, or gone, between two runs", happened);
}
