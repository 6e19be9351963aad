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
        if let Some(said) = self.said(end) {
            output::say(said);
        }
        if let Some(fault) = self.fault(end) {
            return Err(fault);
        }
        let is_rehearsed = self.newsroom.rehearses() && self.after.uncertain == 0;
        let next = match end {
            End::Finished if is_rehearsed => LOOK_AT_REHEARSAL.to_owned(),
            End::Finished => after_the_end(self.id, self.after),
            _ => self.again(),
        };
        Ok((self.exit(end), next))
    }

    /// What it ends with, where nothing is wrong.
    pub(super) fn exit(&self, end: &End) -> Exit {
        // A run that had nothing to do says nothing about the ones before it.
        let nothing = self.summary.planned == 0;
        match end {
            End::Finished if nothing || self.after.rejected + self.after.uncertain == 0 => {
                Exit::Done
            }
            End::Finished => Exit::Incomplete,
            End::Interrupted => Exit::Interrupted,
            _ => Exit::TryAgain,
        }
    }

    /// Why it goes no further now, in a sentence.
    pub(super) fn said(&self, end: &End) -> Option<String> {
        Some(match end {
            End::Limited => "paused: the limit is reached".to_owned(),
            End::Deferred { until } => {
                let deliveries = count(self.summary.deferred, "delivery");
                let first = if self.summary.deferred == 1 { "" } else { "the first is " };
                format!("{deliveries} deferred: {first}due {}", self.newsroom.when(*until))
            }
            End::Capped { until } => {
                format!("the cap is used up until {}", self.newsroom.time(*until))
            }
            End::Stopped => "paused: `announce stop` asked for it".to_owned(),
            End::BreakerOpen { opened, .. } => match opened {
                Opened::Row(1) | Opened::Strangers(1) => format!("{opened}: paused again"),
                Opened::Strangers(_) => format!("{opened} Paused before it refuses everybody"),
                _ => format!("{opened}: paused before everybody is refused"),
            },
            _ => return None,
        })
    }

    /// What is wrong, where it ended for that.
    pub(super) fn fault(&self, end: &End) -> Option<Fault> {
        let mended = format!("when that is mended: `{}`", self.again());
        Some(match end {
            End::Unreachable(failure) => self.failed(Exit::TryAgain, failure, mended),
            End::Misconfigured(failure) if failure.is_too_big() => {
                let hint = format!(
                    "`{}` is frozen as it is: make it smaller, and send it as a new campaign with \
                     `--as ID`",
                    self.id
                );
                self.failed(Exit::Configuration, failure, hint)
            }
            End::Misconfigured(failure) => self.failed(Exit::Configuration, failure, mended),
            End::BreakerOpen { opened, failure } => {
                self.failed(Exit::TryAgain, failure, self.after_refusals(*opened))
            }
            _ => return None,
        })
    }

    /// What goes on with it.
    fn again(&self) -> String {
        format!("announce resume {}", self.id)
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
