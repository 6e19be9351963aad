//! F25: everything comes, but in drips.

use super::*;

/// The server takes what was asked, and says so at a byte a second.
fn drip(stage: Stage, reply: &str) -> Rule {
    let bytes = format!("{reply}\r\n").into_bytes();
    Rule::at(stage, [Act::Keep, Act::Drip(bytes, Duration::from_secs(1))])
}

/// A reply that takes twelve minutes.
fn endless() -> String {
    format!("250 {}", "x".repeat(714))
}

#[tokio::test(start_paused = true)]
async fn a_server_that_answers_a_byte_a_second_is_heard_out() {
    let script = [
        drip(Stage::Mail, "250 2.1.0 ok"),
        drip(Stage::Rcpt, "250 2.1.5 ok"),
        drip(Stage::Data, "354 go ahead"),
        drip(Stage::Dot, "250 2.0.0 ok"),
    ];
    let (mut office, wire) = stage(4, script).await;
    assert_eq!(office.send_over(&wire).await.unwrap(), End::Finished);
    assert_eq!((office.books().await.accepted, wire.accepted().len()), (4, 4));
    office.holds(&wire, 0).await;
    found("F25a", "each reply comes at a byte a second", "all 4 accepted");
}

#[tokio::test(start_paused = true)]
async fn a_reply_to_the_dot_that_drips_on_and_on_ends_at_its_deadline() {
    let (mut office, wire) = stage(1, [drip(Stage::Dot, &endless())]).await;
    assert_eq!(office.send_over(&wire).await.unwrap(), End::Finished);
    assert_eq!(office.clock.monotonic().as_secs(), 600);
    assert_eq!((office.books().await.uncertain, wire.accepted().len()), (1, 1));
    office.holds(&wire, 1).await;
    let happened = "uncertain at 600 s: a deadline, no idle timer";
    found("F25b", "the reply to the dot drips for 12 min", happened);
}

#[tokio::test(start_paused = true)]
async fn a_reply_to_rcpt_that_drips_on_and_on_ends_at_its_deadline() {
    let (mut office, wire) = stage(1, [drip(Stage::Rcpt, &endless())]).await;
    assert!(matches!(office.send_over(&wire).await.unwrap(), End::Deferred { .. }));
    assert_eq!(office.clock.monotonic().as_secs(), 60 + 1 + 300 + 5 + 300);
    assert_eq!((office.books().await.deferred, wire.accepted().len()), (1, 0));
    office.holds(&wire, 0).await;
    let happened = "given up at 60 s, as a server may have missed the commands behind MAIL; then \
                    one command at a time, twice for 300 s, deferred";
    found("F25c", "the reply to RCPT drips for 12 min", happened);
}

#[tokio::test(start_paused = true)]
async fn a_window_of_one_byte_is_enough() {
    let mut office = Office::open(2).await;
    // What a real server says while we write waits in its kernel; these pipes have none.
    let mut wire = Wire::with(office.clock, |options| options.extensions = Vec::new());
    wire.narrow(1);
    assert_eq!(office.send_over(&wire).await.unwrap(), End::Finished);
    assert_eq!((office.books().await.accepted, wire.accepted().len()), (2, 2));
    office.holds(&wire, 0).await;
    found("F25d", "the server's window is 1 byte", "both accepted");
}

#[tokio::test(start_paused = true)]
async fn a_window_that_is_shut_in_the_body_has_a_deadline() {
    let shut = Rule::at(Stage::Body, [Act::Wait(Duration::from_hours(1))]).times(1);
    let (mut office, mut wire) = stage(1, [shut]).await;
    wire.narrow(64);
    assert!(matches!(office.send_over(&wire).await.unwrap(), End::Deferred { .. }));
    assert_eq!(office.clock.monotonic().as_secs(), 180);
    assert_eq!((office.books().await.deferred, wire.accepted().len()), (1, 0));
    assert_eq!(office.send_patiently(&wire).await, End::Finished);
    assert_eq!(wire.accepted().len(), 1);
    office.holds(&wire, 0).await;
    let happened = "deferred at 180 s, as the dot had not left; accepted 5 min later";
    found("F25e", "the server's window is shut in the middle of a body", happened);
}
