//! Kills that a seed chooses.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::{
    case::Case,
    chance::Chance,
    kill::{Kill, has_strace},
    points::{HAPPENED, asked_for, on_every_core},
    reliability::found,
    tally::Tally,
};

const PEOPLE: usize = 200;

/// Kills where nobody asks for more.
pub(crate) const FEW: usize = 4;

/// Somewhere in what a run for so many people does: by the server's record, or at a call.
pub(crate) fn somewhere(chance: &mut Chance, left: usize) -> Kill {
    let mut within = |most: usize| 1 + chance.below(most.max(1));
    match if has_strace() { within(5) } else { 1 } {
        1 => Kill::Event(within(5 * left)),
        2 => Kill::Call("pwrite64", within(8 * left)),
        3 => Kill::Call("fsync", within(left)),
        4 => Kill::Call("sendto", within(2 * left)),
        _ => Kill::Call("recvfrom", within(2 * left)),
    }
}

/// Kills at random until as many have happened as are wanted; `scheduled` campaigns are those of cron.
fn killed(scheduled: bool) -> Tally {
    let wanted = asked_for().unwrap_or(FEW);
    let done = AtomicUsize::new(0);
    on_every_core(|seed, tally| {
        if done.load(Ordering::Relaxed) >= wanted {
            return false;
        }
        let mut chance = Chance::new(seed as u64);
        let case = Case::new(PEOPLE);
        let case = if scheduled { case.scheduled() } else { case };
        let (_, own) = case.play(|left| somewhere(&mut chance, left));
        done.fetch_add(own.kills, Ordering::Relaxed);
        tally.add(&own);
        true
    })
}

#[test]
fn killed_at_random_nobody_gets_it_twice_and_nobody_is_lost() {
    let tally = killed(false);
    println!("random: {tally}");
    if asked_for().is_some() {
        let what = "`kill -9` at random, 200 people on 4 connections, up to three times a campaign";
        found("C3", what, HAPPENED);
        found("F28", "`kill -9` at random times", "see C3");
    }
}

#[test]
fn a_dispatch_killed_at_random_is_completed_by_the_next() {
    let tally = killed(true);
    println!("random, dispatched: {tally}");
    if asked_for().is_some() {
        let what = "`kill -9` at random while `dispatch` sends what is due, 200 people on 4 \
            connections, up to three times a campaign";
        found("C4", what, HAPPENED);
    }
}
