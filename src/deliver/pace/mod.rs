//! How fast messages may go: several limits at once, limits for single domains, and slowing down
//! when the relay asks for it.
//!
//! One task holds the [`Pace`] and takes permits for all workers; governor has neither a queue nor
//! fairness. Its clock is our *timeline*: each permit has a planned instant, which follows from
//! the limits alone. A permit that is granted late (timers tick in milliseconds) is caught up, as
//! long as the timeline is no more than a few milliseconds behind real time; what is later than
//! that is given up. So the mean is exact, and no window holds more than its limit and its burst,
//! or at more than 200 a second, 5 ms' worth above that.
//!
//! Windows of an hour or a day are not paced but counted from the ledger: [`cap_room`],
//! [`cap_wait`].

mod cap;
mod estimate;
mod lane;

pub use cap::{cap_room, cap_takes, cap_wait};
pub use estimate::estimate;

use std::{collections::BTreeMap, time::Duration};

use jiff::Timestamp;

use super::{Limit, Outcome, Scope};
use crate::clock::Clock;
use lane::Lane;

/// How far the timeline may always be behind real time: timers tick in milliseconds.
const CATCH_UP: Duration = Duration::from_millis(5);
/// How far it may be behind at slower rates, where half an interval is more than [`CATCH_UP`]: a
/// busy machine wakes us that late, and no window can hold one more for it.
const CATCH_UP_WHEN_SLOW: Duration = Duration::from_millis(20);
/// How long nothing goes after a `421 4.7.x`, or after three complaints in a row.
pub const REST: Duration = Duration::from_mins(1);
/// A complaint this soon after the last one is about the same mails and does not halve again.
const SAME_COMPLAINT: Duration = Duration::from_secs(10);
/// After so long without a complaint the rate grows by a quarter, until it is whole again.
const RECOVERY: Duration = Duration::from_mins(1);
/// The slowest we get: a 64th of the limits.
const SLOWEST: f64 = 64.0;

/// What [`Pace::heed`] did about a complaint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slowed {
    /// The rate is now the limits' divided by this; none where there is no limit to divide.
    pub divisor: Option<u32>,
    /// So long nothing goes.
    pub rest: Option<Duration>,
}

/// Grants permits to send, one message each.
#[derive(Debug)]
pub struct Pace<C> {
    clock: C,
    everyone: Vec<Lane>,
    domains: BTreeMap<String, Lane>,
    /// The timeline: the planned instant of the latest permit, in monotonic time.
    planned: Duration,
    catch_up: Duration,
    not_before: Duration,
    /// By how much every limit is stretched; 1 when nobody complains.
    slowness: f64,
    slowness_changed: Duration,
    complaints_in_a_row: u32,
}

impl<C: Clock> Pace<C> {
    /// A pace under all of `limits` (those of an hour or a day are left to [`cap_room`]), and
    /// under the limit of the recipient's domain where `domains` (A-labels) has one. A domain's
    /// limit of an hour or a day is spaced evenly, as nobody counts it over restarts.
    ///
    /// `last_sent` is when the run before sent its last message: the pace holds over restarts.
    /// As it is not known how much of a burst that run had used, all of it counts as used.
    pub fn new(
        limits: &[Limit],
        domains: &BTreeMap<String, Limit>,
        clock: C,
        last_sent: Option<Timestamp>,
    ) -> Self {
        let now = clock.monotonic();
        let age = last_sent
            .map(|at| Duration::try_from(clock.now().duration_since(at)).unwrap_or(Duration::ZERO));
        let lane = |limit: &Limit| Lane::new(*limit, now, age);
        let mut pace = Self {
            everyone: limits.iter().filter(|limit| !limit.window.is_cap()).map(lane).collect(),
            domains: domains
                .iter()
                .map(|(name, limit)| (name.to_lowercase(), lane(limit)))
                .collect(),
            planned: now,
            not_before: now,
            slowness: 1.0,
            slowness_changed: now,
            complaints_in_a_row: 0,
            catch_up: CATCH_UP,
            clock,
        };
        let intervals = pace.everyone.iter().chain(pace.domains.values()).map(Lane::interval);
        let half = intervals.min().unwrap_or_default() / 2;
        pace.catch_up = half.clamp(CATCH_UP, CATCH_UP_WHEN_SLOW);
        pace
    }

    /// Waits until one of the candidates, given by their recipient domains (lower-case A-labels),
    /// may go under every limit at one instant, and returns its index: the first in the list among
    /// those that may go soonest. A domain that has to wait blocks nobody else. Nothing is used up
    /// before it returns, so the future may be dropped when the candidates change. Without
    /// candidates it never ends.
    pub async fn take(&mut self, domains: &[&str]) -> usize {
        loop {
            let now = self.clock.monotonic();
            match self.try_take(domains, now) {
                Ok(index) => return index,
                Err(wait) => self.clock.sleep(wait).await,
            }
        }
    }

    /// The candidate that may go now, its permit taken, if there is one.
    pub fn take_at_once(&mut self, domains: &[&str]) -> Option<usize> {
        self.try_take(domains, self.clock.monotonic()).ok()
    }

    /// Whether some domain has a limit of its own; if none has, the first candidate is as good as
    /// any.
    pub fn tells_domains_apart(&self) -> bool {
        !self.domains.is_empty()
    }

    /// Slows down, rests and recovers as the relay's answers ask for. Call it with every outcome.
    ///
    /// An answer of scope [`Scope::Pace`] halves the rate; 421 with it, or the third in a row,
    /// also rests for [`REST`], and so does each one where there is no limit to halve. Says what
    /// that changes, if anything.
    pub fn heed(&mut self, outcome: &Outcome) -> Option<Slowed> {
        let (Outcome::Deferred(failure) | Outcome::NotTried(failure)) = outcome else {
            self.complaints_in_a_row = 0;
            return None;
        };
        if failure.scope != Scope::Pace {
            return None;
        }
        let halved = self.halve();
        self.complaints_in_a_row += 1;
        let shut_out = failure.reply.as_ref().is_some_and(|reply| reply.code == 421);
        let mut rest = None;
        if shut_out || self.complaints_in_a_row >= 3 || self.everyone.is_empty() {
            self.pause(REST);
            self.complaints_in_a_row = 0;
            rest = Some(REST);
        }
        (halved || rest.is_some()).then(|| Slowed { divisor: self.divisor(), rest })
    }

    /// Halves every rate, down to a 64th, without bursts. Halving again within ten seconds
    /// changes nothing. It grows back by a quarter every minute without another call. Says whether
    /// it changed anything.
    pub fn halve(&mut self) -> bool {
        let now = self.clock.monotonic();
        if self.slowness > 1.0 && now < self.slowness_changed + SAME_COMPLAINT {
            return false;
        }
        self.slowness_changed = now;
        self.stretch((self.slowness * 2.0).min(SLOWEST));
        true
    }

    /// What a limit of everybody's is divided by now, if there is one.
    fn divisor(&self) -> Option<u32> {
        // At most 64; what has grown back in part is rounded.
        let whole = (1..=64).find(|divisor| f64::from(*divisor) >= self.slowness - 0.5);
        whole.filter(|_| !self.everyone.is_empty())
    }

    /// Grants nothing for so long.
    pub fn pause(&mut self, duration: Duration) {
        self.not_before = self.not_before.max(self.clock.monotonic() + duration);
    }

    /// The index of the candidate that goes at `now`, its permits taken; or how long to wait.
    fn try_take(&mut self, domains: &[&str], now: Duration) -> Result<usize, Duration> {
        self.recover(now);
        self.planned = self.planned.max(now.saturating_sub(self.catch_up)).max(self.not_before);
        let for_everyone =
            self.everyone.iter().fold(self.planned, |at, lane| at.max(lane.earliest(self.planned)));
        let (at, index) = domains
            .iter()
            .enumerate()
            .map(|(index, name)| {
                let own = self.domains.get(*name).map(|lane| lane.earliest(self.planned));
                (own.map_or(for_everyone, |own| own.max(for_everyone)), index)
            })
            .min()
            .ok_or(Duration::MAX)?;
        if let Some(wait) = at.checked_sub(now).filter(|wait| !wait.is_zero()) {
            return Err(wait);
        }
        self.planned = at;
        self.everyone.iter().for_each(|lane| lane.take(at));
        if let Some(lane) = self.domains.get(domains[index]) {
            lane.take(at);
        }
        Ok(index)
    }

    fn recover(&mut self, now: Duration) {
        while self.slowness > 1.0 && now >= self.slowness_changed + RECOVERY {
            self.slowness_changed += RECOVERY;
            self.stretch((self.slowness / 1.25).max(1.0));
        }
    }

    fn stretch(&mut self, slowness: f64) {
        self.slowness = slowness;
        for lane in self.everyone.iter_mut().chain(self.domains.values_mut()) {
            lane.stretch(slowness);
        }
    }
}

#[cfg(test)]
mod tests;
