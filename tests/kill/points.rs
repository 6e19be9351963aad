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
    case::{Case, Played},
    dice::Dice,
    kill::{Calls, Kill, has_strace},
    reliability::found,
    tally::Tally,
};

const PEOPLE: usize = 20;

/// Where nobody asks for all points, one in so many.
const STRIDE: usize = 61;

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
fn every(calls: Calls, case: fn() -> Case, enough: fn(&Played) -> bool) -> Tally {
    let stride = if asked_for().is_some() { 1 } else { STRIDE };
    let tally = on_every_core(|turn, tally| {
        let number = 1 + turn * stride;
        let mut dice = Dice::new(number as u64);
        let mut kills = vec![Kill::Call(calls, number)];
        for _ in 1..dice.roll(3) {
            let calls = [Calls::Page, Calls::Socket][dice.roll(2) - 1];
            kills.push(Kill::Call(calls, dice.roll(80)));
        }
        let mut kills = kills.into_iter();
        let played = case().play(|_| kills.next().unwrap_or(Kill::Never));
        tally.add(&played.tally);
        !enough(&played)
    });
    println!("every {calls:?} call: {tally}");
    tally
}

fn got_by(played: &Played) -> bool {
    !played.killed
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
    // A thread's calls are counted on their own: the ledger is made by one, and written by another.
    every(Calls::Page, fresh, |played| played.frozen || !played.killed);
    for calls in [Calls::Page, Calls::Sync, Calls::Removal] {
        every(calls, with_ledger, got_by);
    }
    every(Calls::Name, fresh, got_by);
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
    every(Calls::Socket, with_ledger, got_by);
    if asked_for().is_some() {
        let what = "`kill -9` at every operation on the sockets, 20 people on 4 connections, up to \
            three times";
        found("C2", what, HAPPENED);
    }
}
