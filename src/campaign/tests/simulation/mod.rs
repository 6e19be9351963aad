//! Any order of everything: thousands of lives of a campaign, each drawn from a seed. One thread,
//! a clock that stands still, a server with whims, a ledger that fails, a process that dies between
//! any two operations, an author who changes the text or calls it off and tells whoever has it;
//! definition X after each step, for the campaign and for what follows it.
//!
//! `ANNOUNCE_SEEDS=100000` lives so many, `ANNOUNCE_SEED=4711` lives one again and tells its story.

mod chance;
mod change;
mod fuse;
mod life;
mod post;
mod weather;
mod witness;

use std::{
    env,
    sync::atomic::{AtomicU64, Ordering},
    thread,
};

pub(super) use chance::Chance;
use life::Tally;

use super::found;

/// Lives in every run of the tests.
const SEEDS: u64 = 200;

fn number(name: &str) -> Option<u64> {
    env::var(name).ok().map(|text| text.parse().expect("a whole number"))
}

fn live(seed: u64) -> Result<Tally, String> {
    tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .expect("a runtime")
        .block_on(life::live(seed))
}

#[test]
fn definition_x_holds_after_each_step_of_any_life() {
    let (first, count) = match number("ANNOUNCE_SEED") {
        Some(seed) => (seed, 1),
        None => (1, number("ANNOUNCE_SEEDS").unwrap_or(SEEDS)),
    };
    let next = AtomicU64::new(first);
    let work = || {
        let mut sum = Tally::default();
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= first + count {
                return sum;
            }
            let tally = live(seed).unwrap_or_else(|story| {
                panic!("{story}\n\nto live it again: ANNOUNCE_SEED={seed} cargo test simulation")
            });
            sum.add(tally);
        }
    };
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let sum = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        workers.into_iter().fold(Tally::default(), |mut sum, worker| {
            sum.add(worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
            sum
        })
    });
    println!("{count} seeds: {sum:?}, 0 violations");
    if count >= SEEDS {
        let met = [sum.crashes, sum.failures, sum.uncertain, sum.changes];
        assert!(met.iter().all(|times| *times > 0), "no storm: {sum:?}");
        let happened = format!("definition X held after each step of {count} lives");
        let storm = "whims of the server, crashes, disk errors, signals, corrections, in any order";
        found("S1", storm, &happened);
    }
}
