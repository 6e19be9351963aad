//! When dispatch last looked, by two clocks: of which one can be put forward.

use std::fs;

use jiff::Timestamp;

use super::{
    super::{Exit, Fault, newsroom::Newsroom, progress::span},
    Place, Queue, Scheduled,
    memory::replace,
};
use crate::{
    clock::{Clock as _, since_boot},
    schedule::Reading,
};

const FILE: &str = "dispatch.clock";

/// A look at the clocks.
pub(in crate::cli) struct Tick {
    reading: Reading,
    /// What the clock would show had nobody put it forward since the last look.
    pub(super) expected: Option<Timestamp>,
}

impl Tick {
    /// Looks at the clocks.
    pub(super) fn take(newsroom: &Newsroom) -> Self {
        let (now, since_boot) = (newsroom.clock().now(), since_boot());
        match last(newsroom) {
            // A rehearsal goes by no clock.
            Some(last) if newsroom.rehearses() => {
                Self { reading: last.next(now, since_boot), expected: None }
            }
            None => Self { reading: Reading::first(now, since_boot), expected: None },
            Some(last) => {
                let reading = last.next(now, since_boot);
                Self { expected: last.unless_put_forward(&reading), reading }
            }
        }
    }

    /// What is told when the clock was put forward and something is due, or will be: the clock may
    /// be wrong still.
    pub(super) fn warning(&self, newsroom: &Newsroom, queue: &Queue) -> Option<Fault> {
        let (expected, now) = (self.expected?, newsroom.clock().now());
        let counts = |draft: &&Scheduled| {
            matches!(draft.place(now, newsroom.rehearses()), Place::Due | Place::Ahead)
        };
        let next = queue.drafts.iter().find(counts)?;
        let by = span(now.duration_since(expected).unsigned_abs());
        let message = format!("the clock of this machine was put forward by {by}");
        let hint = format!(
            "if it is wrong, set it right before `{}` goes out; if it was wrong before, nothing needs \
             to be done",
            next.slug
        );
        Some(Fault::with_hint(Exit::Refused, message, hint))
    }

    /// Goes by this look from now on. Where that cannot be written, the last one stands.
    pub(super) fn keep(&self, newsroom: &Newsroom) {
        if let Ok(text) = serde_json::to_string(&self.reading) {
            let _ = replace(&newsroom.state_path(""), FILE, &text);
        }
    }

    /// When dispatch last looked, if it ever has.
    pub(in crate::cli) fn last_look(newsroom: &Newsroom) -> Option<Timestamp> {
        last(newsroom).map(|reading| reading.wall)
    }
}

fn last(newsroom: &Newsroom) -> Option<Reading> {
    let text = fs::read_to_string(newsroom.state_path("").join(FILE)).ok()?;
    serde_json::from_str(&text).ok()
}
