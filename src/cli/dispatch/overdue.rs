//! What should have gone out and has not: for whoever watches over the machine.

use jiff::{SignedDuration, Timestamp};

use super::{
    super::{Exit, Fault, newsroom::Newsroom, output, runtime::block_on},
    Memory, Place, Queue,
    rest::rest,
};
use crate::{
    clock::Clock as _,
    ledger::{CampaignRecord, CampaignState, Ledger as _},
};

/// Cron comes once a minute, and a dispatch that begins needs some.
const GRACE: SignedDuration = SignedDuration::from_mins(10);

/// Lists it, and ends with 1 when there is something.
pub(in crate::cli) fn overdue(newsroom: &Newsroom, json: bool) -> Result<Exit, Fault> {
    let queue = Queue::read(newsroom)?;
    let (now, memory) = (newsroom.clock().now(), Memory::read(newsroom));
    let mut found: Vec<(String, String)> = Vec::new();
    for draft in &queue.drafts {
        let due = draft.due.map_or(now, |due| due.at);
        let since = format!("due {}", newsroom.when(due));
        let is_held = [&*draft.slug, ""].iter().any(|about| memory.is_held(about));
        let why = match draft.place(now, newsroom.rehearses()) {
            Place::Late => format!("{since}: too late to go by itself"),
            Place::Due if is_held => {
                format!("{since}: held, `announce dispatch --dry-run` says why")
            }
            Place::Due if is_past(due, now) => format!("{since}, and no dispatch has sent it"),
            Place::Unclear if draft.unreadable.is_some() => "it cannot be read".to_owned(),
            _ => continue,
        };
        found.push((draft.slug.clone(), why));
    }
    for record in &queue.campaigns {
        found.extend(stuck(newsroom, record, now)?.map(|why| (record.id.clone(), why)));
    }
    for (id, why) in &found {
        output::result(match json {
            true => serde_json::json!({ "schema": 1, "campaign": id, "overdue": why }).to_string(),
            false => format!("{id}: {why}"),
        });
    }
    if found.is_empty() {
        if !json {
            output::say("nothing is overdue");
        }
        return Ok(Exit::Done);
    }
    if !json {
        output::say("next: announce schedule");
    }
    Ok(Exit::Refused)
}

/// Why a campaign does not come to its end.
fn stuck(
    newsroom: &Newsroom,
    record: &CampaignRecord,
    now: Timestamp,
) -> Result<Option<String>, Fault> {
    let id = &record.id;
    match &record.state {
        CampaignState::Finished => Ok(None),
        CampaignState::Paused(reason) | CampaignState::Held(reason) => {
            Ok(Some(format!("paused: {reason}; `announce resume {id}` goes on with it")))
        }
        CampaignState::Frozen | CampaignState::Running => block_on(async {
            let ledger = newsroom.ledger()?;
            let is_idle = newsroom.sending()?.is_none();
            let rests = rest(newsroom, &ledger, id).await?.is_some();
            let due = ledger.next_due(id).await?.unwrap_or(record.changed_at);
            let is_left = is_idle && !rests && is_past(due.max(record.changed_at), now);
            Ok(is_left.then(|| format!("to be gone on with since {}", newsroom.when(due))))
        }),
    }
}

fn is_past(at: Timestamp, now: Timestamp) -> bool {
    now.duration_since(at) > GRACE
}
