//! Local times as people write them, and the instants that they mean.

use jiff::{
    Timestamp, civil,
    tz::{AmbiguousOffset, TimeZone},
};

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
