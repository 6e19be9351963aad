//! Times in words, as one person tells another.

use jiff::{Timestamp, civil, tz::TimeZone};

use crate::diagnostic::count;

/// `Thursday 10 December 2026 at 08:00`.
pub fn in_full(local: civil::DateTime) -> String {
    format!("{} at {}", local.strftime("%A %-d %B %Y"), time(local.time()))
}

/// `08:00`, with seconds only where there are some.
pub(super) fn time(time: civil::Time) -> String {
    time.strftime(if time.second() == 0 { "%H:%M" } else { "%H:%M:%S" }).to_string()
}

/// How far `then` is from `now`: `in 5 minutes`, `2 hours ago`, `tomorrow`. From another day on,
/// days of the calendar in `zone` are counted, not of 24 hours.
pub fn distance(then: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    let seconds = then.duration_since(now).as_secs();
    let minutes = rounded(seconds.unsigned_abs(), 60);
    let (today, day) = (zone.to_datetime(now).date(), zone.to_datetime(then).date());
    let days = day.duration_since(today).as_hours() / 24;
    let length = match (minutes, days.unsigned_abs()) {
        (0, _) => return "now".to_owned(),
        (..60, _) => count(minutes, "minute"),
        (_, 0) => count(rounded(minutes, 60), "hour"),
        (_, 1) => return if days > 0 { "tomorrow" } else { "yesterday" }.to_owned(),
        (_, days @ ..14) => count(days, "day"),
        (_, days @ ..60) => count(rounded(days, 7), "week"),
        (_, days @ ..=730) => count(rounded(days * 12, 365), "month"),
        _ => count(whole_years(today.min(day), today.max(day)), "year"),
    };
    if seconds > 0 { format!("in {length}") } else { format!("{length} ago") }
}

fn whole_years(from: civil::Date, to: civil::Date) -> u64 {
    let is_short = (to.month(), to.day()) < (from.month(), from.day());
    let years = i32::from(to.year()) - i32::from(from.year()) - i32::from(is_short);
    years.unsigned_abs().into()
}

fn rounded(amount: u64, unit: u64) -> u64 {
    (amount + unit / 2) / unit
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A Thursday.
    const NOW: &str = "2026-11-26T10:00:20";

    #[test]
    fn a_distance_is_told_as_people_tell_it() {
        let zone = TimeZone::get("Europe/London").unwrap();
        let instant =
            |local: &str| zone.to_timestamp(local.parse::<civil::DateTime>().unwrap()).unwrap();
        for (then, words) in [
            ("2026-11-26T10:00:20", "now"),
            ("2026-11-26T10:00:49", "now"),
            ("2026-11-26T09:59:51", "now"),
            ("2026-11-26T10:01:00", "in 1 minute"),
            ("2026-11-26T10:05:20", "in 5 minutes"),
            ("2026-11-26T09:58:20", "2 minutes ago"),
            ("2026-11-26T10:59:49", "in 59 minutes"),
            ("2026-11-26T11:00:00", "in 1 hour"),
            ("2026-11-26T12:50:00", "in 3 hours"),
            ("2026-11-26T05:00:00", "5 hours ago"),
            ("2026-11-26T23:59:59", "in 14 hours"),
            ("2026-11-27T00:00:00", "tomorrow"),
            ("2026-11-27T23:59:00", "tomorrow"),
            ("2026-11-25T23:59:00", "yesterday"),
            ("2026-11-28T00:00:00", "in 2 days"),
            ("2026-11-29T08:00:00", "in 3 days"),
            ("2026-11-24T23:59:00", "2 days ago"),
            ("2026-12-09T08:00:00", "in 13 days"),
            ("2026-12-10T08:00:00", "in 2 weeks"),
            ("2026-12-17T08:00:00", "in 3 weeks"),
            ("2026-11-12T08:00:00", "2 weeks ago"),
            ("2027-01-25T08:00:00", "in 2 months"),
            ("2027-11-26T08:00:00", "in 12 months"),
            ("2028-11-26T08:00:00", "in 2 years"),
            ("2029-11-20T08:00:00", "in 2 years"),
            ("2028-11-25T08:00:00", "in 24 months"),
            ("2016-11-26T08:00:00", "10 years ago"),
            ("2016-02-12T08:00:00", "10 years ago"),
        ] {
            assert_eq!(distance(instant(then), instant(NOW), &zone), words, "{then}");
        }
    }

    #[test]
    fn less_than_an_hour_is_told_in_minutes_over_midnight_too() {
        let now = "2026-11-26T23:50:00Z".parse().unwrap();
        let then = "2026-11-27T00:20:00Z".parse().unwrap();
        assert_eq!(distance(then, now, &TimeZone::UTC), "in 30 minutes");
    }

    #[test]
    fn a_day_that_clocks_make_shorter_or_longer_is_a_day() {
        let zone = TimeZone::get("Europe/London").unwrap();
        // Saturday noon; clocks go forward in the night, so the day after begins an hour sooner.
        let now = "2026-03-28T12:00:00Z".parse().unwrap();
        assert_eq!(distance("2026-03-29T22:59:59Z".parse().unwrap(), now, &zone), "tomorrow");
        assert_eq!(distance("2026-03-29T23:00:00Z".parse().unwrap(), now, &zone), "in 2 days");
    }

    #[test]
    fn any_two_instants_have_words() {
        let (first, last) = (Timestamp::MIN, Timestamp::MAX);
        assert_eq!(distance(last, first, &TimeZone::UTC), "in 19,998 years");
        assert_eq!(distance(first, last, &TimeZone::UTC), "19,998 years ago");
    }

    #[test]
    fn a_time_in_full_has_seconds_only_where_there_are_some() {
        let day = civil::date(2026, 12, 10);
        assert_eq!(in_full(day.at(8, 0, 0, 0)), "Thursday 10 December 2026 at 08:00");
        assert_eq!(in_full(day.at(8, 0, 5, 0)), "Thursday 10 December 2026 at 08:00:05");
    }
}
