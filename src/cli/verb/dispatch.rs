//! `announce dispatch`: what cron calls.

use super::super::{
    Exit, Fault, Global,
    dispatch::{self, Manner},
    newsroom::Newsroom,
};
use crate::{clock::Clock as _, schedule::read};

/// Arguments of `announce dispatch`.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Arguments {
    /// Say what would be sent, gone on with and held; send nothing
    #[arg(short = 'n', long)]
    dry_run: bool,

    /// With `--dry-run`: what would happen at that time, in the sender's time zone
    #[arg(long, value_name = "TIME", requires = "dry_run")]
    now: Option<String>,

    /// Say more than what is wrong
    #[arg(short, long)]
    verbose: bool,

    /// On stdout, one JSON document for each campaign that was worked on or is held
    #[arg(long, conflicts_with = "dry_run")]
    json: bool,
}

pub(in crate::cli) fn run(global: &Global, arguments: Arguments) -> Result<Exit, Fault> {
    let Arguments { dry_run, now, verbose, json } = arguments;
    let newsroom = Newsroom::open(global)?;
    if !dry_run {
        let presence = global.presence();
        return dispatch::dispatch(&newsroom, Manner { verbose, json, presence });
    }
    match now {
        None => dispatch::forecast(&newsroom),
        Some(text) => {
            let now = newsroom.clock().now();
            let moment = read(&text, now, &newsroom.zone());
            let moment = moment.map_err(|fault| Fault::new(Exit::Usage, fault))?;
            dispatch::forecast(&newsroom.at(moment.at))
        }
    }
}
