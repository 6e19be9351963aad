//! Why a draft that is due does not go.

use std::fmt::Write as _;

use jiff::Timestamp;

use super::super::{
    Exit, Fault, amending::Amends, audience::Narrowing, checks, newsroom::Newsroom, progress::span,
    ready::Ready, report,
};
use super::Scheduled;
use crate::{check::Level, clock::Clock as _, diagnostic::Diagnostic, schedule::Due};

/// The reason in one word, for programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) enum Why {
    /// It is too late for it to go by itself.
    Late,
    /// It is due only because the clock was put forward.
    Clock,
    /// It has a fault, or a list or template has.
    Fault,
    /// Nobody has approved it as it is.
    Unapproved,
}

/// A draft that waits for a person.
pub(in crate::cli) struct Hold {
    pub(in crate::cli) why: Why,
    /// The sentence that says it.
    pub(in crate::cli) message: String,
    /// What a person is told: with the place and what to do.
    pub(in crate::cli) text: String,
    /// The same without what changes while it waits.
    pub(super) mark: String,
    /// What it ends with each time that it is found.
    pub(super) exit: Exit,
}

impl Why {
    pub(in crate::cli) fn word(self) -> &'static str {
        match self {
            Self::Late => "late",
            Self::Clock => "clock",
            Self::Fault => "fault",
            Self::Unapproved => "unapproved",
        }
    }
}

impl Hold {
    pub(super) fn new(why: Why, fault: &Fault) -> Self {
        let text = fault.texts().collect::<Vec<_>>().join("\n");
        let message = fault.diagnostics.last().map(ToString::to_string).unwrap_or_default();
        Self { why, message, mark: text.clone(), text, exit: fault.exit }
    }

    /// It was due too long ago.
    pub(super) fn late(newsroom: &Newsroom, slug: &str, due: Due) -> Self {
        let ago = ago(newsroom, due.at);
        let message = format!(
            "`{slug}` was due {}, {ago} ago: that is too late to go out by itself",
            newsroom.when(due.at)
        );
        let fault = Fault::with_hint(Exit::Refused, message, otherwise(slug));
        // By now it is later.
        Self { mark: String::new(), ..Self::new(Why::Late, &fault) }
    }

    /// It is due only because the clock was put forward.
    pub(super) fn by_clock(newsroom: &Newsroom, slug: &str, due: Due) -> Self {
        let message = format!(
            "`{slug}` has been due since {} only because the clock of this machine was put forward",
            newsroom.time(due.at)
        );
        let fault = Fault::with_hint(Exit::Refused, message, otherwise(slug));
        Self { mark: String::new(), ..Self::new(Why::Clock, &fault) }
    }

    /// What it is known by while it stays so, and the draft is due at the same time.
    pub(super) fn known_as(&self, draft: &Scheduled) -> String {
        let due = draft.due.map(|due| due.at.to_string()).unwrap_or_default();
        format!("{} {due} {}", self.why.word(), self.mark)
    }

    /// Nobody has approved it as it is.
    fn unapproved(fault: &Fault) -> Self {
        // The last one says when it was approved, in words that are others tomorrow.
        let changes = fault.diagnostics.iter().rev().skip(1).map(ToString::to_string);
        let mark = changes.collect::<Vec<_>>().join("\n");
        Self { mark, ..Self::new(Why::Unapproved, fault) }
    }

    /// Nobody can tell when it is to go.
    pub(super) fn unreadable(fault: &Diagnostic) -> Self {
        Self::new(Why::Fault, &Fault::new(Exit::Refused, fault.clone()))
    }
}

/// Makes a due draft ready, or says why it is held. Makes no secret where there is none.
pub(super) fn ready(newsroom: &Newsroom, scheduled: &Scheduled) -> Result<Ready, Hold> {
    let held = |fault: Fault| Hold::new(Why::Fault, &fault);
    let templates = newsroom.templates().map_err(held)?;
    let shown = format!("drafts/{}.md", scheduled.slug);
    let draft = newsroom.draft_at(&shown, &templates).map_err(held)?;
    if draft.slug != scheduled.slug {
        let message =
            format!("it is a link to `{}`, which has a name of its own", draft.source.name);
        let fault = Diagnostic::new(message).in_file(shown);
        let hint = "let it be a file of its own, or schedule the other one";
        return Err(held(Fault::new(Exit::Refused, fault.hint(hint))));
    }
    let ready = Ready::prepare(newsroom, draft, templates, None, &Narrowing::default(), &[], false)
        .map_err(held)?;
    checks::refuse(&ready.verdict, &checks::SENDING).map_err(|fault| faulty(&ready, &fault))?;
    ready.approval.pass().map_err(|fault| Hold::unapproved(&fault))?;
    if let Some(Amends::Revise(revised)) = &ready.amends {
        checks::refuse(&revised.verdict, &checks::SENDING).map_err(held)?;
        revised.approval.pass().map_err(|fault| Hold::unapproved(&fault))?;
    }
    Ok(ready)
}

/// The errors that the checks have found, and what to do.
fn faulty(ready: &Ready, fault: &Fault) -> Hold {
    let hold = Hold::new(Why::Fault, fault);
    let errors = ready.verdict.findings.iter().filter(|finding| finding.level == Level::Error);
    let mut text: String = errors.fold(String::new(), |mut text, finding| {
        let _ = writeln!(text, "{}", report::human(finding));
        text
    });
    text.push_str(&hold.text);
    Hold { mark: text.clone(), text, ..hold }
}

/// How long ago that was.
fn ago(newsroom: &Newsroom, at: Timestamp) -> String {
    let passed = newsroom.clock().now().duration_since(at);
    let minutes = passed.unsigned_abs().as_secs() / 60;
    span(std::time::Duration::from_mins(minutes))
}

/// What a person can do about a draft that is held.
fn otherwise(slug: &str) -> String {
    format!(
        "`announce send {slug}` sends it now; `announce schedule {slug} --at TIME` gives it another \
         time"
    )
}
