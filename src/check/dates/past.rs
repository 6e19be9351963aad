//! Events that are over when they are announced.

use super::{
    Calendar,
    event::{Event, place_of},
};
use crate::check::{Finding, Level, Rule};

/// An event that is over.
pub(super) static PAST_EVENT: Rule = Rule {
    code: "B5",
    name: "past-event",
    level: Level::Error,
    may_pass: true,
    title: "An event that is over",
    why: "Nobody can come any more. Most often the date was taken over from the last notice. \
          Notices and programmes are looked at; a round-up may well be about yesterday.",
    mend: "Set `event.starts` and `event.ends` right, or do not send it.",
};

/// Kinds that announce what is to come.
pub(super) fn announces(calendar: &Calendar<'_>) -> bool {
    let front = &calendar.draft.front;
    front.announces || matches!(front.kind.value.as_str(), "event" | "programme")
}

pub(super) fn check(calendar: &Calendar<'_>, event: Option<&Event<'_>>) -> Option<Finding> {
    let event = event.filter(|_| announces(calendar))?;
    if event.end()? >= calendar.judged_at {
        return None;
    }
    let (key, verb, time) = match event.ends {
        Some(ends) => ("ends", "ended", ends),
        None => ("starts", "began", event.starts),
    };
    let verb = if event.is_whole_days && event.ends.is_none() { "was" } else { verb };
    let message = format!("the event {verb} on `{}`, before this mail goes out", event.shown(time));
    let finding =
        PAST_EVENT.finding(message).fix(format!("change `event.{key}`, or do not send it"));
    Some(finding.at(&calendar.draft.source, place_of(calendar.draft, key)))
}
