//! `announce preview`: the mail as everyone will see it.

use std::{io::IsTerminal as _, path::PathBuf};

use super::super::{
    Exit, Fault, Global, ends::Ends, newsroom::Newsroom, output, runtime::block_on_all_cores,
    studio::NewsroomStudio, who::address,
};
use crate::{
    keys::{NoRandomness, Token},
    preview::Preview,
};

const AFTER_HELP: &str = "\
The page is for this machine alone: it is found only under the address that is printed, and nothing
on it can send. Saves to drafts, templates, lists and announce.toml show at once. `?` on the page
lists its keys. Ctrl-C ends it.

  announce preview 2026-12-03-open-evening
  announce preview 2026-12-03-open-evening --out proofs --all
  announce preview --sandbox";

/// Arguments of `announce preview`.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub(in crate::cli) struct Arguments {
    /// The draft to begin with: a path, or its name in drafts/
    #[arg(value_name = "DRAFT")]
    draft: Option<String>,

    /// Begin with the copy of this person on the draft's lists
    #[arg(long = "for", value_name = "ADDRESS", requires = "draft")]
    person: Option<String>,

    /// Begin with the mails that rehearsals have caught
    #[arg(long, conflicts_with_all = ["draft", "out"])]
    sandbox: bool,

    /// Print the address of the page and open no browser
    #[arg(long)]
    no_open: bool,

    /// Write the mail into this folder, as .html, .txt and .eml, and end
    #[arg(long, value_name = "DIR", requires = "draft")]
    out: Option<PathBuf>,

    /// With --out: write everybody's mail
    #[arg(long, requires = "out", conflicts_with = "person")]
    all: bool,
}

pub(in crate::cli) fn run(global: &Global, arguments: Arguments) -> Result<Exit, Fault> {
    let Arguments { draft, person, sandbox, no_open, out: _, all: _ } = arguments;
    let person = person.map(|person| address("--for", &person)).transpose()?;
    let newsroom = Newsroom::open(global)?;
    let mut studio = NewsroomStudio::new(global, &newsroom)?;
    let mut place = if sandbox { "#/sandbox".to_owned() } else { String::new() };
    if let Some(named) = &draft {
        // One that is broken is shown as broken, as long as there is one.
        let (slug, path) = newsroom.draft_file(named)?;
        place = format!("#/drafts/{slug}");
        studio = studio.with_draft(slug, path);
    }
    if let Some(person) = person {
        let key = newsroom.keys(true)?.person(&person);
        place.push_str(&format!("?person={key}"));
    }
    let token = Token::random().map_err(|NoRandomness| {
        let error = NoRandomness.to_string();
        Fault::with_hint(Exit::TryAgain, error, "try again")
    })?;
    block_on_all_cores(async {
        let mut ends = Ends::listen().map_err(Fault::io)?;
        let preview = Preview::start(studio, token).await.map_err(Fault::io)?;
        let url = format!("{}{place}", preview.url());
        output::result(&url);
        output::say("for this machine alone, as long as this runs; Ctrl-C ends it");
        if !preview.is_watching() {
            output::say("changes cannot be watched here: load the page again to see them");
        }
        if std::io::stdout().is_terminal() && !no_open && opener::open_browser(&url).is_err() {
            output::say("no browser could be opened: open the address by hand");
        }
        tokio::select! {
            ended = preview.serve() => ended.map_err(Fault::io),
            () = ends.come() => Ok(()),
        }
    })?;
    Ok(Exit::Done)
}
