//! Date sense: weekdays that do not fit their dates, events that are over, deadlines that have
//! passed, a text that says otherwise than the front matter, and clocks that change.
//!
//! The text is read once as words with their places; grammars of English, German and Korean find
//! dates and times among them; each family of rules judges those. A wrong alarm is worse than a
//! miss: where a date can be meant in two ways, nothing is said.

mod asks;
mod clocks;
mod cues;
mod cursor;
mod deadline;
mod differs;
mod english;
mod event;
mod find;
mod german;
mod hours;
mod joined;
mod korean;
mod label;
mod mention;
mod names;
mod numeric;
mod open_end;
mod order;
mod passage;
mod past;
mod rooms;
mod subject;
mod times;
mod weekday;
mod words;
mod written;
mod year;

use std::ops::RangeInclusive;

use jiff::{Timestamp, civil::Date, tz::TimeZone};

use self::{cursor::Ways, event::Event, passage::passages};
use super::{Finding, Rule};
use crate::{diagnostic::Place, draft::Draft};

/// The rules about dates and times.
pub(super) static RULES: [&Rule; 9] = [
    &weekday::WEEKDAY,
    &past::PAST_EVENT,
    &order::ORDER,
    &deadline::RSVP,
    &differs::DIFFERS,
    &clocks::CLOCK_CHANGE,
    &clocks::GAP,
    &clocks::HOURS,
    &open_end::OPEN_END,
];

/// A draft, and what its dates are judged by.
#[derive(Clone, Copy)]
pub struct Calendar<'a> {
    /// The draft.
    pub draft: &'a Draft,
    /// The sender's time zone.
    pub zone: &'a TimeZone,
    /// The sender's language (BCP 47), for a draft that names none.
    pub language: &'a str,
    /// When the mail goes out.
    pub judged_at: Timestamp,
}

impl Calendar<'_> {
    fn ways(&self) -> Ways {
        let own = self.draft.front.language.as_ref();
        Ways::of(own.map_or(self.language, |language| &language.value))
    }

    fn sending_day(&self) -> Date {
        self.judged_at.to_zoned(self.zone.clone()).date()
    }
}

/// What is wrong with the dates and times of a draft, in the order of the text.
pub fn check(calendar: &Calendar<'_>) -> Vec<Finding> {
    let event = Event::of(calendar.draft, calendar.zone);
    let event = event.as_ref();
    let now = around(calendar.sending_day(), event);
    let passages = passages(calendar.draft, calendar.ways());
    let mut found = Vec::from_iter(past::check(calendar, event));
    found.extend(clocks::check(calendar, event));
    found.extend(order::check_front_matter(calendar, event));
    for passage in &passages {
        for mention in &passage.dates {
            let weekday = weekday::fault(calendar, event, passage, mention, &now);
            let deadline = deadline::fault(calendar, event, passage, mention, &now);
            let faults = weekday.into_iter().chain(deadline);
            found
                .extend(faults.map(|found| found.at(&calendar.draft.source, mention.span.clone())));
        }
        found.extend(order::check(calendar, event, passage));
    }
    if let Some(event) = event {
        found.extend(open_end::check(calendar, event));
        found.extend(differs::check(calendar, event, &passages, &now));
    }
    found.sort_by_key(start);
    joined::joined(found)
}

fn start(finding: &Finding) -> usize {
    match &finding.fault.place {
        Some(Place::Span { span, .. }) => span.start,
        _ => 0,
    }
}

/// The days from the sending to the event, whichever comes first.
fn around(sending: Date, event: Option<&Event<'_>>) -> RangeInclusive<Date> {
    let event = event.map_or(sending, |event| event.starts.date());
    sending.min(event)..=sending.max(event)
}

#[cfg(test)]
mod tests;
