//! What an ended try means for the ones to come: slow down, wait, stop.

use std::time::Duration;

use super::{
    dispatcher::{Dispatcher, Halt},
    event::{End, Event},
    judge::logged,
    run::Run,
    status::Status,
    worker::{Done, Verdict},
};
use crate::{
    clock::Clock,
    deliver::{Failure, Opened, Outcome, Scope, Stage},
    ledger::{Attempt, Ledger},
};

/// Waits before a broken connection is tried again. Broken once more after the last, the run ends.
const BACKOFF: [Duration; 4] = [
    Duration::from_secs(1),
    Duration::from_secs(5),
    Duration::from_secs(30),
    Duration::from_mins(1),
];

impl Dispatcher {
    /// Takes note of what a worker reports.
    pub(super) fn account<L: Ledger, C: Clock, F>(
        &mut self,
        run: &mut Run<'_, L, C, F>,
        done: Done,
    ) {
        match done.verdict {
            Verdict::Failed(error) => {
                self.at_work = self.at_work.saturating_sub(1);
                self.halt = Some(Halt::Failed(error));
            }
            Verdict::Ready => {
                self.connecting -= 1;
                self.idle.push(done.worker);
            }
            Verdict::NotReady(failure) => {
                self.connecting -= 1;
                // Fewer connections than asked for will do.
                let alone = self.connecting == 0 && self.at_work == 0 && self.idle.is_empty();
                if failure.scope == Scope::Setup {
                    self.halt(run, End::Misconfigured(failure));
                } else if alone {
                    self.halt(run, End::Unreachable(failure));
                }
            }
            Verdict::Skipped => {
                self.at_work -= 1;
                self.idle.push(done.worker);
                self.begun = self.begun.saturating_sub(1);
                self.dry = false;
                run.reporter.report(&Event::Skipped);
            }
            Verdict::NotTried { delivery, outcome } => {
                self.at_work -= 1;
                self.idle.push(done.worker);
                self.begun = self.begun.saturating_sub(1);
                self.dry = false;
                heed(run, &outcome);
                if let Outcome::NotTried(failure) = outcome {
                    if is_strike(&failure) {
                        *self.strikes.entry(delivery).or_default() += 1;
                    }
                    self.not_tried(run, failure);
                }
            }
            Verdict::Recorded { person, attempt, outcome } => {
                self.at_work -= 1;
                self.idle.push(done.worker);
                self.outages = 0;
                heed(run, &outcome);
                run.reporter.report(&Event::Tried {
                    person,
                    status: logged(&attempt),
                    stage: attempt.stage,
                    code: attempt.code,
                    given_up: is_given_up(&outcome, &attempt),
                    suppressed: attempt.suppress.is_some(),
                    reply: attempt.reply,
                });
                let opened = self.breaker.record(&outcome);
                let opened = match &outcome {
                    Outcome::Rejected(failure)
                        if self.probing && failure.scope == Scope::Sender =>
                    {
                        Some(opened.unwrap_or(Opened::Row(1)))
                    }
                    _ => opened,
                };
                self.probing &= !matches!(outcome, Outcome::Accepted(_));
                match (opened, outcome) {
                    (Some(opened), Outcome::Rejected(failure)) => {
                        self.halt(run, End::BreakerOpen { opened, failure });
                    }
                    (None, Outcome::Deferred(failure)) if failure.scope == Scope::Setup => {
                        self.halt(run, End::Misconfigured(failure));
                    }
                    _ => {}
                }
            }
        }
    }

    fn not_tried<L, C: Clock, F>(&mut self, run: &mut Run<'_, L, C, F>, failure: Failure) {
        match failure.scope {
            // The pace has been slowed down, and rests if it was asked to.
            Scope::Pace => return,
            Scope::Connection => {}
            Scope::Setup | Scope::Sender | Scope::Person { .. } => {
                self.halt(run, End::Misconfigured(failure));
                return;
            }
        }
        let now = run.clock.monotonic();
        if now < self.calm_until {
            return;
        }
        let Some(wait) = BACKOFF.get(self.outages).copied() else {
            self.halt(run, End::Unreachable(failure));
            return;
        };
        self.outages += 1;
        self.calm_until = now + wait;
        run.pace.pause(wait);
        run.reporter.report(&Event::Reconnecting { reason: failure.reason, wait });
    }
}

fn heed<L, C: Clock, F>(run: &mut Run<'_, L, C, F>, outcome: &Outcome) {
    if let Some(slowed) = run.pace.heed(outcome) {
        let reply = outcome.failure().and_then(|failure| failure.reply.clone());
        run.reporter.report(&Event::Slowed { reply, slowed });
    }
}

/// Whether the last of the retries has been used up.
fn is_given_up(outcome: &Outcome, attempt: &Attempt) -> bool {
    matches!(outcome, Outcome::Deferred(_)) && attempt.status == Status::Rejected
}

/// Whether the connection was lost over somebody's address.
pub(super) fn is_strike(failure: &Failure) -> bool {
    failure.scope == Scope::Connection && matches!(failure.stage, Stage::Rcpt | Stage::Data)
}
