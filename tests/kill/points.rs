//! The Nth call for N = 1, 2, … until a run gets by without being killed.

use std::{
    env,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use crate::{
    case::{Case, First},
    chance::Chance,
    kill::{Kill, has_strace},
    reliability::found,
    tally::Tally,
};

const PEOPLE: usize = 20;

/// Where nobody asks for all points, one in so many.
pub(crate) const STRIDE: usize = 61;

/// How the ledger and its log are written. Of these, one thread makes them.
const LEDGER: [&str; 5] = ["pwrite64", "fsync", "fdatasync", "ftruncate", "unlink"];

/// How the other files come and go: lock, secret, note of the generation, receipt.
const FILES: [&str; 6] = ["renameat2", "renameat", "rename", "mkdir", "ftruncate", "unlink"];

/// What is done with connections.
const SOCKETS: [&str; 6] = ["recvfrom", "sendto", "writev", "connect", "setsockopt", "shutdown"];

pub(crate) const HAPPENED: &str =
    "definition X after each kill; 0 duplicates, 0 lost, at most 4 uncertain a kill";

/// How many random kills were asked for, and with them every point.
pub(crate) fn asked_for() -> Option<usize> {
    let kills = env::var("ANNOUNCE_KILLS").ok()?;
    Some(kills.parse().expect("ANNOUNCE_KILLS is a number"))
}

/// On every core: `campaign` makes the Nth campaign and says whether there is to be another.
pub(crate) fn on_every_core(campaign: impl Fn(usize, &mut Tally) -> bool + Sync) -> Tally {
    let next = AtomicUsize::new(0);
    let tally = Mutex::new(Tally::default());
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                let mut own = Tally::default();
                while campaign(next.fetch_add(1, Ordering::Relaxed), &mut own) {}
                tally.lock().expect("no panic").add(&own);
            });
        }
    });
    let tally = tally.into_inner().expect("no panic");
    assert_eq!((tally.duplicates, tally.lost), (0, 0), "{tally}");
    assert!(tally.uncertain_at_most <= 4, "{tally}");
    tally
}

/// Kills at every one of these calls; `case` makes a fresh newsroom, `enough` looks at how each
/// went.
fn every(name: &'static str, case: fn() -> Case, enough: fn(First) -> bool) -> Tally {
    let stride = if asked_for().is_some() { 1 } else { STRIDE };
    on_every_core(|turn, tally| {
        let number = 1 + turn * stride;
        let mut chance = Chance::new(number as u64);
        let mut kills = vec![Kill::Call(name, number)];
        for _ in 0..chance.below(3) {
            let (name, most) = *chance.pick(&[("pwrite64", 120), ("recvfrom", 40)]);
            kills.push(Kill::Call(name, 1 + chance.below(most)));
        }
        let mut kills = kills.into_iter();
        let (first, own) = case().play(|_| kills.next().unwrap_or(Kill::Never));
        tally.add(&own);
        !enough(first)
    })
}

/// Kills at every call of these names, or, where nobody asks for all, at some of the first name.
fn all(names: &[&'static str], case: fn() -> Case) -> Tally {
    let names = if asked_for().is_some() { names } else { &names[..1] };
    let mut tally = Tally::default();
    for name in names {
        tally.add(&every(name, case, |first| first == First::Passed));
    }
    tally
}

fn fresh() -> Case {
    Case::new(PEOPLE)
}

fn with_ledger() -> Case {
    Case::new(PEOPLE).with_ledger()
}

#[test]
fn killed_at_any_write_to_the_ledger_the_books_hold() {
    if !has_strace() {
        return;
    }
    let mut tally = all(&LEDGER, with_ledger);
    tally.add(&all(&FILES, fresh));
    // The ledger is made by one thread and written by another, and each has its own count.
    tally.add(&every("pwrite64", fresh, |first| first != First::KilledEarly));
    println!("every write to the ledger: {tally}");
    if asked_for().is_some() {
        let what = "`kill -9` at every write to the ledger and the files beside it, 20 people on 4 \
            connections, up to three times";
        found("C1", what, HAPPENED);
        found("F27", "`kill -9` at every ledger and socket operation", "see C1 and C2");
    }
}

#[test]
fn killed_at_any_socket_operation_the_books_hold() {
    if !has_strace() {
        return;
    }
    let tally = all(&SOCKETS, with_ledger);
    println!("every socket operation: {tally}");
    if asked_for().is_some() {
        let what = "`kill -9` at every operation on the sockets, 20 people on 4 connections, up to \
            three times";
        found("C2", what, HAPPENED);
    }
}
