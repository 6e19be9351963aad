//! What a reader makes of the times, in zones that change their clocks in every way there is.

use jiff::{SignedDuration, Span as Length, Timestamp, civil, civil::DateTime, tz::TimeZone};

use super::{super::Span, reader, talk};
use crate::local_time;

/// Half an hour (Lord Howe), a day left out (Apia), a fast in between (Casablanca), changes given up
/// (Tehran, São Paulo) or never known (Kathmandu, UTC).
const ZONES: [&str; 12] = [
    "Europe/London",
    "Europe/Dublin",
    "America/New_York",
    "Asia/Seoul",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Pacific/Apia",
    "Pacific/Auckland",
    "Africa/Casablanca",
    "Asia/Tehran",
    "America/Sao_Paulo",
    "UTC",
];

fn read(
    zone: &TimeZone,
    starts: DateTime,
    ends: Option<DateTime>,
) -> (Timestamp, Option<Timestamp>) {
    let mut talk = talk();
    talk.span = Span::times(starts, ends, zone).expect("a span");
    reader::instants(&talk.write("u", 0))
}

/// `2016-10-30T00:30Z` for what starts and ends so in London.
fn london(starts: &str, ends: &str) -> (String, Option<String>) {
    let zone = local_time::zone("Europe/London").unwrap();
    let (starts, ends) = read(&zone, starts.parse().unwrap(), Some(ends.parse().unwrap()));
    (starts.to_string(), ends.map(|ends| ends.to_string()))
}

fn utc(starts: &str, ends: &str) -> (String, Option<String>) {
    (starts.to_owned(), Some(ends.to_owned()))
}

#[test]
fn an_evening_may_end_after_midnight() {
    assert_eq!(
        london("2016-07-01T22:00", "2016-07-02T01:00"),
        utc("2016-07-01T21:00:00Z", "2016-07-02T00:00:00Z")
    );
}

#[test]
fn a_night_in_which_clocks_change_has_an_hour_more_or_less() {
    assert_eq!(
        london("2016-10-29T22:00", "2016-10-30T06:00"),
        utc("2016-10-29T21:00:00Z", "2016-10-30T06:00:00Z")
    );
    assert_eq!(
        london("2016-03-26T22:00", "2016-03-27T06:00"),
        utc("2016-03-26T22:00:00Z", "2016-03-27T05:00:00Z")
    );
}

#[test]
fn what_ends_in_the_hour_that_comes_twice_ends_in_the_first() {
    assert_eq!(
        london("2016-10-29T23:00", "2016-10-30T01:30"),
        utc("2016-10-29T22:00:00Z", "2016-10-30T00:30:00Z")
    );
}

#[test]
fn what_starts_in_the_hour_that_is_left_out_starts_after_it() {
    assert_eq!(
        london("2016-03-27T01:30", "2016-03-27T03:00"),
        utc("2016-03-27T01:00:00Z", "2016-03-27T02:00:00Z")
    );
}

#[test]
fn an_end_that_is_no_end_is_left_out() {
    assert_eq!(london("2016-11-02T17:00", "2016-11-02T17:00").1, None);
    assert_eq!(london("2016-11-02T17:00", "2016-11-02T15:00").1, None);
    // Both are the end of the gap.
    assert_eq!(london("2016-03-27T01:10", "2016-03-27T01:50").1, None);
}

#[test]
fn ten_years_of_changes_are_read_as_they_were_meant() {
    let (from, to) = ("2016-01-01T00:00:00Z", "2026-01-01T00:00:00Z");
    let (from, to): (Timestamp, Timestamp) = (from.parse().unwrap(), to.parse().unwrap());
    let mut tried = 0;
    for name in ZONES {
        let zone = local_time::zone(name).unwrap();
        let changes = zone.following(from).map(|change| change.timestamp());
        let changes = changes.take_while(|at| *at < to);
        let years = (2016..2026).map(|year| {
            zone.to_timestamp(civil::date(year, 6, 15).at(18, 30, 0, 0)).expect("an instant")
        });
        for around in changes.chain(years) {
            // Local times: also those that do not exist, and those that come twice.
            let local = zone.to_datetime(around);
            for minutes in [-120, -60, -30, -1, 0, 1, 30, 60, 120] {
                let starts = local + Length::new().minutes(minutes);
                for length in [0, 45, 1_500] {
                    let ends = starts + Length::new().minutes(length);
                    let start = local_time::instant(starts, &zone).unwrap();
                    let end = local_time::instant(ends, &zone).filter(|end| *end > start);
                    assert_eq!(
                        read(&zone, starts, Some(ends)),
                        (start, end),
                        "{starts} to {ends} in {name}"
                    );
                    tried += 1;
                }
            }
        }
    }
    assert!(tried > 6_000, "only {tried}");
}

#[test]
fn an_event_of_months_goes_through_every_change() {
    for name in ZONES {
        let zone = local_time::zone(name).unwrap();
        let starts = civil::date(2016, 2, 1).at(9, 0, 0, 0);
        let end =
            local_time::instant(starts, &zone).unwrap() + SignedDuration::from_hours(24 * 700);
        let ends = zone.to_datetime(end);
        let expected =
            (local_time::instant(starts, &zone).unwrap(), local_time::instant(ends, &zone));
        assert_eq!(read(&zone, starts, Some(ends)), expected, "{name}");
    }
}
