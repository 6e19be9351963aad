//! Days as Korean writes them: `2026년 12월 3일(목)`, `12월 3일 목요일`, `3~4일(목~금)`.

use jiff::civil::Weekday;

use super::{
    cursor::{Cursor, MOST},
    mention::MonthDay,
    names::Named,
    words::{Kind, Word},
};

const WEEKDAYS: &[&str] = &["월", "화", "수", "목", "금", "토", "일"];

/// What may be written right behind `일` when it means a day of the month and not a length.
const PARTICLES: &[&str] = &[
    "",
    "에",
    "에는",
    "엔",
    "에도",
    "까지",
    "까지는",
    "까지입니다",
    "까지이며",
    "까지만",
    "부터",
    "의",
    "은",
    "는",
    "이",
    "을",
    "자",
    "로",
    "날",
    "과",
    "와",
    "이며",
    "입니다",
];

/// `목요일`, with whatever stands right behind it; `목` in brackets.
pub(super) fn weekday(word: &Word<'_>, in_brackets: bool) -> Option<Named> {
    let is_named = |name: &str| {
        let rest = word.text.strip_prefix(name)?;
        (rest.starts_with("요일") || in_brackets && rest.is_empty()).then_some(())
    };
    let mut days = WEEKDAYS.iter().zip(Weekday::Monday.cycle_forward());
    let (_, weekday) = days.find(|(name, _)| is_named(name).is_some())?;
    Some(Named { weekday, is_short: false, is_plural: false })
}

/// The character that a weekday has in brackets.
pub(super) fn syllable(weekday: Weekday) -> &'static str {
    let position = weekday.to_monday_zero_offset();
    usize::try_from(position).ok().and_then(|at| WEEKDAYS.get(at)).copied().unwrap_or_default()
}

/// Takes days. A weekday can follow only where nothing is glued to `일`.
pub(super) fn days(cursor: &mut Cursor<'_, '_>) -> Option<Vec<MonthDay>> {
    let mut ahead = *cursor;
    let mut part = |unit: &str, digits| {
        let mut inner = ahead;
        let number = inner.number(digits)?;
        inner.take(&[unit]).then(|| ahead = inner)?;
        Some(number)
    };
    let year = part("년", 4..=4);
    let month = part("월", 1..=2).and_then(|month| i8::try_from(month).ok());
    if year.is_some() && month.is_none() || month.is_some_and(|month| !(1..=12).contains(&month)) {
        return None;
    }
    let mut numbers = vec![ahead.number(1..=2)?];
    while numbers.len() < MOST {
        let mut more = ahead;
        let Some(number) = more.join().and_then(|_| more.number(1..=2)) else { break };
        numbers.push(number);
        ahead = more;
    }
    let unit = ahead.peek(0).filter(|word| word.kind == Kind::Letters)?;
    let particle = unit.text.strip_prefix("일")?;
    if !PARTICLES.contains(&particle) {
        return None;
    }
    ahead.at += 1;
    *cursor = ahead;
    numbers
        .into_iter()
        .map(|number| {
            let day = i8::try_from(number).ok().filter(|day| (1..=31).contains(day))?;
            Some(MonthDay { day, month, year })
        })
        .collect()
}
