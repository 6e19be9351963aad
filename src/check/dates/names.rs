//! Names of days and months in the languages that write them alike.

use jiff::civil::{Date, Weekday};

use super::{
    english, german,
    words::{Kind, Word},
};

/// Full and short names in small letters; short ones have at most five letters.
pub(super) struct Names {
    /// From Monday.
    pub(super) weekdays: [&'static [&'static str]; 7],
    /// From January.
    pub(super) months: [&'static [&'static str]; 12],
}

/// A weekday as it was written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Named {
    pub(super) weekday: Weekday,
    /// `Thu`, which may have a full stop behind it.
    pub(super) is_short: bool,
    /// `Thursdays`
    pub(super) is_plural: bool,
}

/// The weekday that a word names. Short names have a capital, and German ones (`So`, `Do`) are
/// read in German texts only.
pub(super) fn weekday(word: &Word<'_>, in_german: bool) -> Option<Named> {
    if word.kind != Kind::Letters || !word.text.starts_with(char::is_uppercase) {
        return None;
    }
    let find = |names: &Names| {
        names.weekdays.iter().zip(Weekday::Monday.cycle_forward()).find_map(|(names, weekday)| {
            let position = names.iter().position(|name| *name == word.small)?;
            let is_short = position > 0 && word.small.len() <= 5;
            let is_plural = word.small.ends_with("days");
            Some(Named { weekday, is_short, is_plural })
        })
    };
    let german = || find(&german::NAMES).filter(|named| in_german || !named.is_short);
    if in_german { german() } else { find(&english::NAMES).or_else(german) }
}

/// The month that a word names, and whether the name is a short one.
pub(super) fn month(word: &Word<'_>) -> Option<(i8, bool)> {
    if word.kind != Kind::Letters || !word.text.starts_with(char::is_uppercase) {
        return None;
    }
    [&english::NAMES, &german::NAMES].into_iter().find_map(|names| {
        (1..).zip(names.months).find_map(|(month, names)| {
            let position = names.iter().position(|name| *name == word.small)?;
            Some((month, position > 0 && word.small.len() <= 4))
        })
    })
}

/// A weekday's full name, as messages say it.
pub(super) fn weekday_name(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
}

/// A month's full name, as messages say it.
pub(super) fn month_name(month: i8) -> String {
    Date::new(2000, month, 1).map_or_else(|_| String::new(), |day| day.strftime("%B").to_string())
}
