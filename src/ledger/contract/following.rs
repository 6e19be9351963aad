//! Campaigns that follow another, and what becomes of them when that one changes.

use super::{
    amending::{
        NOTICE, amend, boxed, following, half_sent, notice, readers, record, revise, revision,
        standings,
    },
    *,
};
use crate::ledger::{Amendment, Follows, Relation};

pub(in crate::ledger) async fn a_notice_that_is_there_gains_readers(ledger: impl Ledger) {
    half_sent(&ledger).await;
    let (first, people) = notice([1]);
    ledger.freeze(first, people).await.unwrap();
    ledger.amend(ID, revise([3, 5, 6, 7, 8]), Some(notice([1, 4])), at(50)).await.unwrap();
    assert_eq!(ledger.people(NOTICE).await, Ok([person(1), person(4)].into()));
    let told = ledger.books(NOTICE).await.unwrap();
    assert_eq!((told.pending, told.rows, record(&ledger, NOTICE).await.called_off), (2, 4, false));
}

pub(in crate::ledger) async fn a_campaign_that_is_called_off_goes_to_nobody_any_more(
    ledger: impl Ledger,
) {
    half_sent(&ledger).await;
    ledger.suppress(manual(5)).await.unwrap();
    let (cancelled, people) = notice([1, 4]);
    let relation = Relation::Cancellation;
    let cancelled = Frozen { follows: following(NOTICE, relation, 2).follows, ..cancelled };
    ledger.amend(ID, Amendment::CallOff, Some((cancelled, people)), at(50)).await.unwrap();

    let books = books(&ledger).await;
    assert_eq!((books.open(), books.planned(), books.rows), (0, 3, 10));
    assert_eq!(books.skipped[&SkipReason::Cancelled], 4);
    assert_eq!(books.skipped[&SkipReason::Suppressed], 1);
    let found = record(&ledger, ID).await;
    assert_eq!((found.state, found.called_off), (CampaignState::Finished, true));
    assert!(standings(&ledger).await[4..].iter().all(|one| one.sealed.is_none()));
    assert_eq!(claim(&ledger, 9, 9_999).await, []);
    assert_eq!(ledger.received(ID).await, Ok(readers(&[(1, 1), (4, 1)])));

    let called_off = Error::CalledOff(ID.to_owned());
    let more = ledger.freeze(frozen(ID, 9), recipients(1..=9)).await;
    assert_eq!(more, Err(called_off.clone()));
    for amendment in [revise([]), Amendment::CallOff] {
        let again = ledger.amend(ID, amendment, None, at(60)).await;
        assert_eq!(again, Err(called_off.clone()));
    }
    let again = ledger.settle(ID, None, Settlement::Resend, at(61)).await;
    assert_eq!(again, Err(Error::Outdated(ID.to_owned())));
    let sent = record(&ledger, NOTICE).await;
    assert_eq!((sent.state, sent.called_off), (CampaignState::Frozen, false));
}

pub(in crate::ledger) async fn a_correction_overtakes_the_corrections_before_it(
    ledger: impl Ledger,
) {
    half_sent(&ledger).await;
    let thanks = following("thanks", Relation::FollowUp, 1);
    ledger.freeze(thanks, recipients([1])).await.unwrap();
    ledger.amend(ID, revise([3, 5, 6, 7, 8]), Some(notice([1, 4])), at(50)).await.unwrap();
    let first = ledger.claim(NOTICE, 1, at(51)).await.unwrap()[0].delivery;
    ledger.commit(first, at(51)).await.unwrap();
    ledger.finish(first, attempt(Status::Uncertain, 52)).await.unwrap();

    let dinner = following("dinner", Relation::FollowUp, 1);
    let follows = Some(Follows { campaign: NOTICE.to_owned(), relation: Relation::FollowUp });
    ledger.freeze(Frozen { follows, ..dinner }, recipients([1])).await.unwrap();
    let second = "hidden-revolution~3";
    let latest = (following(second, Relation::Correction, 2), boxed([1, 4], seal));
    let amendment = Amendment::Revise(revision(3), boxed([3, 5, 6, 7, 8], seal));
    ledger.amend(ID, amendment, Some(latest), at(60)).await.unwrap();
    let dinner = record(&ledger, "dinner").await;
    assert!(!dinner.called_off, "what is no correction says nothing that does not hold");

    let overtaken = record(&ledger, NOTICE).await;
    assert_eq!((overtaken.state, overtaken.called_off), (CampaignState::Finished, true));
    let told = ledger.books(NOTICE).await.unwrap();
    assert_eq!((told.uncertain, told.skipped[&SkipReason::Cancelled]), (1, 1));
    let again = ledger.settle(NOTICE, None, Settlement::Resend, at(61)).await;
    assert_eq!(again, Err(Error::Outdated(NOTICE.to_owned())));
    assert_eq!(ledger.claim(second, 9, at(62)).await.unwrap().len(), 2);
    let thanks = record(&ledger, "thanks").await;
    assert_eq!((thanks.state, thanks.called_off), (CampaignState::Frozen, false));

    // Also where the text itself is left as it is.
    ledger
        .freeze(following("in-own-words", Relation::Correction, 2), recipients([1, 4]))
        .await
        .unwrap();
    assert!(record(&ledger, second).await.called_off);
}

pub(in crate::ledger) async fn a_change_that_nobody_is_told_of_leaves_corrections_alone(
    ledger: impl Ledger,
) {
    half_sent(&ledger).await;
    let open = [3, 5, 6, 7, 8];
    ledger.amend(ID, revise(open), Some(notice([1, 4])), at(50)).await.unwrap();
    let mended = || Amendment::Revise(revision(3), boxed(open, seal));
    amend(&ledger, mended(), 60).await;
    let thanks = (following("thanks", Relation::FollowUp, 1), boxed([1], seal));
    ledger.amend(ID, mended(), Some(thanks), at(70)).await.unwrap();
    assert_eq!(ledger.claim(NOTICE, 9, at(71)).await.unwrap().len(), 2);
}

pub(in crate::ledger) async fn calling_off_takes_along_what_follows(ledger: impl Ledger) {
    half_sent(&ledger).await;
    ledger.amend(ID, revise([3, 5, 6, 7, 8]), Some(notice([1, 4])), at(50)).await.unwrap();
    let parking = following("parking", Relation::FollowUp, 2);
    let follows = Some(Follows { campaign: NOTICE.to_owned(), relation: Relation::FollowUp });
    ledger.freeze(Frozen { follows, ..parking }, recipients([1, 4])).await.unwrap();
    let other = ledger.freeze(frozen("other", 2), recipients([1, 4])).await.unwrap();

    amend(&ledger, Amendment::CallOff, 60).await;
    for id in [ID, NOTICE, "parking"] {
        let found = record(&ledger, id).await;
        assert_eq!((found.state, found.called_off), (CampaignState::Finished, true), "{id}");
    }
    assert_eq!(record(&ledger, "other").await, other);
}

pub(in crate::ledger) async fn a_thread_is_told_from_its_beginning_wherever_it_is_asked(
    ledger: impl Ledger,
) {
    half_sent(&ledger).await;
    ledger.freeze(frozen("other", 1), recipients([1])).await.unwrap();
    ledger.amend(ID, revise([3, 5, 6, 7, 8]), Some(notice([1, 4])), at(50)).await.unwrap();
    let last = following("thanks", Relation::FollowUp, 1);
    let follows = Some(Follows { campaign: NOTICE.to_owned(), relation: Relation::FollowUp });
    ledger.freeze(Frozen { follows, ..last }, recipients([1])).await.unwrap();

    for id in [ID, NOTICE, "thanks"] {
        let thread = ledger.thread(id).await.unwrap();
        let names: Vec<_> = thread.iter().map(|record| record.id.as_str()).collect();
        assert_eq!(names, [ID, NOTICE, "thanks"], "{id}");
        assert_eq!(thread[0], record(&ledger, ID).await);
    }
    assert_eq!(ledger.thread("other").await.unwrap().len(), 1);
    assert_eq!(ledger.thread("nothing").await, Ok(Vec::new()));
}
