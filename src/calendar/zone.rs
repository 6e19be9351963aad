//! A time zone as a calendar carries it: the changes of its clocks around an event. They are frozen
//! with the event, so that a later edition of the time zone database changes no byte of it.

use jiff::{SignedDuration, Timestamp, civil, tz::Dst, tz::TimeZone};
use serde::{Deserialize, Serialize};

/// The most changes after the first that are kept: twenty years of them. No event takes longer; a
/// slip of the pen in its last year must not fill the mail.
const MOST: usize = 40;

/// A time zone, as far as it matters to an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Zone {
    /// Its name in the IANA time zone database.
    pub name: String,
    /// The change that is in force when the event starts, those until it ends, and the next, so
    /// that calendars know winter and summer. None in a zone that is UTC.
    pub observances: Vec<Observance>,
}

/// From one change of the clocks to the next (RFC 5545 §3.6.5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observance {
    /// When it begins, as clocks show it just before.
    pub begins: civil::DateTime,
    /// Seconds east of UTC before.
    pub from: i32,
    /// Seconds east of UTC from then on.
    pub to: i32,
    /// What people call it (`BST`).
    pub name: String,
    /// Whether it is summer time.
    pub is_summer: bool,
}

impl Zone {
    /// The zone from `starts` to `ends`. `None` for a zone without a name.
    pub fn around(zone: &TimeZone, starts: Timestamp, ends: Timestamp) -> Option<Self> {
        let name = zone.iana_name()?.to_owned();
        let just_after = starts.checked_add(SignedDuration::from_secs(1)).ok()?;
        let first = zone.preceding(just_after).next().map(|change| change.timestamp());
        let mut changes: Vec<Timestamp> = first.into_iter().collect();
        for change in zone.following(first.unwrap_or(starts)).take(MOST) {
            changes.push(change.timestamp());
            if change.timestamp() > ends {
                break;
            }
        }
        let observances = changes.into_iter().map(|at| Observance::beginning(zone, at));
        let mut observances = observances.collect::<Option<Vec<_>>>()?;
        if first.is_none() {
            let since_ever = Observance::since_ever(zone, starts);
            observances.splice(..0, since_ever);
        }
        Some(Self { name, observances })
    }

    /// The instant of a local time; of one that comes twice, the first.
    pub fn instant(&self, local: civil::DateTime) -> Option<Timestamp> {
        let current = self.observances.iter().rev().find(|from| from.begins <= local);
        let offset = match (current, self.observances.first()) {
            (Some(current), _) => current.to,
            (None, Some(first)) => first.from,
            (None, None) => 0,
        };
        jiff::tz::Offset::from_seconds(offset).ok()?.to_timestamp(local).ok()
    }
}

impl Observance {
    fn beginning(zone: &TimeZone, at: Timestamp) -> Option<Self> {
        let before = zone.to_offset_info(at.checked_sub(SignedDuration::from_nanos(1)).ok()?);
        let after = zone.to_offset_info(at);
        let (from, to) = (before.offset().seconds(), after.offset().seconds());
        // Where the law calls winter the exception (Dublin), calendars still expect summer to be it.
        let is_summer = match before.dst() == after.dst() {
            true => after.dst() == Dst::Yes,
            false => to > from,
        };
        let begins = before.offset().to_datetime(at);
        Some(Self { begins, from, to, name: after.abbreviation().to_owned(), is_summer })
    }

    /// For clocks that never changed before; nothing for UTC, which calendars know.
    fn since_ever(zone: &TimeZone, at: Timestamp) -> Option<Self> {
        let info = zone.to_offset_info(at);
        let to = info.offset().seconds();
        let is_utc = to == 0 && zone.following(at).next().is_none();
        let begins = civil::date(1970, 1, 1).at(0, 0, 0, 0);
        let name = info.abbreviation().to_owned();
        (!is_utc).then_some(Self { begins, from: to, to, name, is_summer: false })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone(name: &str, starts: &str, ends: &str) -> Zone {
        let zone = crate::local_time::zone(name).unwrap();
        Zone::around(&zone, starts.parse().unwrap(), ends.parse().unwrap()).unwrap()
    }

    fn changes(zone: &Zone) -> Vec<String> {
        let told = zone.observances.iter().map(|at| {
            let season = if at.is_summer { "summer" } else { "standard" };
            format!("{} {} → {} {} {season}", at.begins, at.from, at.to, at.name)
        });
        told.collect()
    }

    #[test]
    fn a_zone_holds_the_change_in_force_and_the_next() {
        let london = zone("Europe/London", "2016-11-02T17:00:00Z", "2016-11-02T18:30:00Z");
        assert_eq!(
            changes(&london),
            [
                "2016-10-30T02:00:00 3600 → 0 GMT standard",
                "2017-03-26T01:00:00 0 → 3600 BST summer",
            ]
        );
    }

    #[test]
    fn changes_during_the_event_are_held_too() {
        let london = zone("Europe/London", "2016-10-29T21:00:00Z", "2016-10-30T09:00:00Z");
        let begins: Vec<String> =
            london.observances.iter().map(|at| at.begins.date().to_string()).collect();
        assert_eq!(begins, ["2016-03-27", "2016-10-30", "2017-03-26"]);
    }

    #[test]
    fn a_zone_that_changes_no_more_has_one_observance_and_utc_none() {
        let seoul = zone("Asia/Seoul", "2016-11-02T09:00:00Z", "2016-11-02T10:00:00Z");
        assert_eq!(changes(&seoul), ["1988-10-09T03:00:00 36000 → 32400 KST standard"]);
        let fixed = zone("Etc/GMT+5", "2016-11-02T09:00:00Z", "2016-11-02T10:00:00Z");
        assert_eq!(changes(&fixed), ["1970-01-01T00:00:00 -18000 → -18000 -05 standard"]);
        for utc in ["UTC", "Etc/UTC"] {
            let utc = zone(utc, "2016-11-02T09:00:00Z", "2016-11-02T10:00:00Z");
            assert_eq!(utc.observances, []);
        }
    }

    #[test]
    fn summer_is_the_exception_in_dublin_too() {
        let dublin = zone("Europe/Dublin", "2016-11-02T17:00:00Z", "2016-11-02T18:30:00Z");
        let seasons: Vec<bool> = dublin.observances.iter().map(|at| at.is_summer).collect();
        assert_eq!(seasons, [false, true]);
    }

    #[test]
    fn an_end_in_a_far_century_does_not_fill_the_mail() {
        let endless = zone("Europe/London", "2016-11-02T17:00:00Z", "9016-11-02T18:30:00Z");
        assert_eq!(endless.observances.len(), MOST + 1);
    }
}
