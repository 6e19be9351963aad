//! MAIL, RCPT, DATA, and which connection they travel on.

use super::{
    Bench, MESSAGE, PERSON, PIPELINING, Peer, Script, found,
    peer::{rcpt, relay},
    told,
};
use crate::deliver::{Outcome, Scope, Stage, Transport, smtp::Relay};

#[tokio::test(start_paused = true)]
async fn a_message_goes_in_one_write_after_the_other_and_comes_out_as_it_was() {
    let mut bench = Bench::new(Script::default().then(|mut peer: Peer| async move {
        peer.greet(PIPELINING).await;
        assert_eq!(peer.take("ana").await, MESSAGE);
        assert_eq!(peer.take("bob").await, MESSAGE);
        peer.closed().await;
    }));
    let Outcome::Accepted(reply) = bench.send("ana").await else { panic!() };
    assert_eq!(reply.enhanced.as_deref(), Some("2.0.0"));
    assert!(matches!(bench.send("bob").await, Outcome::Accepted(_)));
    assert_eq!((bench.marks.count(), bench.connections()), (2, 1));
    bench.end().await;
}

#[tokio::test(start_paused = true)]
async fn without_pipelining_each_command_waits_for_its_reply() {
    let mut bench = Bench::new(Script::default().then(|mut peer: Peer| async move {
        peer.greet(&["SIZE 1000"]).await;
        peer.answer("MAIL FROM:<news@appg.example> SIZE=24", "250 ok").await;
        peer.answer(&rcpt("ana"), "550 5.1.1 no").await;
        peer.answer("RSET", "250 ok").await;
        peer.answer("MAIL FROM:<news@appg.example> SIZE=24", "250 ok").await;
        peer.answer(&rcpt("bob"), "250 ok").await;
        peer.answer("DATA", "354 go").await;
        peer.body().await.expect("a body");
        peer.say("250 ok").await;
    }));
    let suppress = Scope::Person { suppress: true };
    assert_eq!(told(&bench.send("ana").await), ("rejected", Stage::Rcpt, suppress));
    assert!(matches!(bench.send("bob").await, Outcome::Accepted(_)));
    assert_eq!(bench.marks.count(), 1);
    bench.end().await;
}

#[tokio::test(start_paused = true)]
async fn a_refused_recipient_costs_no_connection_and_no_mark() {
    let mut bench = Bench::new(Script::default().then(|mut peer: Peer| async move {
        peer.greet(PIPELINING).await;
        peer.asked_for("ana").await;
        peer.say("250 ok\n550 5.1.1 <ana@example.org>: ana is unknown\n354 go").await;
        assert_eq!(peer.body().await.expect("a lone dot"), b"");
        peer.say("554 no valid recipients").await;
        peer.expect(&["RSET"]).await;
        peer.asked_for("bob").await;
        peer.say("250 ok\n250 ok\n550 5.7.1 no\n503 what").await;
        peer.closed().await;
    }));
    let outcome = bench.send("ana").await;
    assert_eq!(told(&outcome).1, Stage::Rcpt);
    let reply = outcome.failure().unwrap().reply.clone().unwrap();
    assert_eq!(reply.text, "5.1.1 <[address]>: [address] is unknown");
    assert_eq!(told(&bench.send("bob").await), ("rejected", Stage::Rcpt, Scope::Sender));
    assert_eq!((bench.marks.count(), bench.connections()), (0, 1));
    bench.end().await;
}

#[tokio::test(start_paused = true)]
async fn a_dot_for_nobody_that_is_taken_closes_the_connection() {
    let mut bench = Bench::new(
        Script::default()
            .then(|mut peer: Peer| async move {
                peer.greet(PIPELINING).await;
                peer.asked_for("ana").await;
                peer.say("250 ok\n450 later\n354 go").await;
                peer.body().await.expect("a lone dot");
                peer.say("250 took it").await;
                peer.closed().await;
            })
            .then(|mut peer: Peer| async move {
                peer.greet(PIPELINING).await;
                peer.take("bob").await;
            }),
    );
    assert_eq!(told(&bench.send("ana").await), ("deferred", Stage::Rcpt, PERSON));
    assert!(matches!(bench.send("bob").await, Outcome::Accepted(_)));
    bench.end().await;
}

#[tokio::test(start_paused = true)]
async fn a_refused_sender_stops_and_is_nobodys_fault() {
    for refusal in ["550 5.7.60 not as them", "553 sender refused", "530 5.7.0 log in first"] {
        let mut bench = Bench::new(Script::default().then(move |mut peer: Peer| async move {
            peer.greet(PIPELINING).await;
            peer.asked_for("ana").await;
            peer.say(&format!("{refusal}\n503 no\n503 no")).await;
            peer.closed().await;
        }));
        assert_eq!(told(&bench.send("ana").await), ("not tried", Stage::Mail, Scope::Setup));
        assert_eq!(bench.marks.count(), 0);
        bench.end().await;
    }
}

#[tokio::test(start_paused = true)]
async fn after_a_421_another_connection_goes_on() {
    for (replies, stage) in
        [("250 ok\n421 bye", Stage::Rcpt), ("250 ok\n250 ok\n421 bye", Stage::Data)]
    {
        let mut bench = Bench::new(
            Script::default()
                .then(move |mut peer: Peer| async move {
                    peer.greet(PIPELINING).await;
                    peer.take("bob").await;
                    peer.asked_for("ana").await;
                    peer.say(replies).await;
                })
                .then(|mut peer: Peer| async move {
                    peer.greet(PIPELINING).await;
                    peer.take("ana").await;
                }),
        );
        assert!(matches!(bench.send("bob").await, Outcome::Accepted(_)));
        assert_eq!(told(&bench.send("ana").await), ("not tried", stage, Scope::Connection));
        assert!(matches!(bench.send("ana").await, Outcome::Accepted(_)));
        assert_eq!(bench.marks.count(), 2);
        bench.end().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_went_away_while_idle_is_replaced_unseen() {
    for parting in [None, Some("421 idle for too long")] {
        let mut bench = Bench::new(
            Script::default()
                .then(move |mut peer: Peer| async move {
                    peer.greet(PIPELINING).await;
                    peer.take("ana").await;
                    if let Some(parting) = parting {
                        peer.say(parting).await;
                    }
                })
                .then(|mut peer: Peer| async move {
                    peer.greet(PIPELINING).await;
                    peer.take("bob").await;
                }),
        );
        assert!(matches!(bench.send("ana").await, Outcome::Accepted(_)));
        tokio::task::yield_now().await;
        assert!(matches!(bench.send("bob").await, Outcome::Accepted(_)));
        bench.end().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_goes_away_at_mail_is_replaced_once() {
    for reply in [None, Some("421 4.4.2 timeout")] {
        let mut bench = Bench::new(
            Script::default()
                .then(move |mut peer: Peer| async move {
                    peer.greet(PIPELINING).await;
                    peer.take("ana").await;
                    peer.asked_for("bob").await;
                    if let Some(reply) = reply {
                        peer.say(reply).await;
                    }
                })
                .then(|mut peer: Peer| async move {
                    peer.greet(PIPELINING).await;
                    peer.asked_for("bob").await;
                }),
        );
        assert!(matches!(bench.send("ana").await, Outcome::Accepted(_)));
        let outcome = bench.send("bob").await;
        assert_eq!(told(&outcome), ("not tried", Stage::Mail, Scope::Connection));
        assert_eq!((bench.marks.count(), bench.connections()), (1, 2));
        bench.end().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_connection_serves_as_many_messages_as_it_may() {
    let session = |names: &'static [&'static str]| {
        move |mut peer: Peer| async move {
            peer.greet(PIPELINING).await;
            for name in names {
                peer.take(name).await;
            }
            peer.answer("QUIT", "221 bye").await;
        }
    };
    let relay = Relay { messages_per_connection: 2.try_into().unwrap(), ..relay() };
    let script = Script::default().then(session(&["a", "b"])).then(session(&["c"]));
    let mut bench = Bench::with(relay, script);
    for name in ["a", "b", "c"] {
        assert!(matches!(bench.send(name).await, Outcome::Accepted(_)));
    }
    bench.end().await;
}

#[tokio::test(start_paused = true)]
async fn one_reply_too_many_is_never_taken_for_acceptance() {
    // At 354: the 250 behind it would look like the reply to the body.
    let mut bench = Bench::new(Script::default().then(|mut peer: Peer| async move {
        peer.greet(PIPELINING).await;
        peer.asked_for("ana").await;
        peer.say("250 ok\n250 ok\n354 go\n250 ok").await;
        assert_eq!(peer.rest().await, b"");
    }));
    assert_eq!(told(&bench.send("ana").await), ("not tried", Stage::Data, Scope::Connection));
    assert_eq!(bench.marks.count(), 0);
    bench.end().await;

    // After the dot: noticed before the next MAIL, which goes over a new connection.
    let mut bench = Bench::new(
        Script::default()
            .then(|mut peer: Peer| async move {
                peer.greet(PIPELINING).await;
                peer.take("ana").await;
                peer.say("250 once more").await;
                assert_eq!(peer.rest().await, b"");
            })
            .then(|mut peer: Peer| async move {
                peer.greet(PIPELINING).await;
                peer.take("bob").await;
            }),
    );
    assert!(matches!(bench.send("ana").await, Outcome::Accepted(_)));
    tokio::task::yield_now().await;
    assert!(matches!(bench.send("bob").await, Outcome::Accepted(_)));
    bench.end().await;
}

#[tokio::test(start_paused = true)]
async fn a_message_above_the_servers_size_is_not_even_announced() {
    let mut bench = Bench::new(Script::default().then(|mut peer: Peer| async move {
        peer.greet(&["SIZE 10"]).await;
        peer.closed().await;
    }));
    assert_eq!(told(&bench.send("ana").await), ("not tried", Stage::Mail, Scope::Setup));
    bench.end().await;
}

#[tokio::test(start_paused = true)]
async fn an_address_in_other_letters_needs_a_server_that_offers_them() {
    let mut bench = Bench::new(Script::default().then(|mut peer: Peer| async move {
        peer.greet(PIPELINING).await;
        peer.take("ana").await;
    }));
    assert_eq!(told(&bench.send("안나").await), ("rejected", Stage::Rcpt, PERSON));
    assert!(matches!(bench.send("ana").await, Outcome::Accepted(_)));
    bench.end().await;

    let mut bench = Bench::new(Script::default().then(|mut peer: Peer| async move {
        peer.greet(&["PIPELINING", "8BITMIME", "SMTPUTF8"]).await;
        let mail = "MAIL FROM:<news@appg.example> SMTPUTF8";
        peer.expect(&[mail, &rcpt("안나"), "DATA"]).await;
        peer.say("250 ok\n250 ok\n354 go").await;
        peer.body().await.expect("a body");
        peer.say("250 ok").await;
    }));
    assert!(matches!(bench.send("안나").await, Outcome::Accepted(_)));
    bench.end().await;
    let happened = "that person rejected with the reason, not asked about, not suppressed";
    found("F24b", "an address needs SMTPUTF8, which is not offered", happened);
}

#[tokio::test(start_paused = true)]
async fn each_stage_has_its_own_deadline() {
    for (replies, stage, seconds) in [
        (&[][..], Stage::Mail, 300),
        (&["250 ok"], Stage::Rcpt, 300),
        (&["250 ok", "250 ok"], Stage::Data, 120),
    ] {
        let mut bench = Bench::new(Script::default().then(move |mut peer: Peer| async move {
            peer.greet(PIPELINING).await;
            if !replies.is_empty() {
                peer.take("bob").await;
            }
            peer.asked_for("ana").await;
            for reply in replies {
                peer.say(reply).await;
            }
            peer.hang().await;
        }));
        if !replies.is_empty() {
            assert!(matches!(bench.send("bob").await, Outcome::Accepted(_)));
        }
        let marks = bench.marks.count();
        assert_eq!(told(&bench.send("ana").await), ("not tried", stage, Scope::Connection));
        assert_eq!(bench.seconds(), seconds);
        assert_eq!(bench.marks.count(), marks);
    }
}

#[tokio::test(start_paused = true)]
async fn a_connection_opened_ahead_is_used_and_replaced_if_it_went_away() {
    let mut bench = Bench::new(
        Script::default()
            .then(|mut peer: Peer| async move {
                peer.greet(PIPELINING).await;
                peer.take("ana").await;
                peer.answer("QUIT", "221 bye").await;
            })
            .then(|mut peer: Peer| async move {
                peer.greet(PIPELINING).await;
                peer.asked_for("bob").await;
            })
            .then(|mut peer: Peer| async move {
                peer.greet(PIPELINING).await;
                peer.take("bob").await;
            }),
    );
    for _ in 0..2 {
        assert_eq!(bench.transport.ready().await, Ok(()));
    }
    assert!(matches!(bench.send("ana").await, Outcome::Accepted(_)));
    bench.transport.close().await;
    assert_eq!(bench.transport.ready().await, Ok(()));
    assert!(matches!(bench.send("bob").await, Outcome::Accepted(_)));
    assert_eq!(bench.connections(), 3);
    bench.transport.close().await;
    assert!(bench.transport.ready().await.is_err(), "nobody listens any more");
    bench.end().await;
}
