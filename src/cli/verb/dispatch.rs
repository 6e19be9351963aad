//! `announce dispatch`: what cron calls.

use jiff::Timestamp;

use super::super::{
    Exit, Fault, Global,
    dispatch::{self, Manner},
    newsroom::Newsroom,
};
use crate::local_time::instant;

/// Arguments of `announce dispatch`.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Arguments {
    /// Say what would be sent, gone on with and held; send nothing
    #[arg(short = 'n', long)]
    dry_run: bool,

    /// With `--dry-run`: what would happen at that time, in the sender's time zone
    #[arg(long, value_name = "YYYY-MM-DD HH:MM", requires = "dry_run")]
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
            let at = moment(&newsroom, &text)?;
            dispatch::forecast(&newsroom.at(at))
        }
    }
}

fn moment(newsroom: &Newsroom, text: &str) -> Result<Timestamp, Fault> {
    let local = crate::draft::notation::date_time(text);
    local.and_then(|local| instant(local, &newsroom.zone())).ok_or_else(|| {
        let message = format!("`--now {text}` is not a date and time");
        Fault::with_hint(Exit::Usage, message, "write it as `2026-12-10 08:00`")
    })
}
