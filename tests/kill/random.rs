//! Kills that a seed chooses.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::{
    case::Case,
    chance::Chance,
    kill::{Kill, has_strace},
    points::{HAPPENED, asked_for, on_every_core},
    reliability::found,
};

const PEOPLE: usize = 200;

/// Kills where nobody asks for more.
const FEW: usize = 4;

/// Somewhere in what a run for so many people does: by the server's record, or at a call.
fn somewhere(chance: &mut Chance, left: usize) -> Kill {
    let mut within = |most: usize| 1 + chance.below(most.max(1));
    match if has_strace() { within(5) } else { 1 } {
        1 => Kill::Event(within(5 * left)),
        2 => Kill::Call("pwrite64", within(8 * left)),
        3 => Kill::Call("fsync", within(left)),
        4 => Kill::Call("sendto", within(2 * left)),
        _ => Kill::Call("recvfrom", within(2 * left)),
    }
}

#[test]
fn killed_at_random_nobody_gets_it_twice_and_nobody_is_lost() {
    let asked = asked_for();
    let wanted = asked.unwrap_or(FEW);
    let done = AtomicUsize::new(0);
    let tally = on_every_core(|seed, tally| {
        if done.load(Ordering::Relaxed) >= wanted {
            return false;
        }
        let mut chance = Chance::new(seed as u64);
        let (_, own) = Case::new(PEOPLE).play(|left| somewhere(&mut chance, left));
        done.fetch_add(own.kills, Ordering::Relaxed);
        tally.add(&own);
        true
    });
    println!("random: {tally}");
    if asked.is_some() {
        let what = "`kill -9` at random, 200 people on 4 connections, up to three times a campaign";
        found("C3", what, HAPPENED);
        found("F28", "`kill -9` at random times", "see C3");
    }
}
