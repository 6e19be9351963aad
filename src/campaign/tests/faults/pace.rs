//! F14 and F43: the server finds us too fast, or does not want our mail.

use super::*;
use crate::campaign::REFUSED;

/// A campaign at two a second, on a terminal.
async fn two_a_second(people: usize, complaint: Rule) -> (Office, Wire) {
    let (mut office, wire) = stage(people, [complaint]).await;
    office.limits = vec!["2/s".parse().unwrap()];
    (office, wire)
}

impl Wire {
    /// How many `RCPT` came from second `from` on, up to `to`.
    fn asked_between(&self, from: u64, to: u64) -> usize {
        let is = |seen: &Seen| matches!(seen, Seen::Recipient(_));
        let entries = self.journal.entries();
        let in_time = |at: Duration| (from..to).contains(&at.as_secs());
        entries.iter().filter(|entry| is(&entry.event) && in_time(entry.at)).count()
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_finds_us_too_fast_sees_half_the_rate_and_then_slowly_all_of_it() {
    let until = Duration::from_secs(30);
    let complaint = Rule::reply(Stage::Rcpt, "451 4.7.1 rate limit exceeded").until(until);
    let (mut office, wire) = two_a_second(500, complaint).await;
    assert_eq!(office.send_patiently(&wire).await, End::Finished);
    assert_eq!((office.books().await.accepted, office.tries().await.len()), (500, 503));
    // Half a second apart, until the third in a row; a minute's rest; a quarter faster each minute.
    let minutes: Vec<usize> = (0..5).map(|n| wire.asked_between(60 * n, 60 * (n + 1))).collect();
    assert_eq!(minutes, [3, 74, 93, 117, 120]);
    for second in 0..600 {
        assert!(wire.asked_between(second, second + 1) <= 2, "more than the limit at {second} s");
    }
    assert!(office.ledger.suppressed().await.unwrap().is_empty());
    office.holds(&wire, 0).await;
    let happened = "3 refused and deferred, a rest, then 74, 93, 117, 120 a minute of the 120 \
                    allowed; all 500 accepted, nobody suppressed";
    found("F14a", "451 4.7.1 rate limit for 30 s", happened);
}

#[tokio::test(start_paused = true)]
async fn a_421_about_our_speed_pauses_a_minute_and_marks_nobody() {
    let complaint = Rule::at(Stage::Mail, farewell("421 4.7.0 too many messages")).times(1);
    let (mut office, wire) = two_a_second(100, complaint).await;
    assert_eq!(office.send_over(&wire).await.unwrap(), End::Finished);
    assert_eq!((office.books().await.accepted, office.tries().await.len()), (100, 100));
    assert_eq!((wire.asked_between(0, 60), office.waits()), (0, vec![60]));
    office.holds(&wire, 0).await;
    let happened = "a minute's rest, nobody marked, all 100 accepted at their first try";
    found("F14b", "421 4.7.0 at MAIL", happened);
}

#[tokio::test(start_paused = true)]
async fn a_421_about_our_speed_for_ever_ends_the_run() {
    let complaint = Rule::at(Stage::Mail, farewell("421 4.7.0 too many messages"));
    let (mut office, wire) = two_a_second(100, complaint).await;
    unreachable(office.send_over(&wire).await.unwrap());
    assert_eq!(office.waits(), [60, 60, 60, 60]);
    assert_eq!(wire.journal.count("MAIL"), 5);
    office.is_untouched(100).await;
    office.holds(&wire, 0).await;
    found("F14c", "421 4.7.0 at MAIL for good", "5 MAIL in 4 min, then ended with all 100 pending");
}

#[tokio::test(start_paused = true)]
async fn three_hundred_refusals_of_our_mail_are_five_and_resume_asks_with_one() {
    let refusal = "550 5.7.1 message refused by policy";
    let (mut office, wire) = stage(300, [Rule::reply(Stage::Rcpt, refusal)]).await;
    let end = office.send_over(&wire).await.unwrap();
    assert!(matches!(end, End::BreakerOpen { .. }), "{end:?}");
    let refused = office.books().await.rejected;
    assert!((5..=5 + 4).contains(&refused), "{refused}");
    assert_eq!(wire.journal.count("RCPT") as u64, refused);
    assert_eq!(office.state().await, CampaignState::Paused(REFUSED.to_owned()));

    for probe in 1..=3 {
        office.course.probe = true;
        let end = office.send_over(&wire).await.unwrap();
        assert!(matches!(end, End::BreakerOpen { .. }), "{end:?}");
        assert_eq!(office.books().await.rejected, refused + probe);
    }
    assert!(office.ledger.suppressed().await.unwrap().is_empty());
    assert_eq!(office.books().await.pending, 300 - refused - 3);
    office.holds(&wire, 0).await;
    let happened = format!(
        "paused after {refused} on 4 connections, each of 3 resumes asks with 1; {} pending, \
         nobody suppressed",
        300 - refused - 3
    );
    found("F43b", "each of 300 RCPT is refused with 550 5.7.1", &happened);
}

#[tokio::test(start_paused = true)]
async fn ten_refusals_of_our_mail_among_two_hundred_pause_the_campaign() {
    let refusal =
        |number| Rule::reply(Stage::Dot, "554 5.7.1 looks like spam").recipient(&address(number));
    let (mut office, wire) = stage(300, (0..300).step_by(15).map(refusal)).await;
    let end = office.send_over(&wire).await.unwrap();
    assert!(matches!(end, End::BreakerOpen { .. }), "{end:?}");
    let books = office.books().await;
    assert_eq!(books.rejected, 10);
    assert!((126..=136 + 4).contains(&books.accepted), "{books:?}");
    assert_eq!(wire.accepted().len() as u64, books.accepted);
    assert!(office.ledger.suppressed().await.unwrap().is_empty());
    office.holds(&wire, 0).await;
    let happened = format!(
        "paused at the 10th, {} accepted between them, {} pending",
        books.accepted, books.pending
    );
    found("F43c", "one message in 15 is refused with 554 5.7.1", &happened);
}
