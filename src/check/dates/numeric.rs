//! Days in numbers: `2026-12-03`, `3/12/2026`, `3.12.`, `12/3`.

use super::{
    cursor::{Cursor, Order, of_century},
    mention::MonthDay,
};

/// A day in numbers, and whether only a weekday beside it shows that it is one.
pub(super) struct Numeric {
    first: i16,
    second: i16,
    year: Option<i16>,
    year_leads: bool,
    pub(super) needs_weekday: bool,
}

/// Takes a day in numbers.
pub(super) fn day(cursor: &mut Cursor<'_, '_>) -> Option<Numeric> {
    if cursor.is_inside_number() {
        return None;
    }
    let mut ahead = *cursor;
    let found = year_first(&mut ahead).or_else(|| {
        ahead = *cursor;
        year_last(&mut ahead).or_else(|| {
            ahead = *cursor;
            spaced(&mut ahead)
        })
    })?;
    let goes_on = ahead.peek(0).is_some_and(|word| {
        word.glued
            && (word.number().is_some()
                || word.is_any(&["/", "-", ":", "%"])
                    && ahead.peek(1).is_some_and(|next| next.glued && next.number().is_some()))
    });
    if goes_on || ahead.peek(0).is_some_and(|word| word.is_any(&["am", "pm", "uhr", "a", "p"])) {
        return None;
    }
    *cursor = ahead;
    Some(found)
}

/// `2026-12-03`, `2026.12.3`, `2026. 12. 3.`
fn year_first(ahead: &mut Cursor<'_, '_>) -> Option<Numeric> {
    let year = ahead.number(4..=4).filter(|year| (1900..2100).contains(year))?;
    let separator = separator(ahead, &["-", ".", "/"])?;
    let first = ahead.number(1..=2)?;
    ahead.take_glued(&[separator]).then_some(())?;
    let second = ahead.number(1..=2)?;
    if separator == "." && ahead.peek(1).is_some_and(|next| next.is("(")) {
        ahead.take_glued(&["."]);
    }
    Some(Numeric { first, second, year: Some(year), year_leads: true, needs_weekday: false })
}

/// `3/12/2026`, `3.12.26`, `3.12.`, `3/12`
fn year_last(ahead: &mut Cursor<'_, '_>) -> Option<Numeric> {
    // `bis zum 3.12.`
    let is_named = ahead.ways.in_german
        && ahead.at > 0
        && ahead.words[ahead.at - 1].is_any(&["am", "bis", "den", "der", "vom", "zum"]);
    let first = ahead.number(1..=2)?;
    let separator = separator(ahead, &["/", ".", "-"])?;
    ahead.peek(0).filter(|word| word.glued)?;
    let second = ahead.number(1..=2)?;
    let mut with_year = *ahead;
    if with_year.take_glued(&[separator])
        && with_year.peek(0).is_some_and(|word| word.glued)
        && let Some(year) = with_year.number(2..=4)
    {
        *ahead = with_year;
        let is_short = year < 100;
        let year = Some(if is_short { of_century(year) } else { year });
        return Some(Numeric { first, second, year, year_leads: false, needs_weekday: is_short });
    }
    let closes = match separator {
        "/" => true,
        // `3.12` may be a time.
        "." => ahead.take_glued(&["."]) || ahead.peek(0).is_some_and(|next| next.is("(")),
        _ => false,
    };
    let needs_weekday = !is_named || separator != ".";
    closes.then_some(Numeric { first, second, year: None, year_leads: false, needs_weekday })
}

/// `12. 3. (목)`
fn spaced(ahead: &mut Cursor<'_, '_>) -> Option<Numeric> {
    let first = ahead.number(1..=2)?;
    ahead.take_glued(&["."]).then_some(())?;
    let second = ahead.number(1..=2)?;
    ahead.take_glued(&["."]).then_some(())?;
    let mut bracket = *ahead;
    bracket.take(&["("]).then(|| bracket.weekday(true))??;
    Some(Numeric { first, second, year: None, year_leads: false, needs_weekday: true })
}

fn separator(ahead: &mut Cursor<'_, '_>, separators: &[&'static str]) -> Option<&'static str> {
    separators.iter().copied().find(|separator| ahead.take_glued(&[separator]))
}

impl Numeric {
    /// The days that it can mean, the likelier first.
    pub(super) fn readings(&self, order: Order) -> Vec<MonthDay> {
        let day = |month: i16, day: i16| {
            let month = i8::try_from(month).ok().filter(|month| (1..=12).contains(month))?;
            let day = i8::try_from(day).ok().filter(|day| (1..=31).contains(day))?;
            Some(MonthDay { day, month: Some(month), year: self.year })
        };
        let month_first = day(self.first, self.second);
        let day_first = day(self.second, self.first);
        let readings = match order {
            _ if self.year_leads => [month_first, None],
            Order::MonthFirst => [month_first.or(day_first), None],
            Order::DayFirst => [day_first.or(month_first), None],
            Order::Unsure => [day_first, month_first],
        };
        readings.into_iter().flatten().collect()
    }
}
