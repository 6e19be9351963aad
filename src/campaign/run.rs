//! A run: workers, one a connection, around one dispatcher; and the state the campaign is left in.

use std::time::Duration;

use jiff::Timestamp;
use tokio::{
    sync::{mpsc, watch},
    task::JoinSet,
};

use super::{
    Press,
    clerk::Clerk,
    dispatcher::Dispatcher,
    event::{End, Event, Reporter},
    worker::{Desk, Worker},
};
use crate::{
    clock::Clock,
    deliver::{Breaker, Limit, Opened, Pace, Transport},
    diagnostic::count,
    ledger::{self, Books, CampaignRecord, CampaignState, Ledger},
};

/// Why a campaign is paused when the breaker has opened.
pub const REFUSED: &str = "the relay refuses our mail";

/// The same when the relay knew none of many people.
const UNKNOWN: &str = "the relay knows nobody whom we mail";

/// How a run is to go.
#[derive(Clone, Debug)]
pub struct Course {
    /// Connections at the most.
    pub connections: usize,
    /// Claimed deliveries that wait for a permit, at the most. With limits of single domains it
    /// takes more of them, so that a slow domain's people do not stand in everybody's way.
    pub ahead: usize,
    /// Tries at the most (`--limit`).
    pub limit: Option<u64>,
    /// Tries after which the run makes room for another campaign.
    pub turn: Option<u64>,
    /// Hourly and daily limits, counted from the ledger.
    pub caps: Vec<Limit>,
    /// After this no retry makes sense: the start of the event.
    pub deadline: Option<Timestamp>,
    /// How long the run waits for deferred deliveries to become due.
    pub patience: Duration,
    /// Whether the last run was stopped by refusals about us: one message at a time then, until
    /// one is accepted.
    pub probe: bool,
    /// Whether a dead address is suppressed from now on; a rehearsal's is not.
    pub suppresses: bool,
}

impl Course {
    /// Tries that the run begins at the most.
    pub(super) fn most(&self) -> u64 {
        [self.limit, self.turn].into_iter().flatten().min().unwrap_or(u64::MAX)
    }
}

/// Whether the run should go on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stop {
    /// Go on.
    #[default]
    No,
    /// Somebody pressed Ctrl-C: begin nothing new, and wait for a person.
    Interrupted,
    /// The machine asks (SIGTERM): begin nothing new, and let dispatch go on later.
    Terminated,
}

/// What a run is handed.
pub struct Run<'a, L, C: Clock, F> {
    /// The campaign to send.
    pub campaign: &'a CampaignRecord,
    /// How it is to go.
    pub course: &'a Course,
    /// The books.
    pub ledger: &'a L,
    /// Time.
    pub clock: &'a C,
    /// The rate, for all connections together.
    pub pace: &'a mut Pace<C>,
    /// Makes each person's message.
    pub press: &'a Press,
    /// Opens a transport for a worker; it connects when first used.
    pub transport: F,
    /// Set by signals.
    pub stop: watch::Receiver<Stop>,
    /// Where events go.
    pub reporter: &'a mut dyn Reporter,
}

/// Why the loop itself, not a delivery, failed. What was sent is in the ledger or will be found
/// by recovery.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The ledger failed; nothing more is sent.
    #[error(transparent)]
    Ledger(#[from] ledger::Error),
    /// A frozen recipient cannot be opened: the secret is not the one it was sealed with.
    #[error("a frozen recipient cannot be opened: the secret is not the one it was sealed with")]
    Sealed,
    /// Somebody is to get another revision than the one that this run has been handed.
    #[error("the campaign has another text by now than this run was given")]
    Revised,
    /// The ledger is not at one with itself.
    #[error("the ledger counts {} that it cannot find: it is damaged", count(*.0, "delivery"))]
    Astray(u64),
    /// A worker has ended in a panic. What it had in hand is settled when the next run begins.
    #[error("a worker of the run has ended: this is a fault of announce")]
    Worker,
    /// A frozen copy cannot be made any more, though it was checked.
    #[error("a checked copy cannot be made: {0}")]
    Press(String),
}

impl<L: Ledger, C: Clock, F, T> Run<'_, L, C, F>
where
    F: Fn() -> T,
    T: Transport + 'static,
{
    /// Sends until nothing is left or something says stop, then says why it ended. The campaign
    /// is left in the state that belongs to the end.
    pub async fn drive(mut self) -> Result<End, Error> {
        let id = self.campaign.id.clone();
        self.ledger.set_state(&id, CampaignState::Running, self.clock.now()).await?;
        let books = self.ledger.books(&id).await?;
        let ahead = books.open();
        self.reporter.report(&Event::Started { ahead });
        let end = match self.not_due(&books).await? {
            // Not even the server has to know.
            Some(until) => End::Deferred { until },
            None => self.work(ahead).await?,
        };
        let state = match state_after(&end, *self.stop.borrow()) {
            // Asked for too late for this run to hear, in time for the next one.
            None if self.ledger.stop_requested(&id).await? => Some(stopped()),
            state => state,
        };
        if let Some(state) = state {
            self.ledger.set_state(&id, state, self.clock.now()).await?;
        }
        Ok(end)
    }

    /// When somebody is due again, if nobody is before the run's patience ends.
    async fn not_due(&self, books: &Books) -> Result<Option<Timestamp>, Error> {
        if books.pending > 0 {
            return Ok(None);
        }
        let due = self.ledger.next_due(&self.campaign.id).await?;
        Ok(due.filter(|until| {
            let wait = until.duration_since(self.clock.now());
            wait.is_positive() && wait.unsigned_abs() > self.course.patience
        }))
    }

    async fn work(&mut self, ahead: u64) -> Result<End, Error> {
        // A worker has at most three messages in hand, and asks for one.
        let (done, results) = mpsc::channel(4 * self.course.connections);
        let mut workers = JoinSet::new();
        let mut desks = Vec::new();
        let useful = usize::try_from(ahead).unwrap_or(usize::MAX).max(1);
        for number in 0..self.course.connections.min(useful) {
            let (desk, tasks) = mpsc::channel(1);
            desks.push(desk);
            let worker = Worker {
                desk: Desk { number, tasks, done: done.clone() },
                transport: (self.transport)(),
                press: self.press.clone(),
                clerk: Clerk {
                    ledger: self.ledger.clone(),
                    clock: self.clock.clone(),
                    deadline: self.course.deadline,
                    suppresses: self.course.suppresses,
                },
            };
            workers.spawn(worker.work());
        }

        // Who resumes may have mended it, or not.
        let strangers = self.campaign.state == CampaignState::Paused(UNKNOWN.to_owned());
        let breaker = if strangers { Breaker::after_strangers() } else { Breaker::default() };
        let mut dispatcher = Dispatcher::new(desks, breaker, self.course.probe || strangers);
        let ended = dispatcher.turn(self, results).await;

        // Dropping the desks ends the workers, each after its good-bye to the server.
        let untried = dispatcher.close();
        while workers.join_next().await.is_some() {}
        let end = ended?;
        self.ledger.release(untried).await?;
        let id = &self.campaign.id;
        match end {
            // Nobody is left to be spared.
            End::BreakerOpen { .. } if self.ledger.books(id).await?.open() == 0 => {
                Ok(End::Finished)
            }
            end => Ok(end),
        }
    }
}

fn stopped() -> CampaignState {
    CampaignState::Paused("stopped".to_owned())
}

/// The state a campaign is left in, if it changes.
fn state_after(end: &End, stop: Stop) -> Option<CampaignState> {
    let paused = |reason: &str| Some(CampaignState::Paused(reason.to_owned()));
    match end {
        End::Finished => Some(CampaignState::Finished),
        End::Deferred { .. } | End::Capped { .. } | End::TurnOver | End::Unreachable(_) => None,
        End::Interrupted if stop == Stop::Terminated => None,
        End::Interrupted => paused("interrupted"),
        End::Limited => paused("limit reached"),
        End::Stopped => Some(stopped()),
        End::Misconfigured(failure) => paused(&failure.reason),
        End::BreakerOpen { opened: Opened::Strangers(_), .. } => paused(UNKNOWN),
        End::BreakerOpen { .. } => paused(REFUSED),
    }
}
