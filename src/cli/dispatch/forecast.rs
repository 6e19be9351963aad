//! What a dispatch would do now, if "now" is what the newsroom's clock shows. Makes nothing.

use super::{
    super::{Exit, Fault, newsroom::Newsroom, output, plan_text::about, rate, runtime::block_on},
    Hold, Memory, Place, Queue, Scheduled,
    hold::ready,
    home::obstacle,
    rest::rest,
    resting_until,
};
use crate::{
    clock::Clock as _,
    diagnostic::{count, people},
    ledger::{CampaignRecord, Ledger as _},
};

/// Says it, draft by draft.
pub(in crate::cli) fn forecast(newsroom: &Newsroom) -> Result<Exit, Fault> {
    let queue = Queue::read(newsroom)?;
    let now = newsroom.clock().now();
    let at = now.to_zoned(newsroom.zone()).strftime("%A %-d %B %Y at %H:%M").to_string();
    let mut lines = Vec::new();
    let elsewhere = obstacle(newsroom);
    for record in queue.unfinished() {
        lines.push(going_on(newsroom, record)?);
    }
    for draft in &queue.drafts {
        let slug = &draft.slug;
        match draft.place(now, newsroom.rehearses()) {
            Place::Due => lines.push(starting(newsroom, draft)),
            Place::Late => {
                lines.extend(draft.due.map(|due| held(slug, &Hold::late(newsroom, slug, due))));
            }
            Place::Unclear => lines.extend(
                draft.unreadable.as_ref().map(|fault| held(slug, &Hold::unreadable(fault))),
            ),
            Place::NotReady | Place::Ahead | Place::Begun => {}
        }
    }
    let would = if lines.is_empty() { "nothing is due" } else { "dispatch would" };
    output::result(format!("{at}: {would}"));
    if let Some(fault) = elsewhere.filter(|_| !lines.is_empty()) {
        output::result("  do nothing of this:");
        for text in fault.texts() {
            output::result(indented(&text));
        }
    }
    for line in &lines {
        output::result(line);
    }
    if let Some(next) =
        queue.drafts.iter().find(|draft| draft.place(now, newsroom.rehearses()) == Place::Ahead)
        && let Some(due) = next.due
    {
        let due = due.at.to_zoned(newsroom.zone());
        let due = due.strftime("%A %-d %B %Y at %H:%M");
        output::say(format!("then comes `{}`, due on {due}", next.slug));
    }
    output::say("nothing was sent\nnext: announce schedule");
    Ok(Exit::Done)
}

fn going_on(newsroom: &Newsroom, record: &CampaignRecord) -> Result<String, Fault> {
    let id = &record.id;
    block_on(async {
        let ledger = newsroom.ledger()?;
        let books = ledger.books(id).await?.left_alone();
        let left = count(books.open(), "delivery");
        Ok(match rest(newsroom, &ledger, id).await? {
            None => format!("  go on with `{id}`: {left} to make"),
            Some(end) => format!("  let `{id}` rest: {}", resting_until(newsroom, &end)),
        })
    })
}

fn starting(newsroom: &Newsroom, draft: &Scheduled) -> String {
    let slug = &draft.slug;
    let suspected = Memory::read(newsroom).due_by_clock(slug);
    if let Some(due) = draft.due.filter(|due| Some(due.at) == suspected) {
        return held(slug, &Hold::by_clock(newsroom, slug, due));
    }
    match ready(newsroom, draft) {
        Ok(ready) => {
            let takes = rate::takes(newsroom, &ready.plan, &ready.memory.sent);
            let people = people(ready.plan.planned);
            format!("  send `{slug}` to {people}: {}", about(takes))
        }
        Err(hold) => held(slug, &hold),
    }
}

fn held(slug: &str, hold: &Hold) -> String {
    format!("  hold `{slug}` ({}):\n{}", hold.why.word(), indented(&hold.text))
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("    {line}")).collect::<Vec<_>>().join("\n")
}
