//! Whatever says that no new work is begun: an end, a signal, another terminal.

use std::time::Duration;

use super::{
    dispatcher::Dispatcher,
    event::{End, Event},
    run::{Error, Run, Stop},
};
use crate::{clock::Clock, ledger::Ledger};

/// How often another terminal's `announce stop` is looked for.
pub(super) const STOP_POLL: Duration = Duration::from_secs(1);

/// Why no new work is begun.
pub(super) enum Halt {
    End(End),
    Failed(Error),
}

impl Dispatcher {
    /// Begins nothing more; the first reason stands.
    pub(super) fn halt<L, C: Clock, F>(&mut self, run: &mut Run<'_, L, C, F>, end: End) {
        if self.halt.is_none() {
            run.reporter.report(&Event::Stopping);
            self.halt = Some(Halt::End(end));
        }
    }

    /// Hears a signal.
    pub(super) fn interrupt<L, C: Clock, F>(&mut self, run: &mut Run<'_, L, C, F>) {
        if *run.stop.borrow() != Stop::No {
            self.halt(run, End::Interrupted);
        }
    }

    /// Looks for another terminal's stop, if it is time.
    pub(super) async fn poll_stop<L: Ledger, C: Clock, F>(
        &mut self,
        run: &mut Run<'_, L, C, F>,
    ) -> Result<(), Error> {
        let now = run.clock.monotonic();
        let is_time = self.polled.is_none_or(|polled| now.saturating_sub(polled) >= STOP_POLL);
        if self.halt.is_none() && is_time {
            self.polled = Some(now);
            if run.ledger.stop_requested(&run.campaign.id).await? {
                self.halt(run, End::Stopped);
            }
        }
        Ok(())
    }
}
