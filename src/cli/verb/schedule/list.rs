//! What is due when.

use jiff::SignedDuration;

use super::{
    super::super::{
        Exit, Fault,
        dispatch::{Place, Queue, Scheduled, Tick},
        newsroom::Newsroom,
        output,
    },
    item::{Item, running},
};
use crate::{
    clock::Clock as _,
    schedule::{distance, in_full},
};

/// Cron calls it each minute; one run may take a while.
const GRACE: SignedDuration = SignedDuration::from_mins(10);

pub(super) fn list(newsroom: &Newsroom, json: bool) -> Result<Exit, Fault> {
    let (now, rehearses) = (newsroom.clock().now(), newsroom.rehearses());
    let queue = Queue::read(newsroom)?;
    let mut placed: Vec<(Place, &Scheduled)> =
        queue.drafts.iter().map(|draft| (draft.place(now, rehearses), draft)).collect();
    placed.retain(|(place, _)| *place != Place::Begun);
    placed.sort_by_key(|(place, _)| rank(*place));
    let (unready, ready): (Vec<_>, Vec<_>) =
        placed.into_iter().partition(|(place, _)| *place == Place::NotReady);

    let mut shown = 0;
    for record in queue.unfinished() {
        output::result(running(&record.id, json));
        shown += 1;
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
        output::say("nothing is scheduled\nnext: announce schedule DRAFT --at TIME");
        return Ok(Exit::Done);
    }
    let asleep = if rehearses { None } else { asleep(newsroom) };
    if rehearses {
        output::say("all of it goes to the sandbox: nothing will leave this machine");
    }
    let late = ready.iter().find(|(place, _)| *place == Place::Late);
    let next = match (late, &asleep) {
        (Some((_, draft)), _) => format!("announce send {}", draft.slug),
        (None, Some(_)) => "announce schedule --print crontab".to_owned(),
        (None, None) => "announce dispatch --dry-run".to_owned(),
    };
    asleep.into_iter().for_each(output::say);
    output::say(format!("next: {next}"));
    Ok(Exit::Done)
}

/// What is said where nobody calls dispatch each minute.
fn asleep(newsroom: &Newsroom) -> Option<String> {
    let Some(last) = Tick::last_look(newsroom) else {
        return Some(
            "no dispatch has run here yet: until one does, nothing goes out by itself".into(),
        );
    };
    let (now, zone) = (newsroom.clock().now(), newsroom.zone());
    (now.duration_since(last) > GRACE).then(|| {
        let words = distance(last, now, &zone);
        format!("the last dispatch ran {words}: until the next one, nothing goes out by itself")
    })
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
