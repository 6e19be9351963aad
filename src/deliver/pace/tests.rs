use super::*;
use crate::{
    clock::FixedStartClock,
    deliver::{Failure, Reply, Stage},
};

fn clock() -> FixedStartClock {
    FixedStartClock::new(Timestamp::from_second(1_800_000_000).unwrap())
}

fn limits(texts: &[&str]) -> Vec<Limit> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

fn pace(texts: &[&str], clock: FixedStartClock) -> Pace<FixedStartClock> {
    Pace::new(&limits(texts), &BTreeMap::new(), clock, None)
}

/// When each of `n` permits was granted to somebody who always wants one.
async fn grants(
    pace: &mut Pace<FixedStartClock>,
    clock: FixedStartClock,
    n: usize,
) -> Vec<Duration> {
    let mut times = Vec::new();
    for _ in 0..n {
        pace.take(&["x.test"]).await;
        times.push(clock.monotonic());
    }
    times
}

/// The pauses between grants.
fn gaps(times: &[Duration]) -> Vec<Duration> {
    times.windows(2).map(|pair| pair[1].abs_diff(pair[0])).collect()
}

/// The most that any window `[t, t + length)` holds.
fn fullest(times: &[Duration], length: Duration) -> usize {
    let inside = |from: Duration| {
        let end = times.partition_point(|at| *at < from + length);
        end - times.partition_point(|at| *at < from)
    };
    times.iter().map(|from| inside(*from)).max().unwrap_or(0)
}

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_mins(1);

#[tokio::test(start_paused = true)]
async fn five_a_second_are_even() {
    let clock = clock();
    let times = grants(&mut pace(&["5/s"], clock), clock, 51).await;
    assert_eq!(times[50], 10 * SECOND);
    assert_eq!(fullest(&times, SECOND), 5);
    assert_eq!(gaps(&times), [Duration::from_millis(200); 50]);
}

#[tokio::test(start_paused = true)]
async fn thirty_a_minute_are_one_every_two_seconds() {
    let clock = clock();
    let times = grants(&mut pace(&["30/min,burst=1"], clock), clock, 61).await;
    assert_eq!(gaps(&times), [2 * SECOND; 60]);
}

#[tokio::test(start_paused = true)]
async fn a_burst_is_spent_once_and_no_minute_holds_more_than_limit_and_burst() {
    let clock = clock();
    let times = grants(&mut pace(&["100/min,burst=10"], clock), clock, 400).await;
    assert_eq!(times.iter().filter(|at| **at == Duration::ZERO).count(), 10);
    assert_eq!(fullest(&times, MINUTE), 110 - 1);
    let later: Vec<_> = times.into_iter().skip(10).collect();
    assert_eq!(fullest(&later, MINUTE), 100);
}

#[tokio::test(start_paused = true)]
async fn two_limits_hold_at_once() {
    let clock = clock();
    let times = grants(&mut pace(&["5/s", "60/min,burst=20"], clock), clock, 200).await;
    assert_eq!(fullest(&times, SECOND), 5);
    assert!(fullest(&times, MINUTE) <= 80);
    // 5 a second until the burst is used up, then one a second.
    assert_eq!(times[23], Duration::from_millis(4_600));
    assert_eq!(times[24], 5 * SECOND);
    assert_eq!(times[199], times[99] + 100 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_by_one_limit_takes_nothing_from_the_other() {
    let clock = clock();
    let mut pace = pace(&["1/s", "10/min,burst=10"], clock);
    let times = grants(&mut pace, clock, 10).await;
    assert_eq!(times[9], 9 * SECOND, "asking 1/s in vain would have used the burst up");
}

#[tokio::test(start_paused = true)]
async fn a_slow_domain_blocks_nobody_else() {
    let clock = clock();
    let domains = BTreeMap::from([("gmail.com".to_owned(), "1/s".parse().unwrap())]);
    let mut pace = Pace::new(&limits(&["10/s"]), &domains, clock, None);
    let mut waiting = vec!["gmail.com"; 5];
    waiting.extend(["x.test"; 45]);
    let mut slow = Vec::new();
    let mut all = Vec::new();
    while !waiting.is_empty() {
        let domain = waiting.remove(pace.take(&waiting).await);
        all.push(clock.monotonic());
        if domain == "gmail.com" {
            slow.push(clock.monotonic());
        }
    }
    assert_eq!(slow, [0, 1, 2, 3, 4].map(Duration::from_secs));
    assert_eq!(all[49], Duration::from_millis(4_900));
    assert_eq!(fullest(&all, SECOND), 10);
}

#[tokio::test(start_paused = true)]
async fn the_mean_is_exact_from_one_to_two_thousand_a_second() {
    for rate in [1_u32, 50, 500, 2_000] {
        let clock = clock();
        let n = rate * 10;
        let mut pace = pace(&[&format!("{rate}/s")], clock);
        let times = grants(&mut pace, clock, n as usize + 1).await;
        let took = times[n as usize].abs_diff(times[0]).as_secs_f64();
        assert!((took - 10.0).abs() < 0.1, "{rate}/s took {took} s");
        let spare = (rate as usize * 5).div_ceil(1_000);
        assert!(fullest(&times, SECOND) <= rate as usize + spare.max(1), "{rate}/s");
    }
}

#[tokio::test(start_paused = true)]
async fn a_rest_gives_no_burst() {
    let clock = clock();
    let mut pace = pace(&["50/s"], clock);
    grants(&mut pace, clock, 10).await;
    clock.sleep(10 * SECOND).await;
    let times = grants(&mut pace, clock, 60).await;
    assert_eq!(fullest(&times, Duration::from_millis(100)), 6);
    assert_eq!(fullest(&times, SECOND), 51);
}

#[tokio::test(start_paused = true)]
async fn a_late_caller_catches_up_five_milliseconds_and_no_more() {
    let clock = clock();
    let mut pace = pace(&["1000/s"], clock);
    grants(&mut pace, clock, 1).await;
    clock.sleep(Duration::from_millis(100)).await;
    let times = grants(&mut pace, clock, 20).await;
    assert_eq!(times.iter().filter(|at| **at == times[0]).count(), 6);
}

#[tokio::test(start_paused = true)]
async fn the_pace_holds_over_a_restart() {
    let clock = clock();
    let last = clock.now() - 15 * SECOND;
    let mut pace = Pace::new(&limits(&["1/min"]), &BTreeMap::new(), clock, Some(last));
    assert_eq!(grants(&mut pace, clock, 2).await, [45 * SECOND, 105 * SECOND]);
}

#[tokio::test(start_paused = true)]
async fn a_last_message_of_yesterday_holds_nobody_back() {
    let clock = clock();
    let last = clock.now() - 1_440 * MINUTE;
    let mut pace = Pace::new(&limits(&["1/min"]), &BTreeMap::new(), clock, Some(last));
    assert_eq!(grants(&mut pace, clock, 1).await, [Duration::ZERO]);
}

#[tokio::test(start_paused = true)]
async fn halving_spaces_twice_as_far_and_recovers_by_a_quarter_a_minute() {
    let clock = clock();
    let mut pace = pace(&["10/s,burst=5"], clock);
    grants(&mut pace, clock, 5).await;
    pace.halve();
    pace.halve();
    let times = grants(&mut pace, clock, 2_000).await;
    let in_minute = |minute: u32| {
        times.iter().filter(|at| (minute * MINUTE..(minute + 1) * MINUTE).contains(*at)).count()
    };
    assert!((295..=300).contains(&in_minute(0)), "{}", in_minute(0));
    assert!((370..=376).contains(&in_minute(1)), "{}", in_minute(1));
    assert!((465..=470).contains(&in_minute(2)), "{}", in_minute(2));
}

fn complaint(code: u16) -> Outcome {
    Outcome::Deferred(Failure {
        stage: Stage::Rcpt,
        reply: Some(Reply::new(code, "4.7.1 slow down")),
        reason: String::new(),
        scope: Scope::Pace,
    })
}

#[tokio::test(start_paused = true)]
async fn a_421_rests_for_a_minute() {
    let clock = clock();
    let mut pace = pace(&["10/s"], clock);
    grants(&mut pace, clock, 1).await;
    pace.heed(&complaint(421));
    let times = grants(&mut pace, clock, 3).await;
    assert_eq!(times[0], REST);
    assert_eq!(fullest(&times, Duration::from_millis(100)), 1, "nothing bursts after the rest");
}

#[tokio::test(start_paused = true)]
async fn three_complaints_in_a_row_rest_and_an_acceptance_between_them_does_not() {
    let clock = clock();
    let mut pace = pace(&["10/s"], clock);
    for outcome in [complaint(451), complaint(451), Outcome::Accepted(Reply::new(250, "ok"))] {
        pace.heed(&outcome);
    }
    pace.heed(&complaint(451));
    assert!(grants(&mut pace, clock, 1).await[0] < SECOND);
    pace.heed(&complaint(451));
    pace.heed(&complaint(451));
    assert!(grants(&mut pace, clock, 1).await[0] >= REST);
}

#[tokio::test(start_paused = true)]
async fn without_limits_nobody_waits() {
    let clock = clock();
    assert_eq!(grants(&mut pace(&["2000/day"], clock), clock, 1_000).await[999], Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn without_a_limit_to_halve_a_complaint_rests() {
    let clock = clock();
    let mut pace = pace(&[], clock);
    pace.heed(&complaint(451));
    assert_eq!(grants(&mut pace, clock, 1).await, [REST]);
}

#[tokio::test(start_paused = true)]
async fn a_pace_may_live_in_a_task_of_its_own() {
    let clock = clock();
    let mut pace = pace(&["1/s"], clock);
    let task = tokio::spawn(async move { grants(&mut pace, clock, 3).await });
    assert_eq!(task.await.unwrap()[2], 2 * SECOND);
}

/// A clock that is only asked at the beginning.
#[derive(Clone)]
struct Stopped;

impl Clock for Stopped {
    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH
    }

    fn monotonic(&self) -> Duration {
        Duration::ZERO
    }

    async fn sleep(&self, _: Duration) {
        std::future::pending::<()>().await;
    }
}

proptest::proptest! {
    /// Whenever permits are asked for, and however late the timers are.
    #[test]
    fn no_window_holds_more_than_limit_and_burst(
        rates in proptest::collection::vec((1_u32..400, 0_usize..2, 1_u32..20), 1..4),
        waits in proptest::collection::vec((0_u64..400, 0_u64..30), 300),
    ) {
        let texts = rates.iter().map(|(permits, unit, burst)| {
            format!("{permits}/{},burst={burst}", ["s", "min"][*unit])
        });
        let limits: Vec<Limit> = texts.map(|text| text.parse().unwrap()).collect();
        let mut pace = Pace::new(&limits, &BTreeMap::new(), Stopped, None);
        let mut now = Duration::ZERO;
        let mut times = Vec::new();
        for (idle, late) in waits {
            // Mostly somebody waits already; sometimes nobody does for a while.
            if idle < 40 {
                now += Duration::from_millis(idle * 10);
            }
            while let Err(wait) = pace.try_take(&["x.test"], now) {
                now += wait + Duration::from_millis(late);
            }
            times.push(now);
        }
        for limit in &limits {
            let window = limit.window.duration();
            let permits = limit.permits.get() as usize;
            let interval = window / limit.permits.get();
            let spare = if interval > 2 * CATCH_UP { 0 } else {
                CATCH_UP.as_nanos().div_ceil(interval.as_nanos()) as usize
            };
            let most = permits + limit.burst.get() as usize + spare;
            proptest::prop_assert!(fullest(&times, window) <= most, "{limit}");
        }
    }
}
