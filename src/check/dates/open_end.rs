//! Events that go into calendars without an end.

use super::{
    Calendar,
    event::{Event, place_of},
};
use crate::check::{Finding, Level, Rule};

/// An event without an end.
pub(super) static OPEN_END: Rule = Rule {
    code: "C3",
    name: "open-end",
    level: Level::Note,
    may_pass: true,
    title: "An event without an end",
    why: "The mail carries a calendar entry. Without an end, calendars show an event of no length, or \
          of one hour, and whoever looks whether they are free is told wrong.",
    mend: "Give `event.ends`, also roughly. For whole days write `event.starts` without a time.",
};

pub(super) fn check(calendar: &Calendar<'_>, event: &Event<'_>) -> Option<Finding> {
    let front = &calendar.draft.front;
    let is_off = front.fields.get("cancelled") == Some(&true.into());
    let is_in_calendars = front.announces && front.calendar && !is_off;
    if !is_in_calendars || event.is_whole_days || event.ends.is_some() {
        return None;
    }
    let message = "the event has no end: calendars will show no length";
    let note = OPEN_END.finding(message).fix("give `event.ends`, as in `2016-11-02 18:30`");
    Some(note.at(&calendar.draft.source, place_of(calendar.draft, "starts")))
}
