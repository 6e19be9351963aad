//! On which terms something is sent, by whatever verb: look first, ask, refuse, then send.

use super::{
    Exit, Fault, checks,
    newsroom::Newsroom,
    output,
    plan_text::PlanText,
    rate,
    ready::Ready,
    sending::{self, Manner},
    terminal::{self, Presence, Question},
};
use crate::{check::Rule, diagnostic::group_thousands};

/// What every verb that sends a draft may be told.
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
#[derive(Debug, clap::Args)]
pub(super) struct Terms {
    /// Try this many people now and pause; `resume` goes on with the rest
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    limit: Option<u64>,

    /// Send it although this check finds an error; the ledger records it (can be given again)
    #[arg(long, value_name = "CODE/RULE")]
    allow: Vec<String>,

    /// Show who would get it, who would not and why, and how long it takes; send nothing
    #[arg(short = 'n', long)]
    pub(super) dry_run: bool,

    /// Do not ask
    #[arg(short, long)]
    yes: bool,

    /// Refuse unless exactly this many people would get it
    #[arg(long, value_name = "N")]
    expect_count: Option<u64>,

    /// On a terminal, do not wait for people who are to be tried again within 15 minutes
    #[arg(long)]
    no_wait: bool,

    /// One JSON document on stdout
    #[arg(long)]
    pub(super) json: bool,
}

impl Terms {
    /// The rules whose errors are passed over.
    pub(super) fn allowed(&self) -> Result<Vec<&'static Rule>, Fault> {
        checks::allowed(&self.allow)
    }

    /// Whether nobody needs to be asked.
    pub(super) fn is_agreed(&self) -> bool {
        self.yes
    }

    /// Shows what is ready, asks, and sends it. `before` is done once that is certain.
    pub(super) fn send(
        &self,
        newsroom: &Newsroom,
        presence: Presence,
        ready: Ready,
        before: impl FnOnce() -> Result<(), Fault>,
    ) -> Result<Exit, Fault> {
        let text = PlanText::new(newsroom, &ready);
        let refused = ready.pass(&self.allowed()?).err();
        if let Some(fault) = refused.clone().filter(|_| !self.dry_run) {
            return Err(fault);
        }
        let planned = ready.plan.planned;
        if let Some(expected) = self.expect_count.filter(|expected| *expected != planned) {
            output::say(text.human());
            return Err(Fault::with_hint(
                Exit::Refused,
                format!(
                    "{} would get it, `--expect-count` says {}",
                    group_thousands(planned),
                    group_thousands(expected),
                ),
                "look at the plan with `--dry-run`; nothing was sent",
            ));
        }
        if self.dry_run {
            output::result(if self.json { text.json() } else { text.human() });
            if let Some(fault) = refused {
                return Err(fault);
            }
            if !self.json {
                output::say("\nnothing was sent\nnext: the same without `--dry-run`");
            }
            return Ok(Exit::Done);
        }
        if !self.yes && planned > 0 {
            let about = text.human();
            let asked = Question { about, people: planned, again: "", look: "--dry-run" };
            terminal::confirm(presence, &asked)?;
        }
        before()?;
        let deadline = ready.inputs.deadline;
        let course = rate::course(newsroom, self.limit, presence, self.no_wait, deadline);
        sending::send(newsroom, ready, &Manner { course, presence, json: self.json })
    }
}
