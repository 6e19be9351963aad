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
