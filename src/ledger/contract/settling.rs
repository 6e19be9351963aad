//! What a person decides about uncertain deliveries.

use std::time::Duration;

use super::*;

/// Person 1 accepted, 2 and 3 uncertain, and the campaign finished.
async fn doubtful(ledger: &impl Ledger) {
    freeze(ledger, 1..=3).await;
    finish_next(ledger, Status::Accepted, 10).await;
    finish_next(ledger, Status::Uncertain, 20).await;
    finish_next(ledger, Status::Uncertain, 30).await;
    ledger.set_state(ID, CampaignState::Finished, at(31)).await.unwrap();
}

async fn state(ledger: &impl Ledger) -> CampaignState {
    ledger.campaign(ID).await.unwrap().unwrap().state
}

pub(in crate::ledger) async fn what_is_assumed_sent_counts_as_accepted_and_is_told_apart(
    ledger: impl Ledger,
) {
    doubtful(&ledger).await;
    let settled = ledger.settle(ID, None, Settlement::AssumeSent, at(40)).await;
    assert_eq!(settled, Ok(2));
    let books = books(&ledger).await;
    assert_eq!((books.accepted, books.uncertain, books.pending), (3, 0, 0));
    assert_eq!(state(&ledger).await, CampaignState::Finished);

    let (sender, standings) = std::sync::mpsc::channel();
    ledger.deliveries(ID, move |standing| sender.send(standing).is_ok()).await.unwrap();
    assert!(standings.iter().all(|standing| standing.sealed.is_none()), "nobody needs them now");
    let told: Vec<_> =
        log(&ledger, EVERYTHING).await.iter().map(|e| (e.person, e.attempt, e.status)).collect();
    assert_eq!(
        told[1..],
        [
            (person(2), 1, AttemptStatus::Uncertain),
            (person(3), 1, AttemptStatus::Uncertain),
            (person(2), 1, AttemptStatus::Assumed),
            (person(3), 1, AttemptStatus::Assumed),
        ]
    );
    let counted = ledger.sent_within(Duration::from_hours(1), at(50)).await.unwrap();
    assert_eq!(counted, [at(10), at(20), at(30)], "a decision sends nothing");
    assert_eq!(ledger.settle(ID, None, Settlement::AssumeSent, at(41)).await, Ok(0));
}

pub(in crate::ledger) async fn what_is_to_be_sent_again_is_planned_with_the_date_of_its_first_try(
    ledger: impl Ledger,
) {
    doubtful(&ledger).await;
    let one = Some(vec![person(3)]);
    assert_eq!(ledger.settle(ID, one, Settlement::Resend, at(40)).await, Ok(1));
    let before = books(&ledger).await;
    assert_eq!((before.accepted, before.uncertain, before.pending), (1, 1, 1));
    assert!(matches!(state(&ledger).await, CampaignState::Paused(_)), "somebody is to go on");

    let again = claim(&ledger, 9, 50).await;
    assert_eq!((again.len(), again[0].person, &again[0].sealed), (1, person(3), &seal(3)));
    assert_eq!((again[0].attempts, again[0].first_attempt_at), (1, Some(at(30))));
    ledger.commit(again[0].delivery, at(50)).await.unwrap();
    ledger.finish(again[0].delivery, attempt(Status::Accepted, 51)).await.unwrap();
    let filter = LogFilter { campaign: None, person: Some(person(3)) };
    let told: Vec<_> = log(&ledger, filter).await.iter().map(|e| (e.attempt, e.status)).collect();
    assert_eq!(
        told,
        [(1, AttemptStatus::Uncertain), (1, AttemptStatus::Resend), (2, AttemptStatus::Accepted),]
    );
}

pub(in crate::ledger) async fn only_the_uncertain_are_settled(ledger: impl Ledger) {
    doubtful(&ledger).await;
    for settlement in [Settlement::AssumeSent, Settlement::Resend] {
        let asked = Some(vec![person(2), person(1)]);
        let refused = ledger.settle(ID, asked, settlement, at(40)).await;
        assert!(matches!(refused, Err(Error::Illegal(_))), "{refused:?}");
        let stranger = Some(vec![person(9)]);
        assert_eq!(ledger.settle(ID, stranger, settlement, at(41)).await, Ok(0));
    }
    assert_eq!(books(&ledger).await.uncertain, 2, "not even those who are");
    assert_eq!(log(&ledger, EVERYTHING).await.len(), 3);
    assert_eq!(state(&ledger).await, CampaignState::Finished);
    let unknown = ledger.settle("other", None, Settlement::Resend, at(42)).await;
    assert_eq!(unknown, Err(Error::UnknownCampaign("other".to_owned())));
}

pub(in crate::ledger) async fn a_paused_campaign_keeps_its_reason_when_somebody_is_sent_again(
    ledger: impl Ledger,
) {
    freeze(&ledger, 1..=2).await;
    finish_next(&ledger, Status::Uncertain, 10).await;
    let paused = CampaignState::Paused("the relay refuses our mail".to_owned());
    ledger.set_state(ID, paused.clone(), at(11)).await.unwrap();
    assert_eq!(ledger.settle(ID, None, Settlement::Resend, at(12)).await, Ok(1));
    assert_eq!(state(&ledger).await, paused);
    assert_eq!(books(&ledger).await.pending, 2);
}
