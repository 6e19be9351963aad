//! `announce log`: every try, with what the server said.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use clap::ValueEnum;

use super::super::{
    Exit, Fault, Global,
    audience::listed_addresses,
    log_format::{CSV_HEADER, Columns, Line},
    newsroom::Newsroom,
    output,
    runtime::block_on,
    standing::{self, Lasts},
    who::address,
};
use crate::{
    keys::PersonKey,
    ledger::{Ledger as _, LogFilter},
};

/// Arguments of `announce log`.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Arguments {
    /// Only this campaign
    #[arg(value_name = "ID")]
    campaign: Option<String>,

    /// Only this person, by address
    #[arg(long, value_name = "ADDRESS")]
    to: Option<String>,

    /// Show addresses, for people whom a configured list still has
    #[arg(long)]
    addresses: bool,

    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

/// How the log is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Format {
    /// For people
    Table,
    /// For spreadsheets
    Csv,
    /// For programs: one JSON document a line
    Jsonl,
}

pub(in crate::cli) fn run(global: &Global, arguments: Arguments) -> Result<Exit, Fault> {
    let Arguments { campaign, to, addresses, format } = arguments;
    let newsroom = Newsroom::open(global)?;
    if !newsroom.has_ledger()? {
        output::say("nothing has been sent yet\nnext: announce send DRAFT --dry-run");
        return Ok(Exit::Done);
    }
    let person = match &to {
        Some(to) => Some(newsroom.existing_keys()?.person(&address("--to", to)?)),
        None => None,
    };
    let known: HashMap<PersonKey, String> = match (&to, addresses) {
        (Some(to), _) => person.map(|person| (person, to.clone())).into_iter().collect(),
        (None, true) => listed_addresses(&newsroom)?,
        (None, false) => HashMap::new(),
    };
    let columns = Columns { campaign: campaign.is_none(), address: addresses || to.is_some() };
    let zone = newsroom.zone();
    block_on(async {
        let ledger = newsroom.existing_ledger()?;
        if let Some(id) = &campaign
            && ledger.campaign(id).await?.is_none()
        {
            return Err(newsroom.unknown_campaign(&ledger, id).await);
        }
        let lasts = Lasts::default();
        let noted = lasts.clone();
        let filter = LogFilter { campaign: campaign.clone(), person };
        let shown = Arc::new(AtomicBool::new(false));
        let any = Arc::clone(&shown);
        ledger
            .log(filter, move |entry| {
                if person.is_some() {
                    noted.note(&entry);
                }
                let first = !any.swap(true, Ordering::Relaxed);
                let address = known.get(&entry.person).map(String::as_str);
                let line = Line { entry: &entry, address, columns, zone: &zone };
                let (header, text) = match format {
                    Format::Table => (Some(columns.header()), line.table()),
                    Format::Csv => (Some(CSV_HEADER.to_owned()), line.csv()),
                    Format::Jsonl => (None, line.jsonl()),
                };
                // A reader that has gone away needs no more lines.
                header.filter(|_| first).is_none_or(output::result) && output::result(text)
            })
            .await?;
        if let Some(person) = person {
            let id = campaign.as_deref();
            let told = standing::sentences(&newsroom, &ledger, id, person, &lasts).await?;
            told.iter().for_each(output::say);
        } else if !shown.load(Ordering::Relaxed) {
            output::say("no try is in the log yet");
        }
        Ok(Exit::Done)
    })
}
