//! Finds the dates of a text, each with the weekday that stands beside it.

use std::ops::Range;

use jiff::civil::Weekday;

use super::{
    cursor::{Cursor, Order, Ways},
    korean,
    mention::{Day, Mention, Tongue},
    names::Named,
    numeric,
    words::{Kind, Word},
    written,
};

/// All dates among these words, in order.
pub(super) fn mentions(words: &[Word<'_>], ways: Ways) -> Vec<Mention> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let mut cursor = Cursor { words, at, ways };
        match expression(&mut cursor) {
            Some(dates) => {
                found.extend(dates);
                at = cursor.at;
            }
            None => at += 1,
        }
    }
    found
}

/// The days of one expression, as far as they were read.
enum Days {
    /// `3 and 4 December`, each with its own weekday if it has one.
    Written(Vec<written::Item>),
    /// `12월 3일`; `true` if a weekday may follow without brackets.
    Korean(Vec<Day>),
    Numeric(numeric::Numeric),
}

/// Takes one date, or several that share a month or a weekday.
fn expression(cursor: &mut Cursor<'_, '_>) -> Option<Vec<Mention>> {
    let start = cursor.at;
    let mut ahead = *cursor;
    let leading = ahead.weekdays(false);
    let away = if leading.is_empty() { relative(&mut ahead) } else { None };
    if !leading.is_empty() || away.is_some() {
        written::fillers(&mut ahead);
    }
    let days = days(&mut ahead, !leading.is_empty())?;
    let has_own =
        matches!(&days, Days::Written(items) if items.iter().any(|(own, _)| own.is_some()));
    let is_korean = matches!(days, Days::Korean(_));
    let trailing =
        if leading.is_empty() && !has_own { trailing(&mut ahead, is_korean) } else { Vec::new() };

    let words = start..ahead.at;
    let in_korean = is_korean || says_korean(&cursor.words[words.clone()]);
    let order = if in_korean { Order::MonthFirst } else { cursor.ways.order };
    let needs_weekday = match &days {
        Days::Written(_) => false,
        Days::Korean(days) => days.iter().all(|day| day.month.is_none()),
        Days::Numeric(numeric) => numeric.needs_weekday,
    };
    if needs_weekday && leading.is_empty() && trailing.is_empty() && away.is_none() {
        return None;
    }
    let items: Vec<(Option<Weekday>, Vec<Day>)> = match days {
        Days::Written(items) => items.into_iter().map(|(own, day)| (own, vec![day])).collect(),
        Days::Korean(days) => days.into_iter().map(|day| (None, vec![day])).collect(),
        Days::Numeric(numeric) => vec![(None, numeric.readings(order))],
    };
    if items.iter().any(|(_, readings)| readings.is_empty()) {
        return None;
    }
    let tongue = match () {
        () if in_korean => Tongue::Korean,
        () if cursor.ways.in_german => Tongue::German,
        () => Tongue::English,
    };
    let span = span(cursor.words, &words);
    let mention = |(weekday, readings)| {
        let (words, span) = (words.clone(), span.clone());
        Mention { weekday, away, readings, words, span, tongue }
    };
    *cursor = ahead;
    Some(paired(items, &leading, &trailing).into_iter().map(mention).collect())
}

fn days(ahead: &mut Cursor<'_, '_>, has_weekday: bool) -> Option<Days> {
    if let Some(days) = korean::days(ahead) {
        return Some(Days::Korean(days));
    }
    if let Some(items) = written::day_first(ahead).or_else(|| written::month_first(ahead)) {
        return Some(Days::Written(items));
    }
    if let Some(numeric) = numeric::day(ahead) {
        return Some(Days::Numeric(numeric));
    }
    let ordinal = has_weekday.then(|| written::ordinal(ahead)).flatten()?;
    Some(Days::Written(vec![(None, ordinal)]))
}

/// Takes `tomorrow` as the days that it is away.
fn relative(ahead: &mut Cursor<'_, '_>) -> Option<i8> {
    const WORDS: [(&[&str], i8); 3] = [
        (&["today", "tonight", "heute", "오늘"], 0),
        (&["tomorrow", "morgen", "내일"], 1),
        (&["yesterday", "gestern", "어제"], -1),
    ];
    let (_, away) = WORDS.into_iter().find(|(words, _)| ahead.take(words))?;
    Some(away)
}

/// Takes ` (Thursday)`, `, Thursday,` or ` 목요일` behind a date.
fn trailing(ahead: &mut Cursor<'_, '_>, is_korean: bool) -> Vec<Named> {
    let mut inner = *ahead;
    let in_brackets = inner.take(&["("]);
    if !in_brackets && inner.take(&[","]) {
        inner.take(&["a", "ein"]);
    } else if !in_brackets && !is_korean {
        return Vec::new();
    }
    let weekdays = inner.weekdays(in_brackets);
    let mut other = inner;
    written::fillers(&mut other);
    let belongs_elsewhere = days(&mut other, true).is_some();
    if weekdays.is_empty() || belongs_elsewhere {
        return Vec::new();
    }
    if in_brackets {
        inner.take(&[")"]);
    } else if !is_korean && !inner.is_at_end() {
        return Vec::new();
    }
    *ahead = inner;
    weekdays
}

/// Gives each day its weekday, where it is plain which one it is.
fn paired(
    mut items: Vec<(Option<Weekday>, Vec<Day>)>,
    leading: &[Named],
    trailing: &[Named],
) -> Vec<(Option<Weekday>, Vec<Day>)> {
    let weekdays = if leading.is_empty() { trailing } else { leading };
    match weekdays {
        weekdays if weekdays.len() == items.len() => {
            for (item, named) in items.iter_mut().zip(weekdays) {
                item.0 = Some(named.weekday);
            }
        }
        [all] if all.is_plural => items.iter_mut().for_each(|item| item.0 = Some(all.weekday)),
        // `Thursday 3 – Saturday 5 December`
        [first] if !leading.is_empty() => items[0].0 = Some(first.weekday),
        _ => {}
    }
    items
}

fn says_korean(words: &[Word<'_>]) -> bool {
    words.iter().any(|word| {
        word.kind == Kind::Letters && word.text.starts_with(|c| ('가'..='힣').contains(&c))
    })
}

fn span(words: &[Word<'_>], range: &Range<usize>) -> Range<usize> {
    words[range.start].span.start..words[range.end - 1].span.end
}
