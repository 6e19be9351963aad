//! `announce schedule`: what is due when; puts a draft there; sets up who sends it.

mod item;
mod list;
mod print;
mod set;

pub(super) use set::stamped;

use super::super::{Exit, Fault, Global, newsroom::Newsroom};

/// Arguments of `announce schedule`.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Arguments {
    /// The draft: a path, or its name in drafts/; all that is to go out when left out
    #[arg(value_name = "DRAFT", conflicts_with = "print")]
    draft: Option<String>,

    /// When it goes out, in the sender's time zone: `Thu 2026-12-10 08:00`, `tomorrow 08:00`
    #[arg(long, value_name = "TIME", requires = "draft")]
    at: Option<String>,

    /// Print what makes this machine send what is due
    #[arg(long, value_name = "FOR", conflicts_with = "at")]
    print: Option<print::Format>,

    /// One JSON document a line, for each draft
    #[arg(long, conflicts_with_all = ["at", "print"])]
    json: bool,
}

pub(in crate::cli) fn run(global: &Global, arguments: Arguments) -> Result<Exit, Fault> {
    let Arguments { draft, at, print, json } = arguments;
    let newsroom = Newsroom::open(global)?;
    match (draft, at, print) {
        (Some(draft), Some(at), _) => set::set(&newsroom, &draft, &at),
        (_, _, Some(format)) => print::print(&newsroom, format),
        (Some(draft), None, None) => {
            let slug = newsroom.draft_text(&draft)?.slug;
            list::list(&newsroom, json, Some(&slug))
        }
        _ => list::list(&newsroom, json, None),
    }
}
