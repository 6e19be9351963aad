//! What workers report, and what the run does about it.

use std::time::Duration;

use super::{
    dispatcher::Dispatcher,
    event::{End, Event},
    halt::Halt,
    judge::logged,
    outages::Lost,
    run::Run,
    sequel::{Sequel, sequel},
    status::Status,
    worker::{Done, Verdict},
};
use crate::{
    clock::Clock,
    deliver::{Failure, Outcome, Scope, pace::REST},
    ledger::{Attempt, Ledger},
};

impl Dispatcher {
    /// Takes note of what a worker reports.
    pub(super) fn account<L: Ledger, C: Clock, F>(
        &mut self,
        run: &mut Run<'_, L, C, F>,
        done: Done,
    ) {
        if !matches!(done.verdict, Verdict::Room) {
            self.sounding.take_if(|worker| *worker == done.worker);
        }
        match done.verdict {
            Verdict::Room => self.with_room.push(done.worker),
            Verdict::Failed(error) => {
                self.in_hand[done.worker] = 0;
                self.halt = Some(Halt::Failed(error));
            }
            Verdict::Ready => {
                self.connecting -= 1;
                self.idle.push(done.worker);
                self.open(usize::MAX);
            }
            Verdict::NotReady(failure) => {
                self.connecting -= 1;
                let alone = self.connecting == 0 && self.at_work() == 0 && self.idle.is_empty();
                if failure.scope == Scope::Setup {
                    self.halt(run, End::Misconfigured(failure));
                } else if alone && failure.reply.is_some() {
                    // The server is there, and busy: the next message knocks again.
                    self.idle.push(done.worker);
                    let outcome = Outcome::NotTried(failure);
                    heed(run, &outcome);
                    self.follow(run, outcome);
                } else if alone {
                    self.halt(run, End::Unreachable(failure));
                }
                // Else fewer connections than asked for will do.
            }
            Verdict::Skipped => {
                self.is_off(done.worker);
                self.begun = self.begun.saturating_sub(1);
                self.dry = false;
                run.reporter.report(&Event::Skipped);
            }
            Verdict::NotTried { job, outcome } => {
                self.is_off(done.worker);
                self.begun = self.begun.saturating_sub(1);
                if job.strikes > 0 {
                    // Again before the others: an address that the server hangs up on shows at
                    // once, and costs nobody else a connection.
                    self.queue.push_front(*job);
                } else {
                    self.queue.push_back(*job);
                }
                heed(run, &outcome);
                self.follow(run, outcome);
            }
            Verdict::Recorded { person, attempt, outcome } => {
                self.calm = matches!(outcome, Outcome::Accepted(_));
                self.is_off(done.worker);
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
                self.follow(run, outcome);
            }
        }
    }

    /// Does what follows from an outcome.
    fn follow<L, C: Clock, F>(&mut self, run: &mut Run<'_, L, C, F>, outcome: Outcome) {
        let opened = self.breaker.record(&outcome);
        self.probing &= !matches!(outcome, Outcome::Accepted(_));
        match sequel(outcome, opened, self.probing) {
            Sequel::GoOn => {
                self.outages.over();
                self.open(usize::MAX);
            }
            Sequel::Nothing => {}
            Sequel::Wait(failure) => self.lost(run, failure),
            Sequel::End(end) => self.halt(run, end),
        }
    }

    /// A connection is lost, or refused for now.
    fn lost<L, C: Clock, F>(&mut self, run: &mut Run<'_, L, C, F>, failure: Failure) {
        let rest = if failure.scope == Scope::Pace { REST } else { Duration::ZERO };
        match self.outages.lost(run.clock.monotonic(), rest) {
            Lost::Together => {}
            Lost::Wait(wait) => {
                run.pace.pause(wait);
                run.reporter.report(&Event::Reconnecting { reason: failure.to_string(), wait });
            }
            Lost::Often => self.halt(run, End::Unreachable(failure)),
        }
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
