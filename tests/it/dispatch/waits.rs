//! What waits for a person: told of once, and never sent by itself.

use std::fs;

use super::{DUE, LATE, books, dispatch, newsroom};
use crate::{reliability::found, server::Relay, workspace::Workspace};

#[track_caller]
fn says(said: &str, texts: &[&str]) {
    for text in texts {
        assert!(said.contains(text), "no `{text}` in {said}");
    }
}

/// Another draft like the letter, which is due.
fn notice(workspace: &Workspace) -> String {
    let letter = fs::read_to_string(workspace.path("drafts/letter.md")).expect("a letter");
    let notice = letter.replace("lists: [members]", DUE).replace("A letter", "A notice");
    workspace.file("drafts/notice.md", &notice);
    notice
}

#[test]
fn a_late_draft_is_told_of_once_and_needs_a_person() {
    let (workspace, relay) = newsroom(LATE);
    let said = dispatch(&workspace, 1);
    says(
        &said,
        &["`letter` is held", "was due on 6 January 2020 at 09:00", "announce send letter"],
    );
    for _ in 0..2 {
        assert_eq!(dispatch(&workspace, 0), "", "cron mails it once");
        let overdue = workspace.run(&["status", "--overdue"]);
        assert_eq!(overdue.status, 1, "{overdue:#?}");
        says(&overdue.stdout, &["letter: due on 6 January 2020 at 09:00: too late"]);
    }
    // Another time is another lateness.
    workspace.edit("drafts/letter.md", "2020-01-06", "2020-01-07");
    says(&dispatch(&workspace, 1), &["7 January 2020"]);
    assert_eq!(relay.journal.contacted().len(), 0);
    workspace.run(&["send", "letter", "--yes"]).fails_not();
    assert_eq!(dispatch(&workspace, 0), "");
    assert_eq!(relay.journal.accepted().len(), 3, "each once");
    workspace.run(&["status", "--overdue"]).ends(0, "", "nothing is overdue\n");
    let happened = "held, said once with exit 1, then silent; `send` sends it, everybody once";
    found("F39d", "dispatch long after the time of a draft", happened);
}

#[test]
fn a_draft_with_a_fault_is_held_until_it_is_mended() {
    let (workspace, relay) = newsroom(DUE);
    workspace.edit("drafts/letter.md", "Dear {{first_name}}", "Dear {{frist_name}}");
    let said = dispatch(&workspace, 1);
    says(&said, &["`letter` is held", "drafts/letter.md:", "frist_name"]);
    assert_eq!(dispatch(&workspace, 0), "");
    assert_eq!(workspace.run(&["status", "--overdue"]).status, 1);
    workspace.edit("drafts/letter.md", "subject:", "subjekt:");
    says(&dispatch(&workspace, 1), &["subjekt"]);
    workspace.edit("drafts/letter.md", "subjekt:", "subject:");
    workspace.edit("drafts/letter.md", "Dear {{frist_name}}", "Dear {{first_name}}");
    assert_eq!(relay.journal.contacted().len(), 0);
    assert_eq!(dispatch(&workspace, 0), "");
    assert_eq!(relay.journal.accepted().len(), 3);
}

#[test]
fn a_draft_that_nobody_can_read_is_not_passed_over() {
    let (workspace, _relay) = newsroom(DUE);
    workspace.edit("drafts/letter.md", "subject: A", "subject: [A");
    says(&dispatch(&workspace, 1), &["`letter` is held", "drafts/letter.md:"]);
    assert_eq!(dispatch(&workspace, 0), "");
    assert_eq!(workspace.run(&["status", "--overdue"]).status, 1);
    // One that is still written may be in any state.
    workspace.edit("drafts/letter.md", "status: ready", "status: draft");
    assert_eq!(dispatch(&workspace, 0), "");
    workspace.run(&["status", "--overdue"]).ends(0, "", "nothing is overdue\n");
}

#[test]
fn a_server_that_is_away_is_told_of_once_and_tried_each_time() {
    let relay = Relay::start(|_| {});
    let url = relay.url();
    let workspace = Workspace::with_server("smtp://127.0.0.1:1", "");
    workspace.edit("drafts/letter.md", "lists: [members]", DUE);
    let said = dispatch(&workspace, 75);
    says(&said, &["`letter` has reached nobody yet; each dispatch tries again", "127.0.0.1:1"]);
    assert_eq!(dispatch(&workspace, 75), "", "not a mail a minute");
    says(&workspace.run(&["dispatch", "-v"]).stderr, &["127.0.0.1:1"]);
    assert_eq!(workspace.run(&["status", "--overdue"]).status, 1);
    workspace.edit("announce.toml", "smtp://127.0.0.1:1", &url);
    assert_eq!(dispatch(&workspace, 0), "");
    assert_eq!(relay.journal.accepted().len(), 3);
}

#[test]
fn a_password_that_cannot_be_had_is_told_of_once() {
    let workspace =
        Workspace::with_server("smtp://office@127.0.0.1:1", "password_command = [\"false\"]");
    workspace.edit("drafts/letter.md", "lists: [members]", DUE);
    says(&dispatch(&workspace, 78), &["`letter` goes no further: ", "password"]);
    assert_eq!(dispatch(&workspace, 78), "");
    assert_eq!(workspace.run(&["status", "--overdue"]).status, 1);
}

#[test]
fn what_a_person_stopped_stays_stopped() {
    let (workspace, relay) = newsroom(DUE);
    workspace.run(&["send", "letter", "--yes", "--limit", "1"]);
    assert_eq!(dispatch(&workspace, 0), "");
    assert_eq!(relay.journal.accepted().len(), 1, "paused: a person goes on with it");
    assert_eq!(workspace.run(&["status", "--overdue"]).status, 1);
    workspace.run(&["resume", "letter"]);
    assert_eq!(relay.journal.accepted().len(), 3);
}

#[test]
fn a_clone_sends_nothing_by_itself_until_somebody_has_sent_from_it() {
    let (workspace, relay) = newsroom("lists: [members]");
    workspace.run(&["send", "letter", "--yes"]).fails_not();
    // Without state, as git leaves it.
    fs::remove_dir_all(workspace.path(".announce")).expect("to remove");
    fs::remove_dir_all(workspace.path(".xdg-state")).expect("to remove");
    let notice = notice(&workspace);
    says(&dispatch(&workspace, 1), &["drafts/letter.sent.toml", "another desk"]);
    assert_eq!(dispatch(&workspace, 0), "");
    let dry = workspace.run(&["dispatch", "--dry-run"]);
    says(&dry.stdout, &["do nothing of this", "another desk", "send `notice` to 3 people"]);
    assert_eq!(relay.journal.accepted().len(), 3);

    workspace.file(
        "drafts/other.md",
        notice.replace("A notice", "Another").replace(DUE, "lists: [members]"),
    );
    workspace.run(&["send", "other", "--yes"]).fails_not();
    assert_eq!(dispatch(&workspace, 0), "");
    assert_eq!(relay.journal.accepted().len(), 9);
    let happened = "dispatch holds, says it once, and goes on after a `send` by hand";
    found("F36c", "dispatch in a clone that has receipts and no ledger", happened);
}

#[test]
fn a_copy_on_another_machine_sends_nothing_by_itself() {
    let (workspace, relay) = newsroom("lists: [members]");
    workspace.run(&["send", "letter", "--yes"]).fails_not();
    notice(&workspace);
    let elsewhere = workspace.path("elsewhere").display().to_string();
    let elsewhere = [("XDG_STATE_HOME", &*elsewhere)];
    let copy = workspace.run_in("", &["dispatch"], &elsewhere);
    assert_eq!(copy.status, 1, "{copy:#?}");
    says(&copy.stderr, &["looks like a copy", "XDG_STATE_HOME"]);
    workspace.run_in("", &["dispatch"], &elsewhere).ends(0, "", "");
    assert_eq!(relay.journal.accepted().len(), 3);
    assert_eq!(dispatch(&workspace, 0), "", "at home it is sent");
    assert_eq!(relay.journal.accepted().len(), 6);
    let happened = "dispatch holds, says it once; at home it sends, everybody once";
    found("F36d", "dispatch in a copy of the workspace on another machine", happened);
}

#[test]
fn a_ledger_of_yesterday_sends_nothing_by_itself() {
    let (workspace, relay) = newsroom("lists: [members]");
    workspace.run(&["send", "letter", "--yes", "--limit", "1"]);
    let ledger = workspace.path(".announce/ledger.db");
    fs::copy(&ledger, workspace.path("yesterday.db")).expect("a backup");
    workspace.run(&["resume", "letter"]).fails_not();
    fs::copy(workspace.path("yesterday.db"), &ledger).expect("to restore");
    let letter = fs::read_to_string(workspace.path("drafts/letter.md")).expect("a letter");
    workspace.file("drafts/notice.md", letter.replace("lists: [members]", DUE));
    says(&dispatch(&workspace, 78), &["restored from a backup"]);
    assert_eq!(dispatch(&workspace, 78), "", "told once");
    assert_eq!(relay.journal.accepted().len(), 3);
    let happened = "78 before any connection, said once";
    found("F36e", "dispatch on yesterday's ledger, restored from a backup", happened);
}

#[test]
fn a_clock_that_was_put_forward_is_told_of_before_something_goes_out_too_early() {
    let (workspace, _relay) =
        newsroom("status: ready\nsend_at: 2999-12-30 09:00\nlists: [members]");
    assert_eq!(dispatch(&workspace, 0), "");
    if !put_forward(&workspace) {
        return;
    }
    let said = dispatch(&workspace, 1);
    says(&said, &["the clock of this machine was put forward", "before `letter` goes out"]);
    assert_eq!(dispatch(&workspace, 0), "");
}

/// As if it had been 2019 when dispatch last looked, in this same boot; false where the machine
/// does not tell its boots apart.
fn put_forward(workspace: &Workspace) -> bool {
    let clock = workspace.path(".announce/dispatch.clock");
    let noted = fs::read_to_string(&clock).expect("what the clocks showed");
    let mut noted: serde_json::Value = serde_json::from_str(&noted).expect("JSON");
    noted["wall"] = "2019-12-01T09:00:00Z".into();
    workspace.file(".announce/dispatch.clock", noted.to_string());
    !noted["since_boot"].is_null()
}

#[test]
fn what_is_due_only_because_the_clock_was_put_forward_is_held() {
    let (workspace, relay) = newsroom("lists: [members]");
    assert_eq!(dispatch(&workspace, 0), "");
    if !put_forward(&workspace) {
        return;
    }
    workspace.edit("drafts/letter.md", "lists: [members]", DUE);
    let said = dispatch(&workspace, 1);
    says(&said, &["`letter` is held", "the clock of this machine was put forward by", " days"]);
    for _ in 0..2 {
        assert_eq!(dispatch(&workspace, 0), "", "it stays so, and is said once");
    }
    assert_eq!(relay.journal.contacted().len(), 0);
    assert_eq!(workspace.run(&["status", "--overdue"]).status, 1);
    workspace.run(&["send", "letter", "--yes"]).fails_not();
    assert_eq!(books(&workspace)["accepted"], 3);
    let happened = "held, said once; `send` sends it";
    found("F37e", "the clock is put forward between two dispatches", happened);
}

#[test]
fn what_is_not_believed_is_so_after_a_dispatch_that_failed() {
    let (workspace, relay) = newsroom("lists: [members]");
    assert_eq!(dispatch(&workspace, 0), "");
    if !put_forward(&workspace) {
        return;
    }
    workspace.edit("drafts/letter.md", "lists: [members]", DUE);
    dispatch(&workspace, 1);
    workspace.file("drafts/other.sent.toml", "campaign = \"other\"\nledger = \"another\"\n");
    says(&dispatch(&workspace, 1), &["another desk"]);
    fs::remove_file(workspace.path("drafts/other.sent.toml")).expect("to remove");
    let said = dispatch(&workspace, 0);
    assert_eq!((said.as_str(), relay.journal.contacted().len()), ("", 0), "it is held still");
}

#[test]
fn the_same_text_under_two_names_goes_out_once() {
    let (workspace, relay) = newsroom(DUE);
    let letter = fs::read_to_string(workspace.path("drafts/letter.md")).expect("a letter");
    workspace.file("drafts/second.md", letter);
    says(&dispatch(&workspace, 1), &["`second` is held", "repeat"]);
    assert_eq!(dispatch(&workspace, 0), "");
    assert_eq!(relay.journal.accepted().len(), 3, "each once");
}

#[test]
fn a_draft_that_is_a_link_is_held() {
    let (workspace, relay) = newsroom("lists: [members]");
    workspace.edit("drafts/letter.md", "lists: [members]", DUE);
    fs::rename(workspace.path("drafts/letter.md"), workspace.path("real.md")).expect("to move");
    std::os::unix::fs::symlink("../real.md", workspace.path("drafts/letter.md")).expect("a link");
    says(&dispatch(&workspace, 1), &["`letter` is held", "it is a link to `real.md`"]);
    assert_eq!(dispatch(&workspace, 0), "");
    assert_eq!(relay.journal.contacted().len(), 0);
}

#[test]
fn a_damaged_campaign_keeps_no_other_from_going() {
    let (workspace, relay) = newsroom("lists: [members]");
    workspace.run(&["send", "letter", "--yes", "--limit", "1"]);
    let ledger =
        rusqlite::Connection::open(workspace.path(".announce/ledger.db")).expect("a ledger");
    ledger.execute("UPDATE revisions SET inputs = x'00'", []).expect("to damage");
    drop(ledger);
    notice(&workspace);
    let said = workspace.run(&["dispatch"]).stderr;
    assert!(!said.contains("`notice`"), "{said}");
    assert_eq!(workspace.run(&["status", "notice", "--json"]).json()["accepted"], 3, "{said}");
    assert_eq!(relay.journal.accepted().len(), 4);
}

#[test]
fn drafts_that_can_never_go_are_told_of() {
    let (workspace, _relay) = newsroom(DUE);
    let letter = fs::read_to_string(workspace.path("drafts/letter.md")).expect("a letter");
    workspace.file("drafts/my letter.md", letter).edit("drafts/letter.md", "ready", "draft");
    says(&dispatch(&workspace, 1), &["`my letter` is held", "no campaign can have its name"]);
    assert_eq!(dispatch(&workspace, 0), "");
    workspace.edit("drafts/letter.md", "status: draft", "status: Ready");
    assert_eq!(dispatch(&workspace, 0), "", "in capitals, too");
    assert_eq!(books(&workspace)["accepted"], 3);
}

#[test]
fn whoever_watches_hears_that_no_dispatch_runs() {
    let (workspace, _relay) =
        newsroom("status: ready\nsend_at: 2999-12-30 09:00\nlists: [members]");
    let overdue = || workspace.run(&["status", "--overdue"]);
    let next = "next: announce schedule --print crontab\n";
    overdue().ends(1, "no dispatch has run here yet\n", next);
    assert_eq!(dispatch(&workspace, 0), "");
    overdue().ends(0, "", "nothing is overdue\n");
    put_forward(&workspace);
    let told = overdue();
    assert!(told.status == 1 && told.stdout.starts_with("the last dispatch ran "), "{told:#?}");
    let json = workspace.run(&["status", "--overdue", "--json"]).json();
    assert_eq!(json["campaign"], "", "{json}");
}

#[test]
fn a_copy_beside_its_original_sends_nothing_by_itself() {
    let (workspace, relay) = newsroom("lists: [members]");
    workspace.run(&["send", "letter", "--yes"]).fails_not();
    notice(&workspace);
    let copied = workspace
        .program("sh", &["-c", "mkdir copy && cp -r announce.toml drafts lists .announce copy/"]);
    assert!({ copied }.status().expect("to copy").success());
    let copy = workspace.run_in("copy", &["dispatch"], &[]);
    assert_eq!(copy.status, 1, "{copy:#?}");
    says(&copy.stderr, &["this is a copy of the newsroom in `[workspace]`"]);
    assert_eq!(dispatch(&workspace, 0), "");
    assert_eq!(relay.journal.accepted().len(), 6, "each once");
    let happened = "the copy holds, says it once; the original sends, everybody once";
    found("F36f", "dispatch in a copy of the workspace beside it", happened);
}
