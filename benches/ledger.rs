//! What the ledger costs: `cargo bench --bench ledger`.
//!
//! Real files in a temporary folder, so the disk's own time is in the figures. To see the
//! program's alone, put them in memory: `TMPDIR=/dev/shm cargo bench --bench ledger`.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    vec,
};

use announce::{
    campaign::status::Status,
    deliver::Stage,
    keys::PersonKey,
    ledger::{
        Amendment, Attempt, Claimed, Error, Frozen, Ledger, Recipient, Revision, SqliteLedger,
    },
};
use divan::{Bencher, counter::ItemsCount};
use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;
use tokio::runtime::Runtime;

const ID: &str = "hidden-revolution";
const BATCH: usize = 256;

fn main() {
    divan::main();
}

/// A campaign frozen in a ledger of its own, which is gone with it.
struct Desk {
    runtime: Runtime,
    ledger: SqliteLedger,
    _folder: TempDir,
}

impl Desk {
    fn empty() -> Self {
        let runtime = Runtime::new().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let ledger = SqliteLedger::open(&folder.path().join("ledger.db")).unwrap();
        Self { runtime, ledger, _folder: folder }
    }

    fn frozen(people: usize) -> Self {
        let desk = Self::empty();
        desk.freeze(people);
        desk
    }

    fn freeze(&self, people: usize) {
        let frozen = Frozen {
            id: ID.to_owned(),
            digest: "d1".to_owned(),
            inputs: vec![7; 20_000],
            subject: "A note".to_owned(),
            exhibit: vec![7; 20_000],
            sequence: 0,
            follows: None,
            lists: vec!["members".to_owned()],
            narrowed: false,
            passed_over: Vec::new(),
            at: at(0),
            skipped: BTreeMap::new(),
            rows: people as u64,
        };
        self.runtime
            .block_on(self.ledger.freeze(frozen, (0..people).map(|number| Ok(recipient(number)))))
            .unwrap();
    }

    /// Gives another text to these, of all who were frozen; the others are on no list any more.
    fn revise(&self, people: usize) {
        let revision = Revision {
            digest: "d2".to_owned(),
            inputs: vec![8; 20_000],
            subject: "Another note".to_owned(),
            exhibit: vec![8; 20_000],
            sequence: 1,
        };
        let people = (0..people).map(|number| Ok(recipient(number)));
        self.amend(Amendment::Revise(revision, Box::new(people)));
    }

    fn amend(&self, amendment: Amendment) {
        self.runtime.block_on(self.ledger.amend(ID, amendment, None, at(1))).unwrap();
    }

    fn claim(&self, limit: usize) -> Vec<Claimed> {
        self.runtime.block_on(self.ledger.claim(ID, limit, at(1))).unwrap()
    }

    /// Marks all of these at once, each from a task of its own.
    fn mark(&self, claimed: &[Claimed]) {
        self.runtime.block_on(async {
            let marks = claimed.iter().map(|next| {
                let (ledger, delivery) = (self.ledger.clone(), next.delivery);
                tokio::spawn(async move { ledger.commit(delivery, at(2)).await })
            });
            for mark in marks.collect::<Vec<_>>() {
                mark.await.unwrap().unwrap();
            }
        });
    }

    /// Delivers to everybody over so many connections. Each records a reply together with its
    /// next mark.
    fn deliver(&self, connections: usize) {
        self.runtime.block_on(async {
            loop {
                let claimed = self.ledger.claim(ID, BATCH, at(1)).await.unwrap();
                if claimed.is_empty() {
                    break;
                }
                let queue = Arc::new(Mutex::new(claimed.into_iter()));
                let workers = (0..connections)
                    .map(|_| tokio::spawn(converse(self.ledger.clone(), queue.clone())));
                for worker in workers.collect::<Vec<_>>() {
                    worker.await.unwrap();
                }
            }
        });
    }
}

async fn converse(ledger: SqliteLedger, queue: Arc<Mutex<vec::IntoIter<Claimed>>>) {
    let mut last = None;
    loop {
        let next = queue.lock().unwrap().next();
        let mark = async {
            if let Some(next) = &next {
                assert!(!ledger.is_suppressed(next.person).await?);
                ledger.commit(next.delivery, at(2)).await?;
            }
            Ok::<_, Error>(())
        };
        let finish = async {
            match last {
                Some(last) => ledger.finish(last, accepted()).await,
                None => Ok(()),
            }
        };
        let (finished, marked) = tokio::join!(finish, mark);
        finished.and(marked).unwrap();
        let Some(next) = next else { break };
        last = Some(next.delivery);
    }
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_microsecond(1_800_000_000_123_456).unwrap() + SignedDuration::from_secs(second)
}

/// Keys are hashes, so in no order, and seals are as long as those of an address and a first name.
fn recipient(number: usize) -> Recipient {
    let mixed = (number as u128 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
    let person = PersonKey::from_bytes(mixed.to_le_bytes());
    Recipient { person, sealed: mixed.to_le_bytes().repeat(6)[..90].to_vec() }
}

fn accepted() -> Attempt {
    Attempt {
        started_at: at(2),
        ended_at: at(3),
        status: Status::Accepted,
        stage: Stage::Dot,
        code: Some(250),
        enhanced: Some("2.0.0".to_owned()),
        reply: "2.0.0 Ok: queued as 4bXyZ123456".to_owned(),
        queue_id: Some("4bXyZ123456".to_owned()),
        suppress: None,
    }
}

#[divan::bench(args = [10_000], sample_count = 10, sample_size = 1)]
fn freeze(bencher: Bencher<'_, '_>, people: usize) {
    bencher
        .counter(ItemsCount::new(people))
        .with_inputs(Desk::empty)
        .bench_refs(|desk| desk.freeze(people));
}

/// A tenth of the open ones are gone.
#[divan::bench(args = [20_000], sample_count = 5, sample_size = 1)]
fn revise(bencher: Bencher<'_, '_>, people: usize) {
    bencher
        .counter(ItemsCount::new(people))
        .with_inputs(|| Desk::frozen(people))
        .bench_refs(|desk| desk.revise(people - people / 10));
}

#[divan::bench(args = [20_000], sample_count = 5, sample_size = 1)]
fn call_off(bencher: Bencher<'_, '_>, people: usize) {
    bencher
        .counter(ItemsCount::new(people))
        .with_inputs(|| Desk::frozen(people))
        .bench_refs(|desk| desk.amend(Amendment::CallOff));
}

#[divan::bench(args = [256], sample_count = 20, sample_size = 1)]
fn claim(bencher: Bencher<'_, '_>, people: usize) {
    bencher
        .counter(ItemsCount::new(people))
        .with_inputs(|| Desk::frozen(2_000))
        .bench_refs(|desk| desk.claim(people));
}

#[divan::bench(args = [1, 16, 64], sample_count = 20, sample_size = 1)]
fn marks_at_once(bencher: Bencher<'_, '_>, marks: usize) {
    bencher
        .counter(ItemsCount::new(marks))
        .with_inputs(|| {
            let desk = Desk::frozen(2_000);
            let claimed = desk.claim(marks);
            (desk, claimed)
        })
        .bench_refs(|(desk, claimed)| desk.mark(claimed));
}

/// Claimed, marked, finished and erased.
#[divan::bench(args = [1, 16, 64], sample_count = 5, sample_size = 1)]
fn deliveries_over(bencher: Bencher<'_, '_>, connections: usize) {
    const PEOPLE: usize = 10_000;
    bencher
        .counter(ItemsCount::new(PEOPLE))
        .with_inputs(|| Desk::frozen(PEOPLE))
        .bench_refs(|desk| desk.deliver(connections));
}
