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
    ledger::{self, Attempt, Claimed, Ledger},
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

/// A message that was handed over, or refused, and what became of it.
pub(super) type Over = (Errand, Outcome);

/// A try that counts.
struct Judged {
    job: Job,
    attempt: Attempt,
    outcome: Outcome,
}

impl Errand {
    /// What a transport takes.
    pub(super) fn parcel(&self) -> (&Envelope, &[u8]) {
        (&self.message.envelope, &self.message.bytes)
    }
}

impl<L: Ledger, C: Clock> Clerk<L, C> {
    /// Makes the message, unless there is to be none.
    pub(super) async fn begin(&self, press: &Press, job: Job) -> Result<Errand, Verdict> {
        match self.ledger.is_suppressed(job.claimed.person).await {
            Ok(false) => {}
            Ok(true) => return Err(self.skip(&job.claimed).await),
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

    /// Whether the person has been suppressed since the message was begun. Where that cannot be
    /// read the mark will say so.
    pub(super) async fn is_out(&self, errand: &Errand) -> bool {
        self.ledger.is_suppressed(errand.job.claimed.person).await.unwrap_or(false)
    }

    /// The mark, without which the body must not be sent, in one commit with what became of the
    /// message before. `Err` when that could not be recorded.
    pub(super) async fn mark(
        &self,
        errand: &Errand,
        before: Option<Over>,
    ) -> Result<(Option<Verdict>, Result<(), Verdict>), Verdict> {
        let (next, began) = (errand.job.claimed.delivery, errand.started_at);
        let (settled, marked) = match before
            .map(|(before, outcome)| self.judge(before.job, before.started_at, outcome))
        {
            None => (None, self.ledger.commit(next, began).await),
            Some(Err(verdict)) => (Some(*verdict), self.ledger.commit(next, began).await),
            Some(Ok(Judged { job, attempt, outcome })) => {
                let Claimed { delivery, person, .. } = job.claimed;
                let turned =
                    self.ledger.finish_and_commit(delivery, attempt.clone(), next, began).await;
                let marked = turned.map_err(|error| Verdict::Failed(error.into()))?;
                (Some(Verdict::Recorded { person, attempt, outcome }), marked)
            }
        };
        let marked = match marked {
            Ok(()) => Ok(()),
            Err(ledger::Error::Suppressed) => Err(self.leave_out(errand).await),
            Err(error) => Err(Verdict::Failed(error.into())),
        };
        Ok((settled, marked))
    }

    /// Records what became of a message, if there is one.
    pub(super) async fn settle(&self, over: Option<Over>) -> Option<Verdict> {
        Some(self.record(over?).await)
    }

    /// Records what became of a message.
    pub(super) async fn record(&self, (errand, outcome): Over) -> Verdict {
        self.conclude(errand.job, errand.started_at, outcome).await
    }

    async fn conclude(&self, job: Job, started_at: Timestamp, outcome: Outcome) -> Verdict {
        let Judged { job, attempt, outcome } = match self.judge(job, started_at, outcome) {
            Ok(judged) => judged,
            Err(verdict) => return *verdict,
        };
        let Claimed { delivery, person, .. } = job.claimed;
        match self.ledger.finish(delivery, attempt.clone()).await {
            Ok(()) => Verdict::Recorded { person, attempt, outcome },
            Err(error) => Verdict::Failed(error.into()),
        }
    }

    /// What there is to record, if the try counts.
    fn judge(
        &self,
        mut job: Job,
        started_at: Timestamp,
        outcome: Outcome,
    ) -> Result<Judged, Box<Verdict>> {
        let outcome = match outcome {
            // Once more over the same address, in this run or one before: it is this address that
            // the server hangs up on.
            Outcome::NotTried(failure)
                if (job.strikes > 0 || job.claimed.attempts > 0) && is_strike(&failure) =>
            {
                Outcome::Deferred(failure)
            }
            outcome => outcome,
        };
        let times =
            judge::Times { started_at, ended_at: self.clock.now(), deadline: self.deadline };
        let Some(mut attempt) = judge::judge(&job.claimed, &outcome, times) else {
            job.strikes += u32::from(outcome.failure().is_some_and(is_strike));
            return Err(Box::new(Verdict::NotTried { job: Box::new(job), outcome }));
        };
        attempt.suppress = attempt.suppress.filter(|_| self.suppresses);
        Ok(Judged { job, attempt, outcome })
    }

    /// Leaves somebody out who has been suppressed since the message was begun.
    pub(super) async fn leave_out(&self, errand: &Errand) -> Verdict {
        self.skip(&errand.job.claimed).await
    }

    async fn skip(&self, claimed: &Claimed) -> Verdict {
        match self.ledger.skip(claimed.delivery, SkipReason::Suppressed).await {
            Ok(()) => Verdict::Skipped,
            Err(error) => Verdict::Failed(error.into()),
        }
    }
}
