//! The only place that reads a clock or sleeps. Everything else is handed a [`Clock`].

use std::{fs, future::Future, time::Duration};

use jiff::{SignedDuration, Timestamp};

/// Wall time for records, monotonic time for waiting.
pub trait Clock: Clone + Send + Sync + 'static {
    /// The wall clock, for what is written down. It may jump.
    fn now(&self) -> Timestamp;

    /// Time since some fixed start that never goes backwards, for rates and time-outs.
    fn monotonic(&self) -> Duration;

    /// Ends when [`Clock::monotonic`] has grown by `duration`.
    fn sleep(&self, duration: Duration) -> impl Future<Output = ()> + Send;
}

/// The machine's clocks. Monotonic time and sleep are tokio's, so that they stand still in a
/// runtime whose time is paused.
#[derive(Clone, Copy, Debug)]
pub struct SystemClock {
    start: tokio::time::Instant,
    /// How far its wall clock is ahead of the machine's.
    ahead: SignedDuration,
}

impl SystemClock {
    /// A clock whose monotonic time starts now.
    #[expect(clippy::disallowed_methods, reason = "the one place that may read the clock")]
    pub fn new() -> Self {
        Self { start: tokio::time::Instant::now(), ahead: SignedDuration::ZERO }
    }

    /// A clock whose wall clock shows `now` now, for asking what would happen then.
    #[must_use]
    pub fn showing(now: Timestamp) -> Self {
        let clock = Self::new();
        Self { ahead: now.duration_since(clock.now()), ..clock }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that may read the clock")]
    fn now(&self) -> Timestamp {
        Timestamp::now().saturating_add(self.ahead).unwrap_or(Timestamp::MAX)
    }

    fn monotonic(&self) -> Duration {
        self.start.elapsed()
    }

    #[expect(clippy::disallowed_methods, reason = "the one place that may sleep")]
    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}

/// The name of the machine's present boot, and the time since then, in which it may have slept.
/// Nobody sets this clock. `None` where the system does not tell (outside of Linux).
pub fn since_boot() -> Option<(String, Duration)> {
    let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    let uptime = fs::read_to_string("/proc/uptime").ok()?;
    let seconds: f64 = uptime.split(' ').next()?.parse().ok()?;
    Some((boot.trim().to_owned(), Duration::try_from_secs_f64(seconds).ok()?))
}

/// A wall clock that starts where it is told and moves with tokio's time: exact under
/// `tokio::time::pause`, and a way to rehearse another day.
#[derive(Clone, Copy, Debug)]
pub struct FixedStartClock {
    base: Timestamp,
    inner: SystemClock,
}

impl FixedStartClock {
    /// A clock that reads `base` now.
    pub fn new(base: Timestamp) -> Self {
        Self { base, inner: SystemClock::new() }
    }
}

impl Clock for FixedStartClock {
    fn now(&self) -> Timestamp {
        self.base + self.inner.monotonic()
    }

    fn monotonic(&self) -> Duration {
        self.inner.monotonic()
    }

    async fn sleep(&self, duration: Duration) {
        self.inner.sleep(duration).await;
    }
}
