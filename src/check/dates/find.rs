//! Finds the dates of a text, each with the weekday that stands beside it.

use jiff::civil::Weekday;

use super::{
    cursor::{Cursor, Order, Ways},
    korean,
    mention::{Mention, MonthDay, Tongue},
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
    /// `12월 3일`
    Korean(Vec<MonthDay>),
    /// `3/12`
    Numeric(numeric::Numeric),
}

/// A day with its weekday, and what it may mean.
type Item = (Option<Weekday>, Vec<MonthDay>);

impl Days {
    /// Whether a weekday can stand behind the days, the last word of which is given.
    fn are_open(&self, last: &Word<'_>) -> bool {
        match self {
            Self::Written(items) => items.iter().all(|(own, _)| own.is_none()),
            // Not `3일은 목요일`, which may go on as `목요일이 아니라`.
            Self::Korean(_) => last.is("일"),
            Self::Numeric(_) => true,
        }
    }

    /// Whether only a weekday shows that it is a date.
    fn need_weekday(&self) -> bool {
        match self {
            Self::Written(_) => false,
            Self::Korean(days) => days.iter().all(|day| day.month.is_none()),
            Self::Numeric(numeric) => numeric.needs_weekday,
        }
    }

    fn items(self, order: Order) -> Vec<Item> {
        match self {
            Self::Written(items) => items.into_iter().map(|(own, day)| (own, vec![day])).collect(),
            Self::Korean(days) => days.into_iter().map(|day| (None, vec![day])).collect(),
            Self::Numeric(numeric) => vec![(None, numeric.readings(order))],
        }
    }
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
    let is_open = leading.is_empty() && days.are_open(&cursor.words[ahead.at - 1]);
    let trailing =
        if is_open { trailing(&mut ahead, matches!(days, Days::Korean(_))) } else { Vec::new() };
    if days.need_weekday() && leading.is_empty() && trailing.is_empty() && away.is_none() {
        return None;
    }

    let words = start..ahead.at;
    let tongue = match () {
        () if says_korean(&cursor.words[words.clone()]) => Tongue::Korean,
        () if cursor.ways.in_german => Tongue::German,
        () => Tongue::English,
    };
    let in_korean = tongue == Tongue::Korean;
    let items = days.items(if in_korean { Order::MonthFirst } else { cursor.ways.order });
    if items.iter().any(|(_, readings)| readings.is_empty()) {
        return None;
    }
    let span = cursor.words[words.start].span.start..cursor.words[words.end - 1].span.end;
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

/// Takes ` (Thursday)`, `, Thursday,`, ` is a Thursday` or ` 목요일` behind a date.
fn trailing(ahead: &mut Cursor<'_, '_>, is_korean: bool) -> Vec<Named> {
    let mut inner = *ahead;
    let in_brackets = inner.take(&["("]);
    if !in_brackets {
        if inner.take(&[",", "is", "ist"]) {
            inner.take(&["a", "ein"]);
        } else if !is_korean {
            return Vec::new();
        }
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
fn paired(mut items: Vec<Item>, leading: &[Named], trailing: &[Named]) -> Vec<Item> {
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
