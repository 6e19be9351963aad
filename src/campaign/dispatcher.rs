//! The only loop that sends: claims, paces, hands out work, accounts for it.
//!
//! One task holds the queue and the pace. Nothing is claimed that cannot be begun soon, and
//! whatever was claimed and not begun is given back.

use std::{collections::VecDeque, time::Duration};

use tokio::sync::mpsc;

use super::{
    Addressee,
    allowance::Allowance,
    event::{End, Event},
    judge::logged,
    run::{Error, Run, Stop},
    worker::{Done, Job, Verdict},
};
use crate::{
    clock::Clock,
    deliver::{Breaker, Failure, Outcome, Scope},
    ledger::{Delivery, Ledger},
};

/// Claimed deliveries that wait for a permit, at the most. A stopped run gives them back.
const QUEUE: usize = 64;

/// How often another terminal's `announce stop` is looked for.
const STOP_POLL: Duration = Duration::from_secs(1);

/// Waits before a broken connection is tried again. Broken once more after the last, the run ends.
const BACKOFF: [Duration; 4] = [
    Duration::from_secs(1),
    Duration::from_secs(5),
    Duration::from_secs(30),
    Duration::from_mins(1),
];

/// Why no new work is begun.
enum Halt {
    End(End),
    Failed(Error),
}

pub(super) struct Dispatcher {
    desks: Vec<mpsc::Sender<Job>>,
    /// Workers that wait for something to do.
    idle: Vec<usize>,
    /// Workers that connect or have something in hand; the others have no connection.
    working: usize,
    queue: VecDeque<Job>,
    /// Messages handed to workers and not given back, for `--limit`.
    begun: u64,
    allowance: Allowance,
    /// The ledger had nothing more to claim.
    dry: bool,
    breaker: Breaker,
    /// Broken connections since the last answer about a person, those of one pause counted once.
    outages: usize,
    /// Until then the last outage is being waited out.
    calm_until: Duration,
    /// Whether any try of this run got an answer.
    reached: bool,
    halt: Option<Halt>,
    polled: Duration,
}

impl Dispatcher {
    /// One desk a worker; `now` is monotonic.
    pub(super) fn new(desks: Vec<mpsc::Sender<Job>>, now: Duration) -> Self {
        Self {
            idle: Vec::new(),
            working: desks.len(),
            desks,
            queue: VecDeque::new(),
            begun: 0,
            allowance: Allowance::Unknown,
            dry: false,
            breaker: Breaker::default(),
            outages: 0,
            calm_until: Duration::ZERO,
            reached: false,
            halt: None,
            polled: now,
        }
    }

    /// Sends the workers home and returns what was claimed and not begun.
    pub(super) fn close(self) -> Vec<Delivery> {
        self.queue.into_iter().map(|job| job.claimed.delivery).collect()
    }

    /// Works until the run is over, and says why it is.
    pub(super) async fn turn<L: Ledger, C: Clock, F>(
        &mut self,
        run: &mut Run<'_, L, C, F>,
        mut results: mpsc::Receiver<Done>,
    ) -> Result<End, Error> {
        loop {
            self.poll_stop(run).await?;
            if self.halt.is_none() && self.queue.is_empty() && !self.dry && !self.idle.is_empty() {
                self.refill(run).await?;
            }
            let busy = self.is_busy();
            if !busy && (self.halt.is_some() || self.queue.is_empty()) {
                match self.halt.take() {
                    Some(Halt::End(end)) => return Ok(end),
                    Some(Halt::Failed(error)) => return Err(error),
                    None => {
                        if let Some(end) = self.rest(run).await? {
                            return Ok(end);
                        }
                        continue;
                    }
                }
            }
            let ready = self.halt.is_none() && !self.idle.is_empty() && !self.queue.is_empty();
            let domains: Vec<&str> =
                if ready { self.queue.iter().map(Job::domain).collect() } else { Vec::new() };
            tokio::select! {
                biased;
                Some(done) = results.recv(), if busy => self.account(run, done),
                changed = run.stop.changed(), if self.halt.is_none() => {
                    if changed.is_ok() {
                        self.interrupt(run);
                    }
                }
                turn = run.pace.take(&domains), if ready => self.hand_out(turn),
                () = run.clock.sleep(STOP_POLL) => {}
            }
        }
    }

    /// Claims what can be begun soon.
    async fn refill<L: Ledger, C: Clock, F>(
        &mut self,
        run: &Run<'_, L, C, F>,
    ) -> Result<(), Error> {
        match self.allowance {
            // What is still on the wire is not in the ledger yet: a count would miss it.
            Allowance::Left(0) if self.is_busy() => return Ok(()),
            Allowance::Unknown | Allowance::Left(0) => {
                self.allowance = Allowance::count(run).await?
            }
            Allowance::Left(_) | Allowance::NoneUntil(_) => {}
        }
        let caps = match self.allowance {
            Allowance::Left(left) => left,
            Allowance::NoneUntil(_) | Allowance::Unknown => 0,
        };
        let limit = run.course.limit.map_or(u64::MAX, |limit| limit.saturating_sub(self.begun));
        let wanted = usize::try_from(caps.min(limit)).unwrap_or(QUEUE).min(QUEUE);
        let claimed = match wanted {
            0 => Vec::new(),
            _ => run.ledger.claim(&run.campaign.id, wanted, run.clock.now()).await?,
        };
        self.dry = claimed.len() < wanted || wanted == 0;
        for claimed in claimed {
            let addressee = run
                .press
                .keys()
                .open(claimed.person.as_bytes(), &claimed.sealed)
                .ok()
                .and_then(|bytes| Addressee::from_bytes(&bytes))
                .ok_or(Error::Sealed)?;
            self.queue.push_back(Job { claimed, addressee });
        }
        Ok(())
    }

    /// Nothing is queued and nobody is at work: either the run is over, or it waits.
    async fn rest<L: Ledger, C: Clock, F>(
        &mut self,
        run: &mut Run<'_, L, C, F>,
    ) -> Result<Option<End>, Error> {
        let books = run.ledger.books(&run.campaign.id).await?;
        if books.open() == 0 {
            return Ok(Some(End::Finished));
        }
        if run.course.limit.is_some_and(|limit| self.begun >= limit) {
            return Ok(Some(End::Limited));
        }
        if books.pending == 0
            && let Some(until) = run.ledger.next_due(&run.campaign.id).await?
        {
            let wait = until.duration_since(run.clock.now());
            if wait.is_positive() && wait.unsigned_abs() > run.course.patience {
                return Ok(Some(End::Deferred { until }));
            }
            if wait.is_positive() {
                run.reporter.report(&Event::Waiting { deferred: books.deferred, until });
                self.wait(run, wait.unsigned_abs()).await?;
            }
        }
        if let Allowance::NoneUntil(until) = self.allowance {
            return Ok(Some(End::Capped { until }));
        }
        // Due now, given back by a worker, or the room under a cap used up: look again.
        self.allowance = Allowance::Unknown;
        self.dry = false;
        Ok(None)
    }

    /// Sleeps until something says stop.
    async fn wait<L: Ledger, C: Clock, F>(
        &mut self,
        run: &mut Run<'_, L, C, F>,
        duration: Duration,
    ) -> Result<(), Error> {
        let end = run.clock.monotonic() + duration;
        while self.halt.is_none() && run.clock.monotonic() < end {
            let left = end.saturating_sub(run.clock.monotonic());
            tokio::select! {
                () = run.clock.sleep(left.min(STOP_POLL)) => self.poll_stop(run).await?,
                changed = run.stop.changed() => {
                    if changed.is_ok() {
                        self.interrupt(run);
                    }
                }
            }
        }
        Ok(())
    }

    fn hand_out(&mut self, turn: usize) {
        let (Some(job), Some(number)) = (self.queue.remove(turn), self.idle.pop()) else { return };
        self.begun += 1;
        self.working += 1;
        if let Allowance::Left(left) = &mut self.allowance {
            *left = left.saturating_sub(1);
        }
        // A desk holds one job and its worker is idle, so there is room; a worker that has
        // panicked shows as a closed desk, and its job is found by recovery.
        if self.desks[number].try_send(job).is_err() {
            self.halt = Some(Halt::Failed(Error::Press("a worker has ended".to_owned())));
        }
    }

    fn account<L: Ledger, C: Clock, F>(&mut self, run: &mut Run<'_, L, C, F>, done: Done) {
        self.working -= 1;
        if let Verdict::NotReady(failure) = done.verdict {
            // Fewer connections than asked for will do.
            if failure.scope == Scope::Setup || (self.working == 0 && self.idle.is_empty()) {
                self.not_tried(run, failure);
            }
            return;
        }
        self.idle.push(done.worker);
        match done.verdict {
            Verdict::Ready | Verdict::NotReady(_) => {}
            Verdict::Failed(error) => self.halt = Some(Halt::Failed(error)),
            Verdict::NotTried(outcome) => {
                self.begun = self.begun.saturating_sub(1);
                self.dry = false;
                run.pace.heed(&outcome);
                if let Outcome::NotTried(failure) = outcome {
                    self.not_tried(run, failure);
                }
            }
            Verdict::Recorded { person, attempt, outcome } => {
                self.reached = true;
                self.outages = 0;
                run.pace.heed(&outcome);
                run.reporter.report(&Event::Tried {
                    person,
                    status: logged(&attempt),
                    stage: attempt.stage,
                    code: attempt.code,
                    reply: attempt.reply,
                });
                match (self.breaker.record(&outcome), outcome) {
                    (Some(opened), Outcome::Rejected(failure)) => {
                        self.halt(run, End::BreakerOpen { opened, failure });
                    }
                    (None, Outcome::Deferred(failure)) if failure.scope == Scope::Setup => {
                        self.halt(run, End::Misconfigured(failure));
                    }
                    _ => {}
                }
            }
        }
    }

    fn not_tried<L, C: Clock, F>(&mut self, run: &mut Run<'_, L, C, F>, failure: Failure) {
        if !matches!(failure.scope, Scope::Connection | Scope::Pace) {
            self.halt(run, End::Misconfigured(failure));
            return;
        }
        // A server that never answered is told at once; one that broke off is tried again.
        if !self.reached {
            self.halt(run, End::Unreachable(failure));
            return;
        }
        let now = run.clock.monotonic();
        if now < self.calm_until {
            return;
        }
        let Some(wait) = BACKOFF.get(self.outages).copied() else {
            self.halt(run, End::Unreachable(failure));
            return;
        };
        self.outages += 1;
        self.calm_until = now + wait;
        run.pace.pause(wait);
        run.reporter.report(&Event::Reconnecting { reason: failure.reason, wait });
    }

    /// Whether a worker has something in hand.
    fn is_busy(&self) -> bool {
        self.working > 0
    }

    fn interrupt<L, C: Clock, F>(&mut self, run: &mut Run<'_, L, C, F>) {
        if *run.stop.borrow() != Stop::No {
            self.halt(run, End::Interrupted);
        }
    }

    fn halt<L, C: Clock, F>(&mut self, run: &mut Run<'_, L, C, F>, end: End) {
        if self.halt.is_none() {
            run.reporter.report(&Event::Stopping);
            self.halt = Some(Halt::End(end));
        }
    }

    async fn poll_stop<L: Ledger, C: Clock, F>(
        &mut self,
        run: &mut Run<'_, L, C, F>,
    ) -> Result<(), Error> {
        let now = run.clock.monotonic();
        if self.halt.is_none() && now.saturating_sub(self.polled) >= STOP_POLL {
            self.polled = now;
            if run.ledger.stop_requested(&run.campaign.id).await? {
                self.halt(run, End::Stopped);
            }
        }
        Ok(())
    }
}
