//! `announce stop`: asks the run in another terminal to stop.

use super::super::{Exit, Fault, Global, newsroom::Newsroom, output, runtime::block_on};
use crate::{
    clock::Clock as _,
    ledger::{CampaignState, Ledger as _},
};

/// Arguments of `announce stop`.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Arguments {
    /// The campaign
    #[arg(value_name = "ID")]
    campaign: String,
}

pub(in crate::cli) fn run(global: &Global, arguments: Arguments) -> Result<Exit, Fault> {
    let Arguments { campaign } = arguments;
    let newsroom = Newsroom::open(global)?;
    block_on(async {
        let ledger = newsroom.existing_ledger()?;
        let Some(record) = ledger.campaign(&campaign).await? else {
            return Err(newsroom.unknown_campaign(&ledger, &campaign).await);
        };
        match newsroom.sending()? {
            // Deferred or capped: dispatch would go on with it.
            None if matches!(record.state, CampaignState::Running | CampaignState::Frozen) => {
                let paused = CampaignState::Paused("stopped".to_owned());
                ledger.set_state(&campaign, paused, newsroom.clock().now()).await?;
                output::say(format!("paused\nnext: announce resume {campaign}"));
            }
            None => output::say("no run is at work: there is nothing to stop"),
            // It has its turn later.
            Some(other) if other != campaign && record.state == CampaignState::Running => {
                ledger.request_stop(&campaign).await?;
                output::say("asked the run to stop it before its next turn");
                output::say(format!("next: announce status {campaign}"));
            }
            Some(other) if other != campaign && !other.is_empty() => {
                output::say(format!("`{campaign}` is not being sent; `{other}` is"));
            }
            Some(_) => {
                ledger.request_stop(&campaign).await?;
                output::say("asked the run to stop; it finishes what is on the wire");
                output::say(format!("next: announce status {campaign}"));
            }
        }
        Ok(Exit::Done)
    })
}
