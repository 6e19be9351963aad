//! Whether the clock can be believed: a wall clock that was put forward makes things due that are
//! not.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// So much may the clocks of one machine part between two readings: the wall clock is corrected in
/// small steps, and the other is not.
const TOLERANCE: SignedDuration = SignedDuration::from_mins(5);

/// What the clocks of a machine showed at one moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// The wall clock, which can be set.
    pub wall: Timestamp,
    /// Which boot of the machine that was, and how long after it: a clock that nobody sets. `None`
    /// where there is no such clock.
    pub since_boot: Option<(String, Duration)>,
}

impl Reading {
    /// What the wall clock would show at `next` had nobody put it forward since; `None` when
    /// nobody has, or nobody can know. Whether it was wrong before or is wrong now only a person
    /// can tell.
    pub fn unless_put_forward(&self, next: &Self) -> Option<Timestamp> {
        let ((boot, then), (same, now)) = (self.since_boot.as_ref()?, next.since_boot.as_ref()?);
        if boot != same {
            return None;
        }
        let expected = self.wall.checked_add(now.checked_sub(*then)?).ok()?;
        (next.wall.duration_since(expected) > TOLERANCE).then_some(expected)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(time: &str) -> Timestamp {
        format!("2026-12-10T{time}Z").parse().unwrap()
    }

    fn reading(wall: &str, since_boot: Option<(&str, u64)>) -> Reading {
        let since_boot =
            since_boot.map(|(name, minutes)| (name.to_owned(), Duration::from_mins(minutes)));
        Reading { wall: at(wall), since_boot }
    }

    #[test]
    fn a_clock_that_is_put_forward_is_found_out() {
        let before = reading("08:00:00", Some(("a", 10)));
        for (wall, since_boot, expected) in [
            ("08:01:00", Some(("a", 11)), None),
            // Corrected a little, or slept through.
            ("08:05:59", Some(("a", 11)), None),
            ("12:00:00", Some(("a", 250)), None),
            ("09:01:00", Some(("a", 11)), Some("08:01:00")),
            ("23:00:00", Some(("a", 130)), Some("10:00:00")),
            // Put back: nothing becomes due by that.
            ("07:00:00", Some(("a", 11)), None),
            // Nobody knows for how long the machine was off.
            ("20:00:00", Some(("b", 1)), None),
            ("20:00:00", None, None),
            // A clock that runs backwards though the boot is the same cannot be believed.
            ("20:00:00", Some(("a", 9)), None),
        ] {
            let next = reading(wall, since_boot);
            assert_eq!(before.unless_put_forward(&next), expected.map(at), "{wall}");
        }
    }
}
