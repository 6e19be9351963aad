//! Weekdays against dates.

use std::ops::RangeInclusive;

use jiff::{
    Span,
    civil::{Date, Weekday},
};

use super::{
    Calendar,
    event::Event,
    korean,
    mention::{Mention, MonthDay, Tongue},
    names::{month_name, weekday_name},
    passage::Passage,
    year::{self, Dates},
};
use crate::check::{Finding, Level, Rule};

/// A weekday that is not the date's.
pub(super) static WEEKDAY: Rule = Rule {
    code: "B4",
    name: "weekday",
    level: Level::Error,
    may_pass: true,
    title: "A weekday that is not the date's",
    why: "Some readers go by the weekday and some by the date: half of them come on the wrong day. \
          A date without a year is taken to be near the sending and the event; where two years are \
          possible, nothing is said.",
    mend: "Look in a calendar which of the two is right, and change the other.",
};

/// What is wrong with a date beside its weekday.
pub(super) fn fault(
    calendar: &Calendar<'_>,
    event: Option<&Event<'_>>,
    passage: &Passage<'_>,
    mention: &Mention,
    now: &RangeInclusive<Date>,
) -> Option<Finding> {
    let mut possible = Vec::new();
    for day in &mention.readings {
        match year::dates(passage, mention, *day, now) {
            Dates::Days(days) => possible.push((*day, days)),
            Dates::Never(year) if mention.weekday.is_some() || year.is_some() => {
                return (mention.readings.len() == 1).then(|| never(*day, mention, year));
            }
            Dates::Never(_) | Dates::Unknown => return None,
        }
    }
    let (day, first) = possible.first().and_then(|(day, days)| Some((*day, *days.first()?)))?;
    let mut all = possible.iter().flat_map(|(_, days)| days);
    if let Some(away) = mention.away {
        let meant = calendar.sending_day().checked_add(Span::new().days(away)).ok()?;
        let fits = all.any(|date| *date == meant);
        return (!fits).then(|| not_away(passage, mention, meant));
    }
    let weekday = mention.weekday?;
    if all.any(|date| date.weekday() == weekday) {
        return None;
    }
    let said = written(mention.tongue, weekday, day);
    let right = weekday_name(first.weekday());
    let message = match day.year {
        Some(_) => format!("`{said}` is a {right}"),
        None => format!("`{said}` is a {right} in {}", first.year()),
    };
    let same_date = written(mention.tongue, first.weekday(), day);
    let same_weekday = nearest(first, weekday).map(|date| {
        let month = day.month.map(|_| date.month());
        let year = day.year.map(|_| date.year());
        written(mention.tongue, weekday, MonthDay { day: date.day(), month, year })
    });
    let fix = match (event, same_weekday) {
        (Some(event), _) if event.is_on(first) => {
            format!("write `{same_date}`, the day of the event")
        }
        (_, Some(same_weekday)) => format!("write `{same_date}`, or `{same_weekday}`"),
        (_, None) => format!("write `{same_date}`"),
    };
    Some(WEEKDAY.finding(message).fix(fix))
}

fn never(day: MonthDay, mention: &Mention, year: Option<i16>) -> Finding {
    let said = match mention.weekday {
        Some(weekday) => written(mention.tongue, weekday, day),
        None => date(mention.tongue, day),
    };
    let leap = Date::new(2000, day.month.unwrap_or(1), day.day).is_ok();
    let fix = match (day.month, year.filter(|_| leap)) {
        (_, Some(year)) => format!("{year} is no leap year: write the right day"),
        (Some(month), None) => format!("{} has fewer days: write the right one", month_name(month)),
        (None, None) => "write the right day".to_owned(),
    };
    WEEKDAY.finding(format!("there is no `{said}`")).fix(fix)
}

fn not_away(passage: &Passage<'_>, mention: &Mention, meant: Date) -> Finding {
    let word = passage.words[mention.words.start].text;
    let day = MonthDay { day: meant.day(), month: Some(meant.month()), year: None };
    let meant = written(mention.tongue, meant.weekday(), day);
    let message = format!("seen from the day of sending, `{word}` is `{meant}`");
    WEEKDAY.finding(message).fix(format!("leave out `{word}`, or write the date that it means"))
}

/// The date nearest to this one that has the weekday.
fn nearest(date: Date, weekday: Weekday) -> Option<Date> {
    let ahead = date.weekday().until(weekday);
    let days = if ahead > 3 { ahead - 7 } else { ahead };
    date.checked_add(Span::new().days(days)).ok()
}

/// A weekday and a date as this language writes them.
pub(super) fn written(tongue: Tongue, weekday: Weekday, day: MonthDay) -> String {
    let date = date(tongue, day);
    match tongue {
        Tongue::English => format!("{} {date}", weekday_name(weekday)),
        Tongue::German => {
            const NAMES: &[&str] =
                &["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"];
            let name = usize::try_from(weekday.to_monday_zero_offset()).map(|at| NAMES[at]);
            format!("{}, {date}", name.unwrap_or_default())
        }
        Tongue::Korean => format!("{date}({})", korean::syllable(weekday)),
    }
}

fn date(tongue: Tongue, MonthDay { day, month, year }: MonthDay) -> String {
    let parts = match tongue {
        Tongue::English => {
            [Some(day.to_string()), month.map(month_name), year.map(|year| year.to_string())]
        }
        Tongue::German => [
            Some(format!("{day}.")),
            month.map(|month| format!("{month}.")),
            year.map(|year| year.to_string()),
        ],
        Tongue::Korean => [
            year.map(|year| format!("{year}년")),
            month.map(|month| format!("{month}월")),
            Some(format!("{day}일")),
        ],
    };
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    parts.join(if tongue == Tongue::German { "" } else { " " })
}
