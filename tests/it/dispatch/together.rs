//! Dispatches that meet each other, or somebody who sends by hand; and ones that are cut short.

use std::process::{Child, Command, Stdio};

use super::{DUE, books, dispatch, newsroom, people};
use crate::{reliability::found, server::Relay, workspace::Workspace};

fn begin(workspace: &Workspace) -> Child {
    workspace
        .command("", &["dispatch"], &[])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("to run")
}

/// A slow dispatch to twenty people, three of whom have got it.
fn begun() -> (Workspace, Relay, Child) {
    let (workspace, relay) = newsroom(DUE);
    workspace.edit("announce.toml", "1000/s", "10/s");
    people(&workspace, 20);
    let mut child = begin(&workspace);
    while relay.journal.accepted().len() < 3 {
        assert!(child.try_wait().expect("a child").is_none(), "it ended too early");
        std::thread::yield_now();
    }
    (workspace, relay, child)
}

#[track_caller]
fn everybody_once(workspace: &Workspace, relay: &Relay, planned: usize) {
    let books = books(workspace);
    assert_eq!(books["planned"], planned, "{books}");
    let uncertain = books["uncertain"].as_u64().expect("a number");
    assert_eq!(books["accepted"].as_u64().expect("a number") + uncertain, planned as u64);
    let mut got: Vec<String> =
        relay.journal.accepted().into_iter().map(|(_, address)| address).collect();
    got.sort();
    let all = got.len();
    got.dedup();
    assert_eq!(got.len(), all, "somebody got it twice");
    assert!(all as u64 + uncertain >= planned as u64, "somebody was lost");
}

#[test]
fn of_two_dispatches_at_the_same_instant_one_works_and_one_leaves() {
    let relay = Relay::start(|_| {});
    for turn in 1..=50 {
        // A new one each time: secret and ledger are made in the same moment, too.
        let workspace = Workspace::with_server(&relay.url(), "");
        workspace.edit("drafts/letter.md", "lists: [members]", DUE);
        let ended = [begin(&workspace), begin(&workspace)]
            .map(|child| child.wait_with_output().expect("an end"));
        for ended in &ended {
            assert!(ended.status.success() && ended.stderr.is_empty(), "{ended:#?}");
        }
        assert_eq!(books(&workspace)["accepted"], 3, "{ended:#?}");
        assert_eq!(relay.journal.accepted().len(), 3 * turn, "everybody once: {ended:#?}");
    }
    let happened = "both end 0 in silence; everybody once, each time";
    found("F30c", "two dispatches at the same moment, 50 times", happened);
}

#[test]
fn a_dispatch_beside_a_run_leaves_in_silence() {
    let (workspace, relay, child) = begun();
    assert_eq!(dispatch(&workspace, 0), "");
    workspace.run(&["dispatch", "-v"]).ends(0, "", "another run is at work: nothing was done\n");
    workspace.run(&["send", "letter", "--yes"]).fails(75, &["`dispatch letter`", "stop letter"]);
    assert!(child.wait_with_output().expect("an end").status.success());
    everybody_once(&workspace, &relay, 20);
}

#[test]
fn a_dispatched_run_is_stopped_like_any_other() {
    let (workspace, relay, child) = begun();
    let status = workspace.run(&["status", "letter"]);
    assert!(status.stdout.contains("being sent now"), "{status:#?}");
    workspace.run(&["stop", "letter"]).fails_not();
    let ended = child.wait_with_output().expect("an end");
    assert_eq!((ended.status.code(), ended.stderr), (Some(75), Vec::new()));
    let got = relay.journal.accepted().len();
    assert!((3..20).contains(&got), "{got}");
    assert_eq!(dispatch(&workspace, 0), "");
    assert_eq!(relay.journal.accepted().len(), got, "a person goes on with it");
    workspace.run(&["resume", "letter"]).fails_not();
    everybody_once(&workspace, &relay, 20);
}

#[test]
fn a_dispatch_that_the_machine_ends_is_gone_on_with_by_the_next() {
    let (workspace, relay, child) = begun();
    let pid = child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &pid]).status().expect("kill").success());
    assert_eq!(child.wait_with_output().expect("an end").status.code(), Some(130));
    assert!(relay.journal.accepted().len() < 20);
    assert_eq!(dispatch(&workspace, 0), "");
    everybody_once(&workspace, &relay, 20);
    assert_eq!(books(&workspace)["uncertain"], 0);
}

#[test]
fn a_dispatch_that_is_killed_is_gone_on_with_by_the_next() {
    let (workspace, relay, mut child) = begun();
    child.kill().expect("to kill");
    child.wait().expect("an end");
    let next = workspace.run(&["dispatch"]);
    assert!(matches!(next.status, 0 | 3), "{next:#?}");
    everybody_once(&workspace, &relay, 20);
}

#[test]
fn a_draft_that_waits_for_its_turn_can_be_taken_back() {
    let (workspace, relay, child) = begun();
    let letter = std::fs::read_to_string(workspace.path("drafts/letter.md")).expect("a letter");
    workspace.file("drafts/notice.md", letter.replace("A letter", "A notice"));
    workspace.run(&["unschedule", "notice"]).fails_not();
    workspace.run(&["unschedule", "letter"]).fails(1, &["is being sent already", "stop letter"]);
    workspace
        .run(&["schedule", "letter", "--at", "2999-12-10 08:00"])
        .fails(1, &["is being sent already"]);
    assert!(child.wait_with_output().expect("an end").status.success());
    assert_eq!(dispatch(&workspace, 0), "");
    everybody_once(&workspace, &relay, 20);
}

#[test]
fn whoever_is_stopped_while_they_rest_stays_stopped() {
    let (workspace, relay) = newsroom(DUE);
    workspace.members(&[("ann@one.example", "Ann"), ("greylist-1@x.fault.test", "Bob")]);
    assert_eq!(dispatch(&workspace, 75), "");
    workspace.run(&["stop", "letter"]).fails_not();
    assert_eq!(dispatch(&workspace, 0), "");
    let paused = workspace.run(&["schedule"]);
    assert!(paused.stdout.contains("begun, 1 delivery left; paused: stopped"), "{paused:#?}");
    assert_eq!(relay.journal.accepted().len(), 1);
}

#[test]
fn two_copies_that_dispatch_at_the_same_instant_mail_nobody_twice() {
    let relay = Relay::start(|_| {});
    for turn in 1..=10 {
        let workspace = Workspace::with_server(&relay.url(), "");
        workspace.file("drafts/first.md", crate::workspace::LETTER.replace("A letter", "A first"));
        workspace.run(&["send", "first", "--yes"]).fails_not();
        workspace.edit("drafts/letter.md", "lists: [members]", DUE);
        let copied = workspace
            .program(
                "sh",
                &["-c", "mkdir copy && cp -r announce.toml drafts lists .announce copy/"],
            )
            .status();
        assert!(copied.expect("to copy").success());
        // As if nobody had noted which of them is at home.
        let homes = workspace.program("sh", &["-c", "rm .xdg-state/announce/*/workspace"]).status();
        assert!(homes.expect("to remove").success());
        let begin = |folder| {
            let mut command = workspace.command(folder, &["dispatch"], &[]);
            command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("to run")
        };
        for mut child in [begin(""), begin("copy")] {
            child.wait().expect("an end");
        }
        assert_eq!(relay.journal.accepted().len(), 6 * turn, "everybody once");
    }
}
