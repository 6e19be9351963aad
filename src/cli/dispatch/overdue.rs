//! What should have gone out and has not: for whoever watches over the machine.

use jiff::Timestamp;
use serde::Serialize;

use super::{
    super::{Exit, Fault, newsroom::Newsroom, output, runtime::block_on},
    Memory, Place, Queue, Tick,
    rest::rest,
    tick::GRACE,
};
use crate::{
    clock::Clock as _,
    ledger::{CampaignRecord, CampaignState, Ledger as _},
};

/// One line of `--json`.
#[derive(Serialize)]
struct Line<'a> {
    schema: u8,
    /// Empty where it concerns all of them.
    campaign: &'a str,
    overdue: &'a str,
    next: &'a str,
}

/// Something that should not be so: of which campaign, why, and the next command.
struct Overdue {
    id: String,
    why: String,
    next: String,
}

/// Lists it, and ends with 1 when there is something.
pub(in crate::cli) fn overdue(newsroom: &Newsroom, json: bool) -> Result<Exit, Fault> {
    let queue = Queue::read(newsroom)?;
    let found = found(newsroom, &queue)?;
    for Overdue { id, why, next } in &found {
        output::result(if json {
            let line = Line { schema: 1, campaign: id, overdue: why, next };
            serde_json::to_string(&line).unwrap_or_default()
        } else if id.is_empty() {
            why.clone()
        } else {
            format!("{id}: {why}")
        });
    }
    let Some(first) = found.first() else {
        if !json {
            output::say("nothing is overdue");
        }
        return Ok(Exit::Done);
    };
    if !json {
        output::say(format!("next: {}", first.next));
    }
    Ok(Exit::Refused)
}

fn found(newsroom: &Newsroom, queue: &Queue) -> Result<Vec<Overdue>, Fault> {
    let (now, memory, rehearses) =
        (newsroom.clock().now(), Memory::read(newsroom), newsroom.rehearses());
    let mut found = Vec::new();
    let waits = queue
        .drafts
        .iter()
        .any(|draft| matches!(draft.place(now, rehearses), Place::Ahead | Place::Due));
    if (waits || queue.unfinished().next().is_some()) && !rehearses {
        let why =
            Tick::asleep(newsroom).filter(|_| newsroom.sending().is_ok_and(|at| at.is_none()));
        let next = "announce schedule --print crontab".to_owned();
        found.extend(why.map(|why| Overdue { id: String::new(), why, next }));
    }
    for draft in &queue.drafts {
        let due = draft.due.map_or(now, |due| due.at);
        let since = format!("due {}", newsroom.when(due));
        let is_held = [&*draft.slug, ""].iter().any(|about| memory.is_held(about));
        let why = match draft.place(now, rehearses) {
            Place::Late => format!("{since}: too late to go out by itself"),
            Place::Due if is_held => format!("{since}, and held"),
            Place::Due if is_past(due, now) => format!("{since}, and no dispatch has sent it"),
            Place::Unclear if draft.unreadable.is_some() => {
                "it may be due, and cannot be read".to_owned()
            }
            _ => continue,
        };
        let next = "announce dispatch --dry-run".to_owned();
        found.push(Overdue { id: draft.slug.clone(), why, next });
    }
    for record in &queue.campaigns {
        let next = format!("announce resume {}", record.id);
        let why = stuck(newsroom, record, &memory)?;
        found.extend(why.map(|why| Overdue { id: record.id.clone(), why, next }));
    }
    Ok(found)
}

/// Why a campaign does not come to its end.
fn stuck(
    newsroom: &Newsroom,
    record: &CampaignRecord,
    memory: &Memory,
) -> Result<Option<String>, Fault> {
    let (id, now) = (&record.id, newsroom.clock().now());
    match &record.state {
        CampaignState::Finished => Ok(None),
        CampaignState::Paused(reason) | CampaignState::Held(reason) => {
            Ok(Some(format!("paused {}: {reason}", newsroom.when(record.changed_at))))
        }
        CampaignState::Running if memory.is_held(id) => {
            Ok(Some("begun, and the last dispatch could not go on with it".to_owned()))
        }
        CampaignState::Frozen | CampaignState::Running => block_on(async {
            let ledger = newsroom.ledger()?;
            let is_idle = newsroom.sending()?.is_none();
            let rests = rest(newsroom, &ledger, id).await?.is_some();
            let due = ledger.next_due(id).await?.unwrap_or(record.changed_at);
            let is_left = is_idle && !rests && is_past(due.max(record.changed_at), now);
            Ok(is_left.then(|| format!("waiting since {}", newsroom.time(due))))
        }),
    }
}

fn is_past(at: Timestamp, now: Timestamp) -> bool {
    now.duration_since(at) > GRACE
}
