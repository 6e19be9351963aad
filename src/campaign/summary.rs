//! The books of one run, from the campaign's books before and after it.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{audience::SkipReason, ledger::Books};

/// What a run did: `planned = accepted + rejected + deferred + uncertain + pending` and
/// `rows = planned + skipped`. This is the `--json` document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Summary {
    schema: u8,
    /// Campaign id.
    pub campaign: String,
    /// Digest of the text.
    pub digest: String,
    /// Rows this run looked at.
    pub rows: u64,
    /// Deliveries this run had to make.
    pub planned: u64,
    /// The relay took it.
    pub accepted: u64,
    /// Refused for good.
    pub rejected: u64,
    /// Refused for now.
    pub deferred: u64,
    /// Nobody can know.
    pub uncertain: u64,
    /// Not tried.
    pub pending: u64,
    /// Rows that get nothing, every reason named.
    pub skipped: Skipped,
}

/// Rows that get nothing, by reason; all are always there but for the last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Skipped {
    /// The same person further up.
    pub duplicate: u64,
    /// On the suppression list.
    pub suppressed: u64,
    /// An address that cannot be mailed.
    pub invalid: u64,
    /// Tried before in this campaign.
    pub already_sent: u64,
    /// Left out by `where` or `exclude`.
    pub filtered: u64,
    /// On no list any more.
    pub gone: u64,
    /// The event was cancelled before they heard of it.
    #[serde(skip_serializing_if = "is_zero")]
    pub cancelled: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

impl Skipped {
    /// All of them.
    pub fn total(&self) -> u64 {
        self.by_reason().into_iter().map(|(_, n)| n).sum()
    }

    /// Each reason with its count.
    pub fn by_reason(&self) -> [(SkipReason, u64); 7] {
        [
            (SkipReason::Duplicate, self.duplicate),
            (SkipReason::Suppressed, self.suppressed),
            (SkipReason::Invalid, self.invalid),
            (SkipReason::AlreadySent, self.already_sent),
            (SkipReason::Filtered, self.filtered),
            (SkipReason::Gone, self.gone),
            (SkipReason::Cancelled, self.cancelled),
        ]
    }

    /// `1 duplicate, 2 suppressed`: the reasons that occur.
    pub fn in_words(&self) -> String {
        let occurring = self.by_reason().into_iter().filter(|(_, n)| *n > 0);
        occurring
            .map(|(reason, n)| format!("{n} {}", reason.words()))
            .collect::<Vec<_>>()
            .join(", ")
    }
}

impl From<&BTreeMap<SkipReason, u64>> for Skipped {
    fn from(counts: &BTreeMap<SkipReason, u64>) -> Self {
        let of = |reason| counts.get(&reason).copied().unwrap_or(0);
        Self {
            duplicate: of(SkipReason::Duplicate),
            suppressed: of(SkipReason::Suppressed),
            invalid: of(SkipReason::Invalid),
            already_sent: of(SkipReason::AlreadySent),
            filtered: of(SkipReason::Filtered),
            gone: of(SkipReason::Gone),
            cancelled: of(SkipReason::Cancelled),
        }
    }
}

impl Summary {
    /// The whole campaign, as `status` tells it.
    pub fn of_campaign(campaign: &str, digest: &str, books: &Books) -> Self {
        let skipped = Skipped::from(&books.skipped);
        Self {
            schema: 1,
            campaign: campaign.to_owned(),
            digest: digest.to_owned(),
            rows: books.rows,
            planned: books.rows.saturating_sub(skipped.total()),
            accepted: books.accepted,
            rejected: books.rejected,
            deferred: books.deferred,
            uncertain: books.uncertain,
            pending: books.pending,
            skipped,
        }
    }

    /// One run: what changed from `before` (after freezing, before recovery) to `after`, with
    /// the rows that planning left out.
    pub fn of_run(
        campaign: &str,
        digest: &str,
        before: &Books,
        after: &Books,
        left_out: Skipped,
    ) -> Self {
        let suppressed_meanwhile =
            Skipped::from(&after.skipped).total() - Skipped::from(&before.skipped).total();
        let skipped =
            Skipped { suppressed: left_out.suppressed + suppressed_meanwhile, ..left_out };
        let planned = before.pending + before.deferred - suppressed_meanwhile;
        Self {
            schema: 1,
            campaign: campaign.to_owned(),
            digest: digest.to_owned(),
            rows: planned + skipped.total(),
            planned,
            accepted: after.accepted - before.accepted,
            rejected: after.rejected - before.rejected,
            deferred: after.deferred,
            uncertain: after.uncertain - before.uncertain,
            pending: after.pending,
            skipped,
        }
    }

    /// The `--json` document, keys in the order above.
    pub fn json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Whether every planned delivery is in exactly one state.
    pub fn balances(&self) -> bool {
        self.planned
            == self.accepted + self.rejected + self.deferred + self.uncertain + self.pending
            && self.rows == self.planned + self.skipped.total()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_counts_only_what_it_did() {
        let before = Books { rows: 10, accepted: 4, deferred: 1, pending: 5, ..Books::default() };
        let after = Books {
            rows: 10,
            accepted: 7,
            rejected: 1,
            pending: 1,
            skipped: [(SkipReason::Suppressed, 1)].into(),
            ..before.clone()
        };
        let after = Books { deferred: 0, ..after };
        let left_out = Skipped { already_sent: 4, ..Skipped::default() };
        let summary = Summary::of_run("talk", "abc", &before, &after, left_out);
        assert_eq!((summary.rows, summary.planned, summary.accepted), (10, 5, 3));
        assert!(summary.balances(), "{summary:?}");
    }
}
