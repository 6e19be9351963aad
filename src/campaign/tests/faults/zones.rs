//! F38: local times in ten zones over ten years.

use jiff::civil;
use proptest::prelude::*;

use super::*;
use crate::local_time::instant;

/// Clocks that change by an hour, by half an hour, twice for Ramadan, at midnight, not any more,
/// never; and one that has left out a day.
const ZONES: [&str; 10] = [
    "Europe/London",
    "America/New_York",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "America/Asuncion",
    "America/St_Johns",
    "Asia/Tehran",
    "Asia/Seoul",
    "Asia/Kathmandu",
    "Pacific/Apia",
];

fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap()
}

fn noon(year: i16) -> civil::DateTime {
    civil::date(year, 1, 1).at(12, 0, 0, 0)
}

/// A local time of these ten years in one of the zones: anywhere, or close to where its clocks
/// change.
fn local_times() -> impl Strategy<Value = (TimeZone, civil::DateTime)> {
    let anywhere = (0..10_i16, 0..366_i64, 0..1_440_i64);
    let close = (any::<prop::sample::Index>(), -300..300_i64);
    (prop::sample::select(&ZONES[..]), anywhere, close, any::<bool>()).prop_map(
        |(name, (year, day, minute), (which, off), is_close)| {
            let zone = zone(name);
            let (first, last) = (noon(2020), noon(2030));
            let (first, last) = (instant(first, &zone).unwrap(), instant(last, &zone).unwrap());
            let changes: Vec<Timestamp> = zone
                .following(first)
                .map(|transition| transition.timestamp())
                .take_while(|at| *at < last)
                .collect();
            let local = if is_close && !changes.is_empty() {
                let before = which.get(&changes).checked_sub(Duration::from_secs(1)).unwrap();
                let change = zone.to_datetime(before);
                change.checked_add(jiff::Span::new().minutes(off)).unwrap()
            } else {
                let minutes = jiff::Span::new().minutes(day * 1_440 + minute);
                noon(2020 + year).checked_add(minutes).unwrap()
            };
            (zone, local)
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// What a clock on the wall shows is asked of the zone; nothing else is believed.
    #[test]
    fn a_local_time_is_one_instant_the_first_that_is_not_too_early((zone, local) in local_times()) {
        let at = instant(local, &zone).unwrap();
        let shown = zone.to_datetime(at);
        let just_before = zone.to_datetime(at - Duration::from_nanos(1));
        if shown == local {
            // The first time that a clock shows it.
            for minutes in 1..=180 {
                let before = zone.to_datetime(at - Duration::from_mins(minutes));
                prop_assert_ne!(before, local);
            }
        } else {
            // No clock shows it, and this is the first instant later than it.
            prop_assert!(just_before < local && local < shown, "{} {} {}", just_before, local, shown);
        }
        let later = instant(local + jiff::Span::new().minutes(7), &zone).unwrap();
        prop_assert!(at <= later, "nothing is scheduled out of order");
    }
}

#[test]
fn a_local_time_that_is_left_out_or_comes_twice_is_due_once() {
    let (mut gaps, mut folds) = (0, 0);
    for name in ZONES {
        let zone = zone(name);
        let (first, last) = (instant(noon(2010), &zone), instant(noon(2020), &zone));
        let mut before = first.unwrap();
        while let Some(change) = zone.following(before).next().map(|change| change.timestamp())
            && change < last.unwrap()
        {
            let nearly = change - Duration::from_nanos(1);
            let (ends, begins) = (zone.to_datetime(nearly), zone.to_datetime(change));
            let left_out = ends + jiff::Span::new().minutes(15);
            if left_out < begins {
                assert_eq!(instant(left_out, &zone), Some(change), "{left_out} in {name}");
                gaps += 1;
            } else if begins < ends {
                let twice = begins + jiff::Span::new().minutes(15);
                let due = instant(twice, &zone).unwrap();
                assert!(due < change && zone.to_datetime(due) == twice, "{twice} in {name}");
                folds += 1;
            }
            before = change;
        }
    }
    assert_eq!((gaps, folds), (88, 85));
    let happened = format!("{gaps} gaps: due at their end; {folds} folds: due the first time");
    found(
        "F38a",
        "a local time that is left out or comes twice, 10 zones over 10 years",
        &happened,
    );
}

#[test]
fn the_29th_of_february_is_there_in_leap_years_only() {
    let at = |day: &str| {
        let text = DRAFT.replace("lists:", &format!("send_at: {day} 09:00\nlists:"));
        let kinds = kinds();
        let draft = Draft::parse("note", Source::new("drafts/note.md", text), &kinds);
        draft.map(|draft| draft.front.send_at.unwrap().value).map_err(|faults| faults.len())
    };
    for name in ZONES {
        let due = instant(at("2028-02-29").unwrap(), &zone(name)).unwrap();
        assert_eq!(zone(name).to_datetime(due), civil::date(2028, 2, 29).at(9, 0, 0, 0));
    }
    assert_eq!(at("2027-02-29"), Err(1));
    let happened = "2028: due that day in each of 10 zones; 2027: refused by the draft's line";
    found("F38b", "send_at is a 29th of February", happened);
}
