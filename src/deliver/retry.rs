//! When a deferred person is tried again.

use std::{fmt, time::Duration};

use jiff::Timestamp;

/// The longest time between a try and the next.
pub const LONGEST_PAUSE: Duration = Duration::from_hours(1);

/// Pauses after the first failures; after the last one it is always that long.
const PAUSES: [Duration; 4] =
    [Duration::from_mins(5), Duration::from_mins(15), Duration::from_mins(30), LONGEST_PAUSE];

/// Counted from the first try (RFC 5321 §4.5.4.1 allows 4 to 5 days; news is stale before that).
pub const GIVE_UP_AFTER: Duration = Duration::from_hours(72);

/// Why somebody is not tried again, though the server only put them off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GivenUp {
    /// It has been tried for [`GIVE_UP_AFTER`].
    TooLong,
    /// The event begins before the next try.
    TooLate,
}

impl fmt::Display for GivenUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooLong => "given up after 72 h",
            Self::TooLate => "given up, as the event begins before the next try",
        })
    }
}

/// The time of the next try after `failures` failed ones, the last of them at `now`: 5, 15, 30,
/// 60 minutes later, then hourly. The person is given up when that would be more than
/// [`GIVE_UP_AFTER`] after the first try, or past `deadline` (the beginning of the event).
pub fn next_try(
    failures: u32,
    first_attempt_at: Timestamp,
    now: Timestamp,
    deadline: Option<Timestamp>,
) -> Result<Timestamp, GivenUp> {
    let done = usize::try_from(failures.saturating_sub(1)).unwrap_or(usize::MAX);
    let pause = PAUSES[done.min(PAUSES.len() - 1)];
    let next = now.checked_add(pause).map_err(|_| GivenUp::TooLong)?;
    let end = first_attempt_at.checked_add(GIVE_UP_AFTER).map_err(|_| GivenUp::TooLong)?;
    match deadline {
        Some(deadline) if next > deadline => Err(GivenUp::TooLate),
        _ if next > end => Err(GivenUp::TooLong),
        _ => Ok(next),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minutes(minutes: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + minutes * 60).unwrap()
    }

    #[test]
    fn tries_come_after_5_15_30_60_minutes_and_then_hourly_to_72_hours() {
        let mut now = minutes(0);
        let mut tries = Vec::new();
        for failures in 1.. {
            match next_try(failures, minutes(0), now, None) {
                Ok(next) => now = next,
                Err(why) => {
                    assert_eq!(why, GivenUp::TooLong);
                    break;
                }
            }
            tries.push(now.duration_since(minutes(0)).as_mins());
        }
        assert_eq!(tries[..6], [5, 20, 50, 110, 170, 230]);
        assert_eq!(tries.last(), Some(&(72 * 60 - 10)));
    }

    #[test]
    fn nothing_is_tried_past_the_deadline() {
        assert_eq!(next_try(1, minutes(0), minutes(0), Some(minutes(5))), Ok(minutes(5)));
        let late = next_try(1, minutes(0), minutes(1), Some(minutes(5)));
        assert_eq!(late, Err(GivenUp::TooLate));
    }
}
