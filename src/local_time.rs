//! Local times as people write them, and the instants that they mean.

use std::{env, fs, path::Path};

use jiff::{
    Timestamp, civil,
    tz::{AmbiguousOffset, TimeZone, TimeZoneDatabase},
};

/// Where systems keep the IANA time zone database, a file for each zone.
const ZONES: &str = "/usr/share/zoneinfo";

/// The zone of this name in the IANA time zone database: as the system has it, or as it was when
/// the program was built.
pub fn zone(name: &str) -> Option<TimeZone> {
    // Asked for one zone, `jiff` first lists all that the system has, which takes longer than
    // anything else that a short command does.
    let of_system = || {
        let built_in = TimeZoneDatabase::bundled().get(name).ok()?;
        let name = built_in.iana_name()?;
        TimeZone::tzif(name, &fs::read(Path::new(ZONES).join(name)).ok()?).ok()
    };
    let is_elsewhere = env::var_os("TZDIR").is_some();
    let found = if is_elsewhere { None } else { of_system() };
    found.or_else(|| TimeZone::get(name).ok()).filter(|zone| zone.iana_name().is_some())
}

/// The instant that a local time means in a zone; the same local time always means one instant.
/// Where clocks go forward and the time is left out, it is the first instant after the gap; where
/// they go back and the time comes twice, it is the first of the two. `None` outside of years 1 to
/// 9999.
pub fn instant(local: civil::DateTime, zone: &TimeZone) -> Option<Timestamp> {
    let ambiguous = zone.to_ambiguous_timestamp(local);
    match ambiguous.offset() {
        AmbiguousOffset::Gap { .. } => {
            let before = ambiguous.earlier().ok()?;
            zone.following(before).next().map(|transition| transition.timestamp())
        }
        AmbiguousOffset::Unambiguous { .. } | AmbiguousOffset::Fold { .. } => {
            ambiguous.earlier().ok()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_has_one_name_in_any_case_and_paths_have_none() {
        for name in ["Europe/London", "europe/london", "EUROPE/LONDON"] {
            assert_eq!(zone(name).unwrap().iana_name(), Some("Europe/London"));
        }
        assert_eq!(zone("UTC").unwrap().iana_name(), Some("UTC"));
        for name in ["", "Europe", "Europe/Lundon", "../zoneinfo/UTC", "/usr/share/zoneinfo/UTC"] {
            assert_eq!(zone(name), None, "{name}");
        }
    }

    #[test]
    fn a_zone_is_that_of_the_database() {
        let summer = civil::date(2026, 7, 1).at(9, 0, 0, 0);
        for name in ["Europe/London", "Asia/Seoul", "America/New_York", "Etc/GMT+5", "UTC"] {
            let expected = TimeZone::get(name).unwrap().to_timestamp(summer).unwrap();
            assert_eq!(zone(name).unwrap().to_timestamp(summer).unwrap(), expected, "{name}");
        }
    }

    #[test]
    fn a_gap_ends_at_its_end_and_a_fold_begins_at_its_begin() {
        for (zone, local, utc) in [
            ("Europe/London", "2026-07-01T09:00", "2026-07-01T08:00:00Z"),
            ("Europe/London", "2026-03-29T00:59", "2026-03-29T00:59:00Z"),
            ("Europe/London", "2026-03-29T01:00", "2026-03-29T01:00:00Z"),
            ("Europe/London", "2026-03-29T01:30", "2026-03-29T01:00:00Z"),
            ("Europe/London", "2026-03-29T02:00", "2026-03-29T01:00:00Z"),
            ("Europe/London", "2026-10-25T01:30", "2026-10-25T00:30:00Z"),
            ("Europe/London", "2026-10-25T02:00", "2026-10-25T02:00:00Z"),
            // Half an hour.
            ("Australia/Lord_Howe", "2026-10-04T02:15", "2026-10-03T15:30:00Z"),
            // A whole day.
            ("Pacific/Apia", "2011-12-30T12:00", "2011-12-30T10:00:00Z"),
        ] {
            let instant = instant(local.parse().unwrap(), &TimeZone::get(zone).unwrap());
            assert_eq!(instant, Some(utc.parse().unwrap()), "{local} in {zone}");
        }
    }
}
