//! How fast, how many at a time, how long to wait: settings and flags as a run takes them.

use std::time::Duration;

use jiff::Timestamp;

use super::{Fault, newsroom::Newsroom, terminal::Presence};
use crate::{
    campaign::{Course, Plan},
    check::history::Cap,
    clock::{Clock as _, SystemClock},
    config,
    deliver::{
        Limit, Pace,
        pace::{cap_room, cap_takes, estimate},
    },
    ledger::{Ledger as _, SqliteLedger},
};

/// How long a person at the terminal waits for greylisted people.
const PATIENCE: Duration = Duration::from_mins(15);

/// An earlier message no longer holds back one at the slowest pace, a message a minute.
const LOOK_BACK: Duration = Duration::from_mins(1);

/// Claimed deliveries that wait for a permit: never more.
const MOST_AHEAD: usize = 256;

/// The same where domains have limits of their own: a slow domain's people must not stand in
/// everybody's way.
const MOST_AHEAD_BY_DOMAIN: usize = 2_048;

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
        ahead: ahead(&settings.pace),
        limit,
        turn: None,
        caps: caps.copied().collect(),
        // A rehearsal of an old event still rehearses its retries.
        deadline: deadline.filter(|_| !newsroom.rehearses()),
        probe: false,
        patience: if waits { PATIENCE } else { Duration::ZERO },
        suppresses: !newsroom.rehearses(),
    }
}

/// As many as may go within a second, so that a slow campaign holds few.
fn ahead(pace: &config::Pace) -> usize {
    if !pace.domains.is_empty() {
        return MOST_AHEAD_BY_DOMAIN;
    }
    let within_a_second = |limit: &Limit| {
        let even = u64::from(limit.permits.get()).div_ceil(limit.window.duration().as_secs());
        even.max(limit.burst.get().into())
    };
    let paced = pace.limits.iter().filter(|limit| !limit.window.is_cap()).map(within_a_second);
    let slowest = paced.min().and_then(|permits| usize::try_from(permits).ok());
    slowest.map_or(MOST_AHEAD, |permits| permits.clamp(2, MOST_AHEAD))
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

/// Times of what counts against the caps now.
pub(super) async fn counted(
    newsroom: &Newsroom,
    ledger: &SqliteLedger,
) -> Result<Vec<Timestamp>, Fault> {
    let caps = newsroom.settings().pace.limits.iter().filter(|limit| limit.window.is_cap());
    Ok(match caps.map(|cap| cap.window.duration()).max() {
        Some(longest) => ledger.sent_within(longest, newsroom.clock().now()).await?,
        None => Vec::new(),
    })
}

/// How long a plan takes at the set pace; `sent` is what counts against the caps.
pub(super) fn takes(newsroom: &Newsroom, plan: &Plan, sent: &[Timestamp]) -> Duration {
    let settings = &newsroom.settings().pace;
    let even = estimate(&settings.limits, &settings.domains, &plan.by_domain, plan.planned);
    even.max(cap_takes(&settings.limits, sent, newsroom.clock().now(), plan.planned))
}

/// The cap that leaves the least room, if that is not enough for a plan.
pub(super) fn cap(newsroom: &Newsroom, plan: &Plan, sent: &[Timestamp]) -> Option<Cap> {
    let now = newsroom.clock().now();
    let limits = newsroom.settings().pace.limits.iter();
    let rooms = limits.filter_map(|limit| Some((cap_room(&[*limit], sent, now)? as u64, limit)));
    let (room, limit) = rooms.min_by_key(|(room, _)| *room)?;
    (room < plan.planned).then(|| Cap {
        limit: limit.to_string(),
        room,
        people: plan.planned,
        ends: now.checked_add(takes(newsroom, plan, sent)).unwrap_or(Timestamp::MAX),
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn a_slow_campaign_holds_few() {
        for (limits, most) in [
            (&[][..], 256),
            (&["1/min"], 2),
            (&["5/s"], 5),
            (&["60/min,burst=20"], 20),
            (&["100/s", "30/s", "2000/day"], 30),
            (&["2000/day"], 256),
            (&["5000/s"], 256),
        ] {
            let limits: Vec<Limit> = limits.iter().map(|limit| limit.parse().unwrap()).collect();
            let pace = config::Pace { limits: limits.clone(), domains: BTreeMap::new() };
            assert_eq!(ahead(&pace), most, "{limits:?}");
            let domains = BTreeMap::from([("slow.example".to_owned(), "1/s".parse().unwrap())]);
            assert_eq!(ahead(&config::Pace { limits, domains }), 2_048);
        }
    }
}
