//! How fast, how many at a time, how long to wait: settings and flags as a run takes them.

use std::time::Duration;

use jiff::Timestamp;

use super::{Fault, newsroom::Newsroom, terminal::Presence};
use crate::{
    campaign::{Course, Plan},
    clock::{Clock as _, SystemClock},
    deliver::{Pace, pace::estimate},
    ledger::{Ledger as _, SqliteLedger},
};

/// How long a person at the terminal waits for greylisted people.
const PATIENCE: Duration = Duration::from_mins(15);

/// An earlier message no longer holds back one at the slowest pace, a message a minute.
const LOOK_BACK: Duration = Duration::from_mins(1);

/// How a run is to go.
pub(super) fn course(
    newsroom: &Newsroom,
    limit: Option<u64>,
    presence: Presence,
    no_wait: bool,
    deadline: Option<Timestamp>,
) -> Course {
    let settings = newsroom.settings();
    let caps = settings.pace.limits.iter().filter(|limit| limit.window.is_cap());
    let waits = presence.is_attended() && !no_wait;
    Course {
        connections: settings.smtp.connections,
        ahead: if settings.pace.domains.is_empty() { 64 } else { 2_048 },
        limit,
        caps: caps.copied().collect(),
        // A rehearsal of an old event still rehearses its retries.
        deadline: deadline.filter(|_| !newsroom.rehearses()),
        probe: false,
        patience: if waits { PATIENCE } else { Duration::ZERO },
        suppresses: !newsroom.rehearses(),
    }
}

/// The rate for all connections together, going on where the last run left it.
pub(super) async fn pace(
    newsroom: &Newsroom,
    ledger: &SqliteLedger,
) -> Result<Pace<SystemClock>, Fault> {
    let settings = &newsroom.settings().pace;
    let clock = newsroom.clock();
    let sent = ledger.sent_within(LOOK_BACK, clock.now()).await?;
    Ok(Pace::new(&settings.limits, &settings.domains, clock, sent.last().copied()))
}

/// How long a plan takes at the set pace.
pub(super) fn takes(newsroom: &Newsroom, plan: &Plan) -> Duration {
    let settings = &newsroom.settings().pace;
    estimate(&settings.limits, &settings.domains, &plan.by_domain, plan.planned)
}
