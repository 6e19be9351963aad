//! The only loop that sends: claims, paces, hands out work, accounts for it.
//!
//! One task holds the queue and the pace. Nothing is claimed that cannot be begun soon, and
//! whatever was claimed and not begun is given back.

use std::{collections::VecDeque, future::Future, pin::Pin, time::Duration};

use jiff::Timestamp;
use tokio::sync::mpsc;

use super::{
    Addressee,
    allowance::Allowance,
    event::{End, Event},
    halt::{Halt, STOP_POLL},
    outages::Outages,
    run::{Error, Run},
    worker::{Done, Job, Task},
};
use crate::{
    clock::Clock,
    deliver::{Breaker, Pace},
    ledger::{self, Claimed, Delivery, Ledger},
};

/// A claim on its way to the disk and back.
type Claiming = Pin<Box<dyn Future<Output = Result<Vec<Claimed>, ledger::Error>> + Send>>;

#[expect(clippy::struct_excessive_bools, reason = "each is one thing that is known of the run")]
pub(super) struct Dispatcher {
    desks: Vec<mpsc::Sender<Task>>,
    /// Workers that have not been asked to connect.
    unopened: Vec<usize>,
    /// Workers that wait for something to do.
    pub(super) idle: Vec<usize>,
    /// Workers that have been asked to connect.
    pub(super) connecting: usize,
    /// The last message was accepted: only then does another one go along with a body.
    pub(super) calm: bool,
    /// How many messages each worker has in hand.
    pub(super) in_hand: Vec<usize>,
    /// Workers that would take another message along, and wait to hear.
    pub(super) with_room: Vec<usize>,
    pub(super) queue: VecDeque<Job>,
    /// Of so many, so that workers need not wait for it.
    claiming: Option<(usize, Claiming)>,
    /// Messages handed to workers and not given back, for `--limit`.
    pub(super) begun: u64,
    allowance: Allowance,
    /// The ledger had nothing more to claim.
    pub(super) dry: bool,
    /// Nothing has been claimed since the run last rested.
    barren: bool,
    pub(super) breaker: Breaker,
    pub(super) outages: Outages,
    /// Whose message shows whether the server is back after an outage.
    pub(super) sounding: Option<usize>,
    /// One message at a time until the relay has shown that it takes our mail again.
    pub(super) probing: bool,
    pub(super) halt: Option<Halt>,
    /// When a stop was last looked for.
    pub(super) polled: Option<Duration>,
}

impl Dispatcher {
    /// One desk a worker.
    pub(super) fn new(desks: Vec<mpsc::Sender<Task>>, breaker: Breaker, probing: bool) -> Self {
        Self {
            unopened: (0..desks.len()).collect(),
            idle: Vec::new(),
            connecting: 0,
            calm: true,
            in_hand: vec![0; desks.len()],
            with_room: Vec::new(),
            desks,
            queue: VecDeque::new(),
            claiming: None,
            begun: 0,
            allowance: Allowance::Unknown,
            dry: false,
            barren: false,
            breaker,
            outages: Outages::default(),
            sounding: None,
            probing,
            halt: None,
            polled: None,
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
        // One connection shows whether there is a way in. Four wrong passwords at once are four
        // steps towards a locked account.
        self.open(1);
        loop {
            self.poll_stop(run).await?;
            self.refill(run).await?;
            self.serve(run);
            if !self.is_busy() && (self.halt.is_some() || self.queue.is_empty()) {
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
            let waits = self.may_begin() && !self.idle.is_empty() && !self.queue.is_empty();
            let domains = if waits { candidates(&self.queue, run.pace) } else { Vec::new() };
            tokio::select! {
                biased;
                claimed = under_way(&mut self.claiming), if self.claiming.is_some() => {
                    self.take_in(run, claimed?)?;
                }
                Some(done) = results.recv(), if self.at_work() + self.connecting > 0 => {
                    self.account(run, done);
                    while let Ok(done) = results.try_recv() {
                        self.account(run, done);
                    }
                }
                changed = run.stop.changed(), if self.halt.is_none() => {
                    if changed.is_ok() {
                        self.interrupt(run);
                    }
                }
                turn = run.pace.take(&domains), if waits => self.hand_out(turn),
                () = run.clock.sleep(STOP_POLL) => {}
            }
        }
    }

    /// Begins to claim what can be begun soon, if there is somebody to begin it.
    async fn refill<L: Ledger, C: Clock, F>(
        &mut self,
        run: &Run<'_, L, C, F>,
    ) -> Result<(), Error> {
        let is_low = self.queue.len() <= run.course.ahead / 2;
        let is_wanted = !self.idle.is_empty() || !self.with_room.is_empty();
        if self.halt.is_some() || self.dry || self.claiming.is_some() || !is_low || !is_wanted {
            return Ok(());
        }
        match self.allowance {
            // What is still on the wire is not in the ledger yet: a count would miss it.
            Allowance::Left(0) if self.is_busy() => return Ok(()),
            Allowance::Unknown | Allowance::Left(0) => {
                self.allowance = Allowance::count(run).await?;
            }
            Allowance::Left(_) | Allowance::NoneUntil(_) => {}
        }
        let caps = match self.allowance {
            Allowance::Left(left) => left,
            Allowance::NoneUntil(_) | Allowance::Unknown => 0,
        };
        let limit = run.course.most().saturating_sub(self.begun);
        let most = run.course.ahead;
        let allowed = usize::try_from(caps.min(limit)).unwrap_or(most).min(most);
        let wanted = allowed.saturating_sub(self.queue.len());
        if wanted == 0 {
            self.dry = allowed == 0;
            return Ok(());
        }
        let (ledger, id, now) = (run.ledger.clone(), run.campaign.id.clone(), run.clock.now());
        let claim = async move { ledger.claim(&id, wanted, now).await };
        self.claiming = Some((wanted, Box::pin(claim)));
        Ok(())
    }

    /// Queues what has been claimed.
    fn take_in<L, C: Clock, F>(
        &mut self,
        run: &Run<'_, L, C, F>,
        claimed: Vec<Claimed>,
    ) -> Result<(), Error> {
        let wanted = self.claiming.take().map_or(0, |(wanted, _)| wanted);
        self.dry = claimed.len() < wanted;
        self.barren &= claimed.is_empty();
        for claimed in claimed {
            if claimed.revision != run.campaign.revision {
                return Err(Error::Revised);
            }
            let addressee = run
                .press
                .keys()
                .open(claimed.person.as_bytes(), &claimed.sealed)
                .ok()
                .and_then(|bytes| Addressee::from_bytes(&bytes))
                .ok_or(Error::Sealed)?;
            self.queue.push_back(Job { claimed, addressee, strikes: 0 });
        }
        Ok(())
    }

    /// Hands out what may go at once, and lets nobody wait who would take something along.
    fn serve<L, C: Clock, F>(&mut self, run: &mut Run<'_, L, C, F>) {
        if !self.calm {
            self.give_nothing_along();
        }
        while self.may_begin()
            && !self.queue.is_empty()
            && !(self.idle.is_empty() && self.with_room.is_empty())
        {
            let candidates = candidates(&self.queue, run.pace);
            let Some(turn) = run.pace.take_at_once(&candidates) else { break };
            self.hand_out(turn);
        }
        let soon = self.claiming.is_some() && self.queue.is_empty() && self.may_begin();
        if !soon {
            self.give_nothing_along();
        }
    }

    fn give_nothing_along(&mut self) {
        for number in std::mem::take(&mut self.with_room) {
            self.tell(number, Task::Along(None));
        }
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
        if self.begun >= run.course.most() {
            return Ok(Some(End::TurnOver));
        }
        if let Allowance::NoneUntil(until) = self.allowance {
            return Ok(Some(End::Capped { until }));
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
                self.wait(run, until, wait.unsigned_abs()).await?;
            }
        }
        if self.barren && books.pending > 0 {
            // Looking again would find as little, for ever.
            return Err(Error::Astray(books.pending));
        }
        self.barren = true;
        // Due now, given back by a worker, or the room under a cap used up: look again.
        self.allowance = Allowance::Unknown;
        self.dry = false;
        Ok(None)
    }

    /// Waits until then, for so long, or until something says stop. While a machine sleeps only its
    /// wall clock goes on; and that may be put back.
    async fn wait<L: Ledger, C: Clock, F>(
        &mut self,
        run: &mut Run<'_, L, C, F>,
        until: Timestamp,
        duration: Duration,
    ) -> Result<(), Error> {
        let end = run.clock.monotonic() + duration;
        let is_time = || run.clock.monotonic() >= end || run.clock.now() >= until;
        while self.halt.is_none() && !is_time() {
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

    /// Asks so many workers to connect, or as many as have not been asked.
    pub(super) fn open(&mut self, most: usize) {
        let asked = if self.halt.is_none() { self.unopened.len().min(most) } else { 0 };
        for number in self.unopened.drain(..asked) {
            // A desk holds one task, and this one is empty. A worker that has ended says so.
            self.connecting += usize::from(self.desks[number].try_send(Task::Connect).is_ok());
        }
    }

    /// After refusals about us, and after an outage, it is one message at a time: each of several
    /// could be refused, or lost.
    fn may_begin(&self) -> bool {
        self.halt.is_none()
            && (!self.probing || self.at_work() == 0)
            && (!self.outages.last() || self.sounding.is_none())
    }

    /// To somebody idle, or else to somebody with room.
    fn hand_out(&mut self, turn: usize) {
        let Some(job) = self.queue.remove(turn) else { return };
        let (number, task) = match (self.idle.pop(), &mut self.with_room) {
            (Some(number), _) => (number, Task::Deliver(job)),
            (None, with_room) => match with_room.pop() {
                Some(number) => (number, Task::Along(Some(job))),
                None => return self.queue.push_front(job),
            },
        };
        self.sounding = self.outages.last().then_some(number);
        self.begun += 1;
        self.in_hand[number] += 1;
        if let Allowance::Left(left) = &mut self.allowance {
            *left = left.saturating_sub(1);
        }
        self.tell(number, task);
    }

    /// A desk holds one task, and whoever is told something waits for it.
    fn tell(&mut self, number: usize, task: Task) {
        if self.desks[number].try_send(task).is_err() {
            self.halt = Some(Halt::Failed(Error::Worker));
        }
    }

    /// A message is off a worker's hands.
    pub(super) fn is_off(&mut self, worker: usize) {
        self.in_hand[worker] = self.in_hand[worker].saturating_sub(1);
        if self.in_hand[worker] == 0 {
            self.idle.push(worker);
        }
    }

    /// Messages that workers have in hand.
    pub(super) fn at_work(&self) -> usize {
        self.in_hand.iter().sum()
    }

    /// Whether there is somebody to wait for: a message on the wire, a claim, or the first
    /// connection.
    fn is_busy(&self) -> bool {
        let hopeful = self.halt.is_none() && self.idle.is_empty();
        self.at_work() > 0 || self.claiming.is_some() || (self.connecting > 0 && hopeful)
    }
}

/// The domains of those who may go next, in their order.
fn candidates<'a, C: Clock>(queue: &'a VecDeque<Job>, pace: &Pace<C>) -> Vec<&'a str> {
    let most = if pace.tells_domains_apart() { usize::MAX } else { 1 };
    queue.iter().take(most).map(Job::domain).collect()
}

/// The end of a claim, if one is under way.
async fn under_way(
    claiming: &mut Option<(usize, Claiming)>,
) -> Result<Vec<Claimed>, ledger::Error> {
    match claiming {
        Some((_, claim)) => claim.await,
        None => std::future::pending().await,
    }
}
