//! Deliveries whose fate nobody can know, and what a person decides about them.

use announce::{
    clock::{Clock as _, SystemClock},
    deliver::Stage,
    ledger::{Ledger as _, SqliteLedger},
    sandbox::{Act, Rule, Script},
};

use crate::{
    relay::Relay,
    workspace::{Ran, Workspace},
};

/// A relay that takes the second message and hangs up before it says so.
fn silent_once() -> (Workspace, Relay) {
    let relay = Relay::start(|options| {
        let lose = Rule::at(Stage::Dot, vec![Act::Keep, Act::Drop]).message(2).times(1);
        options.script = Script::new().rule(lose);
    });
    let workspace = Workspace::with_server(&relay.url(), "connections = 1");
    (workspace, relay)
}

/// Sent, with Bob uncertain.
fn uncertain() -> (Workspace, Relay, Ran) {
    let (workspace, relay) = silent_once();
    let sent = workspace.run(&["send", "letter", "--yes"]);
    (workspace, relay, sent)
}

/// The key of the only uncertain person, as the output shows it.
fn key(workspace: &Workspace) -> String {
    let list = workspace.run(&["resolve", "letter", "--json"]).json();
    let key = list["uncertain"][0]["recipient"].as_str().expect("a key");
    key[..8].to_owned()
}

#[test]
fn a_send_that_leaves_somebody_uncertain_says_what_that_means_and_what_to_do() {
    let (_workspace, _relay, sent) = uncertain();
    assert_eq!(sent.status, 3, "{sent:#?}");
    let (_, told) = sent.stderr.split_once("reply\n").unwrap_or(("", &sent.stderr));
    assert!(
        told.ends_with(
            "1 uncertain: nobody can know whether it arrived, so nothing is sent again unasked; \
             `announce resolve letter` settles that\n\
             next: announce resolve letter\n"
        ),
        "{sent:#?}"
    );
}

#[test]
fn the_uncertain_are_listed_with_what_to_look_for_and_without_addresses() {
    let (workspace, relay, _) = uncertain();
    let list = workspace.run(&["resolve", "letter"]);
    let lines: Vec<&str> = list.stdout.lines().collect();
    assert_eq!((list.status, lines.len(), lines[0]), (0, 3, "letter: 1 uncertain delivery"));
    assert!(
        lines[1].contains("closed the connection, and may have taken the message"),
        "{list:#?}"
    );
    // An operator greps the relay's log for it.
    let caught = relay.caught.lock().expect("no panic").clone();
    let bob = caught.iter().find(|mail| mail.recipients == ["bob@two.example"]).expect("Bob's");
    let mail = String::from_utf8_lossy(&bob.message).into_owned();
    let id = lines[2].split_once("Message-ID ").expect("an id").1;
    assert!(mail.contains(&format!("Message-ID: {id}\r\n")), "{id} is not in {mail}");
    for next in ["resolve letter --assume-sent", "resolve letter --resend", "--to PERSON"] {
        assert!(list.stderr.contains(next), "no `{next}` in {list:#?}");
    }
    let json = workspace.run(&["resolve", "letter", "--list", "--json"]);
    assert_eq!(json.json()["uncertain"][0]["stage"], "dot", "{json:#?}");
    let all = format!("{}{}{}{}", list.stdout, list.stderr, json.stdout, json.stderr);
    assert!(!all.contains("two.example"), "{all}");

    // Asked for, it comes from the seal: the list has forgotten him.
    workspace.members(&[("ann@one.example", "Ann")]);
    let shown = workspace.run(&["resolve", "letter", "--addresses"]);
    assert!(shown.stdout.contains("bob@two.example"), "{shown:#?}");
}

#[test]
fn sent_again_on_demand_it_is_the_same_message_byte_for_byte() {
    let (workspace, relay, _) = uncertain();
    workspace.run(&["resolve", "letter", "--resend"]).fails(2, &["nobody is here", "--yes"]);
    workspace.run(&["resolve", "letter", "--resend", "--yes"]).ends(
        0,
        "letter: 1 delivery is planned again\n",
        "nothing has been sent yet\nnext: announce resume letter\n",
    );
    assert_eq!(relay.caught.lock().expect("no panic").len(), 3);
    let status = workspace.run(&["status", "letter"]);
    assert!(status.stdout.contains("some are to be sent again"), "{status:#?}");
    assert_eq!(status.stderr, "next: announce resume letter\n");

    let resumed = workspace.run(&["resume", "letter", "--json"]);
    let books = resumed.json();
    assert_eq!((resumed.status, &books["planned"], &books["accepted"]), (0, &1.into(), &1.into()));
    let caught = relay.caught.lock().expect("no panic").clone();
    let bobs: Vec<_> =
        caught.iter().filter(|mail| mail.recipients == ["bob@two.example"]).collect();
    assert_eq!(bobs.len(), 2, "the second was asked for");
    assert_eq!(bobs[0], bobs[1], "the receiving side may take them for one");
    assert_eq!(workspace.run(&["resume", "letter"]).status, 0);
    assert_eq!(relay.seen("DATA").0, 4, "nobody else got it again");
}

#[test]
fn assumed_sent_it_counts_as_accepted_and_the_log_says_that_it_was_decided() {
    let (workspace, relay, _) = uncertain();
    let key = key(&workspace);
    let assume = ["resolve", "letter", "--assume-sent", "--to", &key, "--yes"];
    workspace.run(&assume[..5]).fails(2, &["nobody is here to confirm", "--yes"]);
    let books = workspace.run(&["status", "letter", "--json"]).json();
    assert_eq!((&books["accepted"], &books["uncertain"]), (&2.into(), &1.into()));
    workspace.run(&assume).ends(
        0,
        "letter: 1 delivery counts as accepted now\n",
        "next: announce status letter\n",
    );
    let books = workspace.run(&["status", "letter", "--json"]).json();
    assert_eq!((&books["accepted"], &books["uncertain"]), (&3.into(), &0.into()));
    let log = workspace.run(&["log", "letter", "--to", "bob@two.example", "--format", "jsonl"]);
    let tries: Vec<serde_json::Value> =
        log.stdout.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let told: Vec<_> = tries.iter().map(|line| (&line["attempt"], &line["status"])).collect();
    assert_eq!(told, [(&1.into(), &"uncertain".into()), (&1.into(), &"assumed".into())]);
    let receipt = std::fs::read_to_string(workspace.path("drafts/letter.sent.toml"));
    assert!(receipt.expect("a receipt").contains("accepted = 3"));
    workspace.run(&["resolve", "letter", "--resend", "--yes"]).ends(
        0,
        "",
        "no delivery of `letter` is uncertain\nnext: announce status letter\n",
    );
    assert_eq!(workspace.run(&["resume", "letter"]).status, 0);
    assert_eq!(relay.seen("DATA"), (3, 3));
}

#[test]
fn only_the_uncertain_can_be_named_and_no_error_repeats_an_address() {
    let (workspace, _relay, _) = uncertain();
    let ann = ["resolve", "letter", "--resend", "--yes", "--to", "ann@one.example"];
    let refused = workspace.run(&ann).fails(2, &["is not uncertain in `letter`", "hint"]);
    assert!(!refused.stderr.contains("one.example"), "{refused:#?}");
    let both = [&ann[..], &["--to", "bob@two.example"]].concat();
    workspace.run(&both).fails(2, &["is not uncertain"]);
    let books = workspace.run(&["status", "letter", "--json"]).json();
    assert_eq!(books["uncertain"], 1, "all or nothing: {books}");
    workspace.run(&["resolve", "letter", "--to", "not an address"]).fails(2, &["`--to`"]);
    workspace.run(&["resolve", "lettre"]).fails(2, &["did you mean `letter`?"]);
    workspace
        .run(&["resolve", "letter", "--resend", "--assume-sent"])
        .fails(2, &["cannot be used"]);
}

#[test]
fn while_a_run_is_at_work_the_uncertain_can_be_seen_and_not_settled() {
    let (workspace, _relay, _) = uncertain();
    let lock = workspace.path(".announce/lock");
    let held = std::fs::File::options().write(true).open(&lock).expect("the lock");
    held.lock().expect("to lock");
    let since = "2026-11-02T17:00:00Z";
    let holder = format!(r#"{{"pid":4711,"command":"send other","since":"{since}"}}"#);
    std::fs::write(&lock, holder).expect("to write");
    let list = workspace.run(&["resolve", "letter"]);
    assert!(list.stdout.contains("1 uncertain delivery"), "{list:#?}");
    assert!(list.stderr.contains("there may be more"), "{list:#?}");
    for verb in [&["resolve", "letter", "--assume-sent"][..], &["resume", "letter"]] {
        workspace.run(verb).ends(
            75,
            "",
            "error: another run is at work: `send other` (process 4711), begun on 2 November 2026 \
             at 17:00\n\n\
             hint: wait for it, or stop it: `announce stop other`\n\n",
        );
    }
}

#[test]
fn what_a_crash_left_in_doubt_is_listed_before_anybody_resumes() {
    let relay = Relay::start(|_| {});
    let workspace = Workspace::with_server(&relay.url(), "");
    assert_eq!(workspace.run(&["send", "letter", "--yes", "--limit", "1"]).status, 75);
    // As a run that dies between the mark and the reply leaves it.
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let ledger = SqliteLedger::open(&workspace.path(".announce/ledger.db")).expect("it opens");
        let now = SystemClock::new().now();
        let next = ledger.claim("letter", 1, now).await.expect("the next").remove(0);
        ledger.commit(next.delivery, now).await.expect("the mark");
    });
    let before = workspace.run(&["status", "letter", "--json"]).json();
    assert_eq!((&before["pending"], &before["uncertain"]), (&1.into(), &1.into()));
    let list = workspace.run(&["resolve", "letter"]);
    assert!(list.stdout.starts_with("letter: 1 uncertain delivery\n"), "{list:#?}");
    assert!(list.stdout.contains("the run ended before the reply was recorded"), "{list:#?}");
    let after = workspace.run(&["resume", "letter", "--json"]).json();
    assert_eq!((&after["accepted"], &after["planned"]), (&1.into(), &1.into()), "{after}");
    assert_eq!(relay.seen("DATA").0, 2, "nobody knows about one of three");
}
