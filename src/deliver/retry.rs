//! When a deferred person is tried again.

use std::time::Duration;

use jiff::Timestamp;

/// The longest time between a try and the next.
pub const LONGEST_PAUSE: Duration = Duration::from_hours(1);

/// Pauses after the first failures; after the last one it is always that long.
const PAUSES: [Duration; 4] =
    [Duration::from_mins(5), Duration::from_mins(15), Duration::from_mins(30), LONGEST_PAUSE];

/// Counted from the first try (RFC 5321 §4.5.4.1 allows 4 to 5 days; news is stale before that).
pub const GIVE_UP_AFTER: Duration = Duration::from_hours(72);

/// The time of the next try after `failures` failed ones, the last of them at `now`: 5, 15, 30,
/// 60 minutes later, then hourly. `None` when that would be more than [`GIVE_UP_AFTER`] after
/// the first try, or past `deadline` (the beginning of the event): the person is given up.
pub fn next_try(
    failures: u32,
    first_attempt_at: Timestamp,
    now: Timestamp,
    deadline: Option<Timestamp>,
) -> Option<Timestamp> {
    let done = usize::try_from(failures.saturating_sub(1)).unwrap_or(usize::MAX);
    let next = now.checked_add(PAUSES[done.min(PAUSES.len() - 1)]).ok()?;
    let end = first_attempt_at.checked_add(GIVE_UP_AFTER).ok()?;
    let in_time = next <= end && deadline.is_none_or(|deadline| next <= deadline);
    in_time.then_some(next)
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
                Some(next) => now = next,
                None => break,
            }
            tries.push(now.duration_since(minutes(0)).as_mins());
        }
        assert_eq!(tries[..6], [5, 20, 50, 110, 170, 230]);
        assert_eq!(tries.last(), Some(&(72 * 60 - 10)));
    }

    #[test]
    fn nothing_is_tried_past_the_deadline() {
        assert_eq!(next_try(1, minutes(0), minutes(0), Some(minutes(5))), Some(minutes(5)));
        assert_eq!(next_try(1, minutes(0), minutes(1), Some(minutes(5))), None);
    }
}
