//! Which year a date means that names none.

use std::ops::RangeInclusive;

use jiff::civil::Date;

use super::{
    mention::{Mention, MonthDay},
    passage::Passage,
};

/// A date without a year that is farther away than this may be of another year.
const NEAR: i32 = 100;

/// How many words back in a paragraph a year is looked for.
const LOOK_BACK: usize = 200;

/// Before this year Britain counted days in another calendar.
const GREGORIAN: i16 = 1753;

/// Words of a sentence that looks back.
const BACK: &[&str] = &[
    "last", "ago", "earlier", "previous", "was", "were", "had", "지난", "작년", "letzten",
    "letzter", "war",
];

/// What a date can mean.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Dates {
    /// One or several days, the likeliest first.
    Days(Vec<Date>),
    /// No such day exists in any year that it can mean; the year if it is named.
    Never(Option<i16>),
    /// Nobody can tell.
    Unknown,
}

/// The days that a mention can mean, seen from the days between sending and event.
pub(super) fn dates(
    passage: &Passage<'_>,
    mention: &Mention,
    day: MonthDay,
    now: &RangeInclusive<Date>,
) -> Dates {
    let Some(month) = day.month else { return without_month(passage, mention, day, now) };
    if let Some(year) = day.year {
        return match Date::new(year, month, day.day) {
            Ok(date) => Dates::Days(vec![date]),
            Err(_) => Dates::Never(Some(year)),
        };
    }
    // 2000 has a 29 February.
    if Date::new(2000, month, day.day).is_err() {
        return Dates::Never(None);
    }
    let years = now.start().year() - 1..=now.end().year() + 1;
    let mut near: Vec<Date> =
        years.filter_map(|year| Date::new(year, month, day.day).ok()).collect();
    // Of years between sending and event, that of the event.
    near.sort_by_key(|date| (distance(*date, now), (*now.end() - *date).get_days().abs()));
    let sentence = passage.sentence(mention.words.start);
    let looks_back = passage.says(sentence.clone(), BACK) && !passage.says(sentence, &["last day"]);
    if let Some(nearest) = near.first().copied()
        && distance(nearest, now) <= NEAR
    {
        near.retain(|date| {
            let is_between = distance(*date, now) == 0;
            *date == nearest || is_between || looks_back && date.year() == nearest.year() - 1
        });
    } else {
        near.truncate(2);
    }
    let named: Vec<i16> = named_years(passage, mention).collect();
    if named.iter().any(|year| *year < GREGORIAN && !could_be_a_time(*year)) {
        return Dates::Unknown;
    }
    let (times, named): (Vec<i16>, Vec<i16>) =
        named.into_iter().partition(|year| could_be_a_time(*year));
    let in_years =
        |years: Vec<i16>| years.into_iter().filter_map(|year| Date::new(year, month, day.day).ok());
    near.splice(..0, in_years(named).collect::<Vec<_>>());
    near.extend(in_years(times));
    if near.is_empty() { Dates::Unknown } else { Dates::Days(near) }
}

/// Whether four digits before 1900 may as well be a time of day, as in `1830`.
fn could_be_a_time(year: i16) -> bool {
    year < 1900 && year % 100 < 60
}

/// Years that are named beside the date: in its sentence, before it in its paragraph, or in the last
/// heading or label that names one.
fn named_years(passage: &Passage<'_>, mention: &Mention) -> impl Iterator<Item = i16> {
    let at = mention.words.start;
    let block = passage.block(at);
    let sentence = passage.sentence(at);
    let later = passage.years(mention.words.end.min(sentence.end)..sentence.end);
    let label = passage.labels(block.start).find_map(|label| passage.years(label).last());
    let mut years: Vec<i16> = label.into_iter().collect();
    years.extend(passage.years(block.start.max(at.saturating_sub(LOOK_BACK))..at));
    years.extend(later);
    years.reverse();
    years.into_iter()
}

/// `the 3rd`: of the month that was named last, or of one around now.
fn without_month(
    passage: &Passage<'_>,
    mention: &Mention,
    day: MonthDay,
    now: &RangeInclusive<Date>,
) -> Dates {
    let at = mention.words.start;
    let recent = passage.dates_in(at.saturating_sub(LOOK_BACK)..at);
    let earlier =
        recent.iter().rev().find(|other| other.readings.iter().all(|day| day.month.is_some()));
    let block = passage.block(at).start;
    let named_month = (block.max(at.saturating_sub(LOOK_BACK))..at)
        .rev()
        .find_map(|at| super::names::month(&passage.words[at]).map(|(month, _)| month));
    let month = match earlier.filter(|other| same_block(passage, other, mention)) {
        Some(other) => other.readings.first().and_then(|day| day.month),
        None => named_month,
    };
    if let Some(month) = month {
        let year = earlier
            .and_then(|other| other.readings.first()?.year)
            .filter(|_| named_month.is_none());
        return dates(passage, mention, MonthDay { month: Some(month), year, ..day }, now);
    }
    let months = [now.start().first_of_month(), now.end().first_of_month()];
    let mut days: Vec<Date> = months
        .into_iter()
        .flat_map(|first| [Some(first), first.checked_add(jiff::Span::new().months(1)).ok()])
        .flatten()
        .filter_map(|first| Date::new(first.year(), first.month(), day.day).ok())
        .collect();
    days.sort_by_key(|date| (distance(*date, now), *date));
    days.dedup();
    if days.is_empty() { Dates::Unknown } else { Dates::Days(days) }
}

fn same_block(passage: &Passage<'_>, one: &Mention, other: &Mention) -> bool {
    passage.block(one.words.start) == passage.block(other.words.start)
}

/// Days from a date to the nearest end of a span of days.
fn distance(date: Date, now: &RangeInclusive<Date>) -> i32 {
    let days = |from: Date, to: Date| (to - from).get_days();
    if date < *now.start() {
        days(date, *now.start())
    } else if date > *now.end() {
        days(*now.end(), date)
    } else {
        0
    }
}
