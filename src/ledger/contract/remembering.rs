//! What a ledger remembers for the checks of later announcements.

use super::*;

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

pub(in crate::ledger) async fn campaigns_are_remembered_for_the_checks_of_later_ones(
    ledger: impl Ledger,
) {
    let lists = names(&["press", "members"]);
    let first = Frozen { lists, narrowed: true, ..frozen(ID, 4) };
    ledger.freeze(first, recipients(1..=4)).await.unwrap();
    let subject = "A letter for …".to_owned();
    let letter = Frozen { digest: "d2".to_owned(), subject, at: at(9), ..frozen("letter", 1) };
    ledger.freeze(letter, recipients(9..=9)).await.unwrap();
    finish_next(&ledger, Status::Rejected, 10).await;

    let expected = Past {
        id: ID.to_owned(),
        digest: "d1".to_owned(),
        subject: "The hidden revolution".to_owned(),
        lists: names(&["members", "press"]),
        narrowed: true,
        frozen_at: at(0),
        planned: 4,
        begun: true,
    };
    let letter = Past {
        id: "letter".to_owned(),
        digest: "d2".to_owned(),
        subject: "A letter for …".to_owned(),
        lists: names(&["members"]),
        narrowed: false,
        frozen_at: at(9),
        planned: 1,
        begun: false,
    };
    assert_eq!(ledger.past().await.unwrap(), [expected.clone(), letter.clone()]);

    // Who is added comes from these lists too, and then it has gone to all of them.
    let more = Frozen { lists: names(&["friends", "press"]), at: at(20), ..frozen(ID, 6) };
    ledger.freeze(more, recipients(3..=6)).await.unwrap();
    let lists = names(&["friends", "members", "press"]);
    let expected = Past { lists, narrowed: false, planned: 6, ..expected };
    assert_eq!(ledger.past().await.unwrap(), [expected, letter.clone()]);
    ledger.freeze(Frozen { narrowed: true, ..frozen(ID, 1) }, recipients(7..=7)).await.unwrap();
    assert!(!ledger.past().await.unwrap()[0].narrowed, "what has gone to all has gone to all");

    ledger.suppress(manual(9)).await.unwrap();
    assert_eq!(ledger.claim("letter", 1, at(30)).await.unwrap(), []);
    let nobody = Past { planned: 0, ..letter };
    assert_eq!(ledger.past().await.unwrap()[1], nobody, "who is skipped has not been tried");
}

pub(in crate::ledger) async fn who_is_marked_may_have_it_already(ledger: impl Ledger) {
    freeze(&ledger, 1..=2).await;
    let delivery = claim(&ledger, 1, 10).await[0].delivery;
    assert!(!ledger.past().await.unwrap()[0].begun, "claimed only");
    ledger.commit(delivery, at(11)).await.unwrap();
    assert!(ledger.past().await.unwrap()[0].begun);
}

pub(in crate::ledger) async fn what_was_passed_over_is_recorded_with_the_freeze(
    ledger: impl Ledger,
) {
    let passed = |rule: &str, second| PassedOver { rule: rule.to_owned(), at: at(second) };
    let passed_over = names(&["S5/repeat", "M2/leftover"]);
    let first = Frozen { passed_over, ..frozen(ID, 2) };
    ledger.freeze(first, recipients(1..=2)).await.unwrap();
    let first = [passed("M2/leftover", 0), passed("S5/repeat", 0)];
    assert_eq!(ledger.passed_over(ID).await.unwrap(), first);

    freeze(&ledger, 1..=3).await;
    assert_eq!(ledger.passed_over(ID).await.unwrap(), first, "nothing was passed over");
    let again = Frozen { passed_over: names(&["M2/leftover"]), at: at(50), ..frozen(ID, 1) };
    ledger.freeze(again, recipients(4..=4)).await.unwrap();
    let [leftover, repeat] = first;
    let all = [leftover, repeat, passed("M2/leftover", 50)];
    assert_eq!(ledger.passed_over(ID).await.unwrap(), all);

    ledger.freeze(frozen("letter", 1), recipients(1..=1)).await.unwrap();
    assert_eq!(ledger.passed_over("letter").await, Ok(Vec::new()), "that was another campaign");
}

pub(in crate::ledger) async fn a_freeze_that_fails_records_nothing_passed_over(
    ledger: impl Ledger,
) {
    freeze(&ledger, 1..=2).await;
    let passed_over = names(&["M2/leftover"]);
    let more = Frozen { passed_over, lists: names(&["press"]), ..frozen(ID, 2) };
    let aborted = Error::Aborted("the list changed".to_owned());
    let people = recipients(3..=3).chain([Err(aborted.clone())]);
    assert_eq!(ledger.freeze(more, people).await, Err(aborted));
    assert_eq!(ledger.passed_over(ID).await, Ok(Vec::new()));
    assert_eq!(ledger.past().await.unwrap()[0].lists, ["members"]);
}

pub(in crate::ledger) async fn the_last_test_mail_that_arrived_is_remembered(ledger: impl Ledger) {
    assert_eq!(ledger.last_test(ID).await, Ok(None));
    for (status, second, campaign, digest) in [
        (Status::Accepted, 10, ID, "d1"),
        (Status::Accepted, 11, ID, "d2"),
        (Status::Rejected, 12, ID, "d3"),
        (Status::Uncertain, 13, ID, "d4"),
        (Status::Accepted, 14, "letter", "d5"),
    ] {
        let attempt = attempt(status, second);
        ledger.record_test(person(1), attempt, campaign, digest).await.unwrap();
    }
    let tested = |digest: &str, second| Tested { digest: digest.to_owned(), at: at(second) };
    assert_eq!(ledger.last_test(ID).await, Ok(Some(tested("d2", 11))));
    assert_eq!(ledger.last_test("letter").await, Ok(Some(tested("d5", 14))));
    assert_eq!(ledger.last_test("statement").await, Ok(None));
}
