//! What becomes of a campaign, and of those who have not got it, when what it says has changed.

use std::{collections::HashMap, iter};

use super::*;
use crate::ledger::{Amendment, CampaignRecord, Follows, Recipients, Relation, Revision};

pub(super) const NOTICE: &str = "hidden-revolution~2";

pub(super) fn boxed(people: impl IntoIterator<Item = u8>, seal: fn(u8) -> Vec<u8>) -> Recipients {
    let people: Vec<_> = people.into_iter().collect();
    Box::new(people.into_iter().map(move |n| Ok(Recipient { person: person(n), sealed: seal(n) })))
}

fn new_seal(n: u8) -> Vec<u8> {
    format!("sealed-anew-{n}").into_bytes()
}

pub(super) fn revision(number: u32) -> Revision {
    Revision {
        digest: format!("d{number}"),
        inputs: format!("inputs {number}").into_bytes(),
        subject: format!("The hidden revolution {number}"),
        exhibit: format!("exhibit {number}").into_bytes(),
        sequence: number - 1,
    }
}

pub(super) fn revise(people: impl IntoIterator<Item = u8>) -> Amendment {
    Amendment::Revise(revision(2), boxed(people, new_seal))
}

pub(super) fn following(id: &str, relation: Relation, planned: u64) -> Frozen {
    let follows = Some(Follows { campaign: ID.to_owned(), relation });
    Frozen { digest: id.to_owned(), follows, ..frozen(id, planned) }
}

pub(super) fn notice(people: impl IntoIterator<Item = u8>) -> (Frozen, Recipients) {
    let people: Vec<_> = people.into_iter().collect();
    (following(NOTICE, Relation::Correction, people.len() as u64), boxed(people, seal))
}

pub(super) async fn amend(ledger: &impl Ledger, amendment: Amendment, second: i64) {
    ledger.amend(ID, amendment, None, at(second)).await.unwrap();
}

/// Person 1 accepted, 2 rejected, 3 deferred, 4 uncertain, 5 to 8 still to come.
pub(super) async fn half_sent(ledger: &impl Ledger) {
    freeze(ledger, 1..=8).await;
    finish_next(ledger, Status::Accepted, 10).await;
    finish_next(ledger, Status::Rejected, 20).await;
    finish_next(ledger, Status::Deferred { retry_at: at(900) }, 30).await;
    finish_next(ledger, Status::Uncertain, 40).await;
    let paused = CampaignState::Paused("stopped".to_owned());
    ledger.set_state(ID, paused, at(41)).await.unwrap();
}

pub(super) async fn record(ledger: &impl Ledger, id: &str) -> CampaignRecord {
    ledger.campaign(id).await.unwrap().unwrap()
}

pub(super) async fn standings(ledger: &impl Ledger) -> Vec<Standing> {
    let (sender, standings) = std::sync::mpsc::channel();
    ledger.deliveries(ID, move |standing| sender.send(standing).is_ok()).await.unwrap();
    standings.into_iter().collect()
}

pub(super) fn readers(people: &[(u8, u32)]) -> HashMap<PersonKey, u32> {
    people.iter().map(|(n, revision)| (person(*n), *revision)).collect()
}

pub(in crate::ledger) async fn whoever_is_open_moves_to_the_new_text_and_waits(
    ledger: impl Ledger,
) {
    half_sent(&ledger).await;
    let before = books(&ledger).await;
    amend(&ledger, revise([3, 5, 6, 7, 8]), 50).await;

    assert_eq!(books(&ledger).await, before, "nobody is lost and nobody is added");
    let found = record(&ledger, ID).await;
    assert_eq!((found.revision, &*found.digest, found.sequence), (2, "d2", 1));
    assert_eq!(found.state, CampaignState::Paused("the text was corrected".to_owned()));
    assert_eq!((found.changed_at, found.frozen_at, found.called_off), (at(50), at(0), false));
    let revisions: Vec<_> = standings(&ledger).await.iter().map(|one| one.revision).collect();
    assert_eq!(revisions, [1, 1, 2, 1, 2, 2, 2, 2]);

    let old = ledger.freeze(frozen(ID, 9), recipients(1..=9)).await;
    assert_eq!(old, Err(Error::OtherDigest(ID.to_owned())));
    let new = Frozen { digest: "d2".to_owned(), ..frozen(ID, 9) };
    ledger.freeze(new, recipients(1..=9)).await.unwrap();
    let all = claim(&ledger, 99, 900).await;
    let all: Vec<_> = all.iter().map(|next| (next.person, next.revision)).collect();
    assert_eq!(all, [3, 5, 6, 7, 8, 9].map(|n| (person(n), 2)), "who joins gets the new text");
}

pub(in crate::ledger) async fn a_new_text_is_dated_anew_and_sealed_anew(ledger: impl Ledger) {
    half_sent(&ledger).await;
    amend(&ledger, revise([3, 5, 6, 7, 8]), 50).await;

    assert_eq!(ledger.next_due(ID).await, Ok(Some(at(900))), "the address has to wait still");
    let retried = claim(&ledger, 1, 900).await.remove(0);
    assert_eq!((retried.person, retried.sealed), (person(3), new_seal(3)));
    assert_eq!((retried.attempts, retried.first_attempt_at), (1, None));
    ledger.commit(retried.delivery, at(900)).await.unwrap();
    ledger.finish(retried.delivery, attempt(Status::Accepted, 901)).await.unwrap();
    let third = standings(&ledger).await.remove(2);
    assert_eq!((third.first_attempt_at, third.attempts), (Some(at(900)), 2));
}

pub(in crate::ledger) async fn whoever_is_on_no_list_any_more_is_skipped_and_whoever_is_suppressed_too(
    ledger: impl Ledger,
) {
    half_sent(&ledger).await;
    ledger.suppress(manual(3)).await.unwrap();
    ledger.suppress(manual(5)).await.unwrap();
    amend(&ledger, revise([7, 8]), 50).await;

    let books = books(&ledger).await;
    assert_eq!((books.pending, books.deferred, books.planned()), (2, 0, 5));
    let skipped = [(SkipReason::Duplicate, 2), (SkipReason::Suppressed, 2), (SkipReason::Gone, 1)];
    assert_eq!(books.skipped, skipped.into());
    let standings = standings(&ledger).await;
    for (n, reason) in
        [(3, SkipReason::Suppressed), (5, SkipReason::Suppressed), (6, SkipReason::Gone)]
    {
        let one = &standings[n - 1];
        assert_eq!((one.status, &one.sealed), (Status::Skipped(reason), &None));
    }
    assert_eq!(ledger.next_due(ID).await, Ok(None));
}

pub(in crate::ledger) async fn nobody_is_moved_who_is_not_open(ledger: impl Ledger) {
    half_sent(&ledger).await;
    let before = (standings(&ledger).await, books(&ledger).await, record(&ledger, ID).await);
    for (who, stray) in
        [("accepted", 1), ("rejected", 2), ("uncertain", 4), ("unknown", 9), ("moved already", 5)]
    {
        let refused = ledger.amend(ID, revise([3, 5, 6, 7, 8, stray]), None, at(50)).await;
        assert!(matches!(refused, Err(Error::Aborted(_))), "{who}: {refused:?}");
        let after = (standings(&ledger).await, books(&ledger).await, record(&ledger, ID).await);
        assert_eq!(after, before, "{who}");
    }
    let other = ledger.amend("other", revise([]), None, at(50)).await;
    assert_eq!(other, Err(Error::UnknownCampaign("other".to_owned())));
}

pub(in crate::ledger) async fn a_change_and_its_notice_are_one_or_nothing(ledger: impl Ledger) {
    half_sent(&ledger).await;
    let before = (standings(&ledger).await, record(&ledger, ID).await);
    let gave_up = Error::Aborted("lists/members.csv:41: the list changed".to_owned());
    let failing = |people: &[u8]| -> Recipients {
        Box::new(boxed(people.to_vec(), seal).chain(iter::once(Err(gave_up.clone()))))
    };
    let open = [3, 5, 6, 7, 8];
    let half_a_notice = (following(NOTICE, Relation::Correction, 2), failing(&[1, 4]));
    let refused = ledger.amend(ID, revise(open), Some(half_a_notice), at(50)).await;
    assert_eq!(refused, Err(gave_up.clone()));
    let half_a_text = Amendment::Revise(revision(2), failing(&open));
    let refused = ledger.amend(ID, half_a_text, Some(notice([1, 4])), at(50)).await;
    assert_eq!(refused, Err(gave_up.clone()));
    let lossy = (following(NOTICE, Relation::Correction, 3), boxed([1, 4], seal));
    let refused = ledger.amend(ID, Amendment::CallOff, Some(lossy), at(50)).await;
    assert!(matches!(refused, Err(Error::Aborted(_))), "{refused:?}");
    assert_eq!((standings(&ledger).await, record(&ledger, ID).await), before);
    assert_eq!(ledger.campaign(NOTICE).await, Ok(None));

    ledger.amend(ID, revise(open), Some(notice([1, 4])), at(50)).await.unwrap();
    let told = record(&ledger, NOTICE).await;
    let follows = Follows { campaign: ID.to_owned(), relation: Relation::Correction };
    assert_eq!((told.follows, told.state), (Some(follows), CampaignState::Frozen));
    assert_eq!(ledger.people(NOTICE).await, Ok([person(1), person(4)].into()));
}

pub(in crate::ledger) async fn with_nobody_left_a_corrected_campaign_is_finished(
    ledger: impl Ledger,
) {
    freeze(&ledger, 1..=2).await;
    finish_next(&ledger, Status::Accepted, 10).await;
    amend(&ledger, revise([]), 50).await;
    assert_eq!(record(&ledger, ID).await.state, CampaignState::Finished);
    assert_eq!(books(&ledger).await.skipped[&SkipReason::Gone], 1);

    amend(&ledger, Amendment::Revise(revision(3), boxed([], seal)), 60).await;
    let found = record(&ledger, ID).await;
    assert_eq!((found.revision, found.state), (3, CampaignState::Finished));
    assert_eq!(found.changed_at, at(50), "the state is what it was");
}

pub(in crate::ledger) async fn what_a_run_holds_is_not_amended(ledger: impl Ledger) {
    freeze(&ledger, 1..=3).await;
    let taken = claim(&ledger, 1, 10).await;
    for amendment in [revise([2, 3]), Amendment::CallOff] {
        let refused = ledger.amend(ID, amendment, None, at(11)).await;
        assert!(matches!(refused, Err(Error::Aborted(_))), "{refused:?}");
    }
    assert_eq!((books(&ledger).await.pending, record(&ledger, ID).await.revision), (3, 1));
    ledger.release(vec![taken[0].delivery]).await.unwrap();
    amend(&ledger, revise([1, 2, 3]), 12).await;
}

pub(in crate::ledger) async fn whoever_may_have_it_is_known_with_what_they_have(
    ledger: impl Ledger,
) {
    half_sent(&ledger).await;
    ledger.freeze(frozen("other", 1), recipients([7])).await.unwrap();
    let elsewhere = ledger.claim("other", 1, at(45)).await.unwrap()[0].delivery;
    ledger.commit(elsewhere, at(45)).await.unwrap();
    ledger.finish(elsewhere, attempt(Status::Accepted, 46)).await.unwrap();
    assert_eq!(ledger.received(ID).await, Ok(readers(&[(1, 1), (4, 1)])));

    amend(&ledger, revise([3, 5, 6, 7, 8]), 50).await;
    finish_next(&ledger, Status::Accepted, 60).await;
    finish_next(&ledger, Status::Rejected, 61).await;
    mark_next(&ledger, 62).await;
    claim(&ledger, 1, 63).await;
    let marked_too = Ok(readers(&[(1, 1), (4, 1), (5, 2), (7, 2)]));
    assert_eq!(ledger.received(ID).await, marked_too);
}

pub(in crate::ledger) async fn a_crash_leaves_readers_and_others_apart(ledger: impl Ledger) {
    freeze(&ledger, 1..=4).await;
    mark_next(&ledger, 10).await;
    claim(&ledger, 1, 11).await;
    assert_eq!(
        ledger.received(ID).await,
        Ok(readers(&[(1, 1)])),
        "before anybody has recovered it"
    );
    let early = ledger.amend(ID, revise([2, 3, 4]), Some(notice([1])), at(19)).await;
    assert!(matches!(early, Err(Error::Aborted(_))), "{early:?}");

    ledger.recover(at(20)).await.unwrap();
    assert_eq!(ledger.received(ID).await, Ok(readers(&[(1, 1)])));
    ledger.amend(ID, revise([2, 3, 4]), Some(notice([1])), at(21)).await.unwrap();
    let open = claim(&ledger, 9, 30).await;
    assert_eq!(open.iter().map(|next| next.person).collect::<Vec<_>>(), [2, 3, 4].map(person));
}

pub(in crate::ledger) async fn an_old_text_is_not_sent_again_after_its_correction(
    ledger: impl Ledger,
) {
    half_sent(&ledger).await;
    amend(&ledger, revise([3, 5, 6, 7, 8]), 50).await;
    finish_next(&ledger, Status::Uncertain, 60).await;
    let before = (standings(&ledger).await, log(&ledger, EVERYTHING).await);
    for people in [None, Some(vec![person(4)]), Some(vec![person(5), person(4)])] {
        let refused = ledger.settle(ID, people, Settlement::Resend, at(70)).await;
        assert_eq!(refused, Err(Error::Outdated(ID.to_owned())));
    }
    assert_eq!((standings(&ledger).await, log(&ledger, EVERYTHING).await), before);

    let new = Some(vec![person(5)]);
    assert_eq!(ledger.settle(ID, new, Settlement::Resend, at(71)).await, Ok(1));
    assert_eq!(ledger.settle(ID, None, Settlement::AssumeSent, at(72)).await, Ok(1));
    assert_eq!(ledger.received(ID).await, Ok(readers(&[(1, 1), (4, 1)])));
}

pub(in crate::ledger) async fn every_text_of_a_campaign_reads_back_as_it_was_frozen(
    ledger: impl Ledger,
) {
    half_sent(&ledger).await;
    amend(&ledger, revise([3, 5, 6, 7, 8]), 50).await;
    for (revision, inputs, exhibit) in [(1, "inputs", "exhibit"), (2, "inputs 2", "exhibit 2")] {
        assert_eq!(ledger.inputs(ID, revision).await.unwrap(), inputs.as_bytes());
        assert_eq!(ledger.exhibit(ID, revision).await.unwrap(), exhibit.as_bytes());
    }
    assert!(ledger.inputs(ID, 3).await.is_err() && ledger.exhibit(ID, 3).await.is_err());
    let past = ledger.past().await.unwrap().remove(0);
    assert_eq!((&*past.digest, &*past.subject), ("d2", "The hidden revolution 2"));
}
