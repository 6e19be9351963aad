//! What is due when.

use super::{
    super::super::{
        Exit, Fault,
        dispatch::{Place, Queue, Scheduled, Tick, obstacle, resting},
        newsroom::Newsroom,
        output,
    },
    item::{Item, begun},
};
use crate::{
    clock::Clock as _,
    ledger::{CampaignRecord, CampaignState},
    schedule::{distance, in_full},
};

/// All of it, or one draft of this name alone.
pub(super) fn list(newsroom: &Newsroom, json: bool, only: Option<&str>) -> Result<Exit, Fault> {
    let (now, rehearses) = (newsroom.clock().now(), newsroom.rehearses());
    let queue = Queue::read(newsroom)?;
    let mut placed: Vec<(Place, &Scheduled)> =
        queue.drafts.iter().map(|draft| (draft.place(now, rehearses), draft)).collect();
    placed.retain(|(place, draft)| {
        *place != Place::Begun && only.is_none_or(|only| only == draft.slug)
    });
    placed.sort_by_key(|(place, _)| rank(*place));
    let (unready, ready): (Vec<_>, Vec<_>) =
        placed.into_iter().partition(|(place, _)| *place == Place::NotReady);

    let obstacle = if ready.is_empty() { None } else { obstacle(newsroom) };
    if let Some(fault) = obstacle.as_ref().filter(|_| !json) {
        output::say("nothing goes out by itself here:");
        fault.texts().for_each(output::say);
    }
    let mut shown = 0;
    let resting = resting(newsroom, &queue)?;
    let is_open = |record: &&CampaignRecord| record.state != CampaignState::Finished;
    let is_meant = |record: &&CampaignRecord| only.is_none_or(|only| only == record.id);
    for record in queue.campaigns.iter().filter(is_open).filter(is_meant) {
        let rests = resting.iter().find(|(id, _)| *id == record.id).map(|(_, end)| end);
        // A draft that is frozen and not begun is listed by its time.
        if record.state != CampaignState::Frozen {
            output::result(begun(newsroom, record, rests, json)?);
            shown += 1;
        }
    }
    for (place, draft) in &ready {
        let item = Item::read(newsroom, draft, *place)?;
        output::result(if json { item.json() } else { item.human(newsroom, now) });
        shown += 1;
    }
    if json {
        for (place, draft) in &unready {
            output::result(Item::read(newsroom, draft, *place)?.json());
        }
        return Ok(Exit::Done);
    }
    if !unready.is_empty() {
        output::result(not_ready(newsroom, unready.iter().map(|(_, draft)| *draft)));
    }
    if shown == 0 {
        let (what, draft) = match only {
            None => ("nothing is scheduled".to_owned(), "DRAFT"),
            Some(only) => (format!("{only} is not scheduled"), only),
        };
        output::say(format!("{what}\nnext: announce schedule {draft} --at TIME"));
        return Ok(Exit::Done);
    }
    let asleep = if rehearses { None } else { Tick::asleep(newsroom) };
    if rehearses {
        output::say("all of it goes to the sandbox: nothing will leave this machine");
    }
    let next = match &asleep {
        Some(_) => "announce schedule --print crontab",
        None => "announce dispatch --dry-run",
    };
    let asleep = asleep.map(|why| format!("{why}: nothing goes out by itself until one runs"));
    asleep.into_iter().for_each(output::say);
    output::say(format!("next: {next}"));
    Ok(Exit::Done)
}

/// What needs a person comes first, then what is due next.
fn rank(place: Place) -> u8 {
    match place {
        Place::Late => 0,
        Place::Unclear => 1,
        Place::Due => 2,
        Place::Ahead => 3,
        Place::NotReady | Place::Begun => 4,
    }
}

/// Drafts that have a time and that nobody has let go, a line each.
fn not_ready<'a>(newsroom: &Newsroom, drafts: impl Iterator<Item = &'a Scheduled>) -> String {
    let (now, zone) = (newsroom.clock().now(), newsroom.zone());
    let mut lines = vec!["not ready, and not sent".to_owned()];
    for draft in drafts {
        let due = draft.due.map(|due| {
            let (at, words) = (in_full(zone.to_datetime(due.at)), distance(due.at, now, &zone));
            format!(": {at} ({words})")
        });
        lines.push(format!("  {}{}", draft.slug, due.unwrap_or_default()));
    }
    lines.join("\n")
}
