//! Clocks that change, and hours at which people sleep.

use jiff::{
    civil::{DateTime, Weekday},
    tz::{AmbiguousOffset, TimeZone},
};

use super::{
    Calendar,
    event::{Event, place_of},
    names::weekday_name,
};
use crate::check::{Finding, Level, Rule};

/// Clocks change between sending and event.
pub(super) static CLOCK_CHANGE: Rule = Rule {
    code: "C3",
    name: "clock-change",
    level: Level::Note,
    may_pass: true,
    title: "Clocks change between sending and event",
    why: "Who puts the event into a calendar by hand, or joins from abroad, may be an hour early or \
          late. Countries change their clocks on different days.",
    mend: "Nothing must be done. People abroad are helped by a second time, in their zone or in UTC.",
};

/// A local time that does not exist, or comes twice.
pub(super) static GAP: Rule = Rule {
    code: "C3",
    name: "gap",
    level: Level::Warning,
    may_pass: true,
    title: "A time that the clocks leave out or show twice",
    why: "In the night when clocks go forward an hour is left out, and when they go back one comes \
          twice. A time in that hour is not what anybody means.",
    mend: "Choose a time outside of that hour.",
};

/// Sending at night or at a weekend.
pub(super) static HOURS: Rule = Rule {
    code: "C3",
    name: "hours",
    level: Level::Note,
    may_pass: true,
    title: "Sending at night or at a weekend",
    why: "Mail from 22:00 to 7:00 and on Saturdays and Sundays is read late or wakes people. The \
          sender's time zone counts. Public holidays are not known here: look for them yourself.",
    mend: "Set `send_at` to a working day between 7:00 and 22:00, unless it must go now.",
};

pub(super) fn check(calendar: &Calendar<'_>, event: Option<&Event<'_>>) -> Vec<Finding> {
    let draft = calendar.draft;
    let send_at = draft.front.send_at.as_ref();
    let mut found = Vec::new();
    if let Some(due) = send_at {
        let gap = gap("send_at", due.value, calendar.zone);
        found.extend(gap.map(|gap| gap.at(&draft.source, due.span.clone())));
    }
    let opening = 0..draft.source.text.find('\n').unwrap_or(0);
    let place = send_at.map_or(opening, |due| due.span.clone());
    found.extend(hours(calendar).map(|note| note.at(&draft.source, place)));
    let Some(event) = event.filter(|event| !event.is_whole_days) else { return found };
    for (key, time) in [("starts", Some(event.starts)), ("ends", event.ends)] {
        let gap = time.and_then(|time| gap(&format!("event.{key}"), time, &event.zone));
        found.extend(gap.map(|gap| gap.at(&draft.source, place_of(draft, key))));
    }
    found.extend(clock_change(calendar, event));
    found
}

fn gap(key: &str, local: DateTime, zone: &TimeZone) -> Option<Finding> {
    let shown = local.strftime("%-d %B %Y at %H:%M");
    let message = match zone.to_ambiguous_timestamp(local).offset() {
        AmbiguousOffset::Unambiguous { .. } => return None,
        AmbiguousOffset::Gap { .. } => {
            format!("`{key}` is `{shown}`, a time that does not exist: clocks go forward then")
        }
        AmbiguousOffset::Fold { .. } => {
            format!("`{key}` is `{shown}`, a time that comes twice: clocks go back then")
        }
    };
    Some(GAP.finding(message).fix("choose another hour"))
}

fn hours(calendar: &Calendar<'_>) -> Option<Finding> {
    // Without a date, nobody has said yet when it goes out.
    calendar.draft.front.send_at.as_ref()?;
    let local = calendar.judged_at.to_zoned(calendar.zone.clone()).datetime();
    let weekday = local.date().weekday();
    let time = local.strftime("%H:%M");
    let message = if matches!(weekday, Weekday::Saturday | Weekday::Sunday) {
        format!("it goes out on a {}", weekday_name(weekday))
    } else if !(7..22).contains(&local.hour()) {
        format!("it goes out at night, at `{time}`")
    } else {
        return None;
    };
    Some(HOURS.finding(message).fix("set `send_at` to a working day between 7:00 and 22:00"))
}

fn clock_change(calendar: &Calendar<'_>, event: &Event<'_>) -> Option<Finding> {
    let (sending, start) = (calendar.judged_at, event.start()?);
    let before = event.zone.to_offset(sending).seconds();
    let after = event.zone.to_offset(start).seconds();
    if start <= sending || before == after {
        return None;
    }
    let direction = if after > before { "forward" } else { "back" };
    let change = event.zone.preceding(start).next()?.timestamp().to_zoned(event.zone.clone());
    let message = format!(
        "clocks go {direction} on `{}`, between sending and event",
        change.date().strftime("%-d %B %Y")
    );
    let note =
        CLOCK_CHANGE.finding(message).fix("give a second time for people abroad, if some come");
    Some(note.at(&calendar.draft.source, place_of(calendar.draft, "starts")))
}
