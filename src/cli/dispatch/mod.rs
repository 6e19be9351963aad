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
mod turn;
mod work;

use super::{Exit, Fault, newsroom::Newsroom, output, runtime::block_on, terminal::Presence};
use crate::{campaign::End, clock::Clock as _, ledger::CampaignRecord};
pub(in crate::cli) use account::Account;
pub(in crate::cli) use forecast::forecast;
pub(in crate::cli) use hold::{Hold, Why};
pub(in crate::cli) use home::obstacle;
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
    let mut memory = Memory::read(newsroom);
    match look(newsroom, &mut memory, manner, &mut account) {
        Ok(true) => {}
        Ok(false) => {
            memory.save()?;
            return Ok(account.close(newsroom));
        }
        // It may stay so for long.
        Err(fault) => {
            let text = fault.texts().collect::<Vec<_>>().join("\n");
            account.trouble(&fault, memory.note("", &text));
            memory.save()?;
            return Ok(account.close(newsroom));
        }
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

/// Whether there is something to send, or to say: for the first time, unless all is to be told.
fn look(
    newsroom: &Newsroom,
    memory: &mut Memory,
    manner: Manner,
    account: &mut Account,
) -> Result<bool, Fault> {
    let queue = Queue::read(newsroom)?;
    let tick = Tick::take(newsroom);
    let resting = resting(newsroom, &queue)?;
    let has_more = queue.unfinished().count() > resting.len();
    let is_quiet = !manner.verbose && !manner.json;
    let (now, rehearses) = (newsroom.clock().now(), newsroom.rehearses());
    let is_new = |draft: &Scheduled, hold: Hold| {
        !is_quiet || !memory.knows(&draft.slug, &hold.known_as(draft))
    };
    let mut drafts = queue.drafts.iter().map(|draft| {
        match (draft.place(now, rehearses), draft.due, &draft.unreadable) {
            (Place::Due, ..) => true,
            (Place::Late, Some(due), _) => is_new(draft, Hold::late(newsroom, &draft.slug, due)),
            (Place::Unclear, _, Some(fault)) => is_new(draft, Hold::unreadable(fault)),
            _ => false,
        }
    });
    if has_more || drafts.any(|has_work| has_work) || tick.warning(newsroom, &queue).is_some() {
        return Ok(true);
    }
    tick.keep(newsroom);
    queue.forget_others(newsroom, memory);
    for (id, end) in &resting {
        account.end_with(Exit::TryAgain);
        if manner.verbose {
            output::say(format!("`{id}` rests: {}", resting_until(newsroom, end)));
        }
    }
    if manner.verbose {
        let more = if resting.is_empty() { "" } else { "more " };
        output::say(format!("nothing {more}is due\nnext: announce schedule"));
    }
    Ok(false)
}

/// Unfinished campaigns with which nothing can be done now, and why.
pub(in crate::cli) fn resting(
    newsroom: &Newsroom,
    queue: &Queue,
) -> Result<Vec<(String, End)>, Fault> {
    let unfinished: Vec<&CampaignRecord> = queue.unfinished().collect();
    if unfinished.is_empty() {
        return Ok(Vec::new());
    }
    block_on(async {
        let ledger = newsroom.ledger()?;
        let mut resting = Vec::new();
        for record in unfinished {
            let rest = rest::rest(newsroom, &ledger, &record.id).await?;
            resting.extend(rest.map(|end| (record.id.clone(), end)));
        }
        Ok(resting)
    })
}

/// Until when a campaign rests, and why.
pub(in crate::cli) fn resting_until(newsroom: &Newsroom, end: &End) -> String {
    match end {
        End::Deferred { until } => format!("the next try is due {}", newsroom.when(*until)),
        End::Capped { until } => format!("the cap is used up until {}", newsroom.time(*until)),
        _ => "nothing can be done now".to_owned(),
    }
}
