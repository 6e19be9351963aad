//! Retries that outlive the process, the pace that heeds complaints, and what a person decided.

use super::*;
use crate::{
    deliver::Slowed,
    ledger::{AttemptStatus, LogEntry, Settlement},
};

const LATER: Answer = Answer::Fail(Ended::Deferred, Scope::Person { suppress: false }, 450);

async fn log(office: &Office) -> Vec<LogEntry> {
    let (sender, entries) = std::sync::mpsc::channel();
    let each = move |entry| sender.send(entry).is_ok();
    office.ledger.log(LogFilter::default(), each).await.unwrap();
    entries.iter().collect()
}

#[tokio::test(start_paused = true)]
async fn before_anybody_is_due_a_run_contacts_nobody_and_says_when() {
    let mut office = Office::open(2).await;
    office.relay.tell(&address(1), &[LATER]);
    let End::Deferred { until } = office.run().await.unwrap() else { panic!("not deferred") };
    office.clock.sleep(Duration::from_mins(4)).await;
    // A connection would be refused now.
    *office.relay.connections.lock().unwrap() = 0;
    assert_eq!(office.run().await.unwrap(), End::Deferred { until });
    assert_eq!(office.state().await, CampaignState::Running);
    *office.relay.connections.lock().unwrap() = 1;
    office.clock.sleep(Duration::from_mins(1)).await;
    assert_eq!(office.run().await.unwrap(), End::Finished);
    assert_eq!(office.books().await.accepted, 2);
}

#[tokio::test(start_paused = true)]
async fn after_72_hours_of_being_put_off_somebody_is_given_up_and_the_log_says_so() {
    let mut office = Office::open(1).await;
    office.relay.tell(&address(0), &vec![LATER; 200]);
    let began = office.clock.now();
    let mut runs = 1;
    while let End::Deferred { until } = office.run().await.unwrap() {
        let wait = until.duration_since(office.clock.now()).unsigned_abs();
        office.clock.sleep(wait).await;
        runs += 1;
    }
    let took = office.clock.now().duration_since(began).as_hours();
    assert_eq!((runs, took), (75, 71), "5, 15, 30 and 60 minutes, then hourly; over 75 restarts");
    let books = office.books().await;
    assert_eq!((books.rejected, books.deferred), (1, 0));
    let log = log(&office).await;
    assert!(log[..74].iter().all(|entry| entry.status == AttemptStatus::Deferred));
    let last = (log[74].status, &*log[74].reply, log[74].code);
    assert_eq!(last, (AttemptStatus::Rejected, "given up after 72 h: as told", Some(450)));
    assert!(office.events.iter().any(|event| matches!(event, Event::Tried { given_up: true, .. })));
    assert!(office.ledger.suppressed().await.unwrap().is_empty(), "the address may be alive");
}

#[tokio::test(start_paused = true)]
async fn nobody_is_tried_again_once_the_event_has_begun() {
    let mut office = Office::open(1).await;
    office.course.deadline = Some(office.clock.now() + Duration::from_mins(4));
    office.relay.tell(&address(0), &[LATER]);
    assert_eq!(office.run().await.unwrap(), End::Finished);
    let log = log(&office).await;
    let expected = "given up, as the event begins before the next try: as told";
    assert_eq!((log[0].status, &*log[0].reply), (AttemptStatus::Rejected, expected));
}

#[tokio::test(start_paused = true)]
async fn a_server_that_finds_us_too_fast_is_told_about_once_a_change() {
    let mut office = Office::open(40).await;
    office.course.connections = 1;
    office.limits = vec!["10/s".parse().unwrap()];
    let fast = Answer::Fail(Ended::Deferred, Scope::Pace, 451);
    office.relay.tell(&address(0), std::slice::from_ref(&fast));
    office.relay.tell(&address(1), &[fast]);
    assert!(matches!(office.run().await.unwrap(), End::Deferred { .. }));
    let slowed: Vec<Slowed> = office
        .events
        .iter()
        .filter_map(|event| match event {
            Event::Slowed { slowed, reply: Some(_) } => Some(*slowed),
            _ => None,
        })
        .collect();
    assert_eq!(slowed, [Slowed { divisor: Some(2), rest: None }], "the second is about the same");
}

#[tokio::test(start_paused = true)]
async fn what_a_person_asks_for_again_is_handed_over_again_and_nothing_else_is() {
    let mut office = Office::open(3).await;
    let lost = Answer::Fail(Ended::Uncertain, Scope::Connection, 421);
    office.relay.tell(&address(1), &[lost]);
    assert_eq!(office.run().await.unwrap(), End::Finished);
    let now = office.clock.now();
    assert_eq!(office.ledger.settle("note", None, Settlement::Resend, now).await, Ok(1));
    assert!(matches!(office.state().await, CampaignState::Paused(_)));
    assert_eq!(office.run().await.unwrap(), End::Finished);
    assert_eq!(office.relay.accepted().len(), 3);
    assert_eq!(office.breaches().await, [] as [String; 0]);
    let happened = "uncertain; `resolve --resend` and `resume`: taken once, the others not touched";
    found(
        "F18r",
        "EOF after the dot, the message is dropped, and a person sends it again",
        happened,
    );
}
