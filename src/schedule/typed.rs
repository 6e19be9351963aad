//! Reads a time as people type it: `Thu 2026-12-10 08:00`, `10 December 2026 at 8am`,
//! `tomorrow 08:00`, `Friday 17:00`.

use jiff::{
    Timestamp, ToSpan as _,
    civil::{self, Date, Time, Weekday},
    tz::TimeZone,
};

use super::Moment;
use crate::diagnostic::{Diagnostic, closest};

const WEEKDAYS: [&str; 7] =
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Words that say nothing.
const FILLERS: [&str; 3] = ["at", "on", "the"];

/// What somebody means who types `text` at `now`, in local time of `zone`. A weekday alone is the
/// next one, today only where its time is still to come; a weekday beside a date must be its own.
/// The moment may be past: whether that is wrong depends on what it is for.
pub fn read(text: &str, now: Timestamp, zone: &TimeZone) -> Result<Moment, Diagnostic> {
    let text = text.trim();
    let reader = Reader { text, now: zone.to_datetime(now), zone };
    let typed = reader.words()?;
    let time = typed.time.ok_or_else(|| reader.no_time())?;
    let day = reader.day(&typed, time)?;
    Moment::new(day.to_datetime(time), zone)
        .ok_or_else(|| reader.wrong(format!("`{text}` is too far away")))
}

/// What is being read, and where and when.
struct Reader<'a> {
    text: &'a str,
    now: civil::DateTime,
    zone: &'a TimeZone,
}

/// What was found in it.
#[derive(Default)]
struct Typed {
    day: Option<Day>,
    weekday: Option<Weekday>,
    day_of_month: Option<i8>,
    month: Option<i8>,
    year: Option<i16>,
    time: Option<Time>,
}

/// A day that one word names.
#[derive(Clone, Copy)]
enum Day {
    Date(Date),
    Today,
    Tomorrow,
}

impl Reader<'_> {
    fn words(&self) -> Result<Typed, Diagnostic> {
        let mut typed = Typed::default();
        for word in split(self.text) {
            let is_new = if let Some((hour, minute)) = clock(&word) {
                let time = Time::new(hour, minute, 0, 0);
                let time = time.map_err(|_| self.wrong(format!("`{word}` is no time of day")))?;
                typed.time.replace(time).is_none()
            } else if let Some(time) = named_time(&word) {
                typed.time.replace(time).is_none()
            } else if let Some((year, month, day)) = iso(&word) {
                let date = self.date(year, month, day)?;
                typed.day.replace(Day::Date(date)).is_none()
            } else if let Some(day) = relative(&word) {
                typed.day.replace(day).is_none()
            } else if let Some(weekday) = name(&WEEKDAYS, &word) {
                let weekday = Weekday::Monday.wrapping_add(i64::from(weekday));
                typed.weekday.replace(weekday).is_none()
            } else if let Some(month) = name(&MONTHS, &word) {
                typed.month.replace(month + 1).is_none()
            } else if let Some(day) = day_of_month(&word) {
                typed.day_of_month.replace(day).is_none()
            } else if let Some(year) = number(&word, 4) {
                typed.year.replace(year).is_none()
            } else {
                return Err(self.not_understood(&word));
            };
            if !is_new {
                return Err(self.wrong(format!("`{word}` is one too many in `{}`", self.text)));
            }
        }
        Ok(typed)
    }

    fn day(&self, typed: &Typed, time: Time) -> Result<Date, Diagnostic> {
        let today = self.now.date();
        let written = (typed.day_of_month, typed.month, typed.year);
        let day = match (typed.day, written) {
            (Some(Day::Date(date)), (None, None, None)) => date,
            (Some(Day::Today), (None, None, None)) => today,
            (Some(Day::Tomorrow), (None, None, None)) => today.saturating_add(1.day()),
            (None, (Some(day), Some(month), Some(year))) => self.date(year, month, day)?,
            (None, (Some(day), Some(month), None)) => return Err(self.no_year(day, month, time)),
            (None, (None, None, None)) => {
                let weekday = typed.weekday.ok_or_else(|| self.no_day(time))?;
                return Ok(self.next(weekday, time));
            }
            (None, _) => return Err(self.wrong(format!("`{}` names no whole date", self.text))),
            (Some(_), _) => return Err(self.wrong(format!("`{}` names two days", self.text))),
        };
        match typed.weekday {
            Some(weekday) if weekday != day.weekday() => Err(other_weekday(day, weekday, time)),
            _ => Ok(day),
        }
    }

    /// The next such day whose time is still to come.
    fn next(&self, weekday: Weekday, time: Time) -> Date {
        let today = self.now.date();
        let ahead = i64::from(today.weekday().until(weekday));
        let is_over = ahead == 0 && time <= self.now.time();
        today.saturating_add(if is_over { 7 } else { ahead }.days())
    }

    fn date(&self, year: i16, month: i8, day: i8) -> Result<Date, Diagnostic> {
        Date::new(year, month, day).map_err(|_| match Date::new(year, month, 1) {
            Ok(first) => {
                let days = first.days_in_month();
                let month = first.strftime("%B %Y");
                Diagnostic::new(format!("there is no `{day} {month}`"))
                    .hint(format!("{month} has {days} days"))
            }
            Err(_) => self.wrong(format!("there is no month `{month}`")),
        })
    }

    fn not_understood(&self, word: &str) -> Diagnostic {
        if word.matches(':').count() == 2 && word.starts_with(|c: char| c.is_ascii_digit()) {
            return self.wrong(format!("`{word}` names seconds, and mail goes out by the minute"));
        }
        if let Some((one, other)) = two_readings(word) {
            let fault = Diagnostic::new(format!("`{word}` could be two days"));
            return fault.hint(format!("write `{one}` or `{other}`, as you mean it"));
        }
        let words = WEEKDAYS.iter().chain(&MONTHS).chain(&["today", "tomorrow"]).copied();
        if let Some(near) = closest(word, words).filter(|_| word.len() > 3) {
            let fault = Diagnostic::new(format!("`{word}` is not understood in `{}`", self.text));
            return fault.hint(format!("did you mean `{near}`?"));
        }
        match word == self.text {
            true => self.wrong(format!("`{word}` is not understood as a time")),
            false => self.wrong(format!("`{word}` is not understood in `{}`", self.text)),
        }
    }

    fn no_year(&self, day: i8, month: i8, time: Time) -> Diagnostic {
        let this_year = self.now.date().year();
        let mut dates = [this_year, this_year + 1]
            .into_iter()
            .filter_map(|year| Date::new(year, month, day).ok())
            .filter(|date| date.to_datetime(time) > self.now);
        let fault = Diagnostic::new(format!("`{}` names no year", self.text));
        match dates.next() {
            Some(next) => fault.hint(format!("the next one is `{}`", written(next, time))),
            None => fault.hint(self.example()),
        }
    }

    fn no_day(&self, time: Time) -> Diagnostic {
        let day = if time > self.now.time() { "today" } else { "tomorrow" };
        Diagnostic::new(format!("`{}` names no day", self.text))
            .hint(format!("the next one is `{day} {}`", time.strftime("%H:%M")))
    }

    fn no_time(&self) -> Diagnostic {
        if self.text.is_empty() {
            return self.wrong("no time is given".to_owned());
        }
        // `tomorrow 8`: an hour, most likely.
        let (day, hour) = self.text.rsplit_once(' ').unwrap_or((self.text, ""));
        let hour: Option<u8> = number(hour, 2).filter(|hour| *hour < 24);
        Diagnostic::new(format!("`{}` names no time of day", self.text)).hint(match hour {
            Some(hour) => format!("write it with its minutes: `{day} {hour:02}:00`"),
            None => format!("write it too: `{} 08:00`", self.text),
        })
    }

    fn wrong(&self, message: String) -> Diagnostic {
        Diagnostic::new(message).hint(self.example())
    }

    /// How it is written, by the example of tomorrow.
    fn example(&self) -> String {
        let tomorrow = self.now.date().saturating_add(1.day());
        let example = written(tomorrow, Time::constant(8, 0, 0, 0));
        let zone = self.zone.iana_name().unwrap_or("UTC");
        format!("write it as `{example}` or `tomorrow 08:00`, in the time of {zone}")
    }
}

/// `10/12/2026`, `10.12.2026`: the two days that it could be, as they are written here.
fn two_readings(word: &str) -> Option<(Date, Date)> {
    let mut parts = word.split(['/', '.', '-']);
    let (one, other) = (number(parts.next()?, 2)?, number(parts.next()?, 2)?);
    let year = number(parts.next()?, 4).filter(|year: &i16| *year >= 1000)?;
    let dates = (Date::new(year, other, one).ok()?, Date::new(year, one, other).ok()?);
    parts.next().is_none().then_some(dates)
}

fn other_weekday(day: Date, weekday: Weekday, time: Time) -> Diagnostic {
    let ahead = i64::from(day.weekday().until(weekday));
    let near = day.saturating_add(ahead.days());
    let message = format!(
        "{} is a {}, not a {}",
        day.strftime("%-d %B %Y"),
        day.strftime("%A"),
        near.strftime("%A")
    );
    Diagnostic::new(message).hint(format!(
        "write `{}`, or `{}` for the day that you have written",
        written(near, time),
        written(day, time)
    ))
}

/// `Thu 2026-12-10 08:00`.
fn written(day: Date, time: Time) -> String {
    day.to_datetime(time).strftime("%a %Y-%m-%d %H:%M").to_string()
}

/// Words in small letters, without those that say nothing; `8 am` is one word.
fn split(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in text.to_lowercase().split(|c: char| c.is_whitespace() || c == ',') {
        let half = matches!(word, "am" | "pm" | "a.m." | "p.m.");
        match word.split_once('t').filter(|(day, _)| iso(day).is_some()) {
            Some((day, time)) => words.extend([day.to_owned(), time.to_owned()]),
            None if word.is_empty() || FILLERS.contains(&word) => {}
            None => match words.last_mut().filter(|_| half) {
                Some(hour) => hour.push_str(word),
                None => words.push(word.to_owned()),
            },
        }
    }
    words
}

/// Hour and minute of `8:00`, `08.00`, `8am`, `5:30pm`; they may be out of range.
fn clock(word: &str) -> Option<(i8, i8)> {
    let word = word.replace(".m.", "m");
    let half = |half: &str| word.strip_suffix(half).map(str::to_owned);
    let (time, noon) = match (half("am"), half("pm")) {
        (Some(time), _) => (time, Some(0)),
        (_, Some(time)) => (time, Some(12)),
        _ => (word, None),
    };
    let (hour, minute) = match time.split_once([':', '.']) {
        Some((hour, minute)) if minute.len() == 2 => (hour, number(minute, 2)?),
        None if noon.is_some() => (time.as_str(), 0),
        _ => return None,
    };
    let hour: i8 = number(hour, 2)?;
    match noon {
        None => Some((hour, minute)),
        Some(noon) if (1..=12).contains(&hour) => Some((hour % 12 + noon, minute)),
        // `13pm`: no time of day.
        Some(_) => Some((i8::MAX, minute)),
    }
}

/// `noon`. What day midnight belongs to nobody can tell.
fn named_time(word: &str) -> Option<Time> {
    matches!(word, "noon" | "midday").then_some(Time::constant(12, 0, 0, 0))
}

/// Year, month and day of `2026-12-10`; they may be out of range.
fn iso(word: &str) -> Option<(i16, i8, i8)> {
    let (year, rest) = word.split_once('-')?;
    let (month, day) = rest.split_once('-')?;
    Some((number(year, 4).filter(|_| year.len() == 4)?, number(month, 2)?, number(day, 2)?))
}

fn relative(word: &str) -> Option<Day> {
    match word {
        "today" => Some(Day::Today),
        "tomorrow" => Some(Day::Tomorrow),
        _ => None,
    }
}

/// Which of the names `word` is, in full or as its first three letters or more.
fn name(names: &[&str], word: &str) -> Option<i8> {
    let word = word.strip_suffix('.').unwrap_or(word);
    let position = names.iter().position(|name| word.len() >= 3 && name.starts_with(word))?;
    i8::try_from(position).ok()
}

/// `10`, `10th`.
fn day_of_month(word: &str) -> Option<i8> {
    let ending = ["st", "nd", "rd", "th"].into_iter().find_map(|end| word.strip_suffix(end));
    number(ending.unwrap_or(word), 2)
}

/// A number of at most so many digits.
fn number<N: std::str::FromStr>(word: &str, digits: usize) -> Option<N> {
    let is_number = word.len() <= digits && word.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { word.parse().ok() } else { None }
}

#[cfg(test)]
mod tests;
