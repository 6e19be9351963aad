//! The states of a delivery and every legal change between them, as one pure function.

use jiff::Timestamp;

use crate::audience::SkipReason;

/// Where one delivery (campaign x person) stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// To be sent.
    Planned,
    /// Taken by a worker of a run; nothing has been sent.
    Claimed,
    /// The server asked for the body and may have it: durable before the first body byte.
    Committing,
    /// The relay took it (2xx after the dot).
    Accepted,
    /// Refused for now, due again at `retry_at`.
    Deferred {
        /// When it is due.
        retry_at: Timestamp,
    },
    /// Refused for good, or given up.
    Rejected,
    /// Nobody can know; settled by a person only.
    Uncertain,
    /// Not to be sent.
    Skipped(SkipReason),
}

/// What happens to a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// A worker takes it, with suppression checked again.
    Claim,
    /// The worker gives it back untried.
    Release,
    /// The body is about to be sent.
    Commit,
    /// 2xx after the dot.
    Accept,
    /// Refused for now.
    Defer {
        /// When to try again.
        retry_at: Timestamp,
    },
    /// Refused for good, or out of retries.
    Reject,
    /// The connection died after [`Change::Commit`], or a crash was found.
    Lose,
    /// A person decided to send it again.
    Resend,
    /// A person decided that it arrived.
    AssumeSent,
    /// The person is not to be mailed any more.
    Skip(SkipReason),
}

/// A change that the protocol does not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a delivery that is {from:?} cannot {change:?}")]
pub struct IllegalChange {
    /// The state it was in.
    pub from: Status,
    /// What was asked of it.
    pub change: Change,
}

impl Status {
    /// The state after `change`.
    #[expect(clippy::match_same_arms, reason = "one row of the table a line")]
    pub fn after(self, change: Change) -> Result<Self, IllegalChange> {
        use Status::{
            Accepted, Claimed, Committing, Deferred, Planned, Rejected, Skipped, Uncertain,
        };
        match (self, change) {
            (Planned | Deferred { .. }, Change::Claim) => Ok(Claimed),
            (Claimed, Change::Release) => Ok(Planned),
            (Claimed, Change::Commit) => Ok(Committing),
            (Committing, Change::Accept) => Ok(Accepted),
            (Claimed | Committing, Change::Defer { retry_at }) => Ok(Deferred { retry_at }),
            (Claimed | Committing | Deferred { .. }, Change::Reject) => Ok(Rejected),
            (Committing, Change::Lose) => Ok(Uncertain),
            (Uncertain, Change::Resend) => Ok(Planned),
            (Uncertain, Change::AssumeSent) => Ok(Accepted),
            (Planned | Claimed | Deferred { .. }, Change::Skip(reason)) => Ok(Skipped(reason)),
            (from, change) => Err(IllegalChange { from, change }),
        }
    }

    /// Whether nothing will happen to it any more unless a person asks.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Accepted | Self::Rejected | Self::Uncertain | Self::Skipped(_))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn later() -> Timestamp {
        Timestamp::from_second(1_900_000_000).unwrap()
    }

    fn statuses() -> [Status; 8] {
        [
            Status::Planned,
            Status::Claimed,
            Status::Committing,
            Status::Accepted,
            Status::Deferred { retry_at: later() },
            Status::Rejected,
            Status::Uncertain,
            Status::Skipped(SkipReason::Gone),
        ]
    }

    fn changes() -> [Change; 10] {
        [
            Change::Claim,
            Change::Release,
            Change::Commit,
            Change::Accept,
            Change::Defer { retry_at: later() },
            Change::Reject,
            Change::Lose,
            Change::Resend,
            Change::AssumeSent,
            Change::Skip(SkipReason::Suppressed),
        ]
    }

    fn any_change() -> impl Strategy<Value = Change> {
        proptest::sample::select(changes().to_vec())
    }

    #[test]
    fn the_whole_table_is_this() {
        let mut table = Vec::new();
        for from in statuses() {
            for change in changes() {
                if let Ok(to) = from.after(change) {
                    let word = |shown: String| shown.split([' ', '(']).next().unwrap().to_owned();
                    let [from, change, to] =
                        [format!("{from:?}"), format!("{change:?}"), format!("{to:?}")].map(word);
                    table.push(format!("{from} {change} {to}"));
                }
            }
        }
        assert_eq!(
            table.join("\n"),
            "Planned Claim Claimed\n\
             Planned Skip Skipped\n\
             Claimed Release Planned\n\
             Claimed Commit Committing\n\
             Claimed Defer Deferred\n\
             Claimed Reject Rejected\n\
             Claimed Skip Skipped\n\
             Committing Accept Accepted\n\
             Committing Defer Deferred\n\
             Committing Reject Rejected\n\
             Committing Lose Uncertain\n\
             Deferred Claim Claimed\n\
             Deferred Reject Rejected\n\
             Deferred Skip Skipped\n\
             Uncertain Resend Planned\n\
             Uncertain AssumeSent Accepted"
        );
    }

    #[test]
    fn a_refusal_says_what_was_asked_of_what() {
        let refused = Status::Accepted.after(Change::Claim).unwrap_err();
        assert_eq!(refused.to_string(), "a delivery that is Accepted cannot Claim");
    }

    proptest! {
        /// Whatever is asked, in whatever order: between two hand-overs of a body somebody must
        /// have recorded that the first did not arrive, or have asked for it again.
        #[test]
        fn nobody_is_handed_over_twice_unasked(
            asked in proptest::collection::vec(any_change(), 0..200)
        ) {
            let mut status = Status::Planned;
            let mut handed_over = false;
            for change in asked {
                let Ok(next) = status.after(change) else { continue };
                match change {
                    Change::Commit => {
                        prop_assert!(!handed_over, "{status:?}");
                        handed_over = true;
                    }
                    Change::Defer { .. } | Change::Reject | Change::Resend => handed_over = false,
                    _ => {}
                }
                prop_assert!(!status.is_final() || matches!(
                    change,
                    Change::Resend | Change::AssumeSent
                ), "{status:?} is final, but {change:?} was legal");
                status = next;
            }
        }
    }
}
