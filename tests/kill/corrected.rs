//! A correction that is killed, at every write to the ledger and at random.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::{
    case::First,
    chance::Chance,
    kill::{Kill, has_strace},
    points::{HAPPENED, STRIDE, asked_for, on_every_core},
    random::{FEW, somewhere},
    reliability::found,
    talk::Talk,
};

/// How the change gets to the disk: the notice's draft, the ledger, the receipt.
const CALLS: [&str; 4] = ["pwrite64", "fsync", "renameat", "write"];

#[test]
fn a_correction_killed_at_any_write_reaches_whoever_has_the_old_room_and_nobody_else() {
    if !has_strace() {
        return;
    }
    let stride = if asked_for().is_some() { 1 } else { STRIDE };
    let calls = if asked_for().is_some() { &CALLS[..] } else { &CALLS[..1] };
    for name in calls {
        let tally = on_every_core(|turn, tally| {
            let number = 1 + turn * stride;
            let mut chance = Chance::new(number as u64);
            let mut kills = vec![Kill::Call(name, number)];
            for _ in 0..chance.below(3) {
                kills.push(Kill::Call("pwrite64", 1 + chance.below(200)));
            }
            let mut kills = kills.into_iter();
            let (first, own) = Talk::new(20).play(|_| kills.next().unwrap_or(Kill::Never));
            tally.add(&own);
            first != First::Passed
        });
        println!("a correction, every {name}: {tally}");
    }
    if asked_for().is_some() {
        let what = "`kill -9` at every write of a correction: 12 of 20 people have the old room";
        found("C6", what, HAPPENED);
    }
}

#[test]
fn a_correction_killed_at_random_reaches_whoever_has_the_old_room_and_nobody_else() {
    let wanted = asked_for().unwrap_or(FEW);
    let done = AtomicUsize::new(0);
    let tally = on_every_core(|seed, tally| {
        if done.load(Ordering::Relaxed) >= wanted {
            return false;
        }
        let mut chance = Chance::new(seed as u64);
        let (_, own) = Talk::new(100).play(|left| somewhere(&mut chance, left));
        done.fetch_add(own.kills, Ordering::Relaxed);
        tally.add(&own);
        true
    });
    println!("a correction, random: {tally}");
    if asked_for().is_some() {
        let what = "`kill -9` at random while a change of room is sent to 60 of 100 people, and the \
            right room to the other 40, up to three times";
        found("C7", what, HAPPENED);
    }
}
