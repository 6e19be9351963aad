//! One connection at work: makes the message, hands it over, writes down what became of it.

use std::sync::OnceLock;

use jiff::Timestamp;
use tokio::sync::mpsc;

use super::{Addressee, Press, judge, run::Error, sequel::is_strike};
use crate::{
    audience::SkipReason,
    clock::Clock,
    deliver::{Failure, Mark, MarkFailed, Outcome, Transport},
    keys::PersonKey,
    ledger::{self, Attempt, Claimed, Delivery, Ledger},
};

/// A claimed delivery with its seal opened.
pub(super) struct Job {
    pub(super) claimed: Claimed,
    pub(super) addressee: Addressee,
    /// How often the connection was lost over this address in this run.
    pub(super) strikes: u32,
}

impl Job {
    /// The domain whose limit it falls under.
    pub(super) fn domain(&self) -> &str {
        self.addressee.domain()
    }
}

/// What a worker is asked to do.
pub(super) enum Task {
    /// Open the connection, before anything is claimed for it.
    Connect,
    /// Hand this over.
    Deliver(Job),
}

/// A task done, as far as it went.
pub(super) struct Done {
    pub(super) worker: usize,
    pub(super) verdict: Verdict,
}

pub(super) enum Verdict {
    /// The connection is open.
    Ready,
    /// It cannot be opened.
    NotReady(Failure),
    /// The try is in the ledger.
    Recorded { person: PersonKey, attempt: Attempt, outcome: Outcome },
    /// Nothing happened to the delivery, which this run still holds.
    NotTried { job: Box<Job>, outcome: Outcome },
    /// The person has been suppressed since the claim.
    Skipped,
    /// The ledger, the copy or the worker failed: the run must stop.
    Failed(Error),
}

pub(super) struct Worker<L, C, T> {
    pub(super) number: usize,
    pub(super) ledger: L,
    pub(super) clock: C,
    pub(super) transport: T,
    pub(super) press: Press,
    pub(super) deadline: Option<Timestamp>,
    pub(super) suppresses: bool,
}

impl<L: Ledger, C: Clock, T: Transport> Worker<L, C, T> {
    /// Works until the loop drops its end of `tasks`, then says good-bye to the server.
    pub(super) async fn work(mut self, mut tasks: mpsc::Receiver<Task>, done: mpsc::Sender<Done>) {
        let mut guard = Guard { done: done.clone(), worker: self.number, armed: true };
        while let Some(task) = tasks.recv().await {
            let verdict = match task {
                Task::Connect => tokio::select! {
                    ready = self.transport.ready() => match ready {
                        Ok(()) => Verdict::Ready,
                        Err(failure) => Verdict::NotReady(failure),
                    },
                    // Nobody waits for this connection any more.
                    None = tasks.recv() => break,
                },
                Task::Deliver(job) => self.deliver(job).await.unwrap_or_else(Verdict::Failed),
            };
            if done.send(Done { worker: self.number, verdict }).await.is_err() {
                break;
            }
        }
        guard.armed = false;
        self.transport.close().await;
    }

    async fn deliver(&mut self, mut job: Job) -> Result<Verdict, Error> {
        let Job { claimed, addressee, strikes } = &job;
        if self.ledger.is_suppressed(claimed.person).await? {
            return self.skip(claimed.delivery).await;
        }
        let started_at = self.clock.now();
        let outcome = match judge::too_late(claimed, started_at, self.deadline) {
            Some(failure) => Outcome::Deferred(failure),
            None => match self.hand_over(claimed, addressee, started_at).await? {
                Some(outcome) => outcome,
                None => return self.skip(claimed.delivery).await,
            },
        };
        let outcome = match outcome {
            // Once more over the same address, in this run or one before: it is this address that
            // the server hangs up on.
            Outcome::NotTried(failure)
                if (*strikes > 0 || claimed.attempts > 0) && is_strike(&failure) =>
            {
                Outcome::Deferred(failure)
            }
            outcome => outcome,
        };
        let times =
            judge::Times { started_at, ended_at: self.clock.now(), deadline: self.deadline };
        let Some(mut attempt) = judge::judge(claimed, &outcome, times) else {
            job.strikes += u32::from(outcome.failure().is_some_and(is_strike));
            return Ok(Verdict::NotTried { job: Box::new(job), outcome });
        };
        attempt.suppress = attempt.suppress.filter(|_| self.suppresses);
        self.ledger.finish(claimed.delivery, attempt.clone()).await?;
        Ok(Verdict::Recorded { person: claimed.person, attempt, outcome })
    }

    /// What the server made of the message; nothing when the person was suppressed while it was
    /// asked.
    async fn hand_over(
        &mut self,
        claimed: &Claimed,
        addressee: &Addressee,
        started_at: Timestamp,
    ) -> Result<Option<Outcome>, Error> {
        // A retry carries the date of the first try, so that its bytes are the same.
        let date = claimed.first_attempt_at.unwrap_or(started_at);
        let message = self
            .press
            .message(&claimed.person, addressee, date)
            .map_err(|error| Error::Press(error.to_string()))?;
        let failed = OnceLock::new();
        let mark = LedgerMark {
            ledger: &self.ledger,
            delivery: claimed.delivery,
            at: started_at,
            failed: &failed,
        };
        let outcome = self.transport.send(&message.envelope, &message.bytes, mark).await;
        match failed.into_inner() {
            Some(ledger::Error::Suppressed) => Ok(None),
            Some(error) => Err(Error::Ledger(error)),
            None => Ok(Some(outcome)),
        }
    }

    async fn skip(&mut self, delivery: Delivery) -> Result<Verdict, Error> {
        self.ledger.skip(delivery, SkipReason::Suppressed).await?;
        Ok(Verdict::Skipped)
    }
}

/// Tells the dispatcher when the worker ends in a panic: nobody else would.
struct Guard {
    done: mpsc::Sender<Done>,
    worker: usize,
    armed: bool,
}

impl Drop for Guard {
    fn drop(&mut self) {
        if self.armed {
            let verdict = Verdict::Failed(Error::Worker);
            // There is room for a message of each worker.
            let _ = self.done.try_send(Done { worker: self.worker, verdict });
        }
    }
}

struct LedgerMark<'a, L> {
    ledger: &'a L,
    delivery: Delivery,
    at: Timestamp,
    /// Why it could not be written; the transport only hears that it was not.
    failed: &'a OnceLock<ledger::Error>,
}

impl<L: Ledger> Mark for LedgerMark<'_, L> {
    async fn commit(self) -> Result<(), MarkFailed> {
        self.ledger.commit(self.delivery, self.at).await.map_err(|error| {
            // Empty until now: there is one mark a message.
            let _ = self.failed.set(error);
            MarkFailed
        })
    }
}
