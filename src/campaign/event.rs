//! What happens during a run, for whoever wants to show it.

use std::time::Duration;

use jiff::Timestamp;

use crate::{
    deliver::{Failure, Opened, Reply, Slowed, Stage},
    keys::PersonKey,
    ledger::{AttemptStatus, Recovered},
};

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The run begins with so many deliveries ahead.
    Started {
        /// Planned and deferred deliveries of the campaign.
        ahead: u64,
    },
    /// An earlier run had been cut short; this is what it left.
    Recovered(Recovered),
    /// A try ended and is in the ledger.
    Tried {
        /// Who.
        person: PersonKey,
        /// What became of it.
        status: AttemptStatus,
        /// How far it came.
        stage: Stage,
        /// The reply's code.
        code: Option<u16>,
        /// The reply or our reason, redacted.
        reply: String,
        /// It was put off once more, and is not tried again.
        given_up: bool,
        /// The address is dead, and the person suppressed for it.
        suppressed: bool,
    },
    /// Somebody has been suppressed since the run began, and is left out.
    Skipped,
    /// The server finds us too fast.
    Slowed {
        /// What it said.
        reply: Option<Reply>,
        /// What was done about it.
        slowed: Slowed,
    },
    /// The connection broke; it is tried again.
    Reconnecting {
        /// Why.
        reason: String,
        /// After this wait.
        wait: Duration,
    },
    /// Nothing to do until deferred deliveries are due.
    Waiting {
        /// How many wait.
        deferred: u64,
        /// Until when.
        until: Timestamp,
    },
    /// No new messages are begun; those in hand are finished.
    Stopping,
}

/// Shows events: the seam between the loop and the screen.
pub trait Reporter: Send {
    /// Called by the loop, in order.
    fn report(&mut self, event: &Event);
}

/// Shows nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Reporter for Silent {
    fn report(&mut self, _: &Event) {}
}

/// Why a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// Nothing is planned or deferred any more.
    Finished,
    /// Some deliveries are deferred; the first is due then.
    Deferred {
        /// When to go on.
        until: Timestamp,
    },
    /// An hourly or daily cap is used up.
    Capped {
        /// When it has room again.
        until: Timestamp,
    },
    /// `--limit` was reached.
    Limited,
    /// Its turn is over: there is more to send, and other campaigns may have theirs.
    TurnOver,
    /// The server cannot be reached, or dropped us again and again.
    Unreachable(Failure),
    /// Settings or credentials are refused: nobody is marked.
    Misconfigured(Failure),
    /// The relay refuses us, or everybody, and not single people.
    BreakerOpen {
        /// How often.
        opened: Opened,
        /// The last refusal.
        failure: Failure,
    },
    /// `announce stop` asked for it.
    Stopped,
    /// A signal asked for it.
    Interrupted,
}
