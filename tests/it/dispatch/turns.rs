//! What goes out, when, and in which order.

use std::fs;

use super::{DUE, books, dispatch, newsroom, people};
use crate::workspace::Workspace;

#[test]
fn what_is_due_goes_out_once_and_in_silence() {
    let (workspace, relay) = newsroom(DUE);
    assert_eq!(dispatch(&workspace, 0), "");
    assert_eq!(relay.journal.accepted().len(), 3);
    let connections = relay.journal.connections();
    for _ in 0..3 {
        assert_eq!(dispatch(&workspace, 0), "");
    }
    assert_eq!(relay.journal.accepted().len(), 3, "each once");
    assert_eq!(relay.journal.connections(), connections, "the server is left in peace");
    let receipt = fs::read_to_string(workspace.path("drafts/letter.sent.toml")).expect("a receipt");
    assert!(receipt.contains("accepted = 3"), "{receipt}");
}

#[test]
fn only_what_is_let_go_and_due_goes_out() {
    for timing in [
        "lists: [members]",
        "status: ready\nlists: [members]",
        "status: draft\nsend_at: 2020-01-06 09:00\nlate_after: 900000h\nlists: [members]",
        "status: ready\nsend_at: 2999-12-30 09:00\nlists: [members]",
    ] {
        let (workspace, relay) = newsroom(timing);
        assert_eq!(dispatch(&workspace, 0), "", "{timing}");
        assert_eq!(relay.seen("MAIL"), (0, 0), "{timing}");
        assert!(!workspace.path(".announce/ledger.db").exists(), "nothing is made: {timing}");
    }
}

#[test]
fn each_campaign_is_told_of_where_that_is_asked_for() {
    let (workspace, _relay) = newsroom(DUE);
    let told = workspace.run(&["dispatch", "--json"]);
    let summary = told.json();
    assert_eq!(
        (told.status, &summary["campaign"], &summary["accepted"]),
        (0, &"letter".into(), &3.into())
    );
    let told = workspace.run(&["dispatch", "--json"]);
    told.ends(0, "", "");
    workspace.run(&["dispatch", "-v"]).ends(0, "", "nothing is due\nnext: announce schedule\n");

    let (workspace, _relay) = newsroom(DUE);
    let books =
        "letter\n  3 planned = 3 accepted + 0 rejected + 0 deferred + 0 uncertain + 0 pending\n";
    workspace.run(&["dispatch", "--verbose"]).ends(0, books, "");
}

#[test]
fn two_campaigns_share_what_the_cap_leaves() {
    let (workspace, relay) = newsroom(DUE);
    workspace.edit("announce.toml", "limit = \"1000/s\"", "limit = [\"1000/s\", \"6/day\"]");
    people(&workspace, 10);
    let letter = fs::read_to_string(workspace.path("drafts/letter.md")).expect("a letter");
    workspace.file("drafts/notice.md", letter.replace("A letter", "A notice"));
    assert_eq!(dispatch(&workspace, 75), "", "a cap is no failure");
    for id in ["letter", "notice"] {
        let books = workspace.run(&["status", id, "--json"]).json();
        assert_eq!((&books["accepted"], &books["pending"]), (&3.into(), &7.into()), "{id}");
    }
    let connections = relay.journal.connections();
    assert_eq!(dispatch(&workspace, 75), "", "there is more to do, and not now");
    assert_eq!(relay.journal.connections(), connections, "the server is left in peace");

    // A day later.
    workspace.edit("announce.toml", "6/day", "100/day");
    assert_eq!(dispatch(&workspace, 0), "");
    assert_eq!(relay.journal.accepted().len(), 20);
}

#[test]
fn who_is_deferred_is_tried_again_when_they_are_due() {
    let (workspace, relay) = newsroom(DUE);
    workspace.members(&[("ann@one.example", "Ann"), ("greylist-1@x.fault.test", "Bob")]);
    assert_eq!(dispatch(&workspace, 75), "");
    let connections = relay.journal.connections();
    assert_eq!(dispatch(&workspace, 75), "");
    assert_eq!(relay.journal.connections(), connections, "not before its time");
    let at = workspace.run(&["dispatch", "--dry-run", "--now", "2999-01-01 09:00"]);
    assert!(at.stdout.contains("go on with `letter`: 1 delivery to make"), "{at:#?}");
}

#[test]
fn a_refused_recipient_is_told_of_once() {
    let (workspace, _relay) = newsroom(DUE);
    workspace.members(&[("ann@one.example", "Ann"), ("550-5.1.1+x@x.fault.test", "Bob")]);
    let said = dispatch(&workspace, 3);
    assert!(said.starts_with("announce dispatch in [workspace], "), "{said}");
    assert!(
        said.ends_with("`letter`: 1 rejected of 2 deliveries\nnext: announce log letter\n"),
        "{said}"
    );
    assert_eq!(dispatch(&workspace, 0), "");
}

#[test]
fn a_rehearsal_is_never_late() {
    let workspace = Workspace::new();
    workspace.edit("drafts/letter.md", "lists: [members]", super::LATE);
    assert_eq!(dispatch(&workspace, 0), "");
    assert_eq!(workspace.caught().len(), 3);
    assert_eq!(books(&workspace)["accepted"], 3);
    assert_eq!(dispatch(&workspace, 0), "");
    assert_eq!(workspace.caught().len(), 3);
}

#[test]
fn a_dry_run_says_what_would_happen_and_makes_nothing() {
    let (workspace, relay) = newsroom("status: ready\nsend_at: 2999-12-30 09:00\nlists: [members]");
    let dry = |now: &str| workspace.run(&["dispatch", "--dry-run", "--now", now]);
    let next = "nothing was sent\nnext: announce schedule\n";
    let then = "then comes `letter`, due on Monday 30 December 2999 at 09:00\n";
    dry("2999-12-30 08:59").ends(
        0,
        "Monday 30 December 2999 at 08:59: nothing is due\n",
        &format!("{then}{next}"),
    );
    dry("2999-12-30 09:00").ends(
        0,
        "Monday 30 December 2999 at 09:00: dispatch would\n  send `letter` to 3 people: at once\n",
        next,
    );
    let late = dry("2999-12-30 11:01");
    assert!(late.stdout.contains("hold `letter` (late):"), "{late:#?}");
    assert!(late.stdout.contains("2 h 1 min ago"), "{late:#?}");
    dry("tomorrow").fails(2, &["`tomorrow` names no time of day"]);
    workspace.run(&["dispatch", "--now", "2999-12-30 09:00"]).fails(2, &["--dry-run"]);
    assert!(!workspace.path(".announce").exists());
    assert_eq!(relay.seen("MAIL"), (0, 0));
}
