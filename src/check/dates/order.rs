//! What ends before it begins.

use jiff::civil::Date;

use super::{
    Calendar,
    cursor::TO_MARKS,
    event::{Event, place_of},
    hours::Hours,
    mention::Mention,
    passage::Passage,
};
use crate::check::{Finding, Level, Rule};

/// An end before its beginning.
pub(super) static ORDER: Rule = Rule {
    code: "B5",
    name: "order",
    level: Level::Error,
    may_pass: true,
    title: "An end before its beginning",
    why: "One of the two times or days is wrong, and readers cannot tell which. Hours over midnight \
          (22:00–01:00) are left alone.",
    mend: "Set the wrong one right, or swap the two.",
};

/// Hours over midnight are at most this long.
const NIGHT: i16 = 18 * 60;

/// Hours that begin with the event, which ends on its day, are shorter.
const EVENING: i16 = 12 * 60;

pub(super) fn check_front_matter(
    calendar: &Calendar<'_>,
    event: Option<&Event<'_>>,
) -> Option<Finding> {
    let event = event?;
    let ends = event.ends.filter(|ends| *ends < event.starts)?;
    let (form, preposition, later) = match event.is_whole_days {
        true => ("%F", "on", "day"),
        false => ("%F %H:%M", "at", "time"),
    };
    let (starts, ends) = (event.starts.strftime(form), ends.strftime(form));
    let message =
        format!("the event ends {preposition} `{ends}`, before it starts {preposition} `{starts}`");
    let finding = ORDER.finding(message).fix(format!("set `event.ends` to a later {later}"));
    Some(finding.at(&calendar.draft.source, place_of(calendar.draft, "ends")))
}

pub(super) fn check(
    calendar: &Calendar<'_>,
    event: Option<&Event<'_>>,
    passage: &Passage<'_>,
) -> Vec<Finding> {
    let source = &calendar.draft.source;
    let hours = passage.hours.iter().filter(|hours| is_backwards(hours, event)).map(|hours| {
        let said = &source.text[hours.span.clone()];
        let finding = ORDER.finding(format!("`{said}` ends before it begins"));
        finding.fix("swap the two times, or set the wrong one right").at(source, hours.span.clone())
    });
    let days = passage.dates.windows(2).filter(|pair| is_backward(passage, pair)).map(|pair| {
        let span = pair[0].span.start..pair[1].span.end;
        let said = &source.text[span.clone()];
        let finding = ORDER.finding(format!("`{said}` ends before it begins"));
        finding.fix("swap the two days, or set the wrong one right").at(source, span)
    });
    hours.chain(days).collect()
}

fn is_backwards(hours: &Hours, event: Option<&Event<'_>>) -> bool {
    let Some(ends) = hours.ends.filter(|ends| !hours.starts.is_half && !ends.is_half) else {
        return false;
    };
    let back = hours.starts.minutes - ends.minutes;
    let over_midnight = 24 * 60 - back;
    let is_of_event = event.is_some_and(|event| {
        let one_day = event.ends.is_none_or(|ends| ends.date() == event.starts.date());
        one_day && !event.is_whole_days && hours.starts.can_be(event.starts.time())
    });
    back > 0 && over_midnight > if is_of_event { EVENING } else { NIGHT }
}

/// Whether two days of one month are joined as a range and stand the wrong way round.
fn is_backward(passage: &Passage<'_>, pair: &[Mention]) -> bool {
    let [first, second] = pair else { return false };
    let ([from], [to]) = (&first.readings[..], &second.readings[..]) else { return false };
    let between = if first.words == second.words {
        first.words.clone()
    } else {
        first.words.end..second.words.start.max(first.words.end)
    };
    let joined = passage.words[between.clone()].iter().any(|word| word.is_any(TO_MARKS));
    let adjacent = first.words == second.words || between.len() == 1;
    let comparable = from.month.is_some() && from.month == to.month && from.year == to.year;
    let exist = |day: i8| from.month.is_some_and(|month| Date::new(2000, month, day).is_ok());
    joined && adjacent && comparable && from.day > to.day && exist(from.day) && exist(to.day)
}
