//! The next message's commands in the write of a body, and servers that do not bear it.

use std::time::Duration;

use super::{Bench, MESSAGE, PIPELINING, Peer, Script, peer::rcpt, relay, to, told};
use crate::{
    clock::{Clock, SystemClock},
    compose::Envelope,
    deliver::{Outcome, Scope, Stage, Transport, smtp::Relay},
};

impl Bench {
    /// Asks about somebody, unless that has travelled along, and hands over with the next along.
    async fn send_with(&mut self, name: &str, next: Option<&str>) -> Outcome {
        if let Err(outcome) = self.transport.ask(&to(name), MESSAGE).await {
            return outcome;
        }
        let next: Option<Envelope> = next.map(to);
        self.transport.hand_over(next.as_ref().map(|next| (next, MESSAGE))).await
    }

    /// The first message shows that the server takes groups.
    async fn warm_up(&mut self) {
        assert!(matches!(self.send("first").await, Outcome::Accepted(_)));
        assert!(self.transport.takes_along());
    }
}

fn accepted(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Accepted(_))
}

/// A server that has taken `first`, and hears the body for ana and the commands for bob before it
/// says anything.
async fn both(peer: &mut Peer) {
    peer.greet(PIPELINING).await;
    peer.take("first").await;
    peer.up_to_354("ana").await;
    assert_eq!(peer.body().await.as_deref(), Some(MESSAGE));
    peer.asked_for("bob").await;
}

#[tokio::test(start_paused = true)]
async fn a_message_costs_one_round_trip() {
    let mut bench = Bench::new(Script::default().then(|mut peer: Peer| async move {
        both(&mut peer).await;
        peer.say("250 taken\n250 ok\n250 ok\n354 go").await;
        assert_eq!(peer.body().await.as_deref(), Some(MESSAGE));
        peer.asked_for("cem").await;
        peer.say("250 taken\n250 ok\n250 ok\n354 go").await;
        assert_eq!(peer.body().await.as_deref(), Some(MESSAGE));
        peer.say("250 taken").await;
        peer.closed().await;
    }));
    bench.warm_up().await;
    assert!(accepted(&bench.send_with("ana", Some("bob")).await));
    assert!(accepted(&bench.send_with("bob", Some("cem")).await));
    assert!(accepted(&bench.send_with("cem", None).await));
    assert_eq!(bench.connections(), 1);
    bench.end().await;
}

#[tokio::test(start_paused = true)]
async fn a_refused_body_or_recipient_leaves_the_other_message_alone() {
    let mut bench = Bench::new(Script::default().then(|mut peer: Peer| async move {
        both(&mut peer).await;
        peer.say("554 5.7.1 spam\n250 ok\n250 ok\n354 go").await;
        assert_eq!(peer.body().await.as_deref(), Some(MESSAGE));
        peer.asked_for("cem").await;
        peer.say("250 taken\n250 ok\n550 5.1.1 no such user\n503 no recipients").await;
        peer.expect(&["RSET"]).await;
        peer.asked_for("dan").await;
        peer.say("250 ok\n250 ok\n250 ok\n354 go").await;
        peer.body().await.expect("a body");
        peer.say("250 taken").await;
        peer.closed().await;
    }));
    bench.warm_up().await;
    let spam = bench.send_with("ana", Some("bob")).await;
    assert_eq!(told(&spam), ("rejected", Stage::Dot, Scope::Sender));
    assert!(accepted(&bench.send_with("bob", Some("cem")).await));
    assert_eq!(told(&bench.send_with("cem", None).await).0, "rejected");
    assert!(accepted(&bench.send("dan").await));
    bench.end().await;
}

#[tokio::test(start_paused = true)]
async fn a_connection_lost_after_the_dot_makes_one_message_uncertain_and_tries_no_other() {
    for parting in [None, Some("421 bye")] {
        let mut bench = Bench::new(
            Script::default()
                .then(move |mut peer: Peer| async move {
                    both(&mut peer).await;
                    if let Some(parting) = parting {
                        peer.say(parting).await;
                    }
                })
                .then(|mut peer: Peer| async move {
                    peer.greet(PIPELINING).await;
                    peer.take("bob").await;
                }),
        );
        bench.warm_up().await;
        let kind = if parting.is_some() { "deferred" } else { "uncertain" };
        let ana = bench.send_with("ana", Some("bob")).await;
        assert_eq!(told(&ana), (kind, Stage::Dot, Scope::Connection));
        let bob = bench.send_with("bob", None).await;
        assert_eq!(told(&bob), ("not tried", Stage::Mail, Scope::Connection));
        assert_eq!(bench.connections(), 1, "whether to knock again is not for a connection to say");
        assert!(accepted(&bench.send("bob").await));
        bench.end().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_leaves_after_a_message_is_asked_anew_on_another_connection() {
    for parting in ["250 taken", "250 taken\n421 4.4.2 enough"] {
        let mut bench = Bench::new(
            Script::default()
                .then(move |mut peer: Peer| async move {
                    both(&mut peer).await;
                    peer.say(parting).await;
                })
                .then(|mut peer: Peer| async move {
                    peer.greet(PIPELINING).await;
                    peer.take("bob").await;
                }),
        );
        bench.warm_up().await;
        assert!(accepted(&bench.send_with("ana", Some("bob")).await));
        assert!(accepted(&bench.send_with("bob", None).await));
        assert_eq!(bench.connections(), 2);
        bench.end().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_misses_commands_behind_a_body_gets_none_there_again() {
    let mut bench = Bench::new(
        Script::default()
            .then(|mut peer: Peer| async move {
                both(&mut peer).await;
                peer.say("250 taken").await;
                // Whatever came with the body is forgotten.
                assert_eq!(peer.rest().await, b"");
            })
            .then(|mut peer: Peer| async move {
                peer.greet(PIPELINING).await;
                peer.take("bob").await;
                peer.take("cem").await;
                peer.closed().await;
            }),
    );
    bench.warm_up().await;
    assert!(accepted(&bench.send_with("ana", Some("bob")).await));
    assert!(accepted(&bench.send_with("bob", Some("cem")).await));
    assert_eq!(bench.seconds(), 60);
    assert!(!bench.transport.takes_along());
    assert!(accepted(&bench.send_with("cem", None).await));
    bench.end().await;
}

#[tokio::test(start_paused = true)]
async fn a_server_that_misses_a_dot_before_commands_costs_one_message() {
    let deaf = |mut peer: Peer| async move {
        both(&mut peer).await;
        peer.hang().await;
    };
    let mut bench = Bench::new(Script::default().then(deaf).then(|mut peer: Peer| async move {
        peer.greet(PIPELINING).await;
        peer.take("bob").await;
        peer.closed().await;
    }));
    bench.warm_up().await;
    let others = bench.transport.takes_along();
    assert_eq!(told(&bench.send_with("ana", Some("bob")).await).0, "uncertain");
    assert!(others && !bench.transport.takes_along());
    assert_eq!(told(&bench.send_with("bob", None).await).0, "not tried");
    assert!(accepted(&bench.send_with("bob", Some("cem")).await));
    assert!(!bench.transport.takes_along());
}

#[tokio::test(start_paused = true)]
async fn a_server_that_complains_about_groups_is_served_one_command_at_a_time() {
    for complaint in
        ["503 5.5.1 bad sequence", "554 5.5.0 SMTP protocol synchronization error", "250 ok"]
    {
        let mut bench = Bench::new(
            Script::default()
                .then(move |mut peer: Peer| async move {
                    peer.greet(PIPELINING).await;
                    peer.asked_for("ana").await;
                    // One of the three commands was heard, or none.
                    peer.say(complaint).await;
                    peer.rest().await;
                })
                .then(|mut peer: Peer| async move {
                    peer.greet(PIPELINING).await;
                    for name in ["ana", "bob"] {
                        peer.answer("MAIL FROM:<news@appg.example>", "250 ok").await;
                        peer.answer(&rcpt(name), "250 ok").await;
                        peer.answer("DATA", "354 go").await;
                        peer.body().await.expect("a body");
                        peer.say("250 taken").await;
                    }
                    peer.closed().await;
                }),
        );
        let outcome = bench.send("ana").await;
        assert_eq!(told(&outcome).0, "not tried", "{complaint}");
        assert_eq!(told(&outcome).2, Scope::Connection, "{complaint}");
        assert!(accepted(&bench.send("ana").await));
        assert!(!bench.transport.takes_along());
        assert!(accepted(&bench.send_with("bob", Some("cem")).await));
        bench.end().await;
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_travels_along_past_the_last_message_of_a_connection() {
    let relay = Relay { messages_per_connection: 3.try_into().unwrap(), ..relay() };
    let mut bench = Bench::with(
        relay,
        Script::default()
            .then(|mut peer: Peer| async move {
                both(&mut peer).await;
                peer.say("250 taken\n250 ok\n250 ok\n354 go").await;
                peer.body().await.expect("a body");
                peer.say("250 taken").await;
                peer.answer("QUIT", "221 bye").await;
            })
            .then(|mut peer: Peer| async move {
                peer.greet(PIPELINING).await;
                peer.take("cem").await;
            }),
    );
    bench.warm_up().await;
    assert!(accepted(&bench.send_with("ana", Some("bob")).await));
    assert!(accepted(&bench.send_with("bob", Some("cem")).await));
    assert!(accepted(&bench.send_with("cem", None).await));
    bench.end().await;
}

#[tokio::test(start_paused = true)]
async fn a_body_is_uncertain_once_its_dot_is_down_though_the_commands_behind_it_are_not() {
    let wire = MESSAGE.len() + 1 + 3;
    let mut bench =
        Bench::new(Script::default().narrow(wire + 4).then(|mut peer: Peer| async move {
            peer.greet(PIPELINING).await;
            peer.take("first").await;
            peer.up_to_354("ana").await;
            peer.hang().await;
        }));
    bench.warm_up().await;
    let outcome = bench.send_with("ana", Some("bob")).await;
    assert_eq!(told(&outcome), ("uncertain", Stage::Dot, Scope::Connection));
}

#[tokio::test(start_paused = true)]
async fn a_dot_that_is_down_is_waited_for_as_long_with_something_behind_it() {
    for next in [None, Some("bob")] {
        let wire = MESSAGE.len() + 1 + 3;
        let slow = move |mut peer: Peer| async move {
            peer.greet(PIPELINING).await;
            peer.take("first").await;
            peer.up_to_354("ana").await;
            SystemClock::new().sleep(Duration::from_mins(4)).await;
            assert_eq!(peer.body().await.as_deref(), Some(MESSAGE));
            peer.say("250 taken").await;
            peer.rest().await;
        };
        let mut bench = Bench::new(Script::default().narrow(wire + 4).then(slow));
        bench.warm_up().await;
        let outcome = bench.send_with("ana", next).await;
        assert!(accepted(&outcome), "with {next:?} behind it: {outcome:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn one_machine_of_a_relay_that_misses_dots_costs_one_message() {
    let good = |mut peer: Peer| async move {
        both(&mut peer).await;
        peer.say("250 taken\n250 ok\n250 ok\n354 go").await;
        peer.body().await.expect("a body");
        peer.say("250 taken").await;
    };
    let deaf = |mut peer: Peer| async move {
        peer.greet(PIPELINING).await;
        peer.up_to_354("cem").await;
        peer.body().await.expect("a body");
        peer.hang().await;
    };
    let mut bench = Bench::new(Script::default().then(good).then(deaf));
    bench.warm_up().await;
    assert!(accepted(&bench.send_with("ana", Some("bob")).await));
    assert!(accepted(&bench.send_with("bob", None).await));
    assert_eq!(told(&bench.send_with("cem", Some("dan")).await).0, "uncertain");
    assert!(!bench.transport.takes_along());
}
