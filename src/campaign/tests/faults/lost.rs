//! F15 (in the body) and F16 to F18: connections that are lost under a message or between two.

use super::*;
use crate::ledger::AttemptStatus;

#[tokio::test(start_paused = true)]
async fn a_421_in_the_middle_of_a_body_is_no_acceptance() {
    let bye = "421 4.3.2 shutting down";
    // The server reads on and ignores, or is gone.
    for (acts, stage) in [(farewell(bye), Stage::Dot), ([Act::reply(bye), Act::Drop], Stage::Body)]
    {
        let leave = Rule::at(Stage::Body, acts).after_bytes(100).message(2).times(1);
        let (mut office, mut wire) = super::stage(10, [leave]).await;
        wire.narrow(64);
        office.course.connections = 1;
        assert_eq!(office.send_patiently(&wire).await, End::Finished);
        assert_eq!((office.books().await.accepted, wire.accepted().len()), (10, 10));
        let tries = office.tries().await;
        let cut = tries.iter().find(|entry| entry.status != AttemptStatus::Accepted);
        assert_eq!(cut.map(|entry| (entry.stage, entry.code)), Some((stage, Some(421))));
        office.holds(&wire, 0).await;
    }
    let happened = "deferred 5 min, then accepted on a new connection; all 10 once";
    found("F15b", "421 in the middle of a body", happened);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_says_421_for_ever_ends_the_run() {
    let (mut office, wire) = stage(20, [Rule::at(Stage::Mail, farewell("421 4.3.2 busy"))]).await;
    unreachable(office.send_over(&wire).await.unwrap());
    assert_eq!(office.waits(), [1, 5, 30, 60]);
    // One more: the first connection had rested, and is replaced at once.
    assert_eq!(wire.journal.count("MAIL"), 6);
    office.is_untouched(20).await;
    office.holds(&wire, 0).await;
    let happened = "6 MAIL in 96 s, then ended with all 20 pending";
    found("F15c", "421 at MAIL for good", happened);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_closes_after_so_many_messages_costs_nobody_anything() {
    for (messages, people, connections) in [(1, 20, 20), (7, 40, 6), (100, 420, 5)] {
        let leave = Rule::at(Stage::Dot, [Act::Usual, Act::Close]).message(messages);
        let (mut office, mut wire) = stage(people, [leave]).await;
        wire.relay().messages_per_connection = 1_000.try_into().unwrap();
        assert_eq!(office.send_over(&wire).await.unwrap(), End::Finished);
        assert_eq!((wire.accepted().len(), office.tries().await.len()), (people, people));
        assert_eq!(office.waits(), [] as [u64; 0], "after {messages}: nothing was lost");
        assert!(wire.journal.connections() >= connections);
        office.holds(&wire, 0).await;
    }
    let happened = "another connection each time, nobody waits, everybody accepted at their first \
                    try";
    found("F16", "the server closes after 1, 7, 100 messages without a word", happened);
}

#[tokio::test(start_paused = true)]
async fn a_server_without_room_is_not_asked_about_the_whole_list() {
    for at in [Stage::Mail, Stage::Rcpt, Stage::Dot] {
        let full = Rule::reply(at, "452 4.3.1 insufficient system storage");
        let (mut office, wire) = stage(100, [full]).await;
        unreachable(office.send_over(&wire).await.unwrap());
        let books = office.books().await;
        assert_eq!((books.deferred, books.pending), (5, 95), "{at:?}");
        assert_eq!(office.waits(), [1, 5, 30, 60]);
        office.holds(&wire, 0).await;
    }
    let happened = "5 deferred, one after the other over 96 s; then ended with 95 pending";
    found("F15e", "452 4.3.1 at MAIL, RCPT, the dot for good", happened);
}

/// What the log says of one of 20 people after whose dot the server hangs up, having taken the
/// message or not, and after three more runs.
async fn hung_up_after_the_dot(acts: &[Act], taken: usize) -> Vec<LogEntry> {
    let gone = Rule::at(Stage::Dot, acts.to_vec()).recipient(&address(7));
    let (mut office, wire) = stage(20, [gone]).await;
    for _ in 0..4 {
        assert_eq!(office.send_over(&wire).await.unwrap(), End::Finished);
        let books = office.books().await;
        assert_eq!((books.accepted, books.uncertain), (19, 1));
        assert_eq!((wire.accepted().len(), wire.asked(7).len()), (19 + taken, 1));
        office.holds(&wire, 1).await;
    }
    let person = office.keys.person(&Address::parse(&address(7)).unwrap());
    office.tries().await.into_iter().filter(|entry| entry.person == person).collect()
}

const KEPT: [Act; 2] = [Act::Keep, Act::Drop];

#[tokio::test(start_paused = true)]
async fn a_message_that_was_taken_without_a_word_is_uncertain_and_not_sent_again() {
    hung_up_after_the_dot(&KEPT, 1).await;
    let happened = "uncertain, the other 19 accepted; not sent again in 3 more runs";
    found("F17a", "the server takes a message and hangs up without saying so", happened);
}

#[tokio::test(start_paused = true)]
async fn a_message_that_was_lost_after_its_dot_looks_like_one_that_was_taken() {
    let lost = hung_up_after_the_dot(&[Act::Drop], 0).await;
    assert_eq!(lost, hung_up_after_the_dot(&KEPT, 1).await, "nobody can tell them apart");
    let happened = "uncertain (the same!), the other 19 accepted; not sent again in 3 more runs";
    found("F18a", "the server loses a message after its dot and hangs up", happened);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_hangs_up_after_every_dot_does_not_make_the_whole_list_uncertain() {
    // Slowly enough that each connection has a message on its way.
    let gone = [Act::Keep, Act::Wait(Duration::from_millis(50)), Act::Drop];
    let (mut office, wire) = stage(100, [Rule::at(Stage::Dot, gone)]).await;
    unreachable(office.send_over(&wire).await.unwrap());
    let books = office.books().await;
    assert_eq!((books.uncertain, books.pending), (4 + 4, 92));
    assert_eq!(wire.accepted().len(), 8);
    office.holds(&wire, 8).await;
    let happened = "4 uncertain on 4 connections, 4 more one after the other over 96 s; then \
                    ended with 92 pending";
    found("F17b", "the server hangs up after every dot", happened);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_hangs_up_at_every_recipient_does_not_defer_the_whole_list() {
    let (mut office, wire) = stage(100, [Rule::at(Stage::Rcpt, [Act::Drop])]).await;
    unreachable(office.send_over(&wire).await.unwrap());
    let books = office.books().await;
    assert_eq!((books.deferred + books.pending, books.rejected), (100, 0));
    assert!(books.deferred <= 5, "{books:?}");
    assert!(wire.journal.count("RCPT") <= 10, "{}", wire.journal.count("RCPT"));
    office.holds(&wire, 0).await;
    let happened = format!("ended with {} deferred, {} pending", books.deferred, books.pending);
    found("F15d", "the server hangs up at every RCPT", &happened);
}

#[tokio::test(start_paused = true)]
async fn many_addresses_that_the_server_hangs_up_on_do_not_starve_the_others() {
    let fatal = (0..12).map(|n| Rule::at(Stage::Rcpt, [Act::Drop]).recipient(&address(n)));
    let (mut office, wire) = stage(20, fatal).await;
    let mut runs = 0;
    while office.books().await.accepted < 8 {
        runs += 1;
        assert!(runs <= 4, "{:?}", office.books().await);
        office.send_over(&wire).await.unwrap();
        office.clock.sleep(Duration::from_hours(1)).await;
    }
    assert_eq!((office.books().await.deferred, wire.accepted().len()), (12, 8));
    office.holds(&wire, 0).await;
    let happened = format!("run {runs} has reached all 8 others; the 12 are deferred");
    found("F15f", "the server hangs up at RCPT on the first 12 of 20 addresses", &happened);
}
