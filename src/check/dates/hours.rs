//! Times of day: `17:00–18:30`, `5 pm`, `5–6.30pm`, `17 Uhr`, `오후 5시 30분`.

use std::ops::Range;

use jiff::civil;

use super::{
    cursor::{Cursor, Join, Ways},
    words::Word,
};

const NOON: i16 = 12 * 60;

/// A wrong time is at most this far from the right one, or twelve hours.
const CLOSE: i16 = 3 * 60;

/// A time of day as it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Clock {
    /// Minutes from midnight.
    pub(super) minutes: i16,
    /// Whether it may be meant twelve hours later as well (`5:30`).
    pub(super) is_half: bool,
}

impl Clock {
    /// Whether it is not far from this time, or the other half of the day.
    pub(super) fn is_close(self, time: civil::Time) -> bool {
        let apart = (self.minutes - minutes(time)).abs();
        apart <= CLOSE || apart == NOON || self.is_half && (apart - NOON).abs() <= CLOSE
    }

    /// Whether it is after this time, whatever half of the day it means.
    pub(super) fn is_after(self, time: civil::Time) -> bool {
        self.minutes > minutes(time)
    }

    /// Whether it can mean this time.
    pub(super) fn can_be(self, time: civil::Time) -> bool {
        let time = minutes(time);
        self.minutes == time || self.is_half && self.minutes % NOON == time % NOON
    }
}

fn minutes(time: civil::Time) -> i16 {
    i16::from(time.hour()) * 60 + i16::from(time.minute())
}

/// A time in a text, or a range of two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Hours {
    pub(super) starts: Clock,
    pub(super) ends: Option<Clock>,
    pub(super) words: Range<usize>,
    pub(super) span: Range<usize>,
}

/// All times among these words, in order.
pub(super) fn hours(words: &[Word<'_>], ways: Ways) -> Vec<Hours> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let mut cursor = Cursor { words, at, ways };
        match range(&mut cursor) {
            Some((starts, ends)) => {
                let span = words[at].span.start..words[cursor.at - 1].span.end;
                found.push(Hours { starts, ends, words: at..cursor.at, span });
                at = cursor.at;
            }
            None => at += 1,
        }
    }
    found
}

/// Takes a time or a range of two.
pub(super) fn range(cursor: &mut Cursor<'_, '_>) -> Option<(Clock, Option<Clock>)> {
    if cursor.is_inside_number() {
        return None;
    }
    let after_between = cursor.at > 0 && cursor.words[cursor.at - 1].is("between");
    let join = |ahead: &mut Cursor<'_, '_>| match ahead.join() {
        Some(Join::To) => Some(()),
        Some(Join::And) if after_between => Some(()),
        _ => None,
    };
    let mut ahead = *cursor;
    if let Some(starts) = time(&mut ahead) {
        *cursor = ahead;
        let ends = join(&mut ahead).and_then(|()| time(&mut ahead)).inspect(|_| *cursor = ahead);
        return Some((starts, ends));
    }
    // `5–6.30pm`
    let bare = bare(&mut ahead)?;
    join(&mut ahead)?;
    let is_halved = |words: &[Word<'_>]| words.iter().any(|word| word.is_any(&["am", "pm", "p"]));
    let second_at = ahead.at;
    let ends = time(&mut ahead).filter(|_| is_halved(&ahead.words[second_at..ahead.at]))?;
    *cursor = ahead;
    let later = bare % NOON + if ends.minutes >= NOON { NOON } else { 0 };
    let minutes = if later <= ends.minutes { later } else { bare % NOON };
    Some((Clock { minutes, is_half: false }, Some(ends)))
}

/// Takes an hour and its minutes without anything that says so: `5`, `5.30`.
fn bare(ahead: &mut Cursor<'_, '_>) -> Option<i16> {
    let hour = ahead.number(1..=2).filter(|hour| (1..=12).contains(hour))?;
    let mut inner = *ahead;
    let minute = if inner.take_glued(&[".", ":"]) { minute(&mut inner) } else { None };
    if minute.is_some() {
        *ahead = inner;
    }
    Some(hour * 60 + minute.unwrap_or(0))
}

fn minute(ahead: &mut Cursor<'_, '_>) -> Option<i16> {
    ahead.peek(0).filter(|word| word.glued)?;
    ahead.number(2..=2).filter(|minute| *minute < 60)
}

/// Takes one time.
fn time(cursor: &mut Cursor<'_, '_>) -> Option<Clock> {
    let mut ahead = *cursor;
    if ahead.take(&["noon", "midday"]) {
        *cursor = ahead;
        return Some(Clock { minutes: NOON, is_half: false });
    }
    let said = said_half(&mut ahead);
    let is_padded = ahead.peek(0).is_some_and(|word| word.text.starts_with('0'));
    let hour = ahead.number(1..=2).filter(|hour| *hour <= 24)?;
    let mut inner = ahead;
    let separator = [":", "."].into_iter().find(|mark| inner.take_glued(&[mark]));
    let minutes = separator.and_then(|_| minute(&mut inner));
    if minutes.is_some() {
        ahead = inner;
    }
    let half = said.or_else(|| half(&mut ahead));
    let mut minutes_after = None;
    let is_marked = half.is_some()
        || separator == Some(":") && minutes.is_some()
        || ahead.peek(0).is_some_and(|word| word.is_any(&["uhr"]))
        || ahead.take_glued(&["h"]);
    ahead.take(&["uhr"]);
    let is_korean = minutes.is_none() && korean_hour(&mut ahead);
    if is_korean {
        minutes_after = korean_minutes(&mut ahead);
        if ahead.peek(0).is_some_and(|word| word.glued && word.is_any(&["간", "간의"])) {
            return None;
        }
    }
    if !is_marked && !is_korean || half.is_some() && hour > 12 {
        return None;
    }
    let minutes = minutes.or(minutes_after).unwrap_or(0);
    *cursor = ahead;
    Some(match half {
        Some(later) => Clock { minutes: hour % 12 * 60 + minutes + later, is_half: false },
        None => {
            Clock { minutes: hour * 60 + minutes, is_half: hour < 12 && hour > 0 && !is_padded }
        }
    })
}

/// Takes `오후` before a time.
fn said_half(ahead: &mut Cursor<'_, '_>) -> Option<i16> {
    if ahead.take(&["오전", "아침", "새벽"]) {
        Some(0)
    } else if ahead.take(&["오후", "저녁", "밤"]) {
        Some(NOON)
    } else {
        None
    }
}

/// Takes `pm` or `p.m.` behind a time.
fn half(ahead: &mut Cursor<'_, '_>) -> Option<i16> {
    for (whole, letter, minutes) in [("am", "a", 0), ("pm", "p", NOON)] {
        if ahead.take(&[whole]) {
            return Some(minutes);
        }
        let mut inner = *ahead;
        if inner.take(&[letter]) && inner.take_glued(&["."]) && inner.take_glued(&["m"]) {
            inner.take_glued(&["."]);
            *ahead = inner;
            return Some(minutes);
        }
    }
    None
}

/// Takes `시`. The join in `5시부터` stays for the range.
fn korean_hour(ahead: &mut Cursor<'_, '_>) -> bool {
    ahead.peek(0).is_some_and(|word| word.glued && word.is("시부터"))
        || ahead.take_glued(&["시", "시에", "시까지", "시에서", "시입니다"])
}

fn korean_minutes(ahead: &mut Cursor<'_, '_>) -> Option<i16> {
    let mut inner = *ahead;
    let minutes = if inner.take(&["반"]) || inner.take(&["반에"]) {
        30
    } else {
        let minutes = inner.number(1..=2).filter(|minutes| *minutes < 60)?;
        inner.peek(0).filter(|word| word.text.starts_with('분'))?;
        inner.at += usize::from(!inner.peek(0).is_some_and(|word| word.is("분부터")));
        minutes
    };
    *ahead = inner;
    Some(minutes)
}
