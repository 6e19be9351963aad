//! F19 to F22: what is said after the dot.

use super::*;
use crate::ledger::AttemptStatus;

/// 8 people on 4 connections; to the first one's dot the server does this.
async fn to_the_first(acts: impl Into<Arc<[Act]>>) -> (Office, Wire) {
    stage(8, [Rule::at(Stage::Dot, acts).recipient(&address(0))]).await
}

impl Office {
    /// The last try of one person.
    async fn last_try(&self, number: usize) -> LogEntry {
        let person = self.keys.person(&Address::parse(&address(number)).unwrap());
        let mut tries = self.tries().await.into_iter();
        tries.rfind(|entry| entry.person == person).expect("a try")
    }
}

#[tokio::test(start_paused = true)]
async fn a_reply_that_takes_minutes_is_waited_for_while_the_others_go_on() {
    for seconds in [5, 90, 599] {
        let slow = [Act::Keep, Act::Wait(Duration::from_secs(seconds)), Act::Usual];
        let (mut office, wire) = to_the_first(slow).await;
        assert_eq!(office.send_over(&wire).await.unwrap(), End::Finished);
        assert_eq!(office.clock.monotonic().as_secs(), seconds);
        let last = wire.journal.accepted().into_iter().map(|(at, _)| at).max();
        assert!(last < Some(Duration::from_secs(1)), "the other 7 had theirs at once");
        assert_eq!((office.books().await.accepted, wire.accepted().len()), (8, 8));
        office.holds(&wire, 0).await;
    }
    let happened = "accepted; the other 7 had theirs in the first second, nobody twice";
    found("F19", "the 250 comes after 5, 90, 599 s", happened);
}

#[tokio::test(start_paused = true)]
async fn a_reply_that_never_comes_is_uncertain_after_ten_minutes() {
    let (mut office, wire) = to_the_first([Act::Keep, Act::Hang]).await;
    for _ in 0..3 {
        assert_eq!(office.send_over(&wire).await.unwrap(), End::Finished);
        let books = office.books().await;
        assert_eq!((books.accepted, books.uncertain), (7, 1));
        assert_eq!(office.clock.monotonic().as_secs(), 600);
        office.holds(&wire, 1).await;
    }
    let happened = "uncertain at 600 s, the other 7 accepted meanwhile; not sent again";
    found("F20", "the 250 never comes", happened);
}

#[tokio::test(start_paused = true)]
async fn a_reply_of_class_3_or_none_after_the_dot_is_no_acceptance() {
    for reply in ["354 go ahead", "hello", "199 what"] {
        let (mut office, wire) = to_the_first([Act::Keep, Act::reply(reply)]).await;
        assert_eq!(office.send_over(&wire).await.unwrap(), End::Finished);
        assert_eq!(office.last_try(0).await.status, AttemptStatus::Uncertain, "{reply}");
        assert_eq!(office.send_over(&wire).await.unwrap(), End::Finished);
        assert_eq!((office.books().await.accepted, wire.asked(0).len()), (7, 1));
        office.holds(&wire, 1).await;
    }
    let happened = "uncertain, the connection closed, not sent again; the other 7 accepted";
    found("F21a", "after the dot comes 354, or what is no reply", happened);
}

#[tokio::test(start_paused = true)]
async fn a_code_alone_is_a_reply() {
    for reply in ["250", "250 ", "299"] {
        let (mut office, wire) = to_the_first([Act::Keep, Act::reply(reply)]).await;
        assert_eq!(office.send_over(&wire).await.unwrap(), End::Finished);
        let accepted = office.last_try(0).await;
        assert_eq!(accepted.status, AttemptStatus::Accepted, "{reply}");
        assert_eq!((accepted.reply.as_str(), accepted.queue_id), ("", None));
        office.holds(&wire, 0).await;
    }
    found("F21b", "the reply has no text: `250`", "accepted, with no queue id");
}

#[tokio::test(start_paused = true)]
async fn words_that_are_no_utf8_are_written_down_so_that_they_can_be_shown() {
    let odd = b"554 5.7.1 verd\xe4chtig \x1b[2J\x07spam\r\n".to_vec();
    let (mut office, wire) = to_the_first([Act::Send(odd)]).await;
    assert_eq!(office.send_over(&wire).await.unwrap(), End::Finished);
    let refused = office.last_try(0).await;
    assert_eq!((refused.status, refused.code), (AttemptStatus::Rejected, Some(554)));
    assert_eq!(refused.enhanced.as_deref(), Some("5.7.1"));
    assert!(refused.reply.contains("verd\u{fffd}chtig"), "{:?}", refused.reply);
    assert!(!refused.reply.contains(char::is_control), "{:?}", refused.reply);
    office.holds(&wire, 0).await;
    let happened = "the code decides: rejected; the text is kept without controls";
    found("F21c", "the reply is 554 in Latin-1 with control characters", happened);
}

#[tokio::test(start_paused = true)]
async fn of_an_unknown_code_the_first_digit_decides() {
    for (code, status) in [
        (571, AttemptStatus::Rejected),
        (585, AttemptStatus::Rejected),
        (471, AttemptStatus::Deferred),
        (289, AttemptStatus::Accepted),
    ] {
        let acts: &[Act] = if code < 300 { &[Act::Keep] } else { &[] };
        let reply = Act::reply(&format!("{code} x"));
        let (mut office, wire) = to_the_first([acts, &[reply]].concat()).await;
        office.send_over(&wire).await.unwrap();
        assert_eq!(office.last_try(0).await.status, status, "{code}");
        assert!(office.ledger.suppressed().await.unwrap().is_empty());
        office.holds(&wire, 0).await;
    }
    let happened = "the first digit decides: rejected, deferred, accepted; nobody suppressed";
    found("F21d", "the reply is 571, 585, 471, 289", happened);
}

#[tokio::test(start_paused = true)]
async fn one_reply_too_many_is_noticed_before_anybody_is_taken_for_accepted() {
    for at in [Stage::Mail, Stage::Rcpt, Stage::Data, Stage::Dot] {
        for together in [true, false] {
            let extra = Rule::at(at, [Act::Usual, Act::reply("250 2.0.0 once more")]);
            let mut office = Office::open(20).await;
            let wire = Wire::with(office.clock, |options| {
                options.script = Script::new().rule(extra.message(3).times(1));
                if !together {
                    options.extensions.clear();
                }
            });
            office.course.connections = 1;
            assert_eq!(office.send_over(&wire).await.unwrap(), End::Finished, "{at:?}");
            assert_eq!(wire.journal.connections(), 2, "{at:?}: closed and opened again");
            assert_eq!((office.books().await.accepted, wire.accepted().len()), (20, 20));
            office.holds(&wire, 0).await;
        }
    }
    let happened = "noticed before the body or the next MAIL; closed, all 20 accepted on another \
                    connection, none of them falsely";
    found("F22", "one reply too many at MAIL, RCPT, DATA, after the dot", happened);
}
