//! Each fault that a relay can show (F3 to F26) can be played.

use std::time::Duration;

use tokio::io::AsyncReadExt;

use super::client::Peer;
use crate::{
    clock::{Clock, SystemClock},
    deliver::Stage,
    sandbox::{Act, Auth, Event, Mechanism, Rule, Script},
};

fn scripted(rules: impl IntoIterator<Item = Rule>) -> Peer {
    let script = rules.into_iter().fold(Script::new(), Script::rule);
    Peer::with(|options| options.script = script)
}

#[tokio::test(start_paused = true)]
async fn a_server_may_never_greet() {
    let peer = scripted([Rule::at(Stage::Greeting, [Act::Hang])]);
    let mut client = peer.dial();
    let silence = async {
        SystemClock::new().sleep(Duration::from_mins(5)).await;
        "silence".to_owned()
    };
    let heard = tokio::select! { reply = client.reply() => reply, heard = silence => heard };
    assert_eq!(heard, "silence");
}

#[tokio::test]
async fn a_connection_may_be_dropped_before_a_word() {
    let peer = scripted([Rule::at(Stage::Connect, [Act::Drop]).connection(1)]);
    assert_eq!(peer.dial().reply().await, "");
    peer.connect().await;
}

#[tokio::test]
async fn a_greeting_may_be_a_refusal_or_a_flood() {
    let flood = [b"220-x\r\n".repeat(200_000), b"220 x\r\n".to_vec()].concat();
    let peer = scripted([
        Rule::at(Stage::Greeting, [Act::reply("554 no"), Act::Close]).connection(1),
        Rule::at(Stage::Greeting, [Act::Send(flood)]),
    ]);
    let mut client = peer.dial();
    assert_eq!((client.reply().await, client.reply().await), ("554 no\r\n".into(), String::new()));
    assert_eq!(peer.dial().reply().await.len(), 1_400_007);
}

#[tokio::test(start_paused = true)]
async fn a_reply_may_drip() {
    let drip = Act::Drip(b"220 x\r\n".to_vec(), Duration::from_secs(1));
    let peer = scripted([Rule::at(Stage::Greeting, [drip])]);
    let clock = SystemClock::new();
    let mut client = peer.dial();
    assert_eq!(client.stream.read_u8().await.ok(), Some(b'2'));
    assert_eq!(clock.monotonic().as_secs(), 0);
    assert_eq!(client.reply().await, "20 x\r\n");
    assert_eq!(clock.monotonic().as_secs(), 6);
}

#[tokio::test]
async fn a_refusal_may_last_for_some_turns_only() {
    let peer = Peer::with(|options| {
        options.auth = Some(Auth {
            user: "news".into(),
            password: "pw".into(),
            mechanisms: vec![Mechanism::Plain],
        });
        let busy = Rule::reply(Stage::Auth, "454 4.7.0 busy").times(2);
        options.script = Script::new().rule(busy);
    });
    let mut client = peer.connect().await;
    // `\0news\0pw`
    for code in ["454", "454", "235"] {
        assert!(client.ask("AUTH PLAIN AG5ld3MAcHc=").await.starts_with(code));
    }
}

#[tokio::test]
async fn a_rule_may_be_about_one_person_or_one_message() {
    let peer = scripted([
        Rule::reply(Stage::Rcpt, "550 5.1.1 no").recipient("Bob@example.org"),
        Rule::reply(Stage::Mail, "421 4.7.0 later").connection(1).message(3),
        Rule::at(Stage::Dot, [Act::Usual, Act::Drop]).connection(2).message(1),
    ]);
    let mut client = peer.connect().await;
    assert!(client.mail("ann@example.org").await.starts_with("250"));
    let [_, rcpt, _] = client.open("bob@example.org").await;
    assert_eq!(rcpt, "550 5.1.1 no\r\n");
    client.ask("RSET").await;
    assert_eq!(client.ask("MAIL FROM:<>").await, "421 4.7.0 later\r\n");
    let mut client = peer.connect().await;
    assert!(client.mail("ann@example.org").await.starts_with("250"));
    assert_eq!(client.reply().await, "", "closed after one message, without 421");
}

#[tokio::test(start_paused = true)]
async fn a_rule_may_end_at_a_time() {
    let limit = Rule::reply(Stage::Dot, "451 4.7.1 rate limit").until(Duration::from_secs(30));
    let peer = scripted([limit]);
    let mut client = peer.connect().await;
    assert!(client.mail("ann@example.org").await.starts_with("451"));
    SystemClock::new().sleep(Duration::from_secs(30)).await;
    assert!(client.mail("ann@example.org").await.starts_with("250"));
}

#[tokio::test]
async fn a_connection_may_break_at_any_byte_of_the_body() {
    for count in [0, 1, 7, 15] {
        let rule = Rule::at(Stage::Body, [Act::reply("421 4.3.2 bye"), Act::Close]);
        let peer = scripted([rule.after_bytes(count)]);
        let mut client = peer.connect().await;
        client.open("ann@example.org").await;
        client.send(&b"Subject: hello\r\n"[..count]).await;
        assert_eq!(client.reply().await, "421 4.3.2 bye\r\n", "{count}");
        assert_eq!(client.reply().await, "", "{count}");
        assert_eq!(peer.messages(), [""; 0], "{count}");
    }
}

#[tokio::test]
async fn a_message_is_kept_only_when_its_sender_may_think_so() {
    for (acts, reply, kept) in [
        (vec![Act::Send(b"250\r\n".to_vec())], "250\r\n", 1),
        (vec![Act::reply("250 \u{e9}")], "250 \u{e9}\r\n", 1),
        (vec![Act::reply("354 again")], "354 again\r\n", 0),
        (vec![Act::reply("571 no")], "571 no\r\n", 0),
        (vec![Act::reply("585 no")], "585 no\r\n", 0),
        (vec![Act::Drop], "", 0),
        (vec![Act::Keep, Act::Drop], "", 1),
        (vec![Act::Keep, Act::reply("451 liar")], "451 liar\r\n", 1),
        (vec![Act::Send(b"25".to_vec()), Act::Drop], "25", 1),
    ] {
        let peer = scripted([Rule::at(Stage::Dot, acts.clone())]);
        let mut client = peer.connect().await;
        assert_eq!(client.mail("ann@example.org").await, reply, "{acts:?}");
        assert_eq!(peer.journal.accepted().len(), kept, "{acts:?}");
    }
}

#[tokio::test]
async fn there_may_be_one_reply_too_many() {
    let peer = scripted([Rule::at(Stage::Dot, [Act::Usual, Act::reply("250 extra")])]);
    let mut client = peer.connect().await;
    assert!(client.mail("ann@example.org").await.starts_with("250 2.0.0 queued"));
    assert_eq!(client.reply().await, "250 extra\r\n");
}

#[tokio::test]
async fn data_may_be_asked_for_though_everybody_was_refused() {
    let peer = scripted([Rule::reply(Stage::Data, "354 go on").times(1)]);
    let mut client = peer.connect().await;
    let [_, rcpt, data] = client.open("550@fault.test").await;
    assert_eq!((&rcpt[..3], data.as_str()), ("550", "354 go on\r\n"));
    assert_eq!(client.ask(".").await, "554 5.5.1 no valid recipients\r\n");
    assert!(client.mail("ann@example.org").await.starts_with("250"));
}

#[tokio::test]
async fn the_journal_tells_the_conversation_without_naming_anybody() {
    let peer = Peer::new();
    let mut client = peer.connect().await;
    client.mail("ann@example.org").await;
    client.ask("QUIT").await;
    drop(client);
    while peer.journal.entries().last().is_none_or(|entry| entry.event != Event::Closed) {
        tokio::task::yield_now().await;
    }
    let events: Vec<_> =
        peer.journal.entries().iter().map(|entry| format!("{:?}", entry.event)).collect();
    assert_eq!(
        events,
        [
            "Opened",
            "Command(EHLO)",
            "Command(MAIL)",
            "Command(RCPT)",
            "Recipient(..)",
            "Command(DATA)",
            "Accepted(1, 1 recipients, 25 bytes)",
            "Command(QUIT)",
            "Closed",
        ]
    );
}
