//! One connection at work: makes the messages, hands them over, writes down what became of them.
//!
//! While one message's body is on its way the next one's commands travel behind it, so that a
//! connection moves a message a round trip. What the server says to both is one commit: this
//! outcome, and the mark of the next.

use std::{
    future::{Future, poll_fn},
    mem,
    pin::pin,
    task::Poll,
};

use tokio::sync::mpsc;

use super::{
    Press,
    addressee::Addressee,
    clerk::{Clerk, Errand, Over},
    run::Error,
};
use crate::{
    clock::Clock,
    deliver::{Failure, Outcome, Transport},
    keys::PersonKey,
    ledger::{Attempt, Claimed, Ledger},
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

/// What a worker is told.
pub(super) enum Task {
    /// Open the connection, before anything is claimed for it.
    Connect,
    /// Hand this over.
    Deliver(Job),
    /// The answer to [`Verdict::Room`]: this may go along, or nothing.
    Along(Option<Job>),
}

/// What a worker has to say.
pub(super) struct Done {
    pub(super) worker: usize,
    pub(super) verdict: Verdict,
}

pub(super) enum Verdict {
    /// The connection is open.
    Ready,
    /// It cannot be opened.
    NotReady(Failure),
    /// A body is about to be handed over, and another message could be asked about in the same
    /// write. The worker waits for [`Task::Along`].
    Room,
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
    pub(super) desk: Desk,
    pub(super) transport: T,
    pub(super) press: Press,
    pub(super) clerk: Clerk<L, C>,
}

/// Where a worker hears what to do and says what it did.
pub(super) struct Desk {
    pub(super) number: usize,
    pub(super) tasks: mpsc::Receiver<Task>,
    pub(super) done: mpsc::Sender<Done>,
}

impl<L: Ledger, C: Clock, T: Transport> Worker<L, C, T> {
    /// Works until the loop drops its end of the desk, then says good-bye to the server.
    pub(super) async fn work(mut self) {
        let (done, worker) = (self.desk.done.clone(), self.desk.number);
        let mut guard = Guard { done, worker, armed: true };
        while let Some(task) = self.desk.tasks.recv().await {
            match task {
                Task::Connect => {
                    let ready = tokio::select! {
                        ready = self.transport.ready() => ready,
                        // Nobody waits for this connection any more.
                        None = self.desk.tasks.recv() => break,
                    };
                    self.desk.say(ready.map_or_else(Verdict::NotReady, |()| Verdict::Ready)).await;
                }
                Task::Deliver(job) => self.deliver(job).await,
                // Only for who has asked.
                Task::Along(_) => {}
            }
        }
        guard.armed = false;
        self.transport.close().await;
    }

    /// One message, and whatever may go along with its body, and with the body of that.
    async fn deliver(&mut self, job: Job) {
        let mut errand = match self.clerk.begin(&self.press, job).await {
            Ok(errand) => errand,
            Err(verdict) => return self.desk.say(verdict).await,
        };
        let mut over: Option<Over> = None;
        loop {
            if over.is_some() && self.clerk.is_out(&errand).await {
                // Suppressed while the body before was on its way.
                self.transport.close().await;
                if let Some(verdict) = self.clerk.settle(over).await {
                    self.desk.say(verdict).await;
                }
                let verdict = self.clerk.leave_out(&errand).await;
                return self.desk.say(verdict).await;
            }
            let answer = match self.ask(&errand, &mut over).await {
                Ok(answer) => answer,
                Err(failed) => {
                    self.transport.close().await;
                    return self.desk.say(failed).await;
                }
            };
            if let Err(outcome) = answer {
                for over in over.into_iter().chain([(errand, outcome)]) {
                    let verdict = self.clerk.record(over).await;
                    self.desk.say(verdict).await;
                }
                return;
            }
            // After a refusal the run decides first whether there is to be another message.
            let is_calm =
                over.as_ref().is_none_or(|(_, outcome)| matches!(outcome, Outcome::Accepted(_)));
            let takes_along = is_calm && self.transport.takes_along();
            let (marked, next) = tokio::join!(
                self.clerk.mark(&errand, over.take()),
                self.desk.next(takes_along, &self.clerk, &self.press),
            );
            let marked = match marked {
                Ok((settled, marked)) => {
                    if let Some(verdict) = settled {
                        self.desk.say(verdict).await;
                    }
                    marked
                }
                Err(failed) => Err(failed),
            };
            if let Err(verdict) = marked {
                // The server waits for a body that must not be sent.
                self.transport.close().await;
                let goes_on = matches!(verdict, Verdict::Skipped);
                self.desk.say(verdict).await;
                match next.filter(|_| goes_on) {
                    Some(next) => errand = next,
                    None => return,
                }
                continue;
            }
            let outcome = self.transport.hand_over(next.as_ref().map(Errand::parcel)).await;
            let Some(next) = next else {
                let verdict = self.clerk.record((errand, outcome)).await;
                return self.desk.say(verdict).await;
            };
            over = Some((mem::replace(&mut errand, next), outcome));
        }
    }

    /// Asks about `errand`. If the server takes its time over the answer, what became of the one
    /// before does not wait for it. `Err` when that cannot be recorded.
    async fn ask(
        &mut self,
        errand: &Errand,
        over: &mut Option<Over>,
    ) -> Result<Result<(), Outcome>, Verdict> {
        let (envelope, message) = errand.parcel();
        let mut asking = pin!(self.transport.ask(envelope, message));
        let at_once = poll_fn(|context| Poll::Ready(asking.as_mut().poll(context))).await;
        if let Poll::Ready(answer) = at_once {
            return Ok(answer);
        }
        let Some(before) = over.take() else { return Ok(asking.await) };
        let record = async {
            match self.clerk.record(before).await {
                failed @ Verdict::Failed(_) => Err(failed),
                verdict => {
                    self.desk.say(verdict).await;
                    Ok(())
                }
            }
        };
        let (answer, recorded) = tokio::join!(asking, record);
        recorded.map(|()| answer)
    }
}

impl Desk {
    /// When nobody listens any more the run has ended, which the next look at the tasks shows.
    async fn say(&self, verdict: Verdict) {
        let _ = self.done.send(Done { worker: self.number, verdict }).await;
    }

    /// What may go along with the body that is about to be handed over.
    async fn next<L: Ledger, C: Clock>(
        &mut self,
        takes_along: bool,
        clerk: &Clerk<L, C>,
        press: &Press,
    ) -> Option<Errand> {
        if !takes_along {
            return None;
        }
        self.say(Verdict::Room).await;
        let Some(Task::Along(Some(job))) = self.tasks.recv().await else { return None };
        match clerk.begin(press, job).await {
            Ok(errand) => Some(errand),
            Err(verdict) => {
                self.say(verdict).await;
                None
            }
        }
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
