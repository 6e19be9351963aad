//! Approvals, which are added to and never changed.

use super::*;

fn approval(draft: &str, by: &str, digest: &str, second: i64) -> Approval {
    let exhibit = vec![0, 255, b'x'];
    let grant = Grant { digest: digest.to_owned(), exhibit, allowed: Vec::new() };
    Approval {
        draft: draft.to_owned(),
        by: by.to_owned(),
        note: None,
        at: at(second),
        grant: Some(grant),
    }
}

async fn record(ledger: &impl Ledger, approval: &Approval) {
    ledger.record_approval(approval.clone()).await.unwrap();
}

pub(in crate::ledger) async fn the_newest_word_about_a_draft_holds(ledger: impl Ledger) {
    assert_eq!(ledger.approval(ID).await, Ok(None));
    let first = approval(ID, "Ann Lee", "d1", 10);
    record(&ledger, &first).await;
    record(&ledger, &approval("letter", "Jo Park", "d2", 11)).await;
    assert_eq!(ledger.approval(ID).await, Ok(Some(first.clone())));
    let taken_back = Approval { by: "Jo Park".to_owned(), at: at(12), grant: None, ..first };
    record(&ledger, &taken_back).await;
    assert_eq!(ledger.approval(ID).await, Ok(Some(taken_back)));
    // A clock that was put back does not bring an old word back.
    let again = approval(ID, "Ann Lee", "d3", 5);
    record(&ledger, &again).await;
    assert_eq!(ledger.approval(ID).await, Ok(Some(again)));
}

pub(in crate::ledger) async fn what_was_approved_reads_back_as_it_was_written(ledger: impl Ledger) {
    let grant = Grant {
        digest: "d1".to_owned(),
        exhibit: (0..=255).collect(),
        allowed: vec!["M2/leftover".to_owned(), "S5/repeat".to_owned()],
    };
    let note = Some("by telephone, \"go\"".to_owned());
    let full = Approval { note, grant: Some(grant), ..approval(ID, "이 안나", "d1", 10) };
    record(&ledger, &full).await;
    assert_eq!(ledger.approval(ID).await, Ok(Some(full)));
}

pub(in crate::ledger) async fn a_campaign_was_approved_if_it_was_so_when_it_was_frozen(
    ledger: impl Ledger,
) {
    let approved = approval(ID, "Ann Lee", "d1", 10);
    record(&ledger, &approved).await;
    let taken_back = Approval { at: at(20), grant: None, ..approved.clone() };
    record(&ledger, &taken_back).await;
    let again = approval(ID, "Jo Park", "d1", 30);
    record(&ledger, &again).await;
    for (second, expected) in [(9, None), (15, Some(&approved)), (25, None), (35, Some(&again))] {
        let found = ledger.approval_of("d1", at(second)).await;
        assert_eq!(found, Ok(expected.cloned()), "at {second}");
        assert_eq!(ledger.approval_of("d2", at(second)).await, Ok(None));
    }
}
