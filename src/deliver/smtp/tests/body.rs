//! The mark, the body, and the reply to its dot.

use std::time::Duration;

use super::{Bench, MESSAGE, PIPELINING, Peer, Script, to, told};
use crate::{
    clock::{Clock, FixedStartClock, SystemClock},
    deliver::{Mark, MarkFailed, Outcome, Scope, Stage, Transport, contract::NoMark},
};

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
async fn a_connection_that_dies_after_the_dot_is_uncertain() {
    let (outcome, _) = after_the_dot(|peer| async { drop(peer) }).await;
    assert_eq!(told(&outcome), ("uncertain", Stage::Dot, Scope::Connection));
}

#[tokio::test(start_paused = true)]
async fn a_reply_may_take_ten_minutes_and_no_more() {
    for wait in [5, 90, 599] {
        let (outcome, seconds) = after_the_dot(move |mut peer| async move {
            SystemClock::new().sleep(Duration::from_secs(wait)).await;
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

/// A ledger on a slow disk.
struct SlowMark(FixedStartClock);

impl Mark for SlowMark {
    async fn commit(self) -> Result<(), MarkFailed> {
        self.0.sleep(Duration::from_mins(1)).await;
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_leaves_during_the_mark_gets_no_body() {
    let mut bench = Bench::new(Script::default().then(|mut peer: Peer| async move {
        peer.greet(PIPELINING).await;
        peer.up_to_354("ana").await;
        SystemClock::new().sleep(Duration::from_secs(30)).await;
        peer.say("421 4.4.2 too slow").await;
        assert_eq!(peer.rest().await, b"");
    }));
    let mark = SlowMark(bench.clock);
    let outcome = bench.transport.send(&to("ana"), MESSAGE, mark).await;
    assert_eq!(told(&outcome), ("deferred", Stage::Body, Scope::Connection));
    assert_eq!(outcome.failure().unwrap().reply.as_ref().unwrap().code, 421);
    bench.end().await;
}
