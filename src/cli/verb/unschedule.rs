//! `announce unschedule`: takes a draft out of the schedule.

use super::{
    super::{Exit, Fault, Global, newsroom::Newsroom, output, runtime::block_on},
    schedule::stamped,
};
use crate::{
    clock::Clock as _,
    draft::{Draft, Publication, Stamp, Timing},
    ledger::{CampaignRecord, CampaignState, Ledger as _},
    schedule::{Due, distance, in_full},
};

/// Arguments of `announce unschedule`.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Arguments {
    /// The draft: a path, or its name in drafts/
    #[arg(value_name = "DRAFT")]
    draft: String,
}

pub(in crate::cli) fn run(global: &Global, arguments: Arguments) -> Result<Exit, Fault> {
    let newsroom = Newsroom::open(global)?;
    let file = newsroom.draft_text(&arguments.draft)?;
    let (slug, name) = (&file.slug, &file.source.name);
    refuse_if_begun(&newsroom, slug)?;
    if let Some(told) = over(&newsroom, slug)? {
        output::say(told);
        return Ok(Exit::Done);
    }
    let timing = match Timing::read(&file.source) {
        Ok(timing) => timing,
        Err(_) => timing_of(&newsroom.draft(&arguments.draft, &newsroom.templates()?)?),
    };
    if timing.status == Publication::Draft {
        output::say(format!(
            "{slug} is not scheduled: there is nothing to undo\n\
             next: announce schedule {slug} --at TIME"
        ));
        return Ok(Exit::Done);
    }
    let stamp = Stamp { status: Some(Publication::Draft), ..Stamp::default() };
    let text = stamped(&newsroom, &file, &stamp)?.text;
    newsroom
        .workspace()
        .rewrite(&file, &text)
        .map_err(|fault| Fault::new(Exit::TryAgain, fault))?;
    // A run may have read the draft just before.
    refuse_if_begun(&newsroom, slug)?;

    let (now, zone) = (newsroom.clock().now(), newsroom.zone());
    let due = timing.send_at.and_then(|at| Due::new(at, &zone, None));
    output::result(match due {
        Some(due) => {
            let (when, words) = (in_full(zone.to_datetime(due.at)), distance(due.at, now, &zone));
            format!("{slug} does not go out by itself any more; it was due on {when} ({words})")
        }
        None => format!("{slug} is not ready any more; it had no time"),
    });
    output::result(format!("written into {name}:\n  {}", stamp.lines().join("\n  ")));
    output::say(format!("next: announce schedule {slug} --at TIME"));
    Ok(Exit::Done)
}

fn timing_of(draft: &Draft) -> Timing {
    let send_at = draft.front.send_at.as_ref().map(|at| at.value);
    Timing { status: draft.front.status, send_at, late_after: draft.front.late_after }
}

/// What is said where there is nothing to take back any more.
fn over(newsroom: &Newsroom, slug: &str) -> Result<Option<String>, Fault> {
    let record = campaign(newsroom, slug)?.filter(|_| !newsroom.rehearses());
    Ok(record.and_then(|record| {
        let when = newsroom.when(record.changed_at);
        match record.state {
            CampaignState::Finished => Some(format!(
                "{slug} has been sent, finished {when}: there is nothing to take back\n\
                 next: announce log {slug}"
            )),
            CampaignState::Paused(_) | CampaignState::Held(_) => Some(format!(
                "{slug} has been begun, and was paused {when}: it does not go on by itself\n\
                 next: announce status {slug}"
            )),
            CampaignState::Frozen | CampaignState::Running => None,
        }
    }))
}

fn campaign(newsroom: &Newsroom, slug: &str) -> Result<Option<CampaignRecord>, Fault> {
    block_on(async {
        match newsroom.has_ledger()? {
            true => Ok(newsroom.ledger()?.campaign(slug).await?),
            false => Ok(None),
        }
    })
}

/// What is on its way is not called back by its draft.
pub(super) fn refuse_if_begun(newsroom: &Newsroom, slug: &str) -> Result<(), Fault> {
    let is_at_work = newsroom.sending()?.is_some_and(|id| id == slug);
    let record = campaign(newsroom, slug)?;
    let is_running = record.is_some_and(|record| record.state == CampaignState::Running);
    if !is_at_work && !is_running {
        return Ok(());
    }
    Err(Fault::with_hint(
        Exit::Refused,
        format!("`{slug}` is being sent already, as it was a moment ago"),
        format!("`announce stop {slug}` stops it before more people get it"),
    ))
}
