//! The numbers under which the database knows our enums. They are written on disks: add, never
//! change.

use jiff::Timestamp;

use crate::{
    audience::SkipReason,
    campaign::status::Status,
    deliver::Stage,
    ledger::{AttemptStatus, CampaignState, Error, Relation, SuppressionReason},
};

/// A pair of functions from one table, exhaustive in the direction the compiler can check.
macro_rules! codes {
    ($encode:ident, $decode:ident, $type:ty, $what:literal: $($value:path = $code:literal),+ $(,)?) => {
        pub(super) fn $encode(value: $type) -> i64 {
            match value { $($value => $code),+ }
        }

        pub(super) fn $decode(code: i64) -> Result<$type, Error> {
            match code {
                $($code => Ok($value),)+
                _ => Err(unknown($what, code)),
            }
        }
    };
}

codes!(stage_code, stage, Stage, "stage":
    Stage::Connect = 0, Stage::Greeting = 1, Stage::Ehlo = 2, Stage::Starttls = 3,
    Stage::Auth = 4, Stage::Mail = 5, Stage::Rcpt = 6, Stage::Data = 7, Stage::Body = 8,
    Stage::Dot = 9,
);

codes!(skip_reason_code, skip_reason, SkipReason, "reason":
    SkipReason::Duplicate = 0, SkipReason::Suppressed = 1, SkipReason::Invalid = 2,
    SkipReason::AlreadySent = 3, SkipReason::Filtered = 4, SkipReason::Gone = 5,
    SkipReason::Cancelled = 6,
);

codes!(relation_code, relation, Relation, "relation":
    Relation::FollowUp = 0, Relation::Correction = 1, Relation::Cancellation = 2,
);

codes!(suppression_code, suppression, SuppressionReason, "suppression":
    SuppressionReason::Unsubscribed = 0, SuppressionReason::Bounced = 1,
    SuppressionReason::Complained = 2, SuppressionReason::Manual = 3,
);

// Numbered like the delivery's status that the try led to; then what is no try of a delivery.
codes!(attempt_code, attempt, AttemptStatus, "attempt":
    AttemptStatus::Deferred = 3, AttemptStatus::Accepted = 4, AttemptStatus::Rejected = 5,
    AttemptStatus::Uncertain = 6, AttemptStatus::Test = 7, AttemptStatus::Assumed = 8,
    AttemptStatus::Resend = 9,
);

pub(super) const PLANNED: i64 = 0;
pub(super) const DEFERRED: i64 = 3;
pub(super) const ACCEPTED: i64 = 4;
const REJECTED: i64 = 5;
pub(super) const UNCERTAIN: i64 = 6;
/// Skipped deliveries are this and the code of their reason.
const SKIPPED: i64 = 10;

/// None while a run holds it: that is written elsewhere.
pub(super) fn status_code(status: Status) -> Option<i64> {
    match status {
        Status::Claimed | Status::Committing => None,
        Status::Planned => Some(PLANNED),
        Status::Deferred { .. } => Some(DEFERRED),
        Status::Accepted => Some(ACCEPTED),
        Status::Rejected => Some(REJECTED),
        Status::Uncertain => Some(UNCERTAIN),
        Status::Skipped(reason) => Some(SKIPPED + skip_reason_code(reason)),
    }
}

/// Where somebody stands whom a run may hold; `began` is when the try began that is marked.
pub(super) fn standing(
    (run, began): (Option<u32>, Option<i64>),
    (code, due_at): (i64, i64),
) -> Result<Status, Error> {
    match (run, began) {
        (None, _) => status(code, due_at),
        (Some(_), None) => Ok(Status::Claimed),
        (Some(_), Some(_)) => Ok(Status::Committing),
    }
}

/// `due_at` says when a deferred delivery is; the others do not look at it.
pub(super) fn status(code: i64, due_at: i64) -> Result<Status, Error> {
    Ok(match code {
        PLANNED => Status::Planned,
        DEFERRED => Status::Deferred { retry_at: timestamp(due_at)? },
        ACCEPTED => Status::Accepted,
        REJECTED => Status::Rejected,
        UNCERTAIN => Status::Uncertain,
        code => Status::Skipped(skip_reason(code - SKIPPED)?),
    })
}

pub(super) fn state_code(state: &CampaignState) -> (i64, Option<&str>) {
    match state {
        CampaignState::Frozen => (0, None),
        CampaignState::Running => (1, None),
        CampaignState::Finished => (2, None),
        CampaignState::Paused(reason) => (3, Some(reason)),
        CampaignState::Held(reason) => (4, Some(reason)),
    }
}

pub(super) fn state(code: i64, reason: Option<String>) -> Result<CampaignState, Error> {
    Ok(match code {
        0 => CampaignState::Frozen,
        1 => CampaignState::Running,
        2 => CampaignState::Finished,
        3 => CampaignState::Paused(reason.unwrap_or_default()),
        4 => CampaignState::Held(reason.unwrap_or_default()),
        _ => return Err(unknown("state", code)),
    })
}

pub(super) fn timestamp(micros: i64) -> Result<Timestamp, Error> {
    Timestamp::from_microsecond(micros).map_err(|_| unknown("time", micros))
}

/// A number that should never be negative or large: a negative one means a damaged file.
pub(super) fn natural<T: TryFrom<i64>>(number: i64) -> Result<T, Error> {
    T::try_from(number).map_err(|_| unknown("count", number))
}

fn unknown(what: &str, code: i64) -> Error {
    Error::Storage { action: "used", reason: format!("it holds an unknown {what}, {code}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::sqlite::open;

    /// Every status that is written with a delivery.
    fn statuses(retry_at: Timestamp) -> Vec<Status> {
        let skipped = (0..=6).map(|code| Status::Skipped(skip_reason(code).unwrap()));
        let plain = [
            Status::Planned,
            Status::Deferred { retry_at },
            Status::Accepted,
            Status::Rejected,
            Status::Uncertain,
        ];
        plain.into_iter().chain(skipped).collect()
    }

    #[test]
    fn every_status_reads_back_as_it_was_written() {
        let retry_at = Timestamp::from_second(1_900_000_000).unwrap();
        for value in statuses(retry_at) {
            let code = status_code(value).unwrap();
            assert_eq!(status(code, retry_at.as_microsecond()), Ok(value), "{code}");
        }
    }

    #[test]
    fn the_books_have_a_line_for_every_status() {
        let connection = open::in_memory().unwrap();
        let campaign = "INSERT INTO campaigns (name, revision, state, rows, narrowed, frozen_at,
                                               changed_at)
                        VALUES ('note', 1, 0, 0, 0, 0, 0)";
        connection.execute(campaign, []).unwrap();
        let mut lines = connection.prepare("SELECT status FROM tally ORDER BY status").unwrap();
        let lines = lines.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap);
        let mut codes: Vec<i64> =
            statuses(Timestamp::UNIX_EPOCH).into_iter().filter_map(status_code).collect();
        codes.sort_unstable();
        assert_eq!(lines.collect::<Vec<i64>>(), codes);
    }

    #[test]
    fn a_code_nobody_wrote_is_an_error_not_a_guess() {
        for code in [-1, 1, 7, 9, 17, i64::MAX] {
            assert!(status(code, 0).is_err(), "{code}");
        }
        assert!(status(DEFERRED, i64::MAX).is_err());
        assert!(stage(10).is_err() && state(5, None).is_err() && natural::<u64>(-1).is_err());
    }
}
