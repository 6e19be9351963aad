//! Due times in ten zones and ten years, against a clock on the wall that is read each minute.

use jiff::{
    SignedDuration, Timestamp, ToSpan as _,
    civil::{self, DateTime},
    tz::TimeZone,
};
use proptest::prelude::*;

use super::*;

/// With hours, half hours, a whole day, Ramadan, winter time that goes back, and none of it.
const ZONES: [&str; 10] = [
    "Africa/Casablanca",
    "America/New_York",
    "America/St_Johns",
    "Antarctica/Troll",
    "Asia/Seoul",
    "Australia/Lord_Howe",
    "Europe/Dublin",
    "Europe/London",
    "Pacific/Apia",
    "Pacific/Chatham",
];

const MINUTE: SignedDuration = SignedDuration::from_mins(1);

fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap()
}

fn due(local: DateTime, zone: &TimeZone) -> Timestamp {
    Due::new(local, zone, None).unwrap().at
}

/// What a clock on the wall shows, minute by minute.
fn wall(zone: &TimeZone, from: Timestamp, to: Timestamp) -> Vec<(Timestamp, DateTime)> {
    let minutes = std::iter::successors(Some(from), |now| Some(*now + MINUTE));
    minutes.take_while(|now| *now <= to).map(|now| (now, zone.to_datetime(now))).collect()
}

/// The first minute at which the clock shows `local` or later: what a due time is, without a word
/// about gaps and folds.
fn first_shown(wall: &[(Timestamp, DateTime)], local: DateTime) -> Timestamp {
    wall.iter().find(|(_, shown)| *shown >= local).unwrap().0
}

/// The instants of ten years at which clocks change.
fn changes(zone: &TimeZone) -> Vec<Timestamp> {
    let (from, to) = ("2011-01-01T00:00Z", "2021-01-01T00:00Z");
    let (from, to): (Timestamp, Timestamp) = (from.parse().unwrap(), to.parse().unwrap());
    let changes = zone.following(from).map(|change| change.timestamp());
    changes
        .take_while(|change| *change < to)
        .filter(|change| zone.to_offset(*change) != zone.to_offset(*change - MINUTE))
        .collect()
}

#[test]
fn across_every_change_of_clocks_each_draft_is_due_once_and_in_its_minute() {
    let mut seen = 0;
    for name in ZONES {
        let zone = zone(name);
        for change in changes(&zone) {
            seen += 1;
            let wall = wall(&zone, change - 240 * MINUTE, change + 240 * MINUTE);
            let before = zone.to_datetime(change - MINUTE);
            let after = zone.to_datetime(change);
            let last = before.max(after) + 90.minutes();
            let mut local = before.min(after) - 90.minutes();
            let mut earlier = Timestamp::MIN;
            while local <= last {
                let due = Due::new(local, &zone, Some(SignedDuration::from_mins(30))).unwrap();
                assert_eq!(due.at, first_shown(&wall, local), "{local} in {name}");
                assert!(due.at >= earlier, "{local} in {name} is due before an earlier time");
                earlier = due.at;
                // A cron that asks each minute.
                let turns: Vec<Turn> = wall.iter().map(|(now, _)| due.turn(*now)).collect();
                let first = turns.iter().position(|turn| *turn == Turn::Now).unwrap();
                assert_eq!(wall[first].0, due.at, "{local} in {name}");
                let (ahead, rest) = turns.split_at(first);
                assert!(ahead.iter().all(|turn| *turn == Turn::Ahead), "{local} in {name}");
                let now = rest.iter().take_while(|turn| **turn == Turn::Now).count();
                assert_eq!(now, 31, "{local} in {name}");
                assert!(rest[now..].iter().all(|turn| *turn == Turn::Late), "{local} in {name}");
                local += 5.minutes();
            }
        }
    }
    // Eight zones change twice a year, Apia did until 2021, Casablanca more often, Seoul never.
    assert!(seen > 170, "only {seen} changes");
}

#[test]
fn a_leap_day_is_a_day_in_every_zone() {
    for name in ZONES {
        for year in [2012, 2016, 2020, 2024] {
            let local = civil::date(year, 2, 29).at(8, 0, 0, 0);
            let at = due(local, &zone(name));
            assert_eq!(zone(name).to_datetime(at), local, "{name}");
        }
    }
}

#[test]
fn a_draft_is_due_from_its_instant_to_the_last_one_of_late_after() {
    let due = Due { at: Timestamp::UNIX_EPOCH, late_after: LATE_AFTER };
    let instant = SignedDuration::from_nanos(1);
    for (now, turn) in [
        (due.at - instant, Turn::Ahead),
        (due.at, Turn::Now),
        (due.at + LATE_AFTER, Turn::Now),
        (due.at + LATE_AFTER + instant, Turn::Late),
        (Timestamp::MIN, Turn::Ahead),
        (Timestamp::MAX, Turn::Late),
    ] {
        assert_eq!(due.turn(now), turn, "{now}");
    }
}

#[test]
fn late_after_may_be_longer_than_time() {
    for late_after in [SignedDuration::from_hours(900_000_000), SignedDuration::MAX] {
        for at in [Timestamp::MIN, Timestamp::UNIX_EPOCH, Timestamp::MAX] {
            let due = Due { at, late_after };
            assert_eq!(due.turn(Timestamp::MAX), Turn::Now, "{at}");
        }
    }
}

#[test]
fn a_time_outside_of_the_calendar_is_never_due() {
    let (first, last) = (DateTime::MIN, DateTime::MAX);
    assert_eq!(Due::new(first, &zone("Asia/Seoul"), None), None);
    assert_eq!(Due::new(last, &zone("America/New_York"), None), None);
}

/// A local time to the minute, in years of which the rules are in the database or foretold by it.
fn local() -> impl Strategy<Value = DateTime> {
    let first = civil::date(2011, 1, 1).at(0, 0, 0, 0);
    (0_i64..27 * 365 * 1440).prop_map(move |minutes| first + minutes.minutes())
}

proptest! {
    #[test]
    fn a_due_time_is_when_a_clock_on_the_wall_first_shows_it(
        name in prop::sample::select(&ZONES[..]), local in local(),
    ) {
        let zone = zone(name);
        // Offsets lie between -12 and +14 hours.
        let utc = TimeZone::UTC.to_timestamp(local).unwrap();
        let wall = wall(&zone, utc - 15 * 60 * MINUTE, utc + 13 * 60 * MINUTE);
        prop_assert_eq!(due(local, &zone), first_shown(&wall, local));
    }

    #[test]
    fn a_later_time_is_never_due_sooner(
        name in prop::sample::select(&ZONES[..]), local in local(), minutes in 0_i64..4320,
    ) {
        let zone = zone(name);
        prop_assert!(due(local, &zone) <= due(local + minutes.minutes(), &zone));
    }
}
