//! The books after any steps in any order.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::ledger::{Amendment, Claimed, Frozen, Revision, contract::recipients};

/// One step of a run, legal or not; indexes are taken modulo what there is.
#[derive(Clone, Debug)]
enum Step {
    Claim(usize),
    Release(usize),
    Commit(usize),
    Finish(usize, u8),
    Suppress(u8),
    Freeze(u8),
    /// Whoever comes before this one is gone; 0 calls it off.
    Amend(u8),
    Crash,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (1..4_usize).prop_map(Step::Claim),
        1 => any::<usize>().prop_map(Step::Release),
        4 => any::<usize>().prop_map(Step::Commit),
        5 => (any::<usize>(), 0..5_u8).prop_map(|(which, outcome)| Step::Finish(which, outcome)),
        1 => (1..20_u8).prop_map(Step::Suppress),
        1 => (1..20_u8).prop_map(Step::Freeze),
        1 => (0..24_u8).prop_map(Step::Amend),
        1 => Just(Step::Crash),
    ]
}

fn outcome(number: u8, second: i64) -> Status {
    match number {
        0 => Status::Accepted,
        1 => Status::Rejected,
        2 => Status::Deferred { retry_at: at(second + 3) },
        3 => Status::Uncertain,
        _ => Status::Skipped(crate::audience::SkipReason::Gone),
    }
}

/// Counts every status by hand, past the tallies.
fn count_by_hand(connection: &Connection) -> Result<BTreeMap<i64, i64>, Error> {
    let mut statement =
        connection.prepare("SELECT status, count(*) FROM deliveries GROUP BY status")?;
    let counts = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(counts.collect::<Result<_, _>>()?)
}

fn tallies(connection: &Connection) -> Result<BTreeMap<i64, i64>, Error> {
    let mut statement = connection.prepare("SELECT status, n FROM tally WHERE n > 0")?;
    let counts = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(counts.collect::<Result<_, _>>()?)
}

fn open_and_of_another_text(connection: &Connection) -> Result<i64, Error> {
    let sql = "SELECT count(*) FROM deliveries d JOIN campaigns c ON c.id = d.campaign
               WHERE d.status <= 3 AND d.revision <> c.revision";
    Ok(connection.query_row(sql, [], |row| row.get(0))?)
}

async fn amendment(ledger: &SqliteLedger, first: u8) -> Amendment {
    if first == 0 {
        return Amendment::CallOff;
    }
    let tried = ledger.attempted(ID).await.unwrap();
    let in_it = ledger.people(ID).await.unwrap();
    let is_open = |n: &u8| in_it.contains(&person(*n)) && !tried.contains(&person(*n));
    let open: Vec<_> = (first..20).filter(is_open).collect();
    let revision = ledger.campaign(ID).await.unwrap().unwrap().revision + 1;
    let text = Revision {
        digest: format!("d{revision}"),
        inputs: Vec::new(),
        subject: String::new(),
        exhibit: Vec::new(),
        sequence: revision,
    };
    Amendment::Revise(text, Box::new(recipients(open)))
}

async fn walk(steps: Vec<Step>) {
    let ledger = SqliteLedger::in_memory().unwrap();
    freeze(&ledger, 1..=8).await;
    let mut held: Vec<Delivery> = Vec::new();
    let mut accepted = 0;
    for (second, step) in steps.into_iter().enumerate() {
        let second = i64::try_from(second).unwrap() + 10;
        match step {
            Step::Claim(limit) => {
                let claimed = claim(&ledger, limit, second).await;
                held.extend(claimed.iter().map(|Claimed { delivery, .. }| *delivery));
            }
            Step::Suppress(n) => {
                let reason = SuppressionReason::Complained;
                let suppression = Suppression { person: person(n), reason, at: at(second) };
                ledger.suppress(suppression).await.unwrap();
            }
            Step::Freeze(last) => {
                let found = ledger.campaign(ID).await.unwrap().unwrap();
                let again = Frozen { digest: found.digest, ..frozen(ID, last.into()) };
                let frozen = ledger.freeze(again, recipients(1..=last)).await;
                assert_eq!(frozen.is_ok(), !found.called_off);
            }
            Step::Amend(first) => {
                let called_off = ledger.campaign(ID).await.unwrap().unwrap().called_off;
                let done =
                    ledger.amend(ID, amendment(&ledger, first).await, None, at(second)).await;
                assert_eq!(done.is_ok(), held.is_empty() && !called_off);
            }
            Step::Crash => {
                ledger.recover(at(second)).await.unwrap();
                held.clear();
            }
            // The others may be illegal: then nothing may change, and the books show it.
            Step::Release(which) if !held.is_empty() => {
                let delivery = held[which % held.len()];
                if ledger.release(vec![delivery]).await.is_ok() {
                    held.retain(|other| *other != delivery);
                }
            }
            Step::Commit(which) if !held.is_empty() => {
                drop(ledger.commit(held[which % held.len()], at(second)).await);
            }
            Step::Finish(which, number) if !held.is_empty() => {
                let delivery = held[which % held.len()];
                let status = outcome(number, second);
                if ledger.finish(delivery, attempt(status, second)).await.is_ok() {
                    accepted += u64::from(status == Status::Accepted);
                    held.retain(|other| *other != delivery);
                }
            }
            Step::Release(_) | Step::Commit(_) | Step::Finish(..) => {}
        }
        let books = books(&ledger).await;
        assert_eq!(books.accepted, accepted);
        assert_eq!(ledger.queue.read(open_and_of_another_text).await, Ok(0));
        assert_eq!(
            ledger.queue.read(tallies).await.unwrap(),
            ledger.queue.read(count_by_hand).await.unwrap()
        );
        let finished = ledger.set_state(ID, CampaignState::Finished, at(second)).await;
        assert_eq!(finished.is_ok(), books.open() == 0);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..Default::default() })]

    #[test]
    fn the_books_balance_whatever_happens(steps in proptest::collection::vec(step(), 1..60)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(walk(steps));
    }
}
