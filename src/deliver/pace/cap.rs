//! Caps: so many in the last hour or day, counted from what the ledger remembers.

use std::time::Duration;

use jiff::Timestamp;

use crate::deliver::Limit;

/// How many may go at `now` under every cap among `limits`; `None` when there is no cap. `sent`
/// are the times that count, oldest first, at least as far back as the longest window.
pub fn cap_room(limits: &[Limit], sent: &[Timestamp], now: Timestamp) -> Option<usize> {
    caps(limits).map(|cap| permits(cap).saturating_sub(within(cap, sent, now).len())).min()
}

/// How long until the next one may go under every cap; `None` when it may go at `now`.
pub fn cap_wait(limits: &[Limit], sent: &[Timestamp], now: Timestamp) -> Option<Duration> {
    caps(limits)
        .filter_map(|cap| {
            let recent = within(cap, sent, now);
            // Room comes when the last but `permits - 1` leaves the window.
            let leaves_next = recent.len().checked_sub(permits(cap))?;
            let free = recent[leaves_next].checked_add(cap.window.duration()).ok()?;
            Duration::try_from(free.duration_since(now)).ok()
        })
        .max()
}

/// How long until the last of `n` may go under every cap, when each goes as soon as it may.
pub fn cap_takes(limits: &[Limit], sent: &[Timestamp], now: Timestamp, n: u64) -> Duration {
    let Some(last) = n.checked_sub(1).and_then(|last| usize::try_from(last).ok()) else {
        return Duration::ZERO;
    };
    let takes = |cap: &Limit| {
        let permits = permits(cap);
        let recent = within(cap, sent, now);
        let recent = &recent[recent.len().saturating_sub(permits)..];
        // Each waits until the one `permits` before it has left the window, and so on back to one
        // that was sent already or goes now.
        let place = recent.len() + last;
        let first = recent.get(place % permits).copied().unwrap_or(now);
        let windows = u32::try_from(place / permits).unwrap_or(u32::MAX);
        let ends = first.checked_add(cap.window.duration().saturating_mul(windows)).ok()?;
        Duration::try_from(ends.duration_since(now)).ok()
    };
    caps(limits).filter_map(takes).max().unwrap_or_default()
}

fn caps(limits: &[Limit]) -> impl Iterator<Item = &Limit> {
    limits.iter().filter(|limit| limit.window.is_cap())
}

fn permits(cap: &Limit) -> usize {
    usize::try_from(cap.permits.get()).unwrap_or(usize::MAX)
}

/// Those after `now - window`: one sent exactly a window ago does not count any more.
fn within<'a>(cap: &Limit, sent: &'a [Timestamp], now: Timestamp) -> &'a [Timestamp] {
    let begin = now.checked_sub(cap.window.duration()).unwrap_or(Timestamp::MIN);
    &sent[sent.partition_point(|at| *at <= begin)..]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + seconds).unwrap()
    }

    fn limits(texts: &[&str]) -> Vec<Limit> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    #[test]
    fn a_cap_counts_the_last_window_only() {
        let limits = limits(&["5/s", "3/h"]);
        let sent = [at(0), at(10), at(20)];
        assert_eq!(cap_room(&limits, &sent, at(30)), Some(0));
        assert_eq!(cap_wait(&limits, &sent, at(30)), Some(Duration::from_secs(3_570)));
        assert_eq!(cap_room(&limits, &sent, at(3_600)), Some(1));
        assert_eq!(cap_wait(&limits, &sent, at(3_600)), None);
    }

    #[test]
    fn the_tightest_of_several_caps_decides() {
        let limits = limits(&["3/h", "4/day"]);
        let sent = [at(0), at(1), at(2), at(40_000)];
        assert_eq!(cap_room(&limits, &sent, at(50_000)), Some(0));
        assert_eq!(cap_wait(&limits, &sent, at(50_000)), Some(Duration::from_secs(36_400)));
    }

    #[test]
    fn a_lowered_cap_waits_until_enough_have_left() {
        let sent: Vec<_> = (0..10).map(at).collect();
        let wait = cap_wait(&limits(&["3/h"]), &sent, at(9)).unwrap();
        assert_eq!(wait, Duration::from_secs(3_600 + 7 - 9));
        assert_eq!(cap_room(&limits(&["3/h"]), &sent, at(9) + wait), Some(1));
    }

    #[test]
    fn the_last_of_many_goes_as_if_each_went_as_soon_as_it_may() {
        let sent: Vec<_> = [0, 10, 20, 1_000, 3_000].map(at).into();
        for cap in ["2/h", "3/h", "5/h", "7/h"] {
            let caps = limits(&[cap]);
            let (now, mut sent) = (at(3_605), sent.clone());
            let mut clock = now;
            for n in 1..20 {
                clock += cap_wait(&caps, &sent, clock).unwrap_or_default();
                sent.push(clock);
                let takes = cap_takes(&caps, &sent[..5], now, n);
                assert_eq!(now + takes, clock, "{cap}: {n}");
            }
        }
        let (caps, now) = (limits(&["1/s", "2/h", "5/day"]), at(3_605));
        assert_eq!(cap_takes(&caps, &sent, now, 2), Duration::from_secs(86_400 - 3_595));
        assert_eq!(cap_takes(&caps, &sent, now, 0), Duration::ZERO);
        assert_eq!(cap_takes(&limits(&["1/s"]), &sent, now, 9), Duration::ZERO);
    }

    #[test]
    fn without_a_cap_there_is_nothing_to_count() {
        assert_eq!(cap_room(&limits(&["5/s"]), &[at(0)], at(0)), None);
        assert_eq!(cap_wait(&limits(&["5/s"]), &[at(0)], at(0)), None);
    }
}
