//! Days with the month's name: `3 December 2026`, `December 3rd and 4th`, `Tue 1 – Thu 3 December`,
//! `3. Dezember`, and `the 3rd` behind a weekday.

use jiff::civil::Weekday;

use super::{
    cursor::{Cursor, MOST},
    hours,
    mention::MonthDay,
    words::Kind,
};

/// A day, and the weekday that stands right before it.
pub(super) type Item = (Option<Weekday>, MonthDay);

/// Takes `3 December`, `3, 4 and 5 December 2026`, `Tue 1 – Thu 3 December`.
pub(super) fn day_first(cursor: &mut Cursor<'_, '_>) -> Option<Vec<Item>> {
    if cursor.is_inside_number() {
        return None;
    }
    let mut ahead = *cursor;
    let mut days = vec![(None, number(&mut ahead)?)];
    while days.len() < MOST {
        let mut more = ahead;
        more.take_glued(&["."]);
        if more.join().is_none() && !more.take(&[","]) {
            break;
        }
        more.take(&["on", "am", "the"]);
        let weekday = more.weekday(false).map(|named| named.weekday);
        if weekday.is_some() {
            fillers(&mut more);
        }
        let Some(day) = number(&mut more) else { break };
        days.push((weekday, day));
        ahead = more;
    }
    ahead.take_glued(&["."]);
    ahead.take(&["of"]);
    let month = ahead.month()?;
    let year = ahead.year();
    *cursor = ahead;
    Some(dated(days, month, year))
}

/// Takes `December 3`, `December 3rd and 4th, 2026`.
pub(super) fn month_first(cursor: &mut Cursor<'_, '_>) -> Option<Vec<Item>> {
    let mut ahead = *cursor;
    let month = ahead.month()?;
    ahead.take(&["the"]);
    let mut days = vec![(None, number(&mut ahead).filter(|_| !is_time(&ahead))?)];
    while days.len() < MOST {
        let mut more = ahead;
        if more.join().is_none() {
            break;
        }
        let Some(day) = number(&mut more).filter(|_| !is_time(&more)) else { break };
        // `December 3 to 5 January`
        if more.peek(0).is_some_and(|word| super::names::month(word).is_some()) {
            break;
        }
        days.push((None, day));
        ahead = more;
    }
    let year = ahead.year();
    *cursor = ahead;
    Some(dated(days, month, year))
}

/// Takes `the 3rd`, which has its month from what was said before.
pub(super) fn ordinal(cursor: &mut Cursor<'_, '_>) -> Option<MonthDay> {
    const AFTER: &[&str] = &["at", "in", "from", "with", "we", "for", "and", "until", "is"];
    let mut ahead = *cursor;
    let day = number(&mut ahead)?;
    let has_suffix = ahead.words[ahead.at - 1].kind == Kind::Letters;
    // Not `Thursday, 3rd floor`.
    let ends = ahead.is_at_end() || ahead.peek(0).is_some_and(|word| word.is_any(AFTER));
    if !has_suffix || !ends {
        return None;
    }
    *cursor = ahead;
    Some(MonthDay { day, month: None, year: None })
}

/// Passes over what may stand between a weekday and its date, be it a time.
pub(super) fn fillers(cursor: &mut Cursor<'_, '_>) {
    const MARKS: &[&str] = &[",", "(", "–", "—", "-", "/", "·", "’", "'"];
    const WORDS: &[&str] = &[
        "the",
        "den",
        "der",
        "dem",
        "evening",
        "morning",
        "afternoon",
        "night",
        "lunchtime",
        "next",
        "week",
        "of",
        "this",
        "that",
        "is",
        "at",
        "abend",
        "um",
        "s",
        "저녁",
        "밤",
        "오전",
        "오후",
    ];
    for _ in 0..5 {
        let has_time = hours::range(cursor).is_some();
        if !has_time && !cursor.take(MARKS) && !cursor.take(WORDS) {
            break;
        }
    }
}

/// Takes `3` or `3rd`.
fn number(ahead: &mut Cursor<'_, '_>) -> Option<i8> {
    let day = i8::try_from(ahead.number(1..=2)?).ok().filter(|day| (1..=31).contains(day))?;
    ahead.take_glued(&["st", "nd", "rd", "th"]);
    Some(day)
}

/// Whether the number before was the hour of a time.
fn is_time(ahead: &Cursor<'_, '_>) -> bool {
    ahead.peek(0).is_some_and(|word| {
        word.is_any(&["am", "pm", "a", "p", "h", "uhr", "%"])
            || word.glued
                && word.is_any(&[":", ".", "/"])
                && ahead.peek(1).is_some_and(|next| next.glued && next.kind == Kind::Digits)
    })
}

fn dated(days: Vec<(Option<Weekday>, i8)>, month: i8, year: Option<i16>) -> Vec<Item> {
    let day = |day| MonthDay { day, month: Some(month), year };
    days.into_iter().map(|(weekday, number)| (weekday, day(number))).collect()
}
