//! What a worker writes into the books, and looks up in them: before a message, at its mark, after
//! it.

use jiff::Timestamp;

use super::{
    Press, judge,
    run::Error,
    sequel::is_strike,
    worker::{Job, Verdict},
};
use crate::{
    audience::SkipReason,
    clock::Clock,
    compose::{Envelope, Message},
    deliver::Outcome,
    ledger::{self, Ledger},
};

pub(super) struct Clerk<L, C> {
    pub(super) ledger: L,
    pub(super) clock: C,
    /// After this no retry makes sense.
    pub(super) deadline: Option<Timestamp>,
    /// Whether a dead address is suppressed from now on.
    pub(super) suppresses: bool,
}

/// A message that was begun.
pub(super) struct Errand {
    job: Job,
    message: Message,
    started_at: Timestamp,
}

impl Errand {
    /// What a transport takes.
    pub(super) fn parcel(&self) -> (&Envelope, &[u8]) {
        (&self.message.envelope, &self.message.bytes)
    }
}

impl<L: Ledger, C: Clock> Clerk<L, C> {
    /// Makes the message, unless there is to be none.
    pub(super) async fn begin(&self, press: &mut Press, job: Job) -> Result<Errand, Verdict> {
        match self.ledger.is_suppressed(job.claimed.person).await {
            Ok(false) => {}
            Ok(true) => return Err(self.skip(&job).await),
            Err(error) => return Err(Verdict::Failed(error.into())),
        }
        let started_at = self.clock.now();
        if let Some(failure) = judge::too_late(&job.claimed, started_at, self.deadline) {
            return Err(self.conclude(job, started_at, Outcome::Deferred(failure)).await);
        }
        // A retry carries the date of the first try, so that its bytes are the same.
        let date = job.claimed.first_attempt_at.unwrap_or(started_at);
        match press.message(&job.claimed.person, &job.addressee, date) {
            Ok(message) => Ok(Errand { job, message, started_at }),
            Err(error) => Err(Verdict::Failed(Error::Press(error.to_string()))),
        }
    }

    /// The mark, without which the body must not be sent.
    pub(super) async fn mark(&self, errand: &Errand) -> Result<(), Verdict> {
        let marked = self.ledger.commit(errand.job.claimed.delivery, errand.started_at).await;
        match marked {
            Ok(()) => Ok(()),
            Err(ledger::Error::Suppressed) => Err(self.skip(&errand.job).await),
            Err(error) => Err(Verdict::Failed(error.into())),
        }
    }

    /// Records what became of a message, if there is one.
    pub(super) async fn settle(&self, over: Option<(Errand, Outcome)>) -> Option<Verdict> {
        let (errand, outcome) = over?;
        Some(self.record(errand, outcome).await)
    }

    /// Records what became of a message.
    pub(super) async fn record(&self, errand: Errand, outcome: Outcome) -> Verdict {
        self.conclude(errand.job, errand.started_at, outcome).await
    }

    async fn conclude(&self, mut job: Job, started_at: Timestamp, outcome: Outcome) -> Verdict {
        let claimed = &job.claimed;
        let outcome = match outcome {
            // Once more over the same address, in this run or one before: it is this address that
            // the server hangs up on.
            Outcome::NotTried(failure)
                if (job.strikes > 0 || claimed.attempts > 0) && is_strike(&failure) =>
            {
                Outcome::Deferred(failure)
            }
            outcome => outcome,
        };
        let times =
            judge::Times { started_at, ended_at: self.clock.now(), deadline: self.deadline };
        let Some(mut attempt) = judge::judge(claimed, &outcome, times) else {
            job.strikes += u32::from(outcome.failure().is_some_and(is_strike));
            return Verdict::NotTried { job: Box::new(job), outcome };
        };
        attempt.suppress = attempt.suppress.filter(|_| self.suppresses);
        match self.ledger.finish(claimed.delivery, attempt.clone()).await {
            Ok(()) => Verdict::Recorded { person: claimed.person, attempt, outcome },
            Err(error) => Verdict::Failed(error.into()),
        }
    }

    async fn skip(&self, job: &Job) -> Verdict {
        match self.ledger.skip(job.claimed.delivery, SkipReason::Suppressed).await {
            Ok(()) => Verdict::Skipped,
            Err(error) => Verdict::Failed(error.into()),
        }
    }
}
