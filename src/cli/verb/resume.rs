//! `announce resume`: goes on with a campaign.

use super::super::{
    Exit, Fault, Global,
    changed::moved,
    newsroom::Newsroom,
    rate,
    runtime::{block_on, block_on_all_cores},
    sending,
};
use crate::ledger::Ledger as _;

/// Arguments of `announce resume`.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Arguments {
    /// The campaign
    #[arg(value_name = "ID")]
    campaign: String,

    /// Try this many people now and pause again
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    limit: Option<u64>,

    /// On a terminal, do not wait for people who are to be tried again within 15 minutes
    #[arg(long)]
    no_wait: bool,

    /// Let the others have the day, time or place of before, although the draft says another by now
    #[arg(long)]
    as_it_was: bool,

    /// One JSON document on stdout
    #[arg(long)]
    json: bool,
}

pub(in crate::cli) fn run(global: &Global, arguments: Arguments) -> Result<Exit, Fault> {
    let Arguments { campaign, limit, no_wait, as_it_was, json } = arguments;
    let presence = global.presence();
    let newsroom = Newsroom::open(global)?;
    if !as_it_was {
        refuse_moved(&newsroom, &campaign)?;
    }
    block_on_all_cores(sending::resume(&newsroom, &campaign, |inputs| sending::Manner {
        course: rate::course(&newsroom, limit, presence, no_wait, inputs.deadline),
        presence,
        json,
    }))
}

/// Refuses to send people to a place that their draft does not name any more.
fn refuse_moved(newsroom: &Newsroom, id: &str) -> Result<(), Fault> {
    let moved = block_on(async {
        let ledger = newsroom.existing_ledger()?;
        match ledger.campaign(id).await? {
            Some(record) => moved(newsroom, &ledger, &record).await,
            None => Ok(None),
        }
    })?;
    let Some((fact, draft)) = moved else { return Ok(()) };
    let (was, is) = (fact.was.unwrap_or_default(), fact.is.unwrap_or_default());
    let aspect = fact.aspect.to_string().to_lowercase();
    let message = format!("the {aspect} of `{id}` was `{was}`, and {draft} says `{is}`");
    let hint = format!(
        "`announce correct {id}` tells those who have it, and lets the others have it as it is now; \
         `--as-it-was` sends them what was frozen"
    );
    Err(Fault::with_hint(Exit::Refused, format!("{message}: nothing was sent"), hint))
}
