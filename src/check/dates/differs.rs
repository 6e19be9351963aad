//! A text that says another day, time or room than the front matter.

use std::ops::RangeInclusive;

use jiff::{Span, civil::Date};

use super::{
    Calendar, cues, deadline,
    event::Event,
    label::{self, Label},
    mention::Mention,
    names,
    passage::{Part, Passage},
    past, rooms, subject, times,
    year::{self, Dates},
};
use crate::check::{Finding, Level, Rule};

/// Text and front matter say different things.
pub(super) static DIFFERS: Rule = Rule {
    code: "B5",
    name: "differs",
    level: Level::Error,
    may_pass: true,
    title: "Day, time or room differ from the front matter",
    why: "The header of the mail and its calendar entry come from the front matter: readers would \
          find two answers in one mail. Other days, times and rooms in a text are left alone; only \
          what is plainly said of the event itself is compared.",
    mend: "Change the text or the front matter, whichever is wrong.",
};

/// What the text says of the event against the front matter, in notices and programmes.
pub(super) fn check(
    calendar: &Calendar<'_>,
    event: &Event<'_>,
    passages: &[Passage<'_>],
    now: &RangeInclusive<Date>,
) -> Vec<Finding> {
    if !past::announces(calendar) {
        return Vec::new();
    }
    let mut found = days(calendar, event, passages, now);
    found.extend(times::check(calendar, event, passages));
    found.extend(rooms::check(calendar, event, passages));
    found
}

/// A coming day that a text names.
struct Coming<'t> {
    passage: &'t Passage<'t>,
    mention: &'t Mention,
    date: Date,
}

fn days(
    calendar: &Calendar<'_>,
    event: &Event<'_>,
    passages: &[Passage<'_>],
    now: &RangeInclusive<Date>,
) -> Vec<Finding> {
    let coming: Vec<Coming<'_>> = passages
        .iter()
        .flat_map(|passage| passage.dates.iter().map(move |mention| (passage, mention)))
        .filter_map(|(passage, mention)| {
            let date = date(passage, mention, now)?;
            // In a year that is written out, the day itself may be right.
            let is_year_wrong = mention.readings.iter().all(|day| day.year.is_some())
                && date.day() == event.starts.date().day();
            let is_coming = date >= calendar.sending_day() || is_year_wrong;
            let is_other = deadline::is_deadline(passage, mention) && !event.is_on(date);
            (is_coming && !is_other).then_some(Coming { passage, mention, date })
        })
        .collect();
    let is_named = coming.iter().any(|coming| event.is_on(coming.date));
    let is_only = coming.iter().all(|other| other.date == coming[0].date);
    let others = coming
        .iter()
        .filter(|coming| !event.is_on(coming.date) && is_slip(coming.date, event.starts.date()));
    let named = others
        .filter(|other| is_meant(other, event, is_named, is_only))
        .filter(|other| {
            // Its weekday is wrong, which is found elsewhere.
            other.mention.weekday.is_none_or(|weekday| weekday == other.date.weekday())
        })
        .map(|other| {
            let form = if other.date.year() == event.starts.date().year() {
                "%A %-d %B"
            } else {
                "%-d %B %Y"
            };
            let said = other.date.strftime(form).to_string();
            differs(calendar, event, &said, other.mention.span.clone())
        });
    named.chain(passages.iter().flat_map(|passage| bare(calendar, event, passage))).collect()
}

/// Whether the one can be a slip for the other: not a month away, or the same day of another month.
fn is_slip(said: Date, right: Date) -> bool {
    said.day() == right.day() || (said - right).get_days().abs() <= 31
}

/// The one day that a mention means.
fn date(passage: &Passage<'_>, mention: &Mention, now: &RangeInclusive<Date>) -> Option<Date> {
    let [day] = mention.readings[..] else { return None };
    let Dates::Days(days) = year::dates(passage, mention, day, now) else { return None };
    let fits = |date: &&Date| mention.weekday.is_none_or(|weekday| weekday == date.weekday());
    day.month?;
    days.iter().find(fits).or(days.first()).copied()
}

/// Whether the text plainly means the event, and names its day nowhere near.
fn is_meant(other: &Coming<'_>, event: &Event<'_>, is_named: bool, is_only: bool) -> bool {
    let Coming { passage, mention, .. } = other;
    let sentence = passage.context(mention.words.start);
    let statement = cues::statement(passage, &mention.words);
    let mut beside = passage.dates_in(sentence.clone()).iter().flat_map(|date| &date.readings);
    if cues::is_about_other(passage, statement.clone())
        || cues::is_denied(passage, mention.words.start)
        || beside.any(|day| event.starts_on(*day))
    {
        return false;
    }
    let begins = mention.words.start - sentence.start <= 3;
    let is_near = cues::is_near_event(passage, sentence.clone(), event)
        && !cues::is_around_event(passage, statement.clone())
        && (begins || cues::is_spoken(passage, sentence.clone()));
    let clause = cues::clause(passage, &mention.words);
    let is_around = cues::is_around_event(passage, clause.clone());
    let is_held = cues::says_when(passage, statement.clone(), event) && !is_around
        || label::is(Label::Day, passage, mention.words.start)
        || subject::verb(event, passage, clause.start..mention.words.start).is_some() && !is_around
        || subject::has_korean(passage, sentence.clone())
        || is_only && cues::asks_to_note(passage, sentence.clone(), &mention.words);
    if passage.part != Part::Body {
        return is_only || !is_named && (is_near || is_held);
    }
    let is_said_of_event = cues::is_about_event(passage, statement, event) && !is_around;
    is_said_of_event
        || !is_named && is_held && !follows_time(passage, mention)
        || !is_named && is_only && is_near && !follows_time(passage, mention)
}

/// `02:00 on Friday 4 December in Seoul`: the day belongs to that hour.
fn follows_time(passage: &Passage<'_>, mention: &Mention) -> bool {
    let start = mention.words.start;
    let before = passage.hours.partition_point(|hours| hours.words.end <= start);
    let last = before.checked_sub(1).map(|at| &passage.hours[at]);
    last.is_some_and(|hours| start - hours.words.end <= 1)
}

/// `this Friday` in the week before an event that is on another day.
fn bare(calendar: &Calendar<'_>, event: &Event<'_>, passage: &Passage<'_>) -> Vec<Finding> {
    let sending = calendar.sending_day();
    let away = (event.starts.date() - sending).get_days();
    if !(1..7).contains(&away) {
        return Vec::new();
    }
    let found = passage.words.windows(2).enumerate().filter_map(|(at, pair)| {
        let weekday = names::weekday(&pair[1], false).filter(|_| pair[0].is("this"))?.weekday;
        let sentence = passage.sentence(at);
        let has_date = !passage.dates_in(sentence.clone()).is_empty();
        let is_meant = cues::says_when(passage, sentence.clone(), event)
            && !cues::is_about_other(passage, sentence.clone());
        let days = i32::from(sending.weekday().until(weekday));
        let date = sending.checked_add(Span::new().days(days)).ok()?;
        let span = pair[0].span.start..pair[1].span.end;
        (!has_date && is_meant && !event.is_on(date)).then(|| {
            let said = date.strftime("%A %-d %B").to_string();
            differs(calendar, event, &said, span)
        })
    });
    found.collect()
}

fn differs(
    calendar: &Calendar<'_>,
    event: &Event<'_>,
    said: &str,
    span: std::ops::Range<usize>,
) -> Finding {
    let right = event.starts.strftime("%A %-d %B").to_string();
    let message = format!("the text says `{said}`, and `event.starts` says `{right}`");
    let fix = format!("write `{right}`, or change `event.starts`");
    DIFFERS.finding(message).fix(fix).at(&calendar.draft.source, span)
}
