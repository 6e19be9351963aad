//! F1 to F4: the way to the server, and its first line.

use super::*;
use crate::deliver::smtp::SmtpTransport;

#[tokio::test(start_paused = true)]
async fn a_server_that_is_down_costs_nobody_a_try_however_often_it_is_asked() {
    let (mut office, wire) = stage(5, []).await;
    wire.refuse_connections(3);
    for _ in 0..3 {
        unreachable(office.send_over(&wire).await.unwrap());
        office.is_untouched(5).await;
        assert_eq!(office.state().await, CampaignState::Running, "to be run again");
    }
    assert_eq!((wire.journal.connections(), office.clock.monotonic()), (0, Duration::ZERO));
    assert_eq!(office.send_over(&wire).await.unwrap(), End::Finished);
    assert_eq!(office.books().await.accepted, 5);
    office.holds(&wire, 0).await;
    let happened = "each ends at once with 0 tries counted; the 4th reaches all 5";
    found("F1a", "the connection is refused at 3 starts", happened);
}

/// A run of 20 people, one a hundredth of a second, whose server leaves after the third and is
/// away for so many connections.
async fn away_in_mid_run(connections: u32) -> (Office, Wire, End) {
    let leave = Rule::at(Stage::Dot, [Act::Usual, Act::Close]).connection(1).message(3);
    let (mut office, wire) = stage(20, [leave]).await;
    office.course.connections = 1;
    office.limits = vec!["100/s".parse().unwrap()];
    let clock = office.clock;
    let away = async {
        clock.sleep(Duration::from_millis(15)).await;
        wire.refuse_connections(connections);
    };
    let (end, ()) = tokio::join!(office.send_over(&wire), away);
    (office, wire, end.unwrap())
}

#[tokio::test(start_paused = true)]
async fn a_server_that_goes_away_in_mid_run_is_waited_for() {
    let (office, wire, end) = away_in_mid_run(3).await;
    assert_eq!(end, End::Finished);
    assert_eq!(office.waits(), [1, 5, 30]);
    assert_eq!((office.books().await.accepted, office.tries().await.len()), (20, 20));
    office.holds(&wire, 0).await;
    let happened = "waited 1, 5, 30 s; all 20 accepted at their first try";
    found("F1b", "the server goes away in mid-run and comes back", happened);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_stays_away_ends_the_run_with_the_rest_planned() {
    let (office, wire, end) = away_in_mid_run(u32::MAX).await;
    unreachable(end);
    assert_eq!(office.waits(), [1, 5, 30, 60]);
    let books = office.books().await;
    assert_eq!((books.accepted, books.pending, office.tries().await.len()), (3, 17, 3));
    assert_eq!(office.clock.monotonic().as_secs(), 96);
    office.holds(&wire, 0).await;
    let happened = "waited 1, 5, 30, 60 s, then ended: 3 accepted, 17 pending, 0 tries counted";
    found("F1c", "the server goes away in mid-run for good", happened);
}

#[tokio::test]
async fn a_host_without_an_address_costs_nobody_a_try() {
    let (mut office, mut wire) = stage(5, []).await;
    // No resolver can even ask for a label this long.
    wire.relay().host = format!("{}.test", "x".repeat(64));
    let relay = Arc::new(wire.relay().clone());
    let (ledger, clock) = (office.ledger.clone(), office.clock);
    for _ in 0..3 {
        let (_signal, stop) = watch::channel(Stop::No);
        let transport = || SmtpTransport::new(Arc::clone(&relay), clock);
        let failure = unreachable(office.run_over(&ledger, transport, stop).await.unwrap());
        assert!(failure.reason.starts_with("no address is known for"), "{failure}");
        office.is_untouched(5).await;
    }
    office.holds(&wire, 0).await;
    found("F2", "the host has no address, at 3 starts", "each says so, with 0 tries counted");
}

#[tokio::test(start_paused = true)]
async fn a_server_that_never_greets_ends_the_run_after_five_minutes() {
    let (mut office, wire) = stage(5, [Rule::at(Stage::Greeting, [Act::Hang])]).await;
    let failure = unreachable(office.send_over(&wire).await.unwrap());
    assert_eq!(failure.stage, Stage::Greeting);
    assert_eq!(office.clock.monotonic().as_secs(), 300);
    assert_eq!((wire.journal.connections(), wire.journal.count("EHLO")), (1, 0));
    office.is_untouched(5).await;
    office.holds(&wire, 0).await;
    let happened = "given up after 300 s on 1 connection, 0 tries counted";
    found("F3", "the server takes the connection and never says a word", happened);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_is_busy_at_first_is_asked_again() {
    let busy = || Rule::at(Stage::Greeting, farewell("421 4.3.2 busy"));
    let (mut office, wire) = stage(20, [busy().times(2)]).await;
    assert_eq!(office.send_over(&wire).await.unwrap(), End::Finished);
    assert_eq!(office.waits(), [1, 5]);
    assert_eq!((office.books().await.accepted, office.tries().await.len()), (20, 20));
    assert_eq!(wire.journal.connections(), 2 + 4, "the others too, once there is a way in");
    office.holds(&wire, 0).await;

    let (mut office, wire) = stage(20, [busy()]).await;
    let failure = unreachable(office.send_over(&wire).await.unwrap());
    assert_eq!(failure.reply.unwrap().code, 421);
    assert_eq!((wire.journal.connections(), office.clock.monotonic().as_secs()), (5, 96));
    office.is_untouched(20).await;
    let happened = "tried again after 1 and 5 s, all 20 accepted; given up after 5 in a row";
    found("F4a", "the banner is 421", happened);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_turns_us_away_stops_the_run() {
    for banner in ["554 5.7.1 no mail from you", "521 does not accept mail"] {
        let (mut office, wire) = stage(5, [Rule::reply(Stage::Greeting, banner)]).await;
        let failure = misconfigured(office.send_over(&wire).await.unwrap());
        assert_eq!(failure.stage, Stage::Greeting);
        assert_eq!((wire.journal.connections(), wire.journal.count("MAIL")), (1, 0));
        office.is_untouched(5).await;
        office.holds(&wire, 0).await;
    }
    let happened = "stopped after 1 connection, nobody marked";
    found("F4b", "the banner is 554 or 521", happened);
}

#[tokio::test(start_paused = true)]
async fn a_banner_that_comes_byte_by_byte_is_a_banner() {
    let banner = b"220 relay.test ESMTP\r\n";
    let slow = [Act::Drip(banner.to_vec(), Duration::from_secs(1))];
    let (mut office, wire) = stage(5, [Rule::at(Stage::Greeting, slow)]).await;
    assert_eq!(office.send_over(&wire).await.unwrap(), End::Finished);
    assert_eq!(office.books().await.accepted, 5);
    office.holds(&wire, 0).await;
    found("F4c", "the banner comes in single bytes, one a second", "all 5 accepted");
}

#[tokio::test(start_paused = true)]
async fn a_banner_of_a_megabyte_is_not_listened_to() {
    let banner = b"220-and another thing\r\n".repeat(48 * 1024);
    let (mut office, wire) = stage(5, [Rule::at(Stage::Greeting, [Act::Send(banner)])]).await;
    let failure = unreachable(office.send_over(&wire).await.unwrap());
    assert!(failure.reason.contains("longer than 64 KB"), "{failure}");
    assert_eq!((wire.journal.connections(), wire.journal.count("EHLO")), (1, 0));
    office.is_untouched(5).await;
    office.holds(&wire, 0).await;
    found("F4d", "the banner has 1 MB", "hung up after 64 KB, 0 tries counted");
}
