//! A ledger that fails when it is told to: for tests of what runs on one.
//!
//! [`Faulty`] stands before any ledger. Every call is counted and shown to the plan, which lets it
//! pass or says [`How`] it fails:
//!
//! ```text
//! let ledger = Faulty::new(SqliteLedger::in_memory()?);
//! ledger.fail_write(7, How::Refused(disk_full()));                    // the 7th write of all
//! ledger.plan(|step| (step.call == Call::Finish && step.nth == 2)     // the 2nd `finish`
//!     .then(|| How::Unheard(io_error())));
//! ledger.watch(|step| ...);                                           // after each that is answered
//! ledger.mend();                                                      // the disk is whole again
//! ```

use std::{
    collections::{HashMap, HashSet},
    fmt,
    future::{Future, pending},
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use jiff::Timestamp;

use super::{
    Amendment, Approval, Attempt, Books, CampaignRecord, CampaignState, Claimed, Delivery, Error,
    Frozen, Ledger, LogEntry, LogFilter, PassedOver, Past, Recipient, Recipients, Recovered,
    Settlement, Standing, Suppression, Tested,
};
use crate::{audience::SkipReason, keys::PersonKey};

/// How a call fails.
#[derive(Clone, Debug)]
pub(crate) enum How {
    /// Nothing is done, and the caller hears of it.
    Refused(Error),
    /// It is done and durable, and the caller hears that it failed: the log was written, the sync
    /// after it said no.
    Unheard(Error),
    /// Nothing is done, and no answer ever comes.
    Hangs,
}

/// A call as the plan sees it. Counts start at 1 and go on after [`Faulty::mend`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    /// What is asked.
    pub(crate) call: Call,
    /// Which call of this kind it is.
    pub(crate) nth: usize,
    /// Which write of all it is; for a read, how many there were before it.
    pub(crate) write: usize,
}

pub(crate) fn disk_full() -> Error {
    storage("the disk is full")
}

pub(crate) fn io_error() -> Error {
    storage("disk I/O error")
}

pub(crate) fn busy() -> Error {
    storage("another process has held it for 30 seconds")
}

fn storage(reason: &str) -> Error {
    Error::Storage { action: "used", reason: reason.to_owned() }
}

type Plan = Box<dyn FnMut(Step) -> Option<How> + Send>;
type Watcher = Box<dyn FnMut(Step) + Send>;

#[derive(Default)]
struct State {
    calls: HashMap<Call, usize>,
    writes: usize,
    plan: Option<Plan>,
    watcher: Option<Watcher>,
}

/// A ledger that fails as planned; without a plan it does what the one behind it does. Clones share
/// the plan.
#[derive(Clone)]
pub(crate) struct Faulty<L> {
    ledger: L,
    state: Arc<Mutex<State>>,
}

impl<L> fmt::Debug for Faulty<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Faulty(..)")
    }
}

impl<L> Faulty<L> {
    pub(crate) fn new(ledger: L) -> Self {
        Self { ledger, state: Arc::default() }
    }

    /// Asks `plan` about every call from now on, in the order they are made.
    pub(crate) fn plan(&self, plan: impl FnMut(Step) -> Option<How> + Send + 'static) {
        self.state().plan = Some(Box::new(plan));
    }

    /// Fails one write: the `nth` from now.
    pub(crate) fn fail_write(&self, nth: usize, how: How) {
        let nth = self.writes() + nth;
        self.plan(move |step| (step.call.is_write() && step.write == nth).then(|| how.clone()));
    }

    /// Fails this kind of call, from its `nth` from now on until mended: a disk that has filled up.
    pub(crate) fn fail_from(&self, call: Call, nth: usize, how: How) {
        let nth = self.state().calls.get(&call).copied().unwrap_or_default() + nth;
        self.plan(move |step| (step.call == call && step.nth >= nth).then(|| how.clone()));
    }

    /// Fails every write from now on.
    pub(crate) fn fail_writes(&self, how: How) {
        self.plan(move |step| step.call.is_write().then(|| how.clone()));
    }

    /// Nothing fails any more.
    pub(crate) fn mend(&self) {
        self.state().plan = None;
    }

    /// Calls `watcher` after every call that succeeded, before its caller hears of it.
    pub(crate) fn watch(&self, watcher: impl FnMut(Step) + Send + 'static) {
        self.state().watcher = Some(Box::new(watcher));
    }

    /// Writes asked for so far.
    pub(crate) fn writes(&self) -> usize {
        self.state().writes
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no plan panics")
    }

    async fn ask<T>(
        &self,
        call: Call,
        doing: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        let (step, how) = {
            let mut state = self.state();
            state.writes += usize::from(call.is_write());
            let write = state.writes;
            let nth = state.calls.entry(call).or_default();
            *nth += 1;
            let step = Step { call, nth: *nth, write };
            (step, state.plan.as_mut().and_then(|plan| plan(step)))
        };
        match how {
            None => {
                let done = doing.await?;
                if let Some(watcher) = &mut self.state().watcher {
                    watcher(step);
                }
                Ok(done)
            }
            Some(How::Refused(error)) => Err(error),
            Some(How::Unheard(error)) => doing.await.and(Err(error)),
            Some(How::Hangs) => pending().await,
        }
    }
}

/// One line a method of the seam: its name, its kind, and whether it reads or writes.
macro_rules! faulty {
    ($($effect:ident $name:ident $call:ident ($($argument:ident: $type:ty),*) -> $answer:ty;)+) => {
        /// What a ledger can be asked.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub(crate) enum Call {
            $($call),+
        }

        impl Call {
            /// Whether it changes the books.
            pub(crate) fn is_write(self) -> bool {
                match self { $(Self::$call => stringify!($effect) == "writes"),+ }
            }
        }

        impl<L: Ledger> Ledger for Faulty<L> {
            $(async fn $name(&self, $($argument: $type),*) -> Result<$answer, Error> {
                self.ask(Call::$call, self.ledger.$name($($argument),*)).await
            })+
        }
    };
}

faulty! {
    reads campaign Campaign(id: &str) -> Option<CampaignRecord>;
    reads campaigns Campaigns() -> Vec<CampaignRecord>;
    reads inputs Inputs(id: &str, revision: u32) -> Vec<u8>;
    writes freeze Freeze(
        frozen: Frozen,
        recipients: impl Iterator<Item = Result<Recipient, Error>> + Send + 'static
    ) -> CampaignRecord;
    writes amend Amend(
        id: &str,
        amendment: Amendment,
        notice: Option<(Frozen, Recipients)>,
        now: Timestamp
    ) -> ();
    reads received Received(id: &str) -> HashMap<PersonKey, u32>;
    reads thread Thread(id: &str) -> Vec<CampaignRecord>;
    reads exhibit Exhibit(id: &str, revision: u32) -> Vec<u8>;
    reads people People(id: &str) -> HashSet<PersonKey>;
    reads attempted Attempted(id: &str) -> HashSet<PersonKey>;
    reads suppressed Suppressed() -> HashSet<PersonKey>;
    reads suppressions Suppressions() -> Vec<Suppression>;
    writes suppress_all SuppressAll(suppressions: Vec<Suppression>) -> u64;
    reads is_suppressed IsSuppressed(person: PersonKey) -> bool;
    writes unsuppress Unsuppress(person: PersonKey) -> bool;
    writes recover Recover(now: Timestamp) -> Recovered;
    writes set_state SetState(id: &str, state: CampaignState, now: Timestamp) -> ();
    writes request_stop RequestStop(id: &str) -> ();
    reads stop_requested StopRequested(id: &str) -> bool;
    writes claim Claim(id: &str, limit: usize, now: Timestamp) -> Vec<Claimed>;
    writes commit Commit(delivery: Delivery, began: Timestamp) -> ();
    writes finish Finish(delivery: Delivery, attempt: Attempt) -> ();
    writes skip Skip(delivery: Delivery, reason: SkipReason) -> ();
    writes release Release(deliveries: Vec<Delivery>) -> ();
    writes settle Settle(
        id: &str,
        people: Option<Vec<PersonKey>>,
        settlement: Settlement,
        now: Timestamp
    ) -> u64;
    reads books Books(id: &str) -> Books;
    reads deliveries Deliveries(
        id: &str,
        each: impl FnMut(Standing) -> bool + Send + 'static
    ) -> ();
    reads next_due NextDue(id: &str) -> Option<Timestamp>;
    reads sent_within SentWithin(window: Duration, now: Timestamp) -> Vec<Timestamp>;
    writes record_test RecordTest(
        person: PersonKey,
        attempt: Attempt,
        campaign: &str,
        digest: &str
    ) -> ();
    reads last_test LastTest(campaign: &str) -> Option<Tested>;
    reads past Past() -> Vec<Past>;
    reads passed_over PassedOver(id: &str) -> Vec<PassedOver>;
    writes record_approval RecordApproval(approval: Approval) -> ();
    reads approval Approval(draft: &str) -> Option<Approval>;
    reads approval_of ApprovalOf(digest: &str, at: Timestamp) -> Option<Approval>;
    reads log Log(filter: LogFilter, each: impl FnMut(LogEntry) -> bool + Send + 'static) -> ();
}

mod tests {
    use super::{
        super::{
            SqliteLedger,
            contract::{at, books, claim, contract, freeze},
        },
        *,
    };

    fn faulty() -> (Faulty<SqliteLedger>, ()) {
        (Faulty::new(SqliteLedger::in_memory().unwrap()), ())
    }

    contract!(faulty);

    #[tokio::test]
    async fn a_planned_fault_hits_the_call_it_was_meant_for() {
        let (ledger, ()) = faulty();
        freeze(&ledger, 1..=3).await;
        ledger.fail_write(2, How::Refused(disk_full()));
        let delivery = claim(&ledger, 1, 10).await[0].delivery;
        assert_eq!(ledger.commit(delivery, at(11)).await, Err(disk_full()));
        assert_eq!(ledger.recover(at(12)).await.unwrap().released, 1, "nothing was written");

        let delivery = claim(&ledger, 1, 13).await[0].delivery;
        ledger.fail_from(Call::Commit, 1, How::Unheard(io_error()));
        assert_eq!(ledger.commit(delivery, at(14)).await, Err(io_error()));
        assert_eq!(ledger.recover(at(15)).await.unwrap().uncertain, 1, "it was written");
        let again = ledger.commit(delivery, at(16)).await;
        assert!(matches!(again, Err(Error::Illegal(_))), "{again:?}");

        ledger.fail_writes(How::Refused(busy()));
        assert_eq!(ledger.recover(at(17)).await, Err(busy()));
        assert_eq!(books(&ledger).await.pending, 2, "reading goes on");
        ledger.mend();
        assert_eq!(claim(&ledger, 9, 18).await.len(), 2);
        assert_eq!(ledger.writes(), 10);
    }

    #[tokio::test]
    async fn a_watcher_sees_what_was_answered_and_a_call_may_hang() {
        let (ledger, ()) = faulty();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let noted = Arc::clone(&seen);
        ledger.watch(move |step| noted.lock().unwrap().push(step.call));
        freeze(&ledger, 1..=1).await;
        ledger.fail_write(1, How::Hangs);
        tokio::select! {
            biased;
            claimed = ledger.claim("hidden-revolution", 1, at(10)) => panic!("{claimed:?}"),
            () = std::future::ready(()) => {}
        }
        claim(&ledger, 1, 11).await;
        assert_eq!(*seen.lock().unwrap(), [Call::Freeze, Call::Claim]);
    }
}
