//! `announce suppress`: who is never mailed. The list belongs to the workspace: real campaigns and
//! rehearsals go by it, and a run at work does at once.

mod add;
mod import;
mod list;
mod remove;

use std::{io::Read as _, path::PathBuf};

use clap::{Subcommand, ValueEnum};

use super::super::{Exit, Fault, Global, newsroom::Newsroom, output};
use crate::{keys::Keys, ledger::SuppressionReason};

/// Arguments of `announce suppress`.
#[derive(Debug, clap::Args)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub(in crate::cli) struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Never mail these people again
    Add {
        /// Addresses, or what came back: the subject of an unsubscribe mail, the return path of a
        /// bounce, or the token in them; `-` reads them from stdin, one a line
        #[arg(value_name = "ADDRESS|TOKEN", required = true)]
        people: Vec<String>,

        /// Why; when left out, what a token says, or `manual`
        #[arg(long, value_enum)]
        reason: Option<Reason>,
    },
    /// Let these people be mailed again, by campaigns to come
    Remove {
        /// Addresses, or keys as the list shows them; `-` reads them from stdin, one a line
        #[arg(value_name = "ADDRESS|KEY", required = true)]
        people: Vec<String>,
    },
    /// Show who is on the list, since when and why
    List {
        /// Show addresses, for people whom a configured list still has
        #[arg(long)]
        addresses: bool,

        /// How to print it
        #[arg(long, value_enum, default_value_t = super::log::Format::Table)]
        format: super::log::Format,
    },
    /// Add the people in a CSV file: column `email`, and if you like `reason` and `date`
    Import {
        /// The file; what `announce suppress export` writes can be read again
        #[arg(value_name = "FILE")]
        file: PathBuf,

        /// Why, for rows that do not say
        #[arg(long, value_enum, default_value_t = Reason::Manual)]
        reason: Reason,
    },
    /// Write the list as CSV to stdout, with the addresses that a configured list still has
    Export,
}

/// Why somebody is not to be mailed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Reason {
    Unsubscribed,
    Bounced,
    Complained,
    Manual,
}

impl From<Reason> for SuppressionReason {
    fn from(reason: Reason) -> Self {
        match reason {
            Reason::Unsubscribed => Self::Unsubscribed,
            Reason::Bounced => Self::Bounced,
            Reason::Complained => Self::Complained,
            Reason::Manual => Self::Manual,
        }
    }
}

pub(in crate::cli) fn run(global: &Global, arguments: Arguments) -> Result<Exit, Fault> {
    let newsroom = Newsroom::open(global)?;
    match arguments.verb {
        Verb::Add { people, reason } => add::run(&newsroom, people, reason.map(Into::into)),
        Verb::Remove { people } => remove::run(&newsroom, people),
        Verb::List { addresses, format } => list::run(&newsroom, addresses, format),
        Verb::Import { file, reason } => import::run(&newsroom, &file, reason.into()),
        Verb::Export => list::run(&newsroom, true, super::log::Format::Csv),
    }
}

/// Somebody as given, and where: no message repeats what was given.
struct Given {
    place: String,
    text: String,
}

/// The arguments, and the lines of stdin where one of them is `-`.
fn given(arguments: Vec<String>) -> Result<Vec<Given>, Fault> {
    let mut all = Vec::new();
    for (number, text) in (1..).zip(arguments) {
        if text != "-" {
            all.push(Given { place: format!("argument {number}"), text });
            continue;
        }
        let mut input = Vec::new();
        std::io::stdin().lock().read_to_end(&mut input).map_err(Fault::io)?;
        let input = String::from_utf8_lossy(&input);
        let lines = (1..).zip(input.lines()).filter(|(_, line)| !line.trim().is_empty());
        all.extend(lines.map(|(number, line)| Given {
            place: format!("line {number} of the input"),
            text: line.trim().to_owned(),
        }));
    }
    Ok(all)
}

/// What tells in an export whose keys these are: the same people have others under another secret.
/// It says nothing about the secret.
fn secret_mark(keys: &Keys) -> String {
    format!("{:.8}", keys.ledger_mark().to_string())
}

/// What is the case everywhere, said where somebody may think otherwise.
fn tell_rehearser(newsroom: &Newsroom) {
    if newsroom.rehearses() {
        output::say("the list holds for real campaigns and for rehearsals");
    }
}
