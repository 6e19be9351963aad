//! What a ledger tells: caps, the log, suppressions, who stands where.

use std::time::Duration;

use super::*;

pub(in crate::ledger) async fn caps_count_what_may_have_gone_out(ledger: impl Ledger) {
    freeze(&ledger, 1..=4).await;
    finish_next(&ledger, Status::Rejected, 10).await;
    finish_next(&ledger, Status::Deferred { retry_at: at(9_999) }, 20).await;
    finish_next(&ledger, Status::Accepted, 30).await;
    finish_next(&ledger, Status::Uncertain, 40).await;
    ledger.record_test(person(9), attempt(Status::Accepted, 50), ID, "d1").await.unwrap();

    let hour = Duration::from_hours(1);
    let sent = |second| ledger.sent_within(hour, at(second));
    assert_eq!(sent(60).await.unwrap(), [at(30), at(40), at(50)]);
    assert_eq!(sent(3_630).await.unwrap(), [at(40), at(50)], "an hour later to the microsecond");
    assert_eq!(sent(35).await.unwrap().len(), 3, "a clock set back does not forget");
}

pub(in crate::ledger) async fn a_log_is_filtered_and_ends_when_told(ledger: impl Ledger) {
    freeze(&ledger, 1..=2).await;
    ledger.freeze(frozen("letter", 1), recipients(1..=1)).await.unwrap();
    finish_next(&ledger, Status::Accepted, 10).await;
    finish_next(&ledger, Status::Accepted, 11).await;
    let letter = ledger.claim("letter", 1, at(12)).await.unwrap()[0].delivery;
    ledger.finish(letter, attempt(Status::Rejected, 12)).await.unwrap();
    ledger.record_test(person(1), attempt(Status::Accepted, 13), ID, "d1").await.unwrap();

    let campaign = Some("letter".to_owned());
    let of_letter = log(&ledger, LogFilter { campaign: campaign.clone(), person: None }).await;
    assert_eq!(of_letter.iter().map(|entry| entry.at).collect::<Vec<_>>(), [at(12)]);
    let of_one = log(&ledger, LogFilter { campaign: None, person: Some(person(1)) }).await;
    assert_eq!(of_one.iter().map(|entry| entry.at).collect::<Vec<_>>(), [at(10), at(12), at(13)]);
    assert_eq!((&*of_one[2].campaign, of_one[2].status), ("", AttemptStatus::Test));
    let neither = LogFilter { campaign, person: Some(person(2)) };
    assert_eq!(log(&ledger, neither).await, []);

    let (sender, entries) = std::sync::mpsc::channel();
    let first_only = move |entry| {
        sender.send(entry).unwrap();
        false
    };
    ledger.log(EVERYTHING, first_only).await.unwrap();
    assert_eq!(entries.iter().count(), 1);
}

pub(in crate::ledger) async fn a_dead_address_is_suppressed_with_its_rejection(
    ledger: impl Ledger,
) {
    freeze(&ledger, 1..=1).await;
    let delivery = claim(&ledger, 1, 10).await[0].delivery;
    let bounced = SuppressionReason::Bounced;
    let rejected = Attempt { suppress: Some(bounced), ..attempt(Status::Rejected, 11) };
    ledger.finish(delivery, rejected).await.unwrap();
    ledger.suppress(manual(1)).await.unwrap();
    assert_eq!(ledger.suppress_all(vec![manual(1), manual(2), manual(2)]).await, Ok(1));

    let list = ledger.suppressions().await.unwrap();
    assert_eq!(list, [manual(2), Suppression { person: person(1), reason: bounced, at: at(11) }]);
    assert_eq!(ledger.suppressed().await.unwrap(), [person(1), person(2)].into());
    assert!(ledger.unsuppress(person(2)).await.unwrap());
    assert!(!ledger.unsuppress(person(2)).await.unwrap());
    assert_eq!(ledger.suppressed().await.unwrap(), [person(1)].into());
}

pub(in crate::ledger) async fn planning_sees_who_was_tried_and_who_is_in(ledger: impl Ledger) {
    freeze(&ledger, 1..=4).await;
    finish_next(&ledger, Status::Rejected, 10).await;
    finish_next(&ledger, Status::Deferred { retry_at: at(300) }, 11).await;
    mark_next(&ledger, 12).await;
    assert_eq!(ledger.attempted(ID).await.unwrap(), [person(1), person(3)].into());
    assert_eq!(ledger.people(ID).await.unwrap(), (1..=4).map(person).collect());
}

pub(in crate::ledger) async fn everybody_is_listed_with_their_state(ledger: impl Ledger) {
    freeze(&ledger, 1..=3).await;
    finish_next(&ledger, Status::Rejected, 10).await;
    let later = Status::Deferred { retry_at: at(300) };
    finish_next(&ledger, later, 11).await;
    let (sender, standings) = std::sync::mpsc::channel();
    let each = move |standing| sender.send(standing).is_ok();
    ledger.deliveries(ID, each).await.unwrap();
    let standing = |n, status, attempts, second: Option<i64>, sealed| Standing {
        person: person(n),
        revision: 1,
        status,
        attempts,
        first_attempt_at: second.map(at),
        sealed,
    };
    assert_eq!(
        standings.iter().collect::<Vec<_>>(),
        [
            standing(1, Status::Rejected, 1, Some(10), None),
            standing(2, later, 1, Some(11), Some(seal(2))),
            standing(3, Status::Planned, 0, None, Some(seal(3))),
        ]
    );
}

pub(in crate::ledger) async fn an_unknown_campaign_is_an_error(ledger: impl Ledger) {
    let unknown = Error::UnknownCampaign(ID.to_owned());
    let filter = LogFilter { campaign: Some(ID.to_owned()), person: None };
    assert_eq!(ledger.campaign(ID).await, Ok(None));
    assert_eq!(ledger.attempted(ID).await, Ok([].into()), "it has not been sent yet");
    assert_eq!(ledger.books(ID).await, Err(unknown.clone()));
    assert_eq!(ledger.passed_over(ID).await, Err(unknown.clone()));
    assert_eq!(ledger.claim(ID, 1, at(0)).await, Err(unknown.clone()));
    assert_eq!(ledger.people(ID).await, Err(unknown.clone()));
    assert_eq!(ledger.inputs(ID, 1).await, Err(unknown.clone()));
    assert_eq!(ledger.next_due(ID).await, Err(unknown.clone()));
    assert_eq!(ledger.request_stop(ID).await, Err(unknown.clone()));
    assert_eq!(ledger.stop_requested(ID).await, Err(unknown.clone()));
    assert_eq!(ledger.set_state(ID, CampaignState::Running, at(0)).await, Err(unknown.clone()));
    assert_eq!(ledger.deliveries(ID, |_| true).await, Err(unknown.clone()));
    assert_eq!(ledger.log(filter, |_| true).await, Err(unknown));
}
