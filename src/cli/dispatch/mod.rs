//! What goes out by itself: drafts that are let go at a time, and campaigns that are to be gone on
//! with. `schedule` and `status` look at the same queue that `dispatch` works off.

mod account;
mod forecast;
mod hold;
mod home;
mod memory;
mod overdue;
mod queue;
mod rest;
mod share;
mod tick;
mod work;

use super::{Exit, Fault, newsroom::Newsroom, output, runtime::block_on, terminal::Presence};
use crate::{clock::Clock as _, ledger::CampaignRecord};
pub(in crate::cli) use account::Account;
pub(in crate::cli) use forecast::forecast;
pub(in crate::cli) use hold::{Hold, Why};
use memory::Memory;
pub(in crate::cli) use overdue::overdue;
pub(in crate::cli) use queue::{Place, Queue, Scheduled};
pub(in crate::cli) use tick::Tick;
use work::Work;

/// How dispatch was asked to go about it.
#[derive(Clone, Copy, Debug)]
pub(in crate::cli) struct Manner {
    pub(in crate::cli) verbose: bool,
    pub(in crate::cli) json: bool,
    pub(in crate::cli) presence: Presence,
}

/// Sends what is due. Most of the time that is nothing: then no lock is taken, so that nobody who
/// sends by hand is kept from it.
pub(in crate::cli) fn dispatch(newsroom: &Newsroom, manner: Manner) -> Result<Exit, Fault> {
    newsroom.state()?;
    let mut account = Account::new(manner.verbose, manner.json);
    let queue = Queue::read(newsroom)?;
    let tick = Tick::take(newsroom);
    let rests = resting(newsroom, &queue)?;
    let warns = tick.warning(newsroom, &queue).is_some();
    if !warns && !has_work(newsroom, &queue, rests.len(), manner) {
        tick.keep(newsroom);
        if !rests.is_empty() {
            account.end_with(Exit::TryAgain);
        }
        if manner.verbose {
            output::say("nothing is due\nnext: announce schedule");
        }
        return Ok(account.close(newsroom));
    }
    let Some(lock) = newsroom.lock_if_free("dispatch")? else {
        if manner.verbose {
            output::say("another run is at work: nothing was done");
        }
        return Ok(Exit::Done);
    };
    let worked = Work::new(newsroom, manner.presence, lock, &mut account)?.work();
    let exit = account.close(newsroom);
    worked.map(|()| exit)
}

/// Unfinished campaigns with which nothing can be done now.
fn resting<'a>(newsroom: &Newsroom, queue: &'a Queue) -> Result<Vec<&'a CampaignRecord>, Fault> {
    let unfinished: Vec<&CampaignRecord> = queue.unfinished().collect();
    if unfinished.is_empty() {
        return Ok(Vec::new());
    }
    block_on(async {
        let ledger = newsroom.ledger()?;
        let mut resting = Vec::new();
        for record in unfinished {
            if rest::rest(newsroom, &ledger, &record.id).await?.is_some() {
                resting.push(record);
            }
        }
        Ok(resting)
    })
}

/// Whether there is something to send, or to say: for the first time, unless all is to be told.
fn has_work(newsroom: &Newsroom, queue: &Queue, resting: usize, manner: Manner) -> bool {
    let (now, memory) = (newsroom.clock().now(), Memory::read(newsroom));
    let is_quiet = !manner.verbose && !manner.json;
    let is_told = |slug: &str, hold: Hold| is_quiet && memory.knows(slug, &hold.mark);
    let drafts = queue.drafts.iter().any(|draft| {
        match (draft.place(now, newsroom.rehearses()), draft.due, &draft.unreadable) {
            (Place::Due, ..) => true,
            (Place::Late, Some(due), _) => {
                !is_told(&draft.slug, Hold::late(newsroom, &draft.slug, due))
            }
            (Place::Unclear, _, Some(fault)) => !is_told(&draft.slug, Hold::unreadable(fault)),
            _ => false,
        }
    });
    drafts || queue.unfinished().count() > resting
}
