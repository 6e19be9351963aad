//! When dispatch last looked, by two clocks: of which one can be put forward.

use std::fs;

use jiff::{SignedDuration, Timestamp};

use super::{
    super::{Exit, Fault, newsroom::Newsroom, progress::span},
    Place, Queue, Scheduled,
    memory::replace,
};
use crate::{
    clock::{Clock as _, since_boot},
    schedule::{Reading, distance},
};

const FILE: &str = "dispatch.clock";

/// Cron comes once a minute; one run may take a while, or the machine start slowly.
pub(super) const GRACE: SignedDuration = SignedDuration::from_mins(10);

/// A look at the clocks.
pub(in crate::cli) struct Tick {
    reading: Reading,
    /// What the clock would show had nobody put it forward since the last look.
    pub(super) expected: Option<Timestamp>,
}

impl Tick {
    /// Looks at the clocks.
    pub(super) fn take(newsroom: &Newsroom) -> Self {
        let reading = Reading { wall: newsroom.clock().now(), since_boot: since_boot() };
        // A rehearsal goes by no clock.
        let last = last(newsroom).filter(|_| !newsroom.rehearses());
        Self { expected: last.and_then(|last| last.unless_put_forward(&reading)), reading }
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

    /// What is wrong where nobody calls dispatch each minute, in a sentence.
    pub(in crate::cli) fn asleep(newsroom: &Newsroom) -> Option<String> {
        let Some(last) = last(newsroom).map(|reading| reading.wall) else {
            return Some("no dispatch has run here yet".to_owned());
        };
        let now = newsroom.clock().now();
        let ago = distance(last, now, &newsroom.zone());
        (now.duration_since(last) > GRACE).then(|| format!("the last dispatch ran {ago}"))
    }
}

fn last(newsroom: &Newsroom) -> Option<Reading> {
    let text = fs::read_to_string(newsroom.state_path("").join(FILE)).ok()?;
    serde_json::from_str(&text).ok()
}
