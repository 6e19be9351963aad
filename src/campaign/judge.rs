//! What a try means for its delivery: a pure function from outcome to record.

use jiff::Timestamp;

use super::status::Status;
use crate::{
    deliver::{Failure, Outcome, Reply, Scope, Stage, next_try, queue_id, redact},
    ledger::{Attempt, AttemptStatus, Claimed, SuppressionReason},
};

/// The times a judgement depends on.
#[derive(Clone, Copy, Debug)]
pub struct Times {
    /// When the try began.
    pub started_at: Timestamp,
    /// When it ended.
    pub ended_at: Timestamp,
    /// After this no retry makes sense (an event's start).
    pub deadline: Option<Timestamp>,
}

/// The record of a try, or none when the try does not count and the delivery is planned again.
pub fn judge(claimed: &Claimed, outcome: &Outcome, times: Times) -> Option<Attempt> {
    let first = claimed.first_attempt_at.unwrap_or(times.started_at);
    match outcome {
        Outcome::NotTried(_) => None,
        Outcome::Accepted(reply) => Some(Attempt {
            queue_id: queue_id(reply),
            ..attempt(Status::Accepted, Stage::Dot, Some(reply), &reply.text, times)
        }),
        Outcome::Uncertain(failure) => Some(failed(Status::Uncertain, failure, times)),
        // The run stops for it, through no fault of the person: due as soon as it is mended.
        Outcome::Deferred(failure) if failure.scope == Scope::Setup => {
            let now = Status::Deferred { retry_at: times.ended_at };
            Some(failed(now, failure, times))
        }
        Outcome::Deferred(failure) => {
            match next_try(claimed.attempts + 1, first, times.ended_at, times.deadline) {
                Ok(retry_at) => Some(failed(Status::Deferred { retry_at }, failure, times)),
                Err(why) => {
                    let last = failed(Status::Rejected, failure, times);
                    Some(Attempt { reply: format!("{why}: {}", last.reply), ..last })
                }
            }
        }
        Outcome::Rejected(failure) => {
            let dead = matches!(failure.scope, Scope::Person { suppress: true });
            Some(Attempt {
                suppress: dead.then_some(SuppressionReason::Bounced),
                ..failed(Status::Rejected, failure, times)
            })
        }
    }
}

/// Why somebody who is due again is not tried any more: the event began while nobody looked. As a
/// deferral [`judge`] gives them up.
pub(super) fn too_late(
    claimed: &Claimed,
    now: Timestamp,
    deadline: Option<Timestamp>,
) -> Option<Failure> {
    let past = claimed.attempts > 0 && deadline.is_some_and(|deadline| now > deadline);
    past.then(|| Failure {
        stage: Stage::Connect,
        reply: None,
        reason: "the event has begun".to_owned(),
        scope: Scope::Person { suppress: false },
    })
}

/// How a recorded try reads in the log.
pub(super) fn logged(attempt: &Attempt) -> AttemptStatus {
    match attempt.status {
        Status::Accepted => AttemptStatus::Accepted,
        Status::Deferred { .. } => AttemptStatus::Deferred,
        Status::Uncertain => AttemptStatus::Uncertain,
        _ => AttemptStatus::Rejected,
    }
}

fn failed(status: Status, failure: &Failure, times: Times) -> Attempt {
    let text = failure.reply.as_ref().map_or(&failure.reason, |reply| &reply.text);
    attempt(status, failure.stage, failure.reply.as_ref(), text, times)
}

fn attempt(
    status: Status,
    stage: Stage,
    reply: Option<&Reply>,
    text: &str,
    times: Times,
) -> Attempt {
    Attempt {
        started_at: times.started_at,
        ended_at: times.ended_at,
        status,
        stage,
        code: reply.map(|reply| reply.code),
        enhanced: reply.and_then(|reply| reply.enhanced.clone()),
        reply: redact(text),
        queue_id: None,
        suppress: None,
    }
}
