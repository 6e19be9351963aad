//! Reaching a server, its greeting, logging in.

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;

use super::{Bench, MESSAGE, PIPELINING, Peer, Script, peer::relay, to, told};
use crate::{
    clock::{Clock, FixedStartClock, SystemClock},
    deliver::{
        Outcome, Scope, Stage, Transport,
        contract::Marks,
        smtp::{Login, Relay, SmtpTransport},
    },
};

fn relay_with_login() -> Relay {
    let login = Login { user: "news".to_owned(), password: "pass".into() };
    Relay { login: Some(login), ..relay() }
}
const PLAIN: &str = "AUTH PLAIN AG5ld3MAcGFzcw==";

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
            let clock = SystemClock::new();
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

#[tokio::test]
async fn over_tcp_it_is_the_same_conversation() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let mut peer = Peer::new(stream);
        peer.greet(PIPELINING).await;
        assert_eq!(peer.take("ana").await, MESSAGE);
        peer.closed().await;
    });
    let clock = FixedStartClock::new(Timestamp::UNIX_EPOCH);
    let local = Relay { host: "127.0.0.1".to_owned(), port, ..relay() };
    let mut transport = SmtpTransport::new(Arc::new(local), clock);
    let outcome = transport.send(&to("ana"), MESSAGE, Marks::default()).await;
    assert!(matches!(outcome, Outcome::Accepted(_)), "{outcome:?}");
    transport.close().await;
    server.await.unwrap();
}
