//! `announce resume`: goes on with a campaign.

use super::super::{
    Exit, Fault, Global, newsroom::Newsroom, rate, runtime::block_on_all_cores, sending,
};

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

    /// One JSON document on stdout
    #[arg(long)]
    json: bool,
}

pub(in crate::cli) fn run(global: &Global, arguments: Arguments) -> Result<Exit, Fault> {
    let Arguments { campaign, limit, no_wait, json } = arguments;
    let presence = global.presence();
    let newsroom = Newsroom::open(global)?;
    block_on_all_cores(sending::resume(&newsroom, &campaign, |inputs| sending::Manner {
        course: rate::course(&newsroom, limit, presence, no_wait, inputs.deadline),
        presence,
        json,
    }))
}
