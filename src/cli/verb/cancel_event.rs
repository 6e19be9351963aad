//! `announce cancel-event`: tells those who heard of an event that it does not take place.

use serde_json::Value;

use super::super::{
    Exit, Fault, Global,
    newsroom::Newsroom,
    notices::{Asked, tell},
    runtime::block_on,
    terms::Terms,
    thread::{is_in_calendars, refuse_cancelled, sent, told},
};
use crate::{
    ledger::{Follows, Ledger as _, Relation},
    notice::Notice,
};

/// Arguments of `announce cancel-event`.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Arguments {
    /// The campaign that told people of the event
    #[arg(value_name = "ID")]
    campaign: String,

    /// Say why, in a sentence of yours
    #[arg(long, value_name = "TEXT")]
    because: Option<String>,

    /// Write the notice into drafts/ and send nothing: to edit, preview, approve or schedule it
    #[arg(long, conflicts_with = "dry_run")]
    save: bool,

    #[command(flatten)]
    terms: Terms,
}

pub(in crate::cli) fn run(global: &Global, arguments: Arguments) -> Result<Exit, Fault> {
    let Arguments { campaign, because, save, terms } = arguments;
    let newsroom = Newsroom::open(global)?;
    let record = sent(&newsroom, &campaign)?;
    let (told, thread, in_calendars) = block_on(async {
        let ledger = newsroom.ledger()?;
        let in_calendars = is_in_calendars(&ledger, &record).await?;
        let told = told(&ledger, &campaign, record.revision).await?;
        Ok((told, ledger.thread(&campaign).await?, in_calendars))
    })?;
    let corrects = |follows: &&Follows| follows.relation != Relation::FollowUp;
    if let Some(follows) = record.follows.as_ref().filter(corrects) {
        let hint = format!("`announce cancel-event {}`", follows.campaign);
        let message = format!("`{campaign}` follows `{}`: that one told of it", follows.campaign);
        return Err(Fault::with_hint(Exit::Usage, message, hint));
    }
    refuse_cancelled(&campaign, &campaign, &thread)?;
    let front = &told.shape.front_matter;
    let Some(event) = front.get("event").and_then(Value::as_object) else {
        let message = format!("`{campaign}` told of no event");
        let hint = format!("`announce correct {campaign} --draft DRAFT` takes back what it said");
        return Err(Fault::with_hint(Exit::Usage, message, hint));
    };
    let notice = Notice {
        follows: &campaign,
        front,
        event,
        facts: &[],
        cancelled: true,
        again: false,
        calendar: in_calendars,
        because: because.as_deref().map(str::trim).filter(|because| !because.is_empty()),
    };
    let sender = &newsroom.settings().sender.language;
    let language = front.get("language").and_then(Value::as_str).unwrap_or(sender);
    let asked = Asked { save, terms: &terms, verb: "cancel-event" };
    tell(global, &newsroom, &newsroom.templates()?, &notice, language, &asked)
}
