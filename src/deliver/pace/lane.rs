//! One limit as a governor limiter that can look before it takes.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use governor::{
    Quota, RateLimiter,
    clock::Clock,
    middleware::NoOpMiddleware,
    nanos::Nanos,
    state::{NotKeyed, StateStore},
};

use crate::deliver::Limit;

/// A limiter on the timeline. Governor takes a permit whenever it is asked and allows it; to ask
/// several limits about one instant before taking from any, its clock and its state are ours
/// ([`Cells`]), and the state is written only when we say so.
pub(super) struct Lane {
    limit: Limit,
    cells: Cells,
    limiter: Limiter,
}

type Limiter = RateLimiter<NotKeyed, Cells, Cells, NoOpMiddleware<Duration>>;

impl Lane {
    /// A lane whose burst was used up `age` before `now`; whole if that is `None`.
    pub(super) fn new(limit: Limit, now: Duration, age: Option<Duration>) -> Self {
        let cells = Cells::default();
        let quota = quota(limit, 1.0);
        if let Some(age) = age {
            let earned = (now + quota.burst_size_replenished_in()).saturating_sub(age);
            cells.0.earned.store(nanos(earned), Relaxed);
        }
        let limiter = cells.limiter(quota);
        Self { limit, cells, limiter }
    }

    /// The time between two permits when nobody complains.
    pub(super) fn interval(&self) -> Duration {
        quota(self.limit, 1.0).replenish_interval()
    }

    /// The first instant from `at` on at which a permit could be taken; takes nothing.
    pub(super) fn earliest(&self, at: Duration) -> Duration {
        self.ask(at, false).map_or_else(|earliest| earliest.max(at), |()| at)
    }

    /// Takes a permit at `at`, an instant that [`Lane::earliest`] has named.
    pub(super) fn take(&self, at: Duration) {
        let taken = self.ask(at, true);
        debug_assert!(taken.is_ok(), "a permit is only taken when it is due");
    }

    /// Spaces permits `slowness` times as far apart, without bursts unless that is 1.
    pub(super) fn stretch(&mut self, slowness: f64) {
        self.limiter = self.cells.limiter(quota(self.limit, slowness));
    }

    fn ask(&self, at: Duration, keep: bool) -> Result<(), Duration> {
        self.cells.0.now.store(nanos(at), Relaxed);
        self.cells.0.keep.store(keep, Relaxed);
        self.limiter.check().map_err(|refusal| refusal.earliest_possible())
    }
}

impl fmt::Debug for Lane {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Lane({})", self.limit)
    }
}

/// The interval is rounded up to a nanosecond, so that no window holds a message too many.
fn quota(limit: Limit, slowness: f64) -> Quota {
    let permits = u64::from(limit.permits.get());
    let interval = Duration::from_nanos(nanos(limit.window.duration()).div_ceil(permits));
    let even = Quota::with_period(interval.mul_f64(slowness))
        .expect("a window of at least a second over a u32 is more than zero");
    if slowness > 1.0 { even } else { even.allow_burst(limit.burst) }
}

/// 584 years fit.
fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

/// Clock and state of one limiter. Atomic only because governor shares them; one task asks.
#[derive(Clone, Default)]
struct Cells(Arc<Inner>);

#[derive(Default)]
struct Inner {
    /// The instant that is asked about.
    now: AtomicU64,
    /// Whether an allowed permit is taken.
    keep: AtomicBool,
    /// GCRA's one number: when everything taken so far would have been earned evenly. 0 is never.
    earned: AtomicU64,
}

impl Cells {
    fn limiter(&self, quota: Quota) -> Limiter {
        // Governor counts `earned` from the moment a limiter is made; zero keeps it comparable.
        self.0.now.store(0, Relaxed);
        RateLimiter::new(quota, self.clone(), self.clone())
    }
}

impl Clock for Cells {
    type Instant = Duration;

    fn now(&self) -> Duration {
        Duration::from_nanos(self.0.now.load(Relaxed))
    }
}

impl StateStore for Cells {
    type Key = NotKeyed;

    fn measure_and_replace<T, F, E>(&self, _: &NotKeyed, decide: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        let earned = self.0.earned.load(Relaxed);
        let (allowed, earned) = decide((earned > 0).then(|| earned.into()))?;
        if self.0.keep.load(Relaxed) {
            self.0.earned.store(earned.into(), Relaxed);
        }
        Ok(allowed)
    }
}
