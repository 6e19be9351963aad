//! Times in the text that are said of the event.

use jiff::civil::DateTime;

use super::{
    Calendar, cues, deadline,
    differs::DIFFERS,
    event::Event,
    hours::{Clock, Hours},
    passage::Passage,
};
use crate::check::Finding;

/// What a time is said of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Said {
    Start,
    End,
    /// A range about which nothing is said.
    Range,
}

const BEGINS: [&str; 16] = [
    "begins",
    "starts",
    "begin",
    "start",
    "meet",
    "takes place",
    "take place",
    "will be held",
    "is held",
    "join us",
    "시작",
    "열립니다",
    "beginnt",
    "findet",
    "speaks",
    "sit",
];
const ENDS: [&str; 10] = [
    "ends",
    "finishes",
    "closes",
    "end",
    "finish",
    "close",
    "끝나",
    "끝납니다",
    "마칩니다",
    "endet",
];
const LABELS: [&str; 6] = ["time :", "when :", "시간", "일시", "zeit :", "uhrzeit :"];

pub(super) fn check(
    calendar: &Calendar<'_>,
    event: &Event<'_>,
    passages: &[Passage<'_>],
) -> Vec<Finding> {
    let ends = event.ends.filter(|ends| ends.date() == event.starts.date());
    let all = || passages.iter().flat_map(|passage| &passage.hours);
    let ranges = all().filter(|hours| hours.ends.is_some()).count();
    let says = |time: DateTime| {
        all().any(|hours| {
            hours.starts.can_be(time.time())
                || hours.ends.is_some_and(|end| end.can_be(time.time()))
        })
    };
    let says_start = says(event.starts);
    let says_end = ends.is_some_and(says);
    let mut found = Vec::new();
    for passage in passages {
        for hours in &passage.hours {
            let Some(said) = said(event, passage, hours, ranges == 1) else { continue };
            let wrong_start = !says_start && !hours.starts.can_be(event.starts.time());
            let end = if said == Said::End { Some(hours.starts) } else { hours.ends };
            let wrong_end =
                ends.filter(|ends| !says_end && end.is_some_and(|end| !end.can_be(ends.time())));
            // A range that shares nothing with the event is that of something else.
            if said == Said::Range && wrong_start && (wrong_end.is_some() || ends.is_none()) {
                continue;
            }
            let (key, right) = match wrong_end {
                _ if said != Said::End && wrong_start => ("starts", event.starts),
                Some(ends) => ("ends", ends),
                None => continue,
            };
            let clock = if key == "starts" { Some(hours.starts) } else { end };
            found.extend(clock.map(|clock| differs(calendar, clock, key, right, hours)));
        }
    }
    found
}

/// What a time is said of; `None` if not plainly of the event.
fn said(
    event: &Event<'_>,
    passage: &Passage<'_>,
    hours: &Hours,
    is_only_range: bool,
) -> Option<Said> {
    let clause = cues::clause(passage, &hours.words);
    let sentence = passage.context(hours.words.start);
    let mut days = passage.dates.iter().filter(|date| sentence.contains(&date.words.start));
    let is_event_day = |day: &super::mention::Day| {
        let date = event.starts.date();
        day.day == date.day() && day.month == Some(date.month())
    };
    let is_other_day = days.any(|date| !date.readings.iter().any(is_event_day));
    if is_other_day
        || has_zone(passage, hours)
        || cues::is_about_other(passage, clause.start..hours.words.start)
        || cues::is_about_other(passage, hours.words.end..clause.end)
        || passage.words[hours.words.start - 1].is_any(&["by", "bis"])
        || cues::is_around_event(passage, clause.clone())
    {
        return None;
    }
    let before = clause.start..hours.words.start;
    let subject = cues::has_subject(passage, clause.clone());
    if passage.says(before.clone(), &ENDS) && subject && hours.ends.is_none() {
        return Some(Said::End);
    }
    let follows_date = passage.dates.iter().any(|date| {
        let gap = date.words.end..hours.words.start.max(date.words.end);
        let joins = |at: usize| passage.words[at].is_any(&[",", "at", "from", "um", "에", "–"]);
        let is_before = date.words.end <= hours.words.start && gap.len() <= 2;
        is_before && gap.into_iter().all(joins) && !deadline::is_deadline(passage, date)
    });
    let begins =
        passage.says(clause, &BEGINS) && (subject || passage.says(before.clone(), &["us"]));
    if follows_date || begins || passage.says(before, &LABELS) {
        return Some(Said::Start);
    }
    (is_only_range && hours.ends.is_some()).then_some(Said::Range)
}

/// Whether `CET` or `London time` stands behind the time.
fn has_zone(passage: &Passage<'_>, hours: &Hours) -> bool {
    let behind = &passage.words[hours.words.end..];
    let is_short_name = behind.first().is_some_and(|word| {
        (2..=5).contains(&word.text.len()) && word.text.chars().all(|c| c.is_ascii_uppercase())
    });
    is_short_name || behind.iter().take(3).any(|word| word.is_any(&["time", "zeit"]))
}

fn differs(
    calendar: &Calendar<'_>,
    clock: Clock,
    key: &str,
    right: DateTime,
    hours: &Hours,
) -> Finding {
    let source = &calendar.draft.source;
    let said = format!("{:02}:{:02}", clock.minutes / 60, clock.minutes % 60);
    let right = right.strftime("%H:%M");
    let message = format!("the text says `{said}`, and `event.{key}` says `{right}`");
    let fix = format!("write `{right}`, or change `event.{key}`");
    DIFFERS.finding(message).fix(fix).at(source, hours.span.clone())
}
