//! `announce status`: the books.

use super::super::{Exit, Fault, Global, newsroom::Newsroom, output, plan_text::books};
use crate::{
    campaign::Summary,
    ledger::{CampaignRecord, CampaignState, Ledger as _, SqliteLedger},
};

/// Arguments of `announce status`.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Arguments {
    /// The campaign; all of them when left out
    #[arg(value_name = "ID")]
    campaign: Option<String>,

    /// JSON on stdout: one document for a campaign, one line each for all of them
    #[arg(long)]
    json: bool,
}

pub(in crate::cli) fn run(global: &Global, arguments: Arguments) -> Result<Exit, Fault> {
    let Arguments { campaign, json } = arguments;
    let newsroom = Newsroom::open(global)?;
    if campaign.is_none() && !newsroom.has_ledger() {
        output::say("no campaign yet\nnext: announce send DRAFT --dry-run");
        return Ok(Exit::Done);
    }
    newsroom.block_on(async {
        let ledger = newsroom.existing_ledger()?;
        let campaigns = match &campaign {
            None => ledger.campaigns().await?,
            Some(id) => match ledger.campaign(id).await? {
                Some(record) => vec![record],
                None => return Err(newsroom.unknown_campaign(&ledger, id).await),
            },
        };
        for record in campaigns {
            show(&newsroom, &ledger, &record, json).await?;
        }
        if newsroom.rehearses() && !json {
            output::say("these are rehearsals in the sandbox: nothing left this machine");
        }
        Ok(Exit::Done)
    })
}

async fn show(
    newsroom: &Newsroom,
    ledger: &SqliteLedger,
    record: &CampaignRecord,
    json: bool,
) -> Result<(), Fault> {
    let summary =
        Summary::of_campaign(&record.id, &record.digest, &ledger.books(&record.id).await?);
    if json {
        output::result(summary.json());
        return Ok(());
    }
    let since = newsroom.when(record.changed_at);
    let state = match &record.state {
        CampaignState::Frozen => format!("frozen {since}, not started"),
        CampaignState::Running if newsroom.sending()?.as_deref() == Some(&record.id) => {
            "being sent now".to_owned()
        }
        CampaignState::Running => format!("to be continued; last run {since}"),
        CampaignState::Finished => format!("finished {since}"),
        CampaignState::Paused(reason) => format!("paused {since}: {reason}"),
        CampaignState::Held(reason) => format!("held {since}: {reason}"),
    };
    output::result(format!("{}\n  {state}", books(&summary)));
    if let Some(due) = ledger.next_due(&record.id).await? {
        output::result(format!("  next try {}", newsroom.when(due)));
    }
    Ok(())
}
