//! What a run does when its ledger fails it.

use super::*;
use crate::ledger::{
    self,
    faulty::{Call, Faulty, How, disk_full, io_error},
};

impl Office {
    /// Its ledger, made to fail.
    fn failing(&self) -> Faulty<SqliteLedger> {
        Faulty::new(self.ledger.clone())
    }

    pub(super) async fn run_on(&mut self, ledger: &Faulty<SqliteLedger>) -> Result<End, Error> {
        let (_sender, stop) = watch::channel(Stop::No);
        let relay = self.relay.clone();
        self.run_over(ledger, || relay.clone(), stop).await
    }

    /// A run that the ledger ends.
    async fn fails(&mut self, ledger: &Faulty<SqliteLedger>) -> ledger::Error {
        match self.run_on(ledger).await {
            Err(Error::Ledger(error)) => error,
            other => panic!("{other:?}"),
        }
    }

    async fn uncertain(&self) -> usize {
        usize::try_from(self.books().await.uncertain).unwrap()
    }
}

#[tokio::test(start_paused = true)]
async fn a_disk_that_is_full_before_the_first_claim_contacts_nobody() {
    let mut office = Office::open(20).await;
    let failing = office.failing();
    for call in [Call::Recover, Call::SetState, Call::Claim] {
        failing.fail_from(call, 1, How::Refused(disk_full()));
        assert_eq!(office.fails(&failing).await, disk_full(), "{call:?}");
        assert_eq!(*office.relay.contacted.lock().unwrap(), [] as [String; 0]);
        assert_eq!(office.books().await.pending, 20);
    }
    failing.mend();
    assert_eq!(office.run_on(&failing).await.unwrap(), End::Finished);
    assert_eq!(office.relay.accepted().len(), 20);
    assert_eq!(office.breaches().await, [] as [String; 0]);
    let happened = "nobody contacted, the run stops; with room again all 20 accepted once";
    found("F32a", "the disk is full before anybody is claimed", happened);
}

#[tokio::test(start_paused = true)]
async fn a_disk_that_is_full_at_the_mark_lets_no_body_out() {
    let mut office = Office::open(20).await;
    let failing = office.failing();
    failing.fail_from(Call::Commit, 6, How::Refused(disk_full()));
    assert_eq!(office.fails(&failing).await, disk_full());
    assert_eq!(office.relay.accepted().len(), 5);
    assert_eq!(office.breaches().await, [] as [String; 0]);
    failing.mend();
    assert_eq!(office.run_on(&failing).await.unwrap(), End::Finished);
    let books = office.books().await;
    assert_eq!((books.accepted, books.uncertain, office.relay.accepted().len()), (20, 0, 20));
    assert_eq!(office.breaches().await, [] as [String; 0]);
    let happened = "5 had theirs, no other body left, the run stops; with room again all 20 \
                    accepted once, 0 uncertain";
    found("F32b", "the disk is full at the mark of the sixth message", happened);
}

#[tokio::test(start_paused = true)]
async fn a_disk_that_is_full_after_an_acceptance_leaves_it_uncertain_and_never_sends_it_again() {
    let mut office = Office::open(20).await;
    let failing = office.failing();
    office.course.connections = 1;
    failing.fail_from(Call::Finish, 6, How::Refused(disk_full()));
    assert_eq!(office.fails(&failing).await, disk_full());
    assert_eq!(office.relay.accepted().len(), 6, "nothing is begun after it");
    assert_eq!(office.breaches().await, [] as [String; 0], "its row is committing");
    failing.mend();
    office.doubts = 1;
    for _ in 0..3 {
        assert_eq!(office.run_on(&failing).await.unwrap(), End::Finished);
        let books = office.books().await;
        assert_eq!((books.accepted, books.uncertain), (19, 1));
        assert_eq!(office.breaches().await, [] as [String; 0]);
    }
    assert_eq!(office.relay.accepted().len(), 20);
    let happened = "the run stops, the row is uncertain; 3 restarts: 19 accepted, 1 uncertain, \
                    20 messages taken";
    found("F32c", "the disk is full when the sixth acceptance is written down", happened);
}

/// Eight people: one is dead, one is greylisted, and one meets a connection that breaks.
async fn mixed() -> Office {
    let office = Office::open(8).await;
    let person = Scope::Person { suppress: false };
    office.relay.tell(&address(2), &[Answer::Fail(Ended::Deferred, person, 450)]);
    let dead = Answer::Fail(Ended::Rejected, Scope::Person { suppress: true }, 550);
    office.relay.tell(&address(5), &[dead.clone(), dead]);
    let broken = Answer::Fail(Ended::NotTried, Scope::Connection, 421);
    office.relay.tell(&address(6), &[broken]);
    office
}

/// Fails the `n`th call for `n` = 1, 2, … until a run makes fewer. After each failure the campaign
/// is run again, twice, and definition X is looked at each time. `doubts` says how many
/// deliveries may be uncertain when a call of this kind failed. Returns how many calls there were.
async fn at_every_call(how: How, lasting: bool, doubts: fn(Call) -> usize) -> usize {
    for n in 1.. {
        let mut office = mixed().await;
        let failing = office.failing();
        let hit = Arc::new(Mutex::new(None));
        let note = Arc::clone(&hit);
        let (how, mut calls) = (how.clone(), 0);
        failing.plan(move |step| {
            calls += 1;
            if calls == n {
                *note.lock().unwrap() = Some(step.call);
            }
            (calls == n || (lasting && calls > n)).then(|| how.clone())
        });
        for run in 1..=3 {
            let ended = office.run_on(&failing).await;
            let Some(call) = *hit.lock().unwrap() else {
                assert!(matches!(ended, Ok(End::Deferred { .. })), "{ended:?}");
                return n - 1;
            };
            assert_eq!(ended.is_err(), run == 1, "{n}, {call:?}: {ended:?}");
            office.course.patience = Duration::from_mins(15);
            failing.mend();
            office.doubts = doubts(call);
            assert_eq!(office.breaches().await, [] as [String; 0], "{n}, {call:?}, run {run}");
        }
        let books = office.books().await;
        let taken = office.relay.accepted().len();
        assert_eq!((books.open(), books.rejected), (0, 1), "{n}");
        assert!(taken + office.uncertain().await >= 7, "{n}: somebody was lost");
        assert_eq!(office.state().await, CampaignState::Finished);
    }
    unreachable!("a run ends")
}

#[tokio::test(start_paused = true)]
async fn an_error_at_any_call_stops_the_run_and_breaks_no_book() {
    let doubts = |call| usize::from(call == Call::Finish);
    let calls = at_every_call(How::Refused(io_error()), false, doubts).await;
    let happened = format!("each of {calls} calls failed once, 2 restarts each");
    found("F33a", "EIO at each call of the ledger in turn", &happened);
}

#[tokio::test(start_paused = true)]
async fn a_write_that_is_durable_and_reported_as_failed_breaks_no_book() {
    // The mark stands though nothing was sent: nobody can tell afterwards.
    let doubts = |call| usize::from(call == Call::Commit);
    let calls = at_every_call(How::Unheard(io_error()), false, doubts).await;
    let happened = format!("each of {calls} calls once, 2 restarts each");
    found("F33b", "a call is done, and reported as failed", &happened);
}

#[tokio::test(start_paused = true)]
async fn a_disk_that_dies_at_any_call_breaks_no_book() {
    // Whatever the connections have on the wire then.
    let calls = at_every_call(How::Refused(io_error()), true, |_| 4).await;
    let happened = format!("at each of {calls} calls, 2 restarts each");
    found("F33c", "the disk dies for good at a call, and is mended", &happened);
}

#[tokio::test(start_paused = true)]
async fn books_that_count_somebody_who_is_not_there_end_the_run() {
    let mut office = Office::open(3).await;
    office.ledger.damage("UPDATE tally SET n = n + 1 WHERE status = 0").await.unwrap();
    let ended = office.run().await;
    assert!(matches!(ended, Err(Error::Astray(1))), "{ended:?}");
    assert_eq!(office.relay.accepted().len(), 3);
}
