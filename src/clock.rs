//! The only place that reads a clock or sleeps. Everything else is handed a [`Clock`].

use std::{future::Future, time::Duration};

use jiff::Timestamp;

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
}

impl SystemClock {
    /// A clock whose monotonic time starts now.
    #[expect(clippy::disallowed_methods, reason = "the one place that may read the clock")]
    pub fn new() -> Self {
        Self { start: tokio::time::Instant::now() }
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
        Timestamp::now()
    }

    fn monotonic(&self) -> Duration {
        self.start.elapsed()
    }

    #[expect(clippy::disallowed_methods, reason = "the one place that may sleep")]
    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }
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
