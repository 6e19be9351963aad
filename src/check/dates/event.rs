//! What the front matter says of the event, and where it says so.

use std::ops::Range;

use jiff::{
    Span, Timestamp,
    civil::{Date, DateTime},
    tz::TimeZone,
};
use serde_json::{Map, Value};

use super::mention::MonthDay;
use crate::{draft::Draft, local_time};

/// The event of a draft.
pub(super) struct Event<'a> {
    /// When it begins; midnight of the first of whole days.
    pub(super) starts: DateTime,
    /// When it ends; midnight at which the last of whole days begins.
    pub(super) ends: Option<DateTime>,
    /// Whether it is on whole days: no time is told.
    pub(super) is_whole_days: bool,
    /// Its own time zone, or the sender's.
    pub(super) zone: TimeZone,
    pub(super) place: &'a str,
    pub(super) speakers: Vec<&'a str>,
    pub(super) partners: Vec<&'a str>,
}

impl<'a> Event<'a> {
    /// The event, if the draft has one.
    pub(super) fn of(draft: &'a Draft, zone: &TimeZone) -> Option<Self> {
        let fields = draft.front.fields.get("event")?.as_object()?;
        let text = |key: &str| fields.get(key).and_then(Value::as_str);
        let time = |key| text(key).and_then(|time| time.parse::<DateTime>().ok());
        let own_zone = text("timezone").and_then(local_time::zone);
        Some(Self {
            starts: time("starts")?,
            ends: time("ends"),
            is_whole_days: text("starts").is_some_and(is_date),
            zone: own_zone.unwrap_or_else(|| zone.clone()),
            place: text("place").unwrap_or_default(),
            speakers: list(fields, "speakers")
                .filter_map(|speaker| speaker.get("name")?.as_str())
                .collect(),
            partners: list(fields, "partners").filter_map(Value::as_str).collect(),
        })
    }

    /// When it begins.
    pub(super) fn start(&self) -> Option<Timestamp> {
        local_time::instant(self.starts, &self.zone)
    }

    /// When it is over, or when it begins if nobody says more.
    pub(super) fn end(&self) -> Option<Timestamp> {
        let end = self.ends.unwrap_or(self.starts);
        let end = if self.is_whole_days { end.checked_add(Span::new().days(1)).ok()? } else { end };
        local_time::instant(end, &self.zone)
    }

    /// `2 November 2016 at 17:00`, or the day.
    pub(super) fn shown(&self, at: DateTime) -> String {
        at.strftime(if self.is_whole_days { "%-d %B %Y" } else { "%-d %B %Y at %H:%M" }).to_string()
    }

    /// Whether it begins on such a day, as far as month and year are named.
    pub(super) fn starts_on(&self, day: MonthDay) -> bool {
        let date = self.starts.date();
        day.day == date.day()
            && day.month.is_none_or(|month| month == date.month())
            && day.year.is_none_or(|year| year == date.year())
    }

    /// Whether it is on this day.
    pub(super) fn is_on(&self, day: Date) -> bool {
        let last = self.ends.map_or(self.starts.date(), DateTime::date);
        (self.starts.date()..=last).contains(&day)
    }
}

/// Whether the data is that of a date: a time has a `T` in it.
fn is_date(data: &str) -> bool {
    !data.contains('T')
}

fn list<'a>(fields: &'a Map<String, Value>, key: &str) -> impl Iterator<Item = &'a Value> {
    fields.get(key).and_then(Value::as_array).into_iter().flatten()
}

/// Where front matter gives the value of a key of `event`. The opening line stands for it where it
/// is not to be found.
pub(super) fn place_of(draft: &Draft, key: &str) -> Range<usize> {
    let text = &*draft.source.text;
    let front = &text[..draft.body_start];
    let opening = 0..front.find('\n').unwrap_or(front.len());
    let Some(event) = front.find("\nevent:").map(|at| at + 1) else { return opening };
    let mut begin = event;
    for line in front[event..].split_inclusive('\n') {
        let is_inside = begin == event || line.starts_with([' ', '\t', '#', '\r', '\n']);
        if !is_inside {
            break;
        }
        let found = line.match_indices(key).find_map(|(at, _)| {
            let before = line[..at].trim_end();
            let starts_here = before.is_empty() || before.ends_with(['{', ',']);
            let after = line[at + key.len()..].strip_prefix(':')?;
            starts_here.then_some((begin + at, after))
        });
        if let Some((at, value)) = found {
            let in_braces = line.trim_start().starts_with("event:");
            let ends: &[char] = if in_braces { &[',', '}', '#', '\n'] } else { &['#', '\n'] };
            let value = &value[..value.find(ends).unwrap_or(value.len())];
            return at..at + key.len() + 1 + value.trim_end().len();
        }
        begin += line.len();
    }
    opening
}
