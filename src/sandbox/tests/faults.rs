use std::time::Duration;

use super::client::Peer;
use crate::clock::{Clock, SystemClock};

#[tokio::test]
async fn a_code_in_the_local_part_is_the_answer_to_rcpt() {
    let peer = Peer::new();
    let mut client = peer.connect().await;
    for (local, reply) in [
        ("450-4.2.0", "450 4.2.0 not now, as the address asks\r\n"),
        ("550-5.1.1-user-unknown", "550 5.1.1 user unknown\r\n"),
    ] {
        let [mail, rcpt, data] = client.open(&format!("{local}@fault.test")).await;
        assert_eq!((&mail[..3], rcpt.as_str(), &data[..3]), ("250", reply, "554"), "{local}");
        assert!(client.ask("RSET").await.starts_with("250"), "the connection goes on");
    }
    assert!(client.mail("ann@example.org").await.starts_with("250"));
}

#[tokio::test]
async fn later_stages_refuse_later() {
    let peer = Peer::new();
    let mut client = peer.connect().await;
    let [_, rcpt, data] = client.open("data-451@fault.test").await;
    assert_eq!((&rcpt[..3], &data[..3]), ("250", "451"));
    client.ask("RSET").await;
    assert!(client.mail("dot-550-5.7.1@fault.test").await.starts_with("550 5.7.1 refused"));
    assert!(client.mail("ok@fault.test").await.starts_with("250"));
    assert_eq!(peer.messages().len(), 1);
}

#[tokio::test]
async fn greylisting_ends_after_its_turns_for_each_address() {
    let peer = Peer::new();
    for _ in 0..2 {
        for person in ["ann", "bob"] {
            let mut client = peer.connect().await;
            let [_, rcpt, _] = client.open(&format!("greylist-2+{person}@fault.test")).await;
            assert_eq!(rcpt, "450 4.7.1 greylisted, try again later\r\n");
        }
    }
    let mut client = peer.connect().await;
    assert!(client.mail("greylist-2+ann@fault.test").await.starts_with("250"));
    assert!(client.mail("GREYLIST-2+bob@fault.test").await.starts_with("250"));
}

#[tokio::test]
async fn once_is_once() {
    let peer = Peer::new();
    let mut client = peer.connect().await;
    assert!(client.mail("once-dot-451@fault.test").await.starts_with("451"));
    assert!(client.mail("once-dot-451@fault.test").await.starts_with("250"));
}

#[tokio::test(start_paused = true)]
async fn a_delay_keeps_the_reply_to_the_dot_waiting() {
    let peer = Peer::new();
    let clock = SystemClock::new();
    let mut client = peer.connect().await;
    assert!(client.mail("delay-599s@fault.test").await.starts_with("250"));
    assert_eq!(clock.monotonic().as_secs(), 599);
}

#[tokio::test]
async fn four_two_one_closes_the_connection() {
    let peer = Peer::new();
    for (local, replies) in [("421", 1), ("data-421", 2)] {
        let mut client = peer.connect().await;
        let all = client.open(&format!("{local}@fault.test")).await;
        assert!(all[replies].starts_with("421"), "{local}");
        assert_eq!(client.reply().await, "", "{local}");
    }
    let mut client = peer.connect().await;
    assert!(client.mail("dot-421@fault.test").await.starts_with("421"));
    assert_eq!(client.reply().await, "");
    assert_eq!(peer.messages(), [""; 0]);
}

#[tokio::test]
async fn drops_come_where_they_are_asked_for() {
    let peer = Peer::new();
    for (local, replies) in [("drop-at-rcpt", 1), ("drop-at-data", 2)] {
        let mut client = peer.connect().await;
        let all = client.open(&format!("{local}@fault.test")).await;
        assert_eq!(all.iter().filter(|reply| !reply.is_empty()).count(), replies, "{local}");
    }
    for (local, kept) in [("drop-before-dot", 0), ("drop-after-dot-lost", 0), ("drop-after-dot", 1)]
    {
        let mut client = peer.connect().await;
        assert_eq!(client.mail(&format!("{local}@fault.test")).await, "", "{local}");
        assert_eq!(peer.journal.accepted().len(), kept, "{local}");
        assert_eq!(peer.messages().len(), kept, "{local}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_unknown_word_is_explained_without_repeating_it() {
    let peer = Peer::new();
    let mut client = peer.connect().await;
    let [_, rcpt, _] = client.open("gremlin@lists.fault.test").await;
    assert!(rcpt.starts_with("501 5.1.3 not a fault to rehearse; write one of these"), "{rcpt}");
    assert!(!rcpt.contains("gremlin"));
    assert!(rcpt.len() <= 512, "RFC 5321 §4.5.3.1.5");
    assert!(SystemClock::new().monotonic() < Duration::from_secs(1));
}
