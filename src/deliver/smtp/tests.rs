//! One test a fault: what a server does, and what became of the person.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use jiff::Timestamp;
use tokio::task::JoinHandle;

use super::{
    Login, Relay, SmtpTransport,
    peer::{Marks, NoMark, Peer, Script, rcpt, relay},
};
use crate::{
    clock::{Clock, FixedStartClock},
    compose::Envelope,
    deliver::{Outcome, Scope, Stage, Transport, contract},
};

const MESSAGE: &[u8] = b"Subject: Hello\r\n\r\n.dot\r\n";
const PIPELINING: &[&str] = &["PIPELINING"];

/// A transport, its clock, its marks and the servers it talks to.
struct Bench {
    transport: SmtpTransport<FixedStartClock, Script>,
    clock: FixedStartClock,
    marks: Marks,
    servers: Arc<Mutex<Vec<JoinHandle<()>>>>,
}

impl Bench {
    fn new(script: Script) -> Self {
        Self::with(relay(), script)
    }

    fn with(relay: Relay, script: Script) -> Self {
        let clock = FixedStartClock::new(Timestamp::from_second(1_800_000_000).unwrap());
        let servers = script.running();
        let transport = SmtpTransport::over(Arc::new(relay), clock, script);
        Self { transport, clock, marks: Marks::default(), servers }
    }

    async fn send(&mut self, name: &str) -> Outcome {
        self.transport.send(&to(name), MESSAGE, self.marks.clone()).await
    }

    fn seconds(&self) -> u64 {
        self.clock.monotonic().as_secs()
    }

    fn connections(&self) -> usize {
        self.servers.lock().unwrap().len()
    }

    /// Closes, and fails if a server was not talked to as its script says.
    async fn end(mut self) {
        self.transport.close().await;
        drop(self.transport);
        let servers = std::mem::take(&mut *self.servers.lock().unwrap());
        for server in servers {
            server.await.expect("the server heard what it expected");
        }
    }
}

fn to(name: &str) -> Envelope {
    Envelope { from: "news@appg.example".to_owned(), to: format!("{name}@example.org") }
}

/// Kind, stage and scope of what did not end in acceptance.
fn told(outcome: &Outcome) -> (&'static str, Stage, Scope) {
    let kind = match outcome {
        Outcome::Accepted(_) => "accepted",
        Outcome::Deferred(_) => "deferred",
        Outcome::Rejected(_) => "rejected",
        Outcome::Uncertain(_) => "uncertain",
        Outcome::NotTried(_) => "not tried",
    };
    let failure = outcome.failure().expect("not accepted");
    assert!(!failure.to_string().contains('@'), "{failure}");
    (kind, failure.stage, failure.scope)
}

const PERSON: Scope = Scope::Person { suppress: false };

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
async fn if_the_mark_cannot_be_written_no_body_is_sent() {
    let mut bench = Bench::new(Script::default().then(|mut peer: Peer| async move {
        peer.greet(PIPELINING).await;
        peer.up_to_354("ana").await;
        assert_eq!(peer.rest().await, b"");
    }));
    let outcome = bench.transport.send(&to("ana"), MESSAGE, NoMark).await;
    assert_eq!(told(&outcome), ("not tried", Stage::Data, Scope::Setup));
    bench.end().await;
}

#[tokio::test(start_paused = true)]
async fn a_server_that_never_greets_is_given_five_minutes() {
    let mut bench = Bench::new(Script::default().then(Peer::hang));
    let outcome = bench.send("ana").await;
    assert_eq!(told(&outcome), ("not tried", Stage::Greeting, Scope::Connection));
    assert_eq!(bench.seconds(), 300);
}

#[tokio::test(start_paused = true)]
async fn a_banner_is_believed() {
    for (banner, scope) in [
        ("421 busy", Scope::Connection),
        ("421 4.7.0 too many connections", Scope::Pace),
        ("554 go away", Scope::Setup),
        ("hello", Scope::Connection),
    ] {
        let mut bench = Bench::new(Script::default().then(move |mut peer: Peer| async move {
            peer.say(banner).await;
            peer.closed().await;
        }));
        assert_eq!(told(&bench.send("ana").await), ("not tried", Stage::Greeting, scope));
        bench.end().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_banner_that_drips_in_works_until_its_deadline_and_a_huge_one_never() {
    let drip = |interval: u64| {
        move |mut peer: Peer| async move {
            let clock = crate::clock::SystemClock::new();
            for byte in b"220 relay.test\r\n" {
                clock.sleep(Duration::from_secs(interval)).await;
                peer.raw(&[*byte]).await;
            }
            peer.hello(PIPELINING).await;
            peer.take("ana").await;
        }
    };
    let mut bench = Bench::new(Script::default().then(drip(10)));
    assert!(matches!(bench.send("ana").await, Outcome::Accepted(_)));
    bench.end().await;

    let mut bench = Bench::new(Script::default().then(drip(30)));
    assert_eq!(told(&bench.send("ana").await).1, Stage::Greeting);
    assert_eq!(bench.seconds(), 300, "a deadline, not an idle timer");

    let mut bench = Bench::new(Script::default().then(|mut peer: Peer| async move {
        for _ in 0..1_000 {
            peer.raw(&b"220-".repeat(256)).await;
        }
        peer.hang().await;
    }));
    let outcome = bench.send("ana").await;
    assert!(outcome.failure().unwrap().reason.contains("longer than 64 KB"));
}

fn relay_with_login() -> Relay {
    let login = Login { user: "news".to_owned(), password: "pass".into() };
    Relay { login: Some(login), ..relay() }
}

const PLAIN: &str = "AUTH PLAIN AG5ld3MAcGFzcw==";

#[tokio::test(start_paused = true)]
async fn a_wrong_password_is_tried_once_and_never_shown() {
    let mut bench = Bench::with(
        relay_with_login(),
        Script::default().then(|mut peer: Peer| async move {
            peer.greet(&["AUTH PLAIN LOGIN"]).await;
            peer.answer(PLAIN, "535 5.7.8 refused: AUTH PLAIN AG5ld3MAcGFzcw==").await;
            peer.closed().await;
        }),
    );
    let outcome = bench.send("ana").await;
    assert_eq!(told(&outcome), ("not tried", Stage::Auth, Scope::Setup));
    let said = outcome.failure().unwrap().to_string();
    assert!(said.contains("535 5.7.8 refused") && said.contains("`[smtp] url`"), "{said}");
    assert!(!format!("{outcome:?}").contains("AG5ld3MAcGFzcw"));
    bench.end().await;
}

#[tokio::test(start_paused = true)]
async fn a_login_that_cannot_be_checked_now_is_tried_three_times() {
    let mut bench = Bench::with(
        relay_with_login(),
        Script::default().then(|mut peer: Peer| async move {
            peer.greet(&["AUTH PLAIN", "PIPELINING"]).await;
            peer.answer(PLAIN, "454 4.7.0 later").await;
            peer.answer(PLAIN, "454 4.7.0 later").await;
            peer.answer(PLAIN, "235 ok").await;
            peer.take("ana").await;
        }),
    );
    assert!(matches!(bench.send("ana").await, Outcome::Accepted(_)));
    assert_eq!(bench.seconds(), 6);
    bench.end().await;

    let mut bench = Bench::with(
        relay_with_login(),
        Script::default().then(|mut peer: Peer| async move {
            peer.greet(&["AUTH PLAIN"]).await;
            for _ in 0..3 {
                peer.answer(PLAIN, "454 4.7.0 later").await;
            }
            peer.closed().await;
        }),
    );
    assert_eq!(told(&bench.send("ana").await), ("not tried", Stage::Auth, Scope::Setup));
    bench.end().await;
}

#[tokio::test(start_paused = true)]
async fn the_old_login_mechanism_works_too() {
    let mut bench = Bench::with(
        relay_with_login(),
        Script::default().then(|mut peer: Peer| async move {
            peer.greet(&["AUTH LOGIN", "PIPELINING"]).await;
            peer.answer("AUTH LOGIN", "334 VXNlcm5hbWU6").await;
            peer.answer("bmV3cw==", "334 UGFzc3dvcmQ6").await;
            peer.answer("cGFzcw==", "235 ok").await;
            peer.take("ana").await;
        }),
    );
    assert!(matches!(bench.send("ana").await, Outcome::Accepted(_)));
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

/// Sends one message to a server that has it whole and then does `rest`.
async fn after_the_dot<F>(rest: impl FnOnce(Peer) -> F + Send + 'static) -> (Outcome, u64)
where
    F: Future<Output = ()> + Send + 'static,
{
    let mut bench = Bench::new(Script::default().then(|mut peer: Peer| async move {
        peer.greet(PIPELINING).await;
        peer.up_to_354("ana").await;
        assert_eq!(peer.body().await.as_deref(), Some(MESSAGE));
        rest(peer).await;
    }));
    let outcome = bench.send("ana").await;
    assert_eq!(bench.marks.count(), 1);
    (outcome, bench.seconds())
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_dies_after_the_dot_is_uncertain() {
    let (outcome, _) = after_the_dot(|peer| async { drop(peer) }).await;
    assert_eq!(told(&outcome), ("uncertain", Stage::Dot, Scope::Connection));
}

#[tokio::test(start_paused = true)]
async fn a_reply_may_take_ten_minutes_and_no_more() {
    for wait in [5, 90, 599] {
        let (outcome, seconds) = after_the_dot(move |mut peer| async move {
            crate::clock::SystemClock::new().sleep(Duration::from_secs(wait)).await;
            peer.say("250 ok").await;
        })
        .await;
        assert!(matches!(outcome, Outcome::Accepted(_)));
        assert_eq!(seconds, wait);
    }
    let (outcome, seconds) = after_the_dot(Peer::hang).await;
    assert_eq!(told(&outcome).0, "uncertain");
    assert_eq!(seconds, 600);
}

#[tokio::test(start_paused = true)]
async fn only_2xx_after_the_dot_is_acceptance() {
    for (reply, kind) in [
        ("250", "accepted"),
        ("250 ", "accepted"),
        ("299 fine", "accepted"),
        ("354 go on", "uncertain"),
        ("hello", "uncertain"),
        ("150 what", "uncertain"),
        ("250-half", "uncertain"),
        ("250-both\n550 ways", "uncertain"),
        ("571 x", "rejected"),
        ("585 x", "rejected"),
        ("421 bye", "deferred"),
        ("451 4.3.0 later", "deferred"),
        ("552 5.3.4 too big", "deferred"),
    ] {
        let (outcome, _) = after_the_dot(move |mut peer| async move {
            peer.say(reply).await;
        })
        .await;
        match outcome {
            Outcome::Accepted(_) => assert_eq!(kind, "accepted", "{reply}"),
            other => assert_eq!(told(&other).0, kind, "{reply}"),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn bytes_that_are_no_utf8_are_still_a_reply() {
    let (outcome, _) = after_the_dot(|mut peer| async move {
        peer.raw(b"554 5.7.1 verd\xe4chtig\r\n").await;
    })
    .await;
    assert_eq!(told(&outcome), ("rejected", Stage::Dot, Scope::Sender));
}

#[tokio::test(start_paused = true)]
async fn a_refusal_after_the_dot_keeps_the_connection() {
    let mut bench = Bench::new(Script::default().then(|mut peer: Peer| async move {
        peer.greet(PIPELINING).await;
        peer.up_to_354("ana").await;
        peer.body().await.expect("a body");
        peer.say("554 5.7.1 spam").await;
        peer.take("bob").await;
    }));
    assert_eq!(told(&bench.send("ana").await), ("rejected", Stage::Dot, Scope::Sender));
    assert!(matches!(bench.send("bob").await, Outcome::Accepted(_)));
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
    assert_eq!(told(&bench.send("ana").await), ("not tried", Stage::Mail, Scope::Connection));
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
async fn a_body_that_could_not_be_written_whole_is_deferred() {
    // The server stops reading: nothing is known to have been refused, but no dot has left.
    let mut bench = Bench::new(Script::default().narrow(64).then(|mut peer: Peer| async move {
        peer.greet(PIPELINING).await;
        peer.up_to_354("ana").await;
        peer.hang().await;
    }));
    let long = [b"x".repeat(70), b"\r\n".to_vec()].concat().repeat(10);
    let outcome = bench.transport.send(&to("ana"), &long, bench.marks.clone()).await;
    assert_eq!(told(&outcome), ("deferred", Stage::Body, Scope::Connection));
    assert_eq!((bench.marks.count(), bench.seconds()), (1, 180));

    // The server says why it leaves, in the middle of the body.
    let mut bench = Bench::new(Script::default().narrow(64).then(|mut peer: Peer| async move {
        peer.greet(PIPELINING).await;
        peer.up_to_354("ana").await;
        peer.hear().await;
        peer.say("421 4.3.2 shutting down").await;
    }));
    let outcome = bench.transport.send(&to("ana"), &long, bench.marks.clone()).await;
    assert_eq!(told(&outcome), ("deferred", Stage::Body, Scope::Connection));
    assert_eq!(outcome.failure().unwrap().reply.as_ref().unwrap().code, 421);
}

#[tokio::test(start_paused = true)]
async fn a_large_body_arrives_in_many_chunks() {
    let long = b"0123456789abcdef\r\n".repeat(50_000);
    let expected = long.clone();
    let mut bench = Bench::new(Script::default().narrow(4_096).then(|mut peer: Peer| async move {
        peer.greet(PIPELINING).await;
        assert_eq!(peer.take("ana").await, expected);
    }));
    let outcome = bench.transport.send(&to("ana"), &long, bench.marks.clone()).await;
    assert!(matches!(outcome, Outcome::Accepted(_)));
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
            peer.asked_for("ana").await;
            for reply in replies {
                peer.say(reply).await;
            }
            peer.hang().await;
        }));
        assert_eq!(told(&bench.send("ana").await), ("not tried", stage, Scope::Connection));
        assert_eq!(bench.seconds(), seconds);
        assert_eq!(bench.marks.count(), 0);
    }
}

#[tokio::test]
async fn mail_without_tls_goes_to_loopback_only() {
    let clock = FixedStartClock::new(Timestamp::UNIX_EPOCH);
    let elsewhere = Relay { host: "192.0.2.1".to_owned(), ..relay() };
    let mut transport = SmtpTransport::new(Arc::new(elsewhere), clock);
    let outcome = transport.send(&to("ana"), MESSAGE, Marks::default()).await;
    assert_eq!(told(&outcome), ("not tried", Stage::Connect, Scope::Setup));
}

#[tokio::test]
async fn a_port_where_nothing_listens_is_named() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let clock = FixedStartClock::new(Timestamp::UNIX_EPOCH);
    let nobody = Relay { host: "127.0.0.1".to_owned(), port, ..relay() };
    let mut transport = SmtpTransport::new(Arc::new(nobody), clock);
    let outcome = transport.send(&to("ana"), MESSAGE, Marks::default()).await;
    assert_eq!(told(&outcome), ("not tried", Stage::Connect, Scope::Connection));
    let reason = &outcome.failure().unwrap().reason;
    assert!(reason.starts_with(&format!("nothing listens at `127.0.0.1:{port}`")), "{reason}");
}

/// A server that takes everything, on as many connections as it likes.
struct Obedient {
    transport: SmtpTransport<FixedStartClock, Script>,
    taken: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Obedient {
    fn new(extensions: &'static [&'static str]) -> Self {
        let taken = Arc::default();
        let script = (0..3).fold(Script::default(), |script, _| {
            let taken = Arc::clone(&taken);
            script.then(move |peer: Peer| Self::serve(peer, extensions, taken))
        });
        Self { transport: Bench::new(script).transport, taken }
    }

    async fn serve(mut peer: Peer, extensions: &[&str], taken: Arc<Mutex<Vec<Vec<u8>>>>) {
        peer.greet(extensions).await;
        while let Some(line) = peer.hear().await {
            peer.say(if line == "DATA" { "354 go" } else { "250 ok" }).await;
            if line == "DATA" {
                let Some(body) = peer.body().await else { return };
                taken.lock().unwrap().push(body);
                peer.say("250 ok").await;
            }
        }
    }
}

impl contract::Bench for Obedient {
    type Transport = SmtpTransport<FixedStartClock, Script>;

    fn transport(&mut self) -> &mut Self::Transport {
        &mut self.transport
    }

    fn look(&self) -> impl Fn() -> Vec<Vec<u8>> + Send + 'static {
        let taken = Arc::clone(&self.taken);
        move || taken.lock().unwrap().clone()
    }
}

mod with_pipelining {
    use super::*;
    contract::promises!(Obedient::new(PIPELINING));
}

mod without_pipelining {
    use super::*;
    contract::promises!(Obedient::new(&[]));
}
