//! Times in the text that are said of the event.

use std::ops::Range;

use jiff::civil::DateTime;

use super::{
    Calendar, cues, deadline,
    differs::DIFFERS,
    event::Event,
    hours::{Clock, Hours},
    label::{self, Label},
    passage::{Part, Passage},
    rooms,
    subject::{self, Verb},
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

const BEGINS: &[&str] = &[
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
    "gather",
];
const ENDS: &[&str] = &[
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

pub(super) fn check(
    calendar: &Calendar<'_>,
    event: &Event<'_>,
    passages: &[Passage<'_>],
) -> Vec<Finding> {
    if event.is_whole_days {
        return Vec::new();
    }
    let starts = event.starts;
    let ends = event.ends.filter(|ends| ends.date() == starts.date());
    let all = || passages.iter().flat_map(|passage| &passage.hours);
    let is_only = all().count() == 1;
    let is_only_range = all().filter(|hours| hours.ends.is_some()).count() == 1;
    let says = |time: DateTime| {
        all()
            .flat_map(|hours| [Some(hours.starts), hours.ends])
            .flatten()
            .any(|at| at.can_be(time.time()))
    };
    // What is right somewhere is not looked at elsewhere: there may be two things.
    let (says_start, says_end) = (says(starts), ends.is_none_or(says));
    let wrong = |clock: Clock, key, right: DateTime| {
        (!clock.can_be(right.time()) && clock.is_close(right.time())).then_some((clock, key, right))
    };
    let judge = |passage: &Passage<'_>, hours: &Hours| {
        let start = || wrong(hours.starts, "starts", starts).filter(|_| !says_start);
        let end = |clock: Option<Clock>| wrong(clock?, "ends", ends?).filter(|_| !says_end);
        match said(event, passage, hours, is_only, is_only_range)? {
            Said::Start => start().or_else(|| end(hours.ends)),
            Said::End => end(Some(hours.starts)),
            Said::Range if hours.starts.can_be(starts.time()) => end(hours.ends),
            Said::Range => start().filter(|_| {
                ends.is_some_and(|ends| hours.ends.is_some_and(|end| end.can_be(ends.time())))
            }),
        }
    };
    let found = passages.iter().flat_map(|passage| {
        passage.hours.iter().filter_map(move |hours| Some((judge(passage, hours)?, hours)))
    });
    found.map(|((clock, key, right), hours)| differs(calendar, clock, key, right, hours)).collect()
}

/// Between what else happens and what we do.
const JOINS: &[&str] = &["and", "before", "when", "while", "but"];

/// What a time is said of; `None` if not plainly of the event.
fn said(
    event: &Event<'_>,
    passage: &Passage<'_>,
    hours: &Hours,
    is_only: bool,
    is_only_range: bool,
) -> Option<Said> {
    let mut clause = cues::clause(passage, &hours.words);
    // `Doors open half an hour before we begin`
    let join = (clause.start..hours.words.start)
        .rev()
        .find(|at| passage.words[*at].is_any(JOINS))
        .filter(|at| passage.words.get(at + 1).is_some_and(|word| word.is_any(&["we", "wir"])));
    clause.start = join.map_or(clause.start, |at| at + 1);
    let sentence = passage.context(hours.words.start);
    let is_before_event = passage.says(sentence.clone(), &["before the", "after the", "ahead of"]);
    let mut days = passage.dates_in(sentence.clone()).iter();
    let is_other_day = days.any(|date| !date.readings.iter().any(|day| event.starts_on(*day)));
    if is_other_day
        || is_before_event
        || follows_other_day(event, passage, &sentence)
        || is_perhaps(passage, sentence.start..hours.words.start)
        || cues::is_denied(passage, hours.words.start)
        || has_zone(passage, hours)
        || cues::is_about_other(passage, clause.start..hours.words.start)
        || cues::is_about_other(passage, hours.words.end..clause.end)
        || cues::is_around_event(passage, clause.clone())
    {
        return None;
    }
    let before = clause.start..hours.words.start;
    let verb = subject::verb(event, passage, before.clone());
    let is_end = verb == Some(Verb::Ends) || label::is(Label::End, passage, hours.words.start);
    if is_end && hours.ends.is_none() {
        return Some(Said::End);
    }
    if passage.words[hours.words.start - 1].is_any(&["by", "bis"]) {
        return None;
    }
    let subject = subject::is_in(event, passage, clause.clone());
    let just_before = before.start.max(before.end.saturating_sub(4))..before.end;
    if passage.says(just_before, ENDS) && subject && hours.ends.is_none() {
        return Some(Said::End);
    }
    let follows_date = passage.dates_in(sentence.clone()).iter().any(|date| {
        let gap = date.words.end..hours.words.start.max(date.words.end);
        let joins = |at: usize| passage.words[at].is_any(&[",", "at", "from", "um", "에", "–"]);
        let is_before = date.words.end <= hours.words.start && gap.len() <= 2;
        is_before && gap.into_iter().all(joins) && !deadline::is_deadline(passage, date)
    });
    let begins =
        passage.says(clause.clone(), BEGINS) && (subject || passage.says(before.clone(), &["us"]));
    let is_labelled = label::is(Label::Start, passage, hours.words.start)
        || is_only && subject::has_korean(passage, sentence.clone())
        || is_only && passage.says(clause.clone(), &["invited", "invite you", "invites you"])
        || passage.words.get(hours.words.end).is_some_and(|word| word.is("start"));
    let speaks = verb == Some(Verb::Speaks) && is_only;
    if follows_date || begins || verb == Some(Verb::Begins) || speaks || is_labelled {
        return Some(Said::Start);
    }
    if is_only && stands_alone(passage, hours) {
        return Some(Said::Start);
    }
    (is_only_range && hours.ends.is_some()).then_some(Said::Range)
}

/// Whether the sentence before is about another day, so that this one may be, too.
fn follows_other_day(event: &Event<'_>, passage: &Passage<'_>, sentence: &Range<usize>) -> bool {
    let is_first = passage.block(sentence.start).start >= sentence.start;
    if is_first || !passage.dates_in(sentence.clone()).is_empty() {
        return false;
    }
    let before = passage.sentence(sentence.start - 1);
    passage.dates_in(before).iter().any(|date| {
        let is_of_event = date.readings.iter().any(|day| event.starts_on(*day));
        !is_of_event && !deadline::is_deadline(passage, date)
    })
}

/// Whether this depends on something.
fn is_perhaps(passage: &Passage<'_>, range: Range<usize>) -> bool {
    const PERHAPS: &[&str] = &["may", "might", "could", "unless", "perhaps", "falls", "case"];
    passage.words[range.clone()].iter().any(|word| PERHAPS.contains(&word.text))
        || passage.says(range, &["if there", "if the", "if it", "if we"])
}

/// Whether a time is named beside a room, or above the text.
fn stands_alone(passage: &Passage<'_>, hours: &Hours) -> bool {
    let clause = cues::clause(passage, &hours.words);
    let sentence = passage.context(hours.words.start);
    let is_bare = clause.len() <= hours.words.len() + 1;
    passage.part != Part::Body || is_bare && !rooms::rooms(&passage.words[sentence]).is_empty()
}

/// Whether `CET` or `London time` stands behind the time.
fn has_zone(passage: &Passage<'_>, hours: &Hours) -> bool {
    let behind = &passage.words[hours.words.end..];
    let is_short_name = behind.first().is_some_and(|word| {
        (2..=5).contains(&word.text.len()) && word.text.chars().all(|c| c.is_ascii_uppercase())
    });
    is_short_name
        || behind.windows(2).take(2).any(|pair| {
            let is_place = pair[0].text.starts_with(char::is_uppercase) || pair[0].is("local");
            is_place && pair[1].is_any(&["time", "zeit"])
        })
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
