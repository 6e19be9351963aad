//! `announce stop`: asks the run in another terminal to stop.

use super::super::{Exit, Fault, Global, newsroom::Newsroom, output};
use crate::ledger::Ledger as _;

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
    newsroom.block_on(async {
        let ledger = newsroom.existing_ledger()?;
        if ledger.campaign(&campaign).await?.is_none() {
            return Err(newsroom.unknown_campaign(&ledger, &campaign).await);
        }
        match newsroom.sending()? {
            None => output::say("no run is at work: there is nothing to stop"),
            Some(other) if other != campaign => {
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
