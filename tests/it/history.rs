//! What the books know about the next announcement: findings that take a ledger with sends in it,
//! and what somebody has sent in spite of a finding.

use std::{
    fs,
    io::{Read as _, Write as _},
    process::Stdio,
};

use announce::{
    deliver::Stage,
    ledger::{Ledger as _, SqliteLedger},
    sandbox::{Rule, Script},
};

use tokio::runtime::Runtime;

use crate::{
    server::Relay,
    workspace::{LETTER, Ran, Workspace},
};

/// A server and a newsroom that mails it.
fn newsroom() -> (Workspace, Relay) {
    let relay = Relay::start(|_| {});
    let workspace = Workspace::with_server(&relay.url(), "");
    (workspace, relay)
}

/// The same after `letter` went to everybody.
fn after_a_send() -> (Workspace, Relay) {
    let (workspace, relay) = newsroom();
    let sent = workspace.run(&["send", "letter", "--yes"]);
    assert_eq!((sent.status, relay.journal.accepted().len()), (0, 3), "{sent:#?}");
    (workspace, relay)
}

/// From now on the newsroom mails its sandbox, or another server.
fn mails(workspace: &Workspace, from: &str, to: &str) {
    workspace.edit("announce.toml", &format!("url = \"{from}\""), &format!("url = \"{to}\""));
}

/// Ids and messages of what is found in a draft.
fn found(workspace: &Workspace, draft: &str) -> Vec<(String, String)> {
    let checked = workspace.run(&["check", draft, "--format", "json"]).json();
    let findings = checked["findings"].as_array().expect("findings");
    let text = |value: &serde_json::Value| value.as_str().expect("text").to_owned();
    findings
        .iter()
        .map(|finding| {
            let id = format!("{}/{}", text(&finding["code"]), text(&finding["rule"]));
            (id, text(&finding["message"]))
        })
        .collect()
}

/// The one thing that is found in a draft: its message, the days in it replaced by DAY.
#[track_caller]
fn only(workspace: &Workspace, draft: &str, id: &str) -> String {
    let found = found(workspace, draft);
    assert!(found.len() == 1 && found[0].0 == id, "{found:?}");
    let message = &found[0].1;
    let (before, rest) = message.split_once(" on ").expect("a day");
    let rest = rest.split_once(" 20").expect("a year").1;
    format!("{before} on DAY{}", &rest[2..])
}

#[track_caller]
fn nothing(workspace: &Workspace, draft: &str) {
    assert_eq!(found(workspace, draft), []);
}

#[test]
fn the_same_mail_goes_out_under_another_name_only_if_that_is_allowed() {
    let (workspace, relay) = after_a_send();
    nothing(&workspace, "letter");
    workspace.file("drafts/copy.md", LETTER);
    let told = only(&workspace, "copy", "S5/repeat");
    assert_eq!(told, "the same mail was sent as `letter` on DAY");

    for arguments in [&["send", "copy", "--yes"][..], &["send", "letter", "--as", "b", "--yes"]] {
        workspace.run(arguments).fails(1, &["S5/repeat", "`letter`", "--allow S5/repeat"]);
    }
    assert_eq!(relay.journal.accepted().len(), 3);

    let again = ["send", "letter", "--as", "again", "--yes", "--allow", "S5/repeat"];
    assert_eq!(workspace.run(&again).status, 0);
    assert_eq!(relay.journal.accepted().len(), 6);
    let status = workspace.run(&["status", "again"]).stdout;
    assert!(status.contains("\n  sent although: S5/repeat (at "), "{status}");
    let status = workspace.run(&["status", "letter"]).stdout;
    assert!(!status.contains("although"), "{status}");

    // That was decided when it was begun.
    workspace.members(&[("ann@one.example", "Ann"), ("dan@four.example", "Dan")]);
    assert_eq!(workspace.run(&["send", "letter", "--as", "again", "--yes"]).status, 0);
    assert_eq!(relay.journal.accepted().len(), 7);
}

#[test]
fn a_mail_that_nobody_has_had_is_not_sent_again() {
    let relay = Relay::start(|options| {
        options.script = Script::new().rule(Rule::reply(Stage::Mail, "553 5.7.1 not yours"));
    });
    let workspace = Workspace::with_server(&relay.url(), "");
    assert_eq!(workspace.run(&["send", "letter", "--yes"]).status, 78);
    let books = workspace.run(&["status", "letter", "--json"]).json();
    assert_eq!(books["pending"], 3, "frozen, and nobody was tried: {books}");
    workspace.file("drafts/copy.md", LETTER);
    nothing(&workspace, "copy");
}

#[test]
fn a_subject_of_late_is_told_and_another_one_is_not() {
    let (workspace, _relay) = after_a_send();
    let past = Runtime::new().expect("a runtime").block_on(async {
        let ledger = SqliteLedger::open(&workspace.path(".announce/ledger.db")).expect("a ledger");
        ledger.past().await.expect("an answer")
    });
    assert_eq!(
        (&*past[0].subject, &*past[0].lists),
        ("A letter for …", &["members".to_owned()][..])
    );

    let next = LETTER.replace("Thank you", "Many thanks");
    workspace.file("drafts/next.md", next.replace("A letter for {{", "A  Letter FOR {{"));
    assert_eq!(
        only(&workspace, "next", "S5/subject"),
        "`letter` had the same subject on DAY",
        "nothing of a person is compared"
    );
    workspace.file("drafts/next.md", next.replace("A letter for", "The second letter for"));
    nothing(&workspace, "next");
}

#[test]
fn the_last_mail_to_the_same_lists_is_the_measure_of_the_next() {
    let (workspace, _relay) = after_a_send();
    let next = LETTER.replace("A letter for", "The second letter for");
    workspace.file("drafts/next.md", next);
    nothing(&workspace, "next");

    let three = fs::read_to_string(workspace.path("lists/members.csv")).expect("the list");
    workspace.file("lists/members.csv", three.clone() + "dan@four.example,Dan\n");
    let told = only(&workspace, "next", "M10/size");
    assert_eq!(told, "4 people would get it; `letter` on DAY, to the same lists, was for 3");
    let narrowed = ["send", "next", "--dry-run", "--where", "first_name=Ann"];
    let narrowed = workspace.run(&narrowed);
    assert!(narrowed.stdout.contains("1 person"), "{narrowed:#?}");
    assert!(!narrowed.stderr.contains("M10"), "who is left out is left out: {narrowed:#?}");

    workspace.file("lists/guests.csv", three + "eve@five.example,Eve\n");
    let guests = "guests = { file = \"lists/guests.csv\", title = \"You have been a guest.\" }\n";
    workspace.edit("announce.toml", "members = {", &format!("{guests}members = {{"));
    workspace.edit("drafts/next.md", "[members]", "[guests]");
    nothing(&workspace, "next");
}

#[test]
fn a_mail_that_has_changed_since_its_test_is_told_until_it_is_tested_again_or_sent() {
    let (workspace, _relay) = newsroom();
    let test =
        || assert_eq!(workspace.run(&["test", "letter", "--to", "me@one.example"]).status, 0);
    nothing(&workspace, "letter");
    test();
    nothing(&workspace, "letter");
    workspace.edit("drafts/letter.md", "Thank you", "Many thanks");
    let told = only(&workspace, "letter", "C2/changed");
    assert!(
        told.starts_with("it is not what the last test mail showed, which was sent on DAY at ")
    );
    test();
    nothing(&workspace, "letter");

    workspace.edit("drafts/letter.md", "Many thanks", "All our thanks");
    let sent = workspace.run(&["send", "letter", "--yes"]);
    assert!(sent.status == 0 && sent.stderr.contains("C2/changed"), "{sent:#?}");
    nothing(&workspace, "letter");
}

#[test]
fn a_test_mail_that_did_not_arrive_showed_nothing() {
    let relay = Relay::start(|options| {
        options.script = Script::new().rule(Rule::reply(Stage::Rcpt, "550 5.1.1 unknown"));
    });
    let workspace = Workspace::with_server(&relay.url(), "");
    assert_ne!(workspace.run(&["test", "letter", "--to", "me@one.example"]).status, 0);
    workspace.edit("drafts/letter.md", "Thank you", "Many thanks");
    nothing(&workspace, "letter");
}

#[test]
fn more_people_than_the_cap_leaves_are_told_with_the_day_of_the_last() {
    let (workspace, _relay) = newsroom();
    workspace.edit("announce.toml", "limit = \"1000/s\"", "limit = \"3/day\"");
    nothing(&workspace, "letter");
    assert_eq!(workspace.run(&["test", "letter", "--to", "me@one.example"]).status, 0);
    let told = only(&workspace, "letter", "C4/cap");
    let expected = "`3/day` has room for 2 of 3 people now: the last of them can get it on DAY at ";
    assert!(told.starts_with(expected), "{told}");

    // The plan says when too: 24 hours from the test mail.
    let plan = workspace.run(&["send", "letter", "--dry-run", "--json"]);
    let seconds = plan.json()["seconds"].as_f64().expect("a number");
    assert!((86_000.0..=86_400.0).contains(&seconds), "{plan:#?}");
}

#[test]
fn a_rehearsal_has_sent_nothing_and_a_real_send_counts_in_rehearsals() {
    let relay = Relay::start(|_| {});
    let workspace = Workspace::new();
    workspace.file("drafts/copy.md", LETTER);
    assert_eq!(workspace.run(&["send", "letter", "--yes"]).status, 0);
    assert_eq!(workspace.run(&["test", "copy", "--to", "me@one.example"]).status, 0);
    nothing(&workspace, "copy");
    mails(&workspace, "sandbox:", &relay.url());
    nothing(&workspace, "copy");

    assert_eq!(workspace.run(&["send", "letter", "--yes"]).status, 0);
    mails(&workspace, &relay.url(), "sandbox:");
    only(&workspace, "copy", "S5/repeat");
    workspace.run(&["send", "copy", "--yes"]).fails(1, &["S5/repeat"]);
}

#[test]
fn a_test_in_the_sandbox_counts_there_alone() {
    let relay = Relay::start(|_| {});
    let workspace = Workspace::new();
    assert_eq!(workspace.run(&["test", "letter", "--to", "me@one.example"]).status, 0);
    workspace.edit("drafts/letter.md", "Thank you", "Many thanks");
    only(&workspace, "letter", "C2/changed");
    mails(&workspace, "sandbox:", &relay.url());
    nothing(&workspace, "letter");
}

#[test]
fn a_check_makes_no_books_where_there_are_none() {
    let (workspace, _relay) = newsroom();
    nothing(&workspace, "letter");
    assert!(!workspace.path(".announce").exists());
}

const LEFTOVER: [&str; 5] = ["send", "letter", "--yes", "--allow", "M2/leftover"];

#[test]
fn what_was_passed_over_is_recorded_each_time_with_what_was_sent() {
    let (workspace, _relay) = newsroom();
    workspace.edit("drafts/letter.md", "Thank you", "Thank you, [[name]],");
    workspace.run(&["send", "letter", "--yes"]).fails(1, &["M2/leftover"]);
    let sent: Ran = workspace.run(&LEFTOVER);
    assert!(sent.status == 0 && !sent.stderr.contains("not needed"), "{sent:#?}");
    workspace.members(&[("dan@four.example", "Dan")]);
    assert_eq!(workspace.run(&LEFTOVER).status, 0);
    let status = workspace.run(&["status", "letter"]).stdout;
    let line = status.lines().find(|line| line.starts_with("  sent although: "));
    assert_eq!(line.map(|line| line.matches("M2/leftover (at ").count()), Some(2), "{status}");
}

#[test]
fn what_was_allowed_in_vain_is_said_and_not_recorded() {
    let (workspace, relay) = newsroom();
    let sent = workspace.run(&LEFTOVER);
    let said = "`--allow M2/leftover` was not needed: it finds no error here\n";
    assert!(sent.status == 0 && sent.stderr.starts_with(said), "{sent:#?}");
    assert_eq!(relay.journal.accepted().len(), 3);
    let status = workspace.run(&["status", "letter"]).stdout;
    assert!(!status.contains("although"), "{status}");
}

#[test]
fn what_a_colleague_sends_while_somebody_is_asked_is_not_sent_again_under_another_name() {
    let (workspace, relay) = newsroom();
    let asked = format!("{} send letter --as again", env!("CARGO_BIN_EXE_announce"));
    let mut terminal = workspace.program("script", &["--quiet", "--return", "--command", &asked]);
    terminal.args(["/dev/null"]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let Ok(mut terminal) = terminal.spawn() else {
        assert!(std::env::var("CI").is_err(), "script is not installed");
        return eprintln!("NOT TESTED: script is not installed");
    };
    let mut shown = terminal.stdout.take().expect("a screen");
    let mut screen = Vec::new();
    while !String::from_utf8_lossy(&screen).contains("(3):") {
        let mut byte = [0];
        assert_eq!(shown.read(&mut byte).expect("a screen"), 1, "no question");
        screen.push(byte[0]);
    }
    workspace.run(&["send", "letter", "--yes"]);
    terminal.stdin.take().expect("a keyboard").write_all(b"3\n").expect("to type");
    let mut rest = String::new();
    shown.read_to_string(&mut rest).expect("a screen");
    assert_eq!(terminal.wait().expect("an end").code(), Some(1), "{rest}");
    assert!(rest.contains("has just been sent as `letter`"), "{rest}");
    assert_eq!(relay.journal.accepted().len(), 3);
}
