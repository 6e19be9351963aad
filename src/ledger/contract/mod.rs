//! What every ledger promises, as tests that any of them can be put through.

mod amending;
mod answers;
mod approving;
mod following;
mod remembering;
mod settling;
mod turning;

use std::{collections::BTreeMap, time::Duration};

use jiff::Timestamp;

use super::{
    Approval, Attempt, AttemptStatus, Books, CampaignState, Claimed, Delivery, Error, Frozen,
    Grant, Ledger, LogEntry, LogFilter, PassedOver, Past, Recipient, Recovered, Settlement,
    Standing, Suppression, SuppressionReason, Tested,
};
use crate::{
    audience::SkipReason,
    campaign::status::{Change, IllegalChange, Status},
    deliver::Stage,
    keys::PersonKey,
};

/// Makes a test of each promise, on a fresh ledger each. `$make` returns the ledger and whatever
/// has to live as long.
macro_rules! contract {
    ($make:path) => {
        $crate::ledger::contract::contract!(@ $make:
            freezing_stores_everyone_once_and_the_books_balance,
            a_freeze_that_fails_half_way_stores_nothing,
            a_freeze_that_loses_somebody_is_refused,
            freezing_again_adds_only_the_new,
            another_text_under_the_same_id_is_refused,
            whoever_is_suppressed_before_the_freeze_gets_no_row,
            everyone_is_claimed_once_in_the_order_of_the_list,
            whoever_is_suppressed_after_the_freeze_moves_from_planned_to_skipped,
            whoever_is_suppressed_after_the_claim_is_not_marked,
            the_mark_keeps_the_date_of_the_first_try,
            outcomes_land_in_the_books_and_in_the_log,
            a_deferred_person_waits_for_its_time_and_then_goes_first,
            nobody_waits_longer_than_a_retry_can_be_away,
            a_released_person_is_as_if_never_taken,
            a_crash_leaves_the_claimed_planned_and_the_committing_uncertain,
            what_the_protocol_forbids_changes_nothing,
            a_campaign_is_finished_only_when_nothing_is_open,
            a_stop_is_seen_and_then_answered,
            caps_count_what_may_have_gone_out,
            a_log_is_filtered_and_ends_when_told,
            a_dead_address_is_suppressed_with_its_rejection,
            planning_sees_who_was_tried_and_who_is_in,
            everybody_is_listed_with_their_state,
            an_unknown_campaign_is_an_error,
            what_is_assumed_sent_counts_as_accepted_and_is_told_apart,
            what_is_to_be_sent_again_is_planned_with_the_date_of_its_first_try,
            only_the_uncertain_are_settled,
            a_paused_campaign_keeps_its_reason_when_somebody_is_sent_again,
            whoever_is_open_moves_to_the_new_text_and_waits,
            a_new_text_is_dated_anew_and_sealed_anew,
            whoever_is_on_no_list_any_more_is_skipped_and_whoever_is_suppressed_too,
            nobody_is_moved_who_is_not_open,
            a_change_and_its_notice_are_one_or_nothing,
            a_notice_that_is_there_gains_readers,
            with_nobody_left_a_corrected_campaign_is_finished,
            a_campaign_that_is_called_off_goes_to_nobody_any_more,
            a_correction_overtakes_the_corrections_before_it,
            a_change_that_nobody_is_told_of_leaves_corrections_alone,
            calling_off_takes_along_what_follows,
            what_a_run_holds_is_not_amended,
            whoever_may_have_it_is_known_with_what_they_have,
            a_crash_leaves_readers_and_others_apart,
            an_old_text_is_not_sent_again_after_its_correction,
            a_thread_is_told_from_its_beginning_wherever_it_is_asked,
            every_text_of_a_campaign_reads_back_as_it_was_frozen,
            one_delivery_is_recorded_and_the_next_marked,
            without_the_record_there_is_no_mark,
            a_record_stands_though_the_next_must_not_be_sent,
            campaigns_are_remembered_for_the_checks_of_later_ones,
            who_is_marked_may_have_it_already,
            what_was_passed_over_is_recorded_with_the_freeze,
            a_freeze_that_fails_records_nothing_passed_over,
            the_last_test_mail_that_arrived_is_remembered,
            the_newest_word_about_a_draft_holds,
            what_was_approved_reads_back_as_it_was_written,
            a_campaign_was_approved_if_it_was_so_when_it_was_frozen,
        );
    };
    (@ $make:path: $($promise:ident),+ $(,)?) => {
        $(
            #[tokio::test]
            async fn $promise() {
                let (ledger, _guard) = $make();
                $crate::ledger::contract::$promise(ledger).await;
            }
        )+
    };
}
pub(super) use amending::*;
pub(super) use answers::*;
pub(super) use approving::*;
pub(super) use contract;
pub(super) use following::*;
pub(super) use remembering::*;
pub(super) use settling::*;
pub(super) use turning::*;

const ID: &str = "hidden-revolution";
const EVERYTHING: LogFilter = LogFilter { campaign: None, person: None };

pub(super) fn at(second: i64) -> Timestamp {
    Timestamp::from_microsecond(1_800_000_000_123_456 + second * 1_000_000).unwrap()
}

pub(super) fn person(n: u8) -> PersonKey {
    PersonKey::from_bytes([n; 16])
}

pub(super) fn recipients(
    people: impl IntoIterator<Item = u8>,
) -> impl Iterator<Item = Result<Recipient, Error>> + Send + 'static {
    let people: Vec<_> = people.into_iter().collect();
    people.into_iter().map(|n| Ok(Recipient { person: person(n), sealed: seal(n) }))
}

pub(super) fn seal(n: u8) -> Vec<u8> {
    format!("sealed-canary-{n}").into_bytes()
}

pub(super) fn frozen(id: &str, planned: u64) -> Frozen {
    Frozen {
        id: id.to_owned(),
        digest: "d1".to_owned(),
        inputs: b"inputs".to_vec(),
        subject: "The hidden revolution".to_owned(),
        exhibit: b"exhibit".to_vec(),
        sequence: 0,
        follows: None,
        lists: vec!["members".to_owned()],
        narrowed: false,
        passed_over: Vec::new(),
        at: at(0),
        skipped: BTreeMap::from([(SkipReason::Duplicate, 2)]),
        rows: planned + 2,
    }
}

pub(super) fn attempt(status: Status, second: i64) -> Attempt {
    Attempt {
        started_at: at(second - 1),
        ended_at: at(second),
        status,
        stage: Stage::Dot,
        code: Some(250),
        enhanced: Some("2.0.0".to_owned()),
        reply: "Ok: queued".to_owned(),
        queue_id: Some("4XyzAB".to_owned()),
        suppress: None,
    }
}

pub(super) async fn freeze(ledger: &impl Ledger, people: std::ops::RangeInclusive<u8>) {
    let planned = people.clone().count() as u64;
    ledger.freeze(frozen(ID, planned), recipients(people)).await.unwrap();
}

pub(super) async fn claim(ledger: &impl Ledger, limit: usize, second: i64) -> Vec<Claimed> {
    ledger.claim(ID, limit, at(second)).await.unwrap()
}

/// Claims the next one and takes it as far as the mark.
pub(super) async fn mark_next(ledger: &impl Ledger, second: i64) -> Delivery {
    let delivery = claim(ledger, 1, second).await[0].delivery;
    ledger.commit(delivery, at(second)).await.unwrap();
    delivery
}

/// Claims the next one and ends its try after the mark.
pub(super) async fn finish_next(ledger: &impl Ledger, status: Status, second: i64) -> Delivery {
    let delivery = mark_next(ledger, second).await;
    ledger.finish(delivery, attempt(status, second)).await.unwrap();
    delivery
}

pub(super) async fn books(ledger: &impl Ledger) -> Books {
    let books = ledger.books(ID).await.unwrap();
    assert_eq!(books.rows, books.planned() + books.skipped.values().sum::<u64>(), "{books:?}");
    books
}

async fn log(ledger: &impl Ledger, filter: LogFilter) -> Vec<LogEntry> {
    let (sender, entries) = std::sync::mpsc::channel();
    ledger.log(filter, move |entry| sender.send(entry).is_ok()).await.unwrap();
    entries.into_iter().collect()
}

fn manual(n: u8) -> Suppression {
    Suppression { person: person(n), reason: SuppressionReason::Manual, at: at(5) }
}

pub(super) async fn freezing_stores_everyone_once_and_the_books_balance(ledger: impl Ledger) {
    let stored = ledger.freeze(frozen(ID, 3), recipients(1..=3)).await.unwrap();
    assert_eq!((stored.revision, &*stored.digest), (1, "d1"));
    assert_eq!((stored.state.clone(), stored.frozen_at), (CampaignState::Frozen, at(0)));
    assert_eq!(ledger.campaign(ID).await.unwrap(), Some(stored.clone()));
    assert_eq!(ledger.campaigns().await.unwrap(), [stored]);
    assert_eq!(ledger.inputs(ID, 1).await.unwrap(), b"inputs");
    let books = books(&ledger).await;
    assert_eq!((books.rows, books.pending, books.planned()), (5, 3, 3));
    assert_eq!(books.skipped, BTreeMap::from([(SkipReason::Duplicate, 2)]));
}

pub(super) async fn a_freeze_that_fails_half_way_stores_nothing(ledger: impl Ledger) {
    let gave_up = Error::Aborted("lists/members.csv:41: the list changed".to_owned());
    let people = recipients(1..=2).chain([Err(gave_up.clone())]);
    assert_eq!(ledger.freeze(frozen(ID, 2), people).await, Err(gave_up));
    assert_eq!(ledger.campaign(ID).await.unwrap(), None);
    freeze(&ledger, 1..=2).await;
    assert_eq!(books(&ledger).await.pending, 2);
}

pub(super) async fn a_freeze_that_loses_somebody_is_refused(ledger: impl Ledger) {
    let lost = ledger.freeze(frozen(ID, 3), recipients(1..=2)).await;
    assert!(matches!(lost, Err(Error::Aborted(_))), "{lost:?}");
    let twice = ledger.freeze(frozen(ID, 3), recipients([1, 2, 2])).await;
    assert!(matches!(twice, Err(Error::Aborted(_))), "{twice:?}");
    assert_eq!(ledger.campaign(ID).await.unwrap(), None);
}

pub(super) async fn freezing_again_adds_only_the_new(ledger: impl Ledger) {
    freeze(&ledger, 1..=3).await;
    finish_next(&ledger, Status::Accepted, 10).await;
    let held = claim(&ledger, 1, 11).await;

    freeze(&ledger, 1..=5).await;

    let books = books(&ledger).await;
    assert_eq!((books.rows, books.accepted, books.pending), (7, 1, 4));
    assert_eq!(books.skipped, BTreeMap::from([(SkipReason::Duplicate, 2)]));
    let rest: Vec<_> = claim(&ledger, 9, 12).await.iter().map(|next| next.person).collect();
    assert_eq!(held[0].person, person(2));
    assert_eq!(rest, [person(3), person(4), person(5)]);
}

pub(super) async fn another_text_under_the_same_id_is_refused(ledger: impl Ledger) {
    freeze(&ledger, 1..=1).await;
    let other = Frozen { digest: "d2".to_owned(), ..frozen(ID, 1) };
    let refused = ledger.freeze(other, recipients(2..=2)).await;
    assert_eq!(refused, Err(Error::OtherDigest(ID.to_owned())));
    assert_eq!(books(&ledger).await.planned(), 1);
}

pub(super) async fn whoever_is_suppressed_before_the_freeze_gets_no_row(ledger: impl Ledger) {
    ledger.suppress(manual(2)).await.unwrap();
    freeze(&ledger, 1..=3).await;
    let books = books(&ledger).await;
    assert_eq!((books.rows, books.pending), (5, 2));
    assert_eq!(books.skipped[&SkipReason::Suppressed], 1);
    assert!(claim(&ledger, 9, 10).await.iter().all(|next| next.person != person(2)));
}

pub(super) async fn everyone_is_claimed_once_in_the_order_of_the_list(ledger: impl Ledger) {
    freeze(&ledger, 1..=5).await;
    let first = claim(&ledger, 2, 10).await;
    let rest = claim(&ledger, 9, 10).await;
    let people: Vec<_> = first.iter().chain(&rest).map(|next| next.person).collect();
    assert_eq!((first.len(), people), (2, (1..=5).map(person).collect()));
    assert_eq!((&first[0].sealed, first[0].revision), (&seal(1), 1));
    assert_eq!((first[0].attempts, first[0].first_attempt_at), (0, None));
    assert_eq!(claim(&ledger, 9, 10).await, []);
}

pub(super) async fn whoever_is_suppressed_after_the_freeze_moves_from_planned_to_skipped(
    ledger: impl Ledger,
) {
    freeze(&ledger, 1..=4).await;
    let retry_at = at(60);
    finish_next(&ledger, Status::Deferred { retry_at }, 10).await;
    for n in [1, 2] {
        ledger.suppress(manual(n)).await.unwrap();
    }
    let claimed: Vec<_> = claim(&ledger, 2, 60).await.iter().map(|next| next.person).collect();
    assert_eq!(claimed, [person(3), person(4)], "the suppressed take nobody's place");
    let books = books(&ledger).await;
    assert_eq!((books.pending, books.deferred, books.rows), (2, 0, 6));
    assert_eq!(books.skipped[&SkipReason::Suppressed], 2);
}

pub(super) async fn whoever_is_suppressed_after_the_claim_is_not_marked(ledger: impl Ledger) {
    freeze(&ledger, 1..=2).await;
    let claimed = claim(&ledger, 2, 10).await;
    assert!(!ledger.is_suppressed(person(1)).await.unwrap());
    ledger.suppress(manual(1)).await.unwrap();
    assert!(ledger.is_suppressed(person(1)).await.unwrap());
    let delivery = claimed[0].delivery;
    assert_eq!(ledger.commit(delivery, at(11)).await, Err(Error::Suppressed));
    ledger.skip(delivery, SkipReason::Suppressed).await.unwrap();
    let books = books(&ledger).await;
    assert_eq!((books.skipped[&SkipReason::Suppressed], books.pending), (1, 1));
    assert_eq!(log(&ledger, EVERYTHING).await, [], "it was no try");
    assert!(ledger.skip(delivery, SkipReason::Gone).await.is_err(), "once is enough");
}

pub(super) async fn the_mark_keeps_the_date_of_the_first_try(ledger: impl Ledger) {
    freeze(&ledger, 1..=1).await;
    let delivery = claim(&ledger, 1, 10).await[0].delivery;
    ledger.commit(delivery, at(10)).await.unwrap();
    let deferred = attempt(Status::Deferred { retry_at: at(300) }, 20);
    ledger.finish(delivery, deferred).await.unwrap();

    let again = claim(&ledger, 1, 300).await.remove(0);
    assert_eq!((again.delivery, again.attempts), (delivery, 1));
    assert_eq!(again.first_attempt_at, Some(at(10)), "not when the try ended, nor the retry");
    ledger.commit(delivery, at(300)).await.unwrap();
    ledger.finish(delivery, attempt(Status::Deferred { retry_at: at(900) }, 301)).await.unwrap();
    assert_eq!(claim(&ledger, 1, 900).await[0].first_attempt_at, Some(at(10)));
}

pub(super) async fn outcomes_land_in_the_books_and_in_the_log(ledger: impl Ledger) {
    freeze(&ledger, 1..=5).await;
    finish_next(&ledger, Status::Accepted, 10).await;
    finish_next(&ledger, Status::Rejected, 20).await;
    finish_next(&ledger, Status::Deferred { retry_at: at(900) }, 30).await;
    finish_next(&ledger, Status::Uncertain, 40).await;

    let books = books(&ledger).await;
    assert_eq!((books.accepted, books.rejected, books.deferred), (1, 1, 1));
    assert_eq!((books.uncertain, books.pending, books.open()), (1, 1, 2));

    let log = log(&ledger, EVERYTHING).await;
    let told: Vec<_> = log.iter().map(|entry| (entry.person, entry.status)).collect();
    assert_eq!(
        told,
        [
            (person(1), AttemptStatus::Accepted),
            (person(2), AttemptStatus::Rejected),
            (person(3), AttemptStatus::Deferred),
            (person(4), AttemptStatus::Uncertain),
        ]
    );
    assert_eq!(
        log[0],
        LogEntry {
            at: at(10),
            campaign: ID.to_owned(),
            person: person(1),
            attempt: 1,
            status: AttemptStatus::Accepted,
            stage: Stage::Dot,
            code: Some(250),
            enhanced: Some("2.0.0".to_owned()),
            reply: "Ok: queued".to_owned(),
            queue_id: Some("4XyzAB".to_owned()),
        }
    );
}

pub(super) async fn a_deferred_person_waits_for_its_time_and_then_goes_first(ledger: impl Ledger) {
    freeze(&ledger, 1..=3).await;
    assert_eq!(ledger.next_due(ID).await.unwrap(), None);
    finish_next(&ledger, Status::Deferred { retry_at: at(300) }, 10).await;
    finish_next(&ledger, Status::Deferred { retry_at: at(200) }, 11).await;
    assert_eq!(ledger.next_due(ID).await.unwrap(), Some(at(200)));

    let early = claim(&ledger, 1, 199).await.remove(0);
    assert_eq!(early.person, person(3), "nobody's retry is due yet");
    ledger.release(vec![early.delivery]).await.unwrap();
    let due: Vec<_> = claim(&ledger, 9, 300).await.iter().map(|next| next.person).collect();
    assert_eq!(due, [person(2), person(1), person(3)]);
    assert_eq!(ledger.next_due(ID).await.unwrap(), None);
}

pub(super) async fn nobody_waits_longer_than_a_retry_can_be_away(ledger: impl Ledger) {
    freeze(&ledger, 1..=2).await;
    finish_next(&ledger, Status::Deferred { retry_at: at(9_000_000) }, 10).await;
    ledger.recover(at(100)).await.unwrap();
    assert_eq!(ledger.next_due(ID).await.unwrap(), Some(at(3_700)), "an hour from then");
    ledger.recover(at(3_000)).await.unwrap();
    assert_eq!(ledger.next_due(ID).await.unwrap(), Some(at(3_700)), "once is enough");
}

pub(super) async fn a_released_person_is_as_if_never_taken(ledger: impl Ledger) {
    freeze(&ledger, 1..=2).await;
    let taken = claim(&ledger, 2, 10).await;
    ledger.release(taken.iter().map(|next| next.delivery).collect()).await.unwrap();
    assert_eq!(books(&ledger).await.pending, 2);
    assert_eq!(claim(&ledger, 2, 11).await, taken);
    assert_eq!(log(&ledger, EVERYTHING).await, []);
}

pub(super) async fn a_crash_leaves_the_claimed_planned_and_the_committing_uncertain(
    ledger: impl Ledger,
) {
    freeze(&ledger, 1..=4).await;
    mark_next(&ledger, 10).await;
    claim(&ledger, 2, 11).await;

    let recovered = ledger.recover(at(500)).await.unwrap();

    assert_eq!(recovered, Recovered { released: 2, uncertain: 1 });
    let books = books(&ledger).await;
    assert_eq!((books.uncertain, books.pending), (1, 3));
    let log = log(&ledger, EVERYTHING).await;
    assert_eq!((log.len(), log[0].person, log[0].attempt), (1, person(1), 1));
    assert_eq!((log[0].status, log[0].code), (AttemptStatus::Uncertain, None));
    let counted = ledger.sent_within(Duration::from_hours(1), at(500)).await.unwrap();
    assert_eq!(counted.len(), 1, "it may have gone out");
    let again: Vec<_> = claim(&ledger, 9, 999).await.iter().map(|next| next.person).collect();
    assert_eq!(again, [person(2), person(3), person(4)], "the uncertain are never sent unasked");
    assert_eq!(ledger.recover(at(501)).await.unwrap().uncertain, 0);
}

pub(super) async fn what_the_protocol_forbids_changes_nothing(ledger: impl Ledger) {
    freeze(&ledger, 1..=1).await;
    let delivery = claim(&ledger, 1, 10).await[0].delivery;
    let accept = attempt(Status::Accepted, 11);
    let illegal = IllegalChange { from: Status::Claimed, change: Change::Accept };
    assert_eq!(ledger.finish(delivery, accept.clone()).await, Err(Error::Illegal(illegal)));
    for status in [Status::Planned, Status::Claimed, Status::Committing] {
        let ended = ledger.finish(delivery, attempt(status, 11)).await;
        assert!(matches!(ended, Err(Error::Illegal(_))), "{status:?} ends no try: {ended:?}");
    }
    ledger.commit(delivery, at(11)).await.unwrap();
    let twice = ledger.commit(delivery, at(12)).await;
    assert!(matches!(twice, Err(Error::Illegal(_))), "{twice:?}");
    let released = ledger.release(vec![delivery]).await;
    assert!(matches!(released, Err(Error::Illegal(_))), "{released:?}");
    ledger.finish(delivery, accept.clone()).await.unwrap();
    let again = ledger.finish(delivery, accept).await;
    assert!(matches!(again, Err(Error::Illegal(_))), "{again:?}");
    assert_eq!(ledger.commit(Delivery(999), at(13)).await, Err(Error::NotHeld));
    assert_eq!(log(&ledger, EVERYTHING).await.len(), 1);
    assert_eq!(books(&ledger).await.accepted, 1);
}

pub(super) async fn a_campaign_is_finished_only_when_nothing_is_open(ledger: impl Ledger) {
    freeze(&ledger, 1..=2).await;
    ledger.set_state(ID, CampaignState::Running, at(9)).await.unwrap();
    finish_next(&ledger, Status::Uncertain, 10).await;
    finish_next(&ledger, Status::Deferred { retry_at: at(300) }, 11).await;
    let early = ledger.set_state(ID, CampaignState::Finished, at(12)).await;
    assert_eq!(early, Err(Error::Unfinished { id: ID.to_owned(), open: 1 }));
    assert_eq!(
        early.unwrap_err().to_string(),
        format!("campaign `{ID}` still has 1 delivery to make")
    );

    let paused = CampaignState::Paused("`--limit 2`".to_owned());
    ledger.set_state(ID, paused.clone(), at(13)).await.unwrap();
    let found = ledger.campaign(ID).await.unwrap().unwrap();
    assert_eq!((found.state, found.changed_at), (paused, at(13)));

    finish_next(&ledger, Status::Accepted, 300).await;
    ledger.set_state(ID, CampaignState::Finished, at(301)).await.unwrap();
    let state = ledger.campaign(ID).await.unwrap().unwrap().state;
    assert_eq!(state, CampaignState::Finished);
}

pub(super) async fn a_stop_is_seen_and_then_answered(ledger: impl Ledger) {
    freeze(&ledger, 1..=1).await;
    assert!(!ledger.stop_requested(ID).await.unwrap());
    ledger.request_stop(ID).await.unwrap();
    assert!(ledger.stop_requested(ID).await.unwrap());
    ledger.set_state(ID, CampaignState::Running, at(1)).await.unwrap();
    assert!(ledger.stop_requested(ID).await.unwrap(), "asked just before the run began");
    let paused = CampaignState::Paused("`announce stop`".to_owned());
    ledger.set_state(ID, paused, at(1)).await.unwrap();
    assert!(!ledger.stop_requested(ID).await.unwrap(), "a resume must not stop at once");
}
