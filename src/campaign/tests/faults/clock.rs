//! F37, F39 and F41: clocks that jump, machines that sleep, people who leave in the meantime.

use jiff::SignedDuration;

use super::*;
use crate::sandbox::{Caught, Store};

/// A wall clock that somebody sets, on a timeline that nobody can.
#[derive(Clone)]
struct SetClock {
    timeline: FixedStartClock,
    off: Arc<Mutex<SignedDuration>>,
}

impl SetClock {
    fn new(timeline: FixedStartClock) -> Self {
        Self { timeline, off: Arc::default() }
    }

    /// Puts the wall clock forward, or back.
    fn set(&self, by: SignedDuration) {
        *self.off.lock().unwrap() += by;
    }
}

impl Clock for SetClock {
    fn now(&self) -> Timestamp {
        self.timeline.now() + *self.off.lock().unwrap()
    }

    fn monotonic(&self) -> Duration {
        self.timeline.monotonic()
    }

    async fn sleep(&self, duration: Duration) {
        self.timeline.sleep(duration).await;
    }
}

const JUMPS: [SignedDuration; 4] = [
    SignedDuration::from_hours(24),
    SignedDuration::from_hours(-24),
    SignedDuration::from_hours(1),
    SignedDuration::from_hours(-1),
];

impl Office {
    /// A run by this clock, during which the wall clock is put forward or back `after` its begin.
    async fn send_while_set(
        &mut self,
        wire: &Wire,
        clock: &SetClock,
        after: Duration,
        by: SignedDuration,
    ) -> End {
        let (_signal, stop) = watch::channel(Stop::No);
        let ledger = self.ledger.clone();
        let setting = async {
            clock.sleep(after).await;
            clock.set(by);
        };
        let run = self.run_by(clock, &ledger, || wire.transport(clock.clone()), stop);
        let (end, ()) = tokio::join!(run, setting);
        end.unwrap()
    }

    /// A run by this clock.
    async fn send_by(&mut self, wire: &Wire, clock: &SetClock) -> End {
        self.send_while_set(wire, clock, Duration::ZERO, SignedDuration::ZERO).await
    }
}

#[tokio::test(start_paused = true)]
async fn a_wall_clock_that_jumps_changes_neither_the_rate_nor_a_deadline() {
    for jump in JUMPS {
        let never = Rule::at(Stage::Dot, [Act::Keep, Act::Hang]).recipient(&address(0));
        let (mut office, wire) = stage(101, [never]).await;
        office.limits = vec!["10/s".parse().unwrap()];
        let clock = SetClock::new(office.clock);
        let end = office.send_while_set(&wire, &clock, Duration::from_secs(5), jump).await;
        assert_eq!(end, End::Finished);
        let times: Vec<Duration> = wire.journal.accepted().into_iter().map(|(at, _)| at).collect();
        assert_eq!(times.iter().max().map(Duration::as_secs), Some(10), "{jump}");
        for second in 1..=9 {
            let sent = times.iter().filter(|at| at.as_secs() == second).count();
            assert!((9..=11).contains(&sent), "{sent} in second {second}, {jump}");
        }
        assert_eq!(office.clock.monotonic().as_secs(), 600, "{jump}");
        assert_eq!(office.books().await.uncertain, 1);
        office.holds(&wire, 1).await;
    }
    let happened = "101 people at 10 a second take 10 s, a reply that never comes 600 s: as ever";
    found("F37a", "the wall clock jumps a day or an hour, forward or back, in mid-run", happened);
}

#[tokio::test(start_paused = true)]
async fn the_date_of_a_message_is_that_of_its_first_try_whatever_the_clock_says_later() {
    for jump in JUMPS {
        let mut office = Office::open(1).await;
        let caught: Arc<Mutex<Vec<Caught>>> = Arc::default();
        let wire = Wire::with(office.clock, |options| {
            options.store = Store::Memory(Arc::clone(&caught));
            let grey = Rule::reply(Stage::Rcpt, "450 4.7.1 greylisted").times(1);
            options.script = Script::new().rule(grey);
        });
        let clock = SetClock::new(office.clock);
        let end = office.send_while_set(&wire, &clock, Duration::from_secs(1), jump).await;
        assert!(matches!(end, End::Deferred { .. }), "{end:?}");
        clock.sleep(Duration::from_hours(25)).await;
        assert_eq!(office.send_by(&wire, &clock).await, End::Finished, "{jump}");
        let caught = std::mem::take(&mut *caught.lock().unwrap());
        let text = String::from_utf8_lossy(&caught[0].message);
        assert!(text.contains("Date: Thu, 03 Dec 2026 09:00:00 +0000\r\n"), "{text}");
        assert_eq!(caught.len(), 1);
        office.holds(&wire, 0).await;
    }
    let happened = "accepted once, with the Date of the first try";
    found("F37b", "the wall clock jumps between a deferral and the next try", happened);
}

#[tokio::test(start_paused = true)]
async fn nobody_waits_for_a_time_that_a_wrong_clock_has_set() {
    let grey = Rule::reply(Stage::Rcpt, "450 4.7.1 greylisted").times(1);
    let (mut office, wire) = stage(1, [grey]).await;
    let clock = SetClock::new(office.clock);
    let nine_years = SignedDuration::from_hours(9 * 365 * 24);
    clock.set(nine_years);
    assert!(matches!(office.send_by(&wire, &clock).await, End::Deferred { .. }));
    clock.set(-nine_years);
    let End::Deferred { until } = office.send_by(&wire, &clock).await else { panic!() };
    assert_eq!(until.duration_since(clock.now()), SignedDuration::from_hours(1));
    clock.sleep(Duration::from_hours(1)).await;
    assert_eq!(office.send_by(&wire, &clock).await, End::Finished);
    assert_eq!(wire.asked(0).len(), 2);
    office.holds(&wire, 0).await;
    let happened = "due an hour after it was put right, accepted once";
    found("F37c", "somebody is deferred while the clock is 9 years ahead", happened);
}

#[tokio::test(start_paused = true)]
async fn a_cap_counts_what_went_out_before_the_clock_was_put_back() {
    for jump in [SignedDuration::from_hours(-24), SignedDuration::from_hours(-1)] {
        let (mut office, wire) = stage(10, []).await;
        office.course.caps = vec!["4/day".parse().unwrap()];
        let clock = SetClock::new(office.clock);
        assert!(matches!(office.send_by(&wire, &clock).await, End::Capped { .. }));
        clock.set(jump);
        let End::Capped { until } = office.send_by(&wire, &clock).await else { panic!() };
        let hours = until.duration_since(clock.now()).as_hours();
        assert_eq!((wire.accepted().len(), hours), (4, 24 - jump.as_hours() - 1), "{jump}");
        office.holds(&wire, 0).await;
    }
    let happened = "4 accepted, no more until 24 h after them by the clock they were sent by";
    found("F37d", "the wall clock is put back a day while a cap of 4 a day is used up", happened);
}

#[tokio::test(start_paused = true)]
async fn a_machine_that_slept_past_a_retry_tries_it_once_when_it_wakes() {
    let grey = Rule::reply(Stage::Rcpt, "450 4.7.1 greylisted").times(1);
    let (mut office, wire) = stage(20, [grey]).await;
    office.course.patience = Duration::from_mins(15);
    let clock = SetClock::new(office.clock);
    // The monotonic clock stands still while a machine sleeps.
    let night = SignedDuration::from_hours(8);
    let end = office.send_while_set(&wire, &clock, Duration::from_secs(10), night).await;
    assert_eq!(end, End::Finished);
    assert!((10..=12).contains(&clock.monotonic().as_secs()), "not 5 min after it woke");
    assert_eq!((wire.accepted().len(), wire.asked(0).len()), (20, 2));
    office.holds(&wire, 0).await;
    let happened = "tried once as soon as it wakes, accepted; all 20 once";
    found("F39a", "the machine sleeps 8 h while a retry is waited for", happened);
}

#[tokio::test(start_paused = true)]
async fn a_machine_that_was_off_past_several_retries_tries_each_once() {
    let grey = Rule::reply(Stage::Rcpt, "450 4.7.1 greylisted").times(5);
    let (mut office, wire) = stage(20, [grey]).await;
    let clock = SetClock::new(office.clock);
    assert!(matches!(office.send_by(&wire, &clock).await, End::Deferred { .. }));
    clock.sleep(Duration::from_hours(30)).await;
    assert_eq!(office.send_by(&wire, &clock).await, End::Finished);
    assert_eq!((wire.accepted().len(), wire.journal.count("RCPT")), (20, 25));
    office.holds(&wire, 0).await;
    let happened = "each of the 5 tried once, accepted; all 20 once";
    found("F39b", "the machine is off for 30 h while 5 people are deferred", happened);
}

#[tokio::test(start_paused = true)]
async fn a_machine_that_slept_past_the_event_invites_nobody_to_it_any_more() {
    let grey = Rule::reply(Stage::Rcpt, "450 4.7.1 greylisted").times(5);
    let (mut office, wire) = stage(20, [grey]).await;
    let clock = SetClock::new(office.clock);
    office.course.deadline = Some(clock.now() + Duration::from_hours(8));
    assert!(matches!(office.send_by(&wire, &clock).await, End::Deferred { .. }));
    clock.sleep(Duration::from_hours(9)).await;
    assert_eq!(office.send_by(&wire, &clock).await, End::Finished);
    let books = office.books().await;
    assert_eq!((books.accepted, books.rejected), (15, 5));
    assert_eq!(wire.journal.count("RCPT"), 20, "nobody was asked about again");
    let tries = office.tries().await;
    let given_up = tries.last().expect("a try");
    assert_eq!((given_up.attempt, given_up.code), (2, None));
    assert!(given_up.reply.contains("the event has begun"), "{}", given_up.reply);
    assert!(office.ledger.suppressed().await.unwrap().is_empty());
    office.holds(&wire, 0).await;
    let happened = "the 5 are given up without a word to the server, not suppressed";
    found("F39c", "the machine sleeps past the event while 5 people are deferred", happened);
}

#[tokio::test(start_paused = true)]
async fn from_the_mark_on_no_recipient_is_named_who_has_left() {
    let (mut office, wire) = stage(40, []).await;
    office.limits = vec!["4/s".parse().unwrap()];
    let leaving: Vec<usize> = (0..40).step_by(4).collect();
    let (clock, ledger) = (office.clock, office.ledger.clone());
    let people: Vec<_> = leaving
        .iter()
        .map(|number| office.keys.person(&Address::parse(&address(*number)).unwrap()))
        .collect();
    let leave = async {
        clock.sleep(Duration::from_secs(5)).await;
        for person in people {
            let reason = SuppressionReason::Unsubscribed;
            ledger.suppress(Suppression { person, reason, at: clock.now() }).await.unwrap();
        }
        clock.monotonic()
    };
    let (end, left_at) = tokio::join!(office.send_over(&wire), leave);
    assert_eq!(end.unwrap(), End::Finished);
    for number in &leaving {
        assert!(wire.asked(*number).iter().all(|at| *at <= left_at), "{number} was named");
    }
    let books = office.books().await;
    let skipped = books.skipped[&SkipReason::Suppressed];
    assert_eq!((books.accepted, skipped), (35, 5));
    office.holds(&wire, 0).await;
    let happened = format!("{skipped} not yet reached skipped, no RCPT for them; 35 accepted");
    found("F41c", "10 of 40 unsubscribe in mid-run, on 4 connections", &happened);
}
