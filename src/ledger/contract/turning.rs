//! The record of one delivery and the mark of the next, together.

use super::*;

pub(in crate::ledger) async fn one_delivery_is_recorded_and_the_next_marked(ledger: impl Ledger) {
    freeze(&ledger, 1..=2).await;
    let claimed = claim(&ledger, 2, 10).await;
    ledger.commit(claimed[0].delivery, at(10)).await.unwrap();
    let (first, next) = (claimed[0].delivery, claimed[1].delivery);
    let accepted = attempt(Status::Accepted, 20);
    assert_eq!(ledger.finish_and_commit(first, accepted, next, at(15)).await, Ok(Ok(())));
    let books = books(&ledger).await;
    assert_eq!((books.accepted, books.pending, books.committing), (1, 1, 1));
    ledger.finish(next, attempt(Status::Deferred { retry_at: at(300) }, 30)).await.unwrap();
    assert_eq!(claim(&ledger, 1, 300).await[0].first_attempt_at, Some(at(15)));
}

pub(in crate::ledger) async fn without_the_record_there_is_no_mark(ledger: impl Ledger) {
    freeze(&ledger, 1..=2).await;
    let claimed = claim(&ledger, 2, 10).await;
    let (first, next) = (claimed[0].delivery, claimed[1].delivery);
    // It was never marked, so nothing can have been accepted.
    let turned = ledger.finish_and_commit(first, attempt(Status::Accepted, 20), next, at(15)).await;
    assert!(turned.is_err(), "{turned:?}");
    let books = books(&ledger).await;
    assert_eq!((books.accepted, books.pending, books.committing), (0, 2, 0));
    assert_eq!(log(&ledger, EVERYTHING).await, []);
}

pub(in crate::ledger) async fn a_record_stands_though_the_next_must_not_be_sent(
    ledger: impl Ledger,
) {
    freeze(&ledger, 1..=2).await;
    let claimed = claim(&ledger, 2, 10).await;
    let (first, next) = (claimed[0].delivery, claimed[1].delivery);
    ledger.commit(first, at(10)).await.unwrap();
    ledger.suppress(manual(2)).await.unwrap();
    let turned = ledger.finish_and_commit(first, attempt(Status::Accepted, 20), next, at(15)).await;
    assert_eq!(turned, Ok(Err(Error::Suppressed)));
    let books = books(&ledger).await;
    assert_eq!((books.accepted, books.pending, books.committing), (1, 1, 0));
}
