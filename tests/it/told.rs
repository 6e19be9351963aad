//! What a person reads when a server slows us down, stops us, or refuses us: what it said, and
//! what to do.

use announce::{
    deliver::Stage,
    sandbox::{Act, Rule, Script},
};

use crate::{relay::Relay, workspace::Workspace};

/// Sends to `people` through one connection to a server that follows `script`; returns the exit
/// code and stderr, the server called SERVER and people PERSON.
fn sent(people: usize, script: Script) -> (Workspace, Relay, i32, String) {
    let relay = Relay::start(|options| options.script = script);
    let workspace = Workspace::with_server(&relay.url(), "connections = 1");
    let rows: String = (0..people).map(|n| format!("p{n}@one.example,P{n}\n")).collect();
    workspace.file("lists/members.csv", format!("email,first_name\n{rows}"));
    let (status, told) = run(&workspace, &relay, &["send", "letter", "--yes"]);
    (workspace, relay, status, told)
}

fn run(workspace: &Workspace, relay: &Relay, arguments: &[&str]) -> (i32, String) {
    let ran = workspace.run(arguments);
    let told = ran.stderr.replace(&format!("127.0.0.1:{}", relay.port()), "SERVER");
    let is_key = |word: &str| {
        let key = word.strip_suffix(':').unwrap_or_default();
        key.len() == 8 && key.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    let named = |line: &str| {
        let words: Vec<&str> =
            line.split(' ').map(|word| if is_key(word) { "PERSON:" } else { word }).collect();
        words.join(" ")
    };
    (ran.status, told.lines().map(|line| named(line) + "\n").collect())
}

fn answering(stage: Stage, line: &str) -> Script {
    Script::new().rule(Rule::reply(stage, line))
}

#[test]
fn a_refused_sender_is_told_with_the_settings_to_check() {
    let line = "553 5.7.1 <news@group.example>: Sender address rejected: not owned by user";
    let (.., status, told) = sent(3, answering(Stage::Mail, line));
    assert_eq!(status, 78);
    assert_eq!(
        told,
        "error: SERVER: the server refuses the sender: check `[sender] address` and `[bounces] \
         address`, and that the login may send as them (the server said `553 5.7.1 <[address]>: \
         Sender address rejected: not owned by user`)\n\n\
         hint: when that is mended: `announce resume letter`\n\n"
    );
}

#[test]
fn a_relay_that_does_not_know_us_is_told_before_anybody_is_marked() {
    let line = "554 5.7.1 <p0@one.example>: Relay access denied";
    let (workspace, _relay, status, told) = sent(3, answering(Stage::Rcpt, line));
    assert_eq!(status, 78);
    assert_eq!(
        told,
        "error: SERVER: the server does not relay for us: log in, or ask its operator to allow \
         this machine (the server said `554 5.7.1 <[address]>: Relay access denied`)\n\n\
         hint: when that is mended: `announce resume letter`\n\n"
    );
    let books = workspace.run(&["status", "letter", "--json"]).json();
    assert_eq!((&books["pending"], &books["planned"]), (&3.into(), &3.into()), "{books}");
}

#[test]
fn a_message_that_is_too_big_is_not_said_to_go_when_resumed() {
    let (.., status, told) = sent(1, answering(Stage::Dot, "552 5.3.4 message too big"));
    assert_eq!(status, 78);
    assert_eq!(
        told,
        "deferred PERSON: 552 5.3.4 message too big\n\
         error: SERVER: the message is bigger than the server takes: make pictures and \
         attachments smaller (the server said `552 5.3.4 message too big`)\n\n\
         hint: `letter` is frozen as it is: make it smaller, and send it as a new campaign with \
         `--as ID`\n\n"
    );
}

#[test]
fn a_relay_that_refuses_our_mail_is_told_after_five_and_probed_with_one() {
    let (workspace, relay, status, told) =
        sent(9, answering(Stage::Rcpt, "550 5.7.1 blocked by policy"));
    let why = "error: SERVER: the server refuses our mail: look at its content, and at what the \
               sender's domain is known for (the server said `550 5.7.1 blocked by policy`)\n\n\
               hint: when that is mended: `announce resume letter`, which begins with one message; \
               who was rejected is not tried again, and another text is another campaign \
               (`--as ID`)\n\n";
    let refused = "rejected PERSON: 550 5.7.1 blocked by policy\n";
    let opened =
        "the relay refused our mail 5 times in a row: paused before everybody is refused\n";
    assert_eq!((status, told), (75, [&refused.repeat(5), opened, why].concat()));
    let again = run(&workspace, &relay, &["resume", "letter"]);
    let still = "the relay still refuses our mail: paused again\n";
    assert_eq!(again, (75, [refused, still, why].concat()));
}

#[test]
fn a_server_that_finds_us_too_fast_is_obeyed_and_that_is_said() {
    let line = "451 4.7.1 rate limit exceeded";
    let slow = Rule::reply(Stage::Rcpt, line).recipient("p0@one.example");
    let (.., status, told) = sent(2, Script::new().rule(slow));
    let (head, due) = told.rsplit_once("1 delivery deferred: due at ").expect("when");
    assert_eq!(
        (status, head),
        (
            75,
            "the server asks us to slow down (it said `451 4.7.1 rate limit exceeded`): going on \
             at 1/2 of the pace\n\
             deferred PERSON: 451 4.7.1 rate limit exceeded\n"
        )
    );
    assert!(due.ends_with("\nnext: announce resume letter\n"), "{due}");
}

#[test]
fn whoever_is_put_off_is_tried_no_sooner_than_is_said() {
    let (workspace, relay, status, told) =
        sent(2, answering(Stage::Rcpt, "450 4.2.0 greylisted, come back"));
    assert_eq!(status, 75);
    let due = told.split("2 deliveries deferred: the first is due at ").nth(1).expect("when");
    assert!(due.ends_with("\nnext: announce resume letter\n"), "{due}");
    let (again, told) = run(&workspace, &relay, &["resume", "letter"]);
    let expected = format!("2 deliveries deferred: the first is due at {due}");
    assert_eq!((again, told), (75, expected));
    let connections = relay.journal.count("EHLO");
    assert_eq!((connections, relay.seen("RCPT").1), (1, 2), "the server was left alone");
}

#[test]
fn a_dead_address_is_said_to_be_suppressed() {
    let dead = Rule::reply(Stage::Rcpt, "550 5.1.1 no such user").recipient("p0@one.example");
    let (.., status, told) = sent(2, Script::new().rule(dead));
    assert_eq!(
        (status, &*told),
        (
            3,
            "rejected PERSON: 550 5.1.1 no such user; on the suppression list now\n\
             next: announce log letter\n"
        )
    );
}

#[test]
fn a_relay_that_knows_nobody_is_doubted_and_asked_about_one_person_a_resume() {
    let (workspace, relay, status, told) =
        sent(30, answering(Stage::Rcpt, "550 5.1.1 no such user"));
    assert_eq!((status, told.matches("; on the suppression list now\n").count()), (75, 20));
    for said in [
        "the relay knows none of 20 people in a row: is it the right server? Paused",
        "error: SERVER: the server says that the address does not exist",
        "or if they are all gone: `announce resume letter`, which begins with one message",
        "until `announce suppress remove` undoes it",
    ] {
        assert!(told.contains(said), "no `{said}` in {told}");
    }
    let (status, told) = run(&workspace, &relay, &["resume", "letter"]);
    let said = "the relay still does not know whom we mail: paused again\n";
    assert!(status == 75 && told.contains(said), "{told}");
    let status = workspace.run(&["status", "letter"]).stdout;
    assert!(status.contains(": the relay knows nobody whom we mail\n"), "{status}");
    assert_eq!(workspace.run(&["suppress", "list"]).stderr, "21 people suppressed\n");
    assert_eq!(relay.seen("RCPT"), (0, 21));
}

#[test]
fn who_has_it_is_answered_in_a_sentence() {
    let script = Script::new()
        .rule(Rule::at(Stage::Dot, vec![Act::Keep, Act::Close]).recipient("p1@one.example"))
        .rule(Rule::reply(Stage::Rcpt, "550 5.1.1 gone").recipient("p2@one.example"))
        .rule(Rule::reply(Stage::Rcpt, "450 4.2.0 later").recipient("p3@one.example"));
    let (workspace, ..) = sent(4, script);
    let file = std::fs::read_to_string(workspace.path("lists/members.csv")).expect("the list");
    workspace.file("lists/members.csv", file + "p4@one.example,P4\n");
    workspace.run(&["suppress", "add", "p5@one.example"]);
    for (person, tries, answer) in [
        ("p0", 1, "letter: accepted: the relay took it at "),
        ("p1", 1, "letter: uncertain: it may have arrived or not: `announce resolve letter`\n"),
        ("p2", 1, "letter: rejected at "),
        ("p2", 1, "\non the suppression list: bounced, at "),
        ("p3", 1, "letter: deferred: the next try is due at "),
        ("p4", 0, "letter: not in this campaign\n"),
        ("p5", 0, "letter: not in this campaign\non the suppression list: manual, at "),
    ] {
        let to = format!("{person}@one.example");
        let log = workspace.run(&["log", "letter", "--to", &to]);
        let lines = log.stdout.lines().skip(1).count();
        assert!(log.stderr.contains(answer) && lines == tries, "{person}: {answer}\n{log:#?}");
    }
    let nowhere = workspace.run(&["log", "--to", "p4@one.example"]);
    nowhere.ends(0, "", "in no campaign yet\n");
    workspace.run(&["resolve", "letter", "--assume-sent", "--yes"]);
    let assumed = workspace.run(&["log", "--to", "p1@one.example"]);
    assert!(assumed.stderr.contains("letter: counted as sent at "), "{assumed:#?}");
    assert!(assumed.stderr.ends_with(", by hand: no server has said so\n"), "{assumed:#?}");
}
