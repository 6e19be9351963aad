//! Until when people are to answer.

use std::ops::{Range, RangeInclusive};

use jiff::{Span, civil::Date};

use super::{
    Calendar,
    asks::{ANSWER, ASK, BY, LATER, OTHER_TASKS, OTHERS, PAST, WE_ASK},
    cues,
    event::Event,
    hours::Hours,
    mention::{Mention, MonthDay},
    names,
    passage::Passage,
    past,
    year::{self, Dates},
};
use crate::check::{Finding, Level, Rule};

/// A deadline that nobody can keep.
pub(super) static RSVP: Rule = Rule {
    code: "B5",
    name: "rsvp",
    level: Level::Error,
    may_pass: true,
    title: "A deadline before the sending or after the event",
    why: "Nobody can register by a day that is past when the mail arrives, and nobody means a day \
          after the event.",
    mend: "Set the deadline between the sending and the event, or send earlier.",
};

/// Whether the date is one until which something is to be done.
pub(super) fn is_deadline(passage: &Passage<'_>, mention: &Mention) -> bool {
    let clause = asking(passage, mention);
    until(passage, mention, &clause) || passage.says(clause, ANSWER)
}

/// What is wrong with a date until which something is to be done.
pub(super) fn fault(
    calendar: &Calendar<'_>,
    event: Option<&Event<'_>>,
    passage: &Passage<'_>,
    mention: &Mention,
    now: &RangeInclusive<Date>,
) -> Option<Finding> {
    let clause = asking(passage, mention);
    let answer = passage.says(clause.clone(), ANSWER)
        || passage.says(clause.clone(), ASK)
            && (!passage.says(clause.clone(), OTHERS) || passage.says(clause.clone(), WE_ASK));
    let task = passage.says(clause.clone(), OTHER_TASKS);
    let is_asked = (answer || task) && !passage.says(clause.clone(), PAST);
    // `RSVP: Friday 4 December`
    let is_label = passage.words[mention.words.start - 1].is(":");
    if !is_asked || !is_label && !until(passage, mention, &clause) {
        return None;
    }
    let [day] = mention.readings[..] else { return None };
    let Dates::Days(days) = year::dates(passage, mention, day, now) else { return None };
    let last = *days.iter().max()?;
    let sending = calendar.sending_day();
    let long_ago = sending.checked_sub(Span::new().days(400)).ok()?;
    let shown = last.strftime("%-d %B %Y").to_string();
    if last < sending && last > long_ago {
        let message = format!("the deadline `{shown}` is past when the mail goes out");
        return Some(RSVP.finding(message).fix(match event {
            Some(event) if past::announces(calendar) => format!(
                "set a day from `{}` to `{}`",
                sending.strftime("%-d %B"),
                event.starts.strftime("%-d %B")
            ),
            _ => format!("set a day after `{}`", sending.strftime("%-d %B")),
        }));
    }
    let event = event.filter(|_| past::announces(calendar) && answer)?;
    let first = days.iter().min()?;
    let last_day = event.ends.unwrap_or(event.starts).date();
    if *first == event.starts.date() && !event.is_whole_days && is_too_late(event, passage, mention)
    {
        let start = event.starts.strftime("%H:%M");
        let message = format!("the deadline on `{shown}` is after the event starts at `{start}`");
        return Some(RSVP.finding(message).fix("set an earlier time, or a day before"));
    }
    let is_later = is_for_later(event, passage, mention);
    (*first > last_day && !is_later).then(|| {
        let day = event.starts.strftime("%-d %B");
        let message = format!("the deadline `{shown}` is after the event, which is on `{day}`");
        RSVP.finding(message).fix(format!("set a day before `{day}`"))
    })
}

/// The clause in which something is asked for by a date; more of the sentence where the date has a
/// clause of its own (`Please confirm, by Friday 4 December, …`).
fn asking(passage: &Passage<'_>, mention: &Mention) -> Range<usize> {
    let clause = cues::clause(passage, &mention.words);
    let begins = passage.words[clause.start].is_any(BY) && mention.words.start - clause.start <= 3;
    let start = passage.context(mention.words.start).start;
    match () {
        // `By Friday 4 December, please …`
        () if begins && start == clause.start => {
            let sentence = passage.sentence(mention.words.start);
            let is_asked = passage.says(sentence.clone(), &["please", "us", "bitte"]);
            if is_asked { sentence } else { clause }
        }
        () if begins => start.min(clause.start)..clause.end,
        () => clause,
    }
}

/// Whether something else is asked for than to come to this event.
fn is_for_later(event: &Event<'_>, passage: &Passage<'_>, mention: &Mention) -> bool {
    let sentence = passage.sentence(mention.words.start);
    // `the January course`
    let names_month = sentence.clone().filter(|at| !mention.words.contains(at)).any(|at| {
        let month = names::month(&passage.words[at]);
        month.is_some_and(|(month, _)| month != event.starts.month())
    });
    let is_far = |day: &MonthDay| {
        let months = i32::from(day.month.unwrap_or(1)) - i32::from(event.starts.month());
        months.rem_euclid(12) > 1
    };
    mention.readings.iter().any(is_far) || names_month || passage.says(sentence, LATER)
}

/// Whether the one time beside the event's day is one after its start.
fn is_too_late(event: &Event<'_>, passage: &Passage<'_>, mention: &Mention) -> bool {
    const BETWEEN: &[&str] = &[",", "on", "the", "at", "um", "am", "("];
    let beside = |hours: &&Hours| {
        let (first, second) = if hours.words.start < mention.words.start {
            (&hours.words, &mention.words)
        } else {
            (&mention.words, &hours.words)
        };
        let between = passage.words.get(first.end..second.start);
        between
            .is_some_and(|words| words.len() <= 2 && words.iter().all(|word| word.is_any(BETWEEN)))
    };
    let near = passage.hours_in(passage.sentence(mention.words.start));
    near.iter().find(beside).is_some_and(|hours| {
        let start = event.starts.time();
        hours.ends.is_none() && !hours.starts.can_be(start) && hours.starts.is_after(start)
    })
}

/// Whether `by`, `no later than` or `까지` stands beside the date.
fn until(passage: &Passage<'_>, mention: &Mention, clause: &Range<usize>) -> bool {
    let before = mention.words.start.saturating_sub(4).max(clause.start)..mention.words.start;
    let korean = mention.words.start..(mention.words.end + 2).min(clause.end);
    // Not `a talk by Mina Park on 3 December`.
    let author = passage.position(before.clone(), "by").and_then(|by| passage.words.get(by + 1));
    let has_author = author.is_some_and(|word| {
        word.text.starts_with(char::is_uppercase) && word.span.end <= mention.span.start
    });
    passage.says(before, BY) && !has_author
        || passage.says(korean, &["까지", "마감"])
        || passage.says(clause.clone(), &["deadline", "last day", "closing date", "마감"])
}
