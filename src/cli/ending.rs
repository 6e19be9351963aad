//! How a run has ended, as a person reads it: what happened, what to do, and the exit code.

use super::{Exit, Fault, newsroom::Newsroom, output};
use crate::{
    campaign::{End, Summary},
    deliver::{Failure, Opened},
    diagnostic::{count, group_thousands},
    ledger::Books,
};

/// The next command after a rehearsal: its mails are there to be seen.
pub(super) const LOOK_AT_REHEARSAL: &str = "announce preview --sandbox";

/// A run that has ended.
pub(super) struct Ending<'a> {
    pub(super) newsroom: &'a Newsroom,
    /// The campaign.
    pub(super) id: &'a str,
    /// Of the run.
    pub(super) summary: &'a Summary,
    /// Of the campaign.
    pub(super) after: &'a Books,
}

impl Ending<'_> {
    /// Says what happened; the exit code and the next command.
    pub(super) fn told(&self, end: &End) -> Result<(Exit, String), Fault> {
        let id = self.id;
        let again = format!("announce resume {id}");
        let mended = format!("when that is mended: `{again}`");
        Ok(match end {
            End::Finished => {
                // A run that had nothing to do says nothing about the ones before it.
                let nothing = self.summary.planned == 0;
                let complete = nothing || self.after.rejected + self.after.uncertain == 0;
                let exit = if complete { Exit::Done } else { Exit::Incomplete };
                let is_rehearsed = self.newsroom.rehearses() && self.after.uncertain == 0;
                let next = match is_rehearsed {
                    true => LOOK_AT_REHEARSAL.to_owned(),
                    false => after_the_end(id, self.after),
                };
                (exit, next)
            }
            End::Limited => {
                output::say("paused: the limit is reached");
                (Exit::TryAgain, again)
            }
            End::TurnOver => (Exit::TryAgain, again),
            End::Deferred { until } => {
                let deliveries = count(self.summary.deferred, "delivery");
                let first = if self.summary.deferred == 1 { "" } else { "the first is " };
                let until = self.newsroom.when(*until);
                output::say(format!("{deliveries} deferred: {first}due {until}"));
                (Exit::TryAgain, again)
            }
            End::Capped { until } => {
                output::say(format!("the cap is used up until {}", self.newsroom.when(*until)));
                (Exit::TryAgain, again)
            }
            End::Stopped => {
                output::say("paused: `announce stop` asked for it");
                (Exit::TryAgain, again)
            }
            End::Interrupted => (Exit::Interrupted, again),
            End::Unreachable(failure) => {
                return Err(self.failed(Exit::TryAgain, failure, mended));
            }
            End::Misconfigured(failure) if failure.is_too_big() => {
                let hint = format!(
                    "`{id}` is frozen as it is: make it smaller, and send it as a new campaign \
                     with `--as ID`"
                );
                return Err(self.failed(Exit::Configuration, failure, hint));
            }
            End::Misconfigured(failure) => {
                return Err(self.failed(Exit::Configuration, failure, mended));
            }
            End::BreakerOpen { opened, failure } => {
                output::say(match opened {
                    Opened::Row(1) | Opened::Strangers(1) => format!("{opened}: paused again"),
                    Opened::Strangers(_) => format!("{opened} Paused before it refuses everybody"),
                    _ => format!("{opened}: paused before everybody is refused"),
                });
                return Err(self.failed(Exit::TryAgain, failure, self.after_refusals(*opened)));
            }
        })
    }

    fn after_refusals(&self, opened: Opened) -> String {
        let (when, then) = match opened {
            Opened::Row(_) | Opened::Share(_) => (
                "when that is mended",
                "who was rejected is not tried again, and another text is another campaign \
                 (`--as ID`)",
            ),
            Opened::Strangers(_) if self.newsroom.rehearses() => (
                "when that is mended, or if they are all gone",
                "who was rejected is not tried again",
            ),
            Opened::Strangers(_) => (
                "when that is mended, or if they are all gone",
                "who was rejected is on the suppression list until `announce suppress remove` \
                 undoes it, and another campaign (`--as ID --allow S5/repeat`) mails them",
            ),
        };
        format!("{when}: `announce resume {}`, which begins with one message; {then}", self.id)
    }

    fn failed(&self, exit: Exit, failure: &Failure, hint: String) -> Fault {
        let server = self.newsroom.server_line();
        let text = failure.to_string();
        // Many reasons name the server themselves.
        let text = if text.contains(&server) { text } else { format!("{server}: {text}") };
        Fault::with_hint(exit, text, hint)
    }
}

/// What nobody can know about so many deliveries.
pub(super) fn unknown(id: &str, uncertain: u64) -> String {
    let they = if uncertain == 1 { "it" } else { "they" };
    format!(
        "{} uncertain: nobody can know whether {they} arrived, so nothing is sent again unasked; \
         `announce resolve {id}` settles that",
        group_thousands(uncertain)
    )
}

/// The next command when nothing is left to send.
pub(super) fn after_the_end(id: &str, books: &Books) -> String {
    let verb = if books.uncertain > 0 { "resolve" } else { "log" };
    format!("announce {verb} {id}")
}
