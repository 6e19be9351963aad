//! `announce preview`: the mail as everyone will see it.

use std::{
    io::{self, IsTerminal as _},
    path::{Path, PathBuf},
};

use super::super::{
    Exit, Fault, Global,
    ends::Ends,
    newsroom::Newsroom,
    output,
    runtime::serve_on_all_cores,
    studio::{CopyDesk, NewsroomStudio, files},
    who::address,
};
use crate::{
    diagnostic::{count, people},
    keys::{PersonKey, Token},
    preview::{Edition as _, Preview},
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
    let Arguments { draft, person, sandbox, no_open, out, all } = arguments;
    let person = person.map(|person| address("--for", &person)).transpose()?;
    let newsroom = Newsroom::open(global)?;
    let mut studio = NewsroomStudio::new(global, &newsroom)?;
    let slug = match &draft {
        Some(named) => {
            // One that is broken is shown as broken, as long as there is one.
            let (slug, path) = newsroom.draft_file(named)?;
            studio = studio.with_draft(slug.clone(), path);
            Some(slug)
        }
        None => None,
    };
    let key = person.map(|person| Ok::<_, Fault>(newsroom.keys(true)?.person(&person)));
    let key = key.transpose()?;
    if let (Some(slug), Some(folder)) = (&slug, out) {
        return write(&newsroom, &studio.open(slug)?, key, all, &folder);
    }
    let place = match (&slug, key) {
        (Some(slug), Some(key)) => {
            if studio.open(slug).is_ok_and(|desk| desk.position(&key.to_string()).is_none()) {
                return Err(nobody());
            }
            format!("#/drafts/{slug}?person={key}")
        }
        (Some(slug), None) => format!("#/drafts/{slug}"),
        _ if sandbox => "#/sandbox".to_owned(),
        _ => String::new(),
    };
    serve(studio, &place, no_open)
}

/// Shows the page until a signal ends it.
fn serve(studio: NewsroomStudio, place: &str, no_open: bool) -> Result<Exit, Fault> {
    let token = || {
        Token::random()
            .map_err(|error| Fault::with_hint(Exit::TryAgain, error.to_string(), "try again"))
    };
    serve_on_all_cores(async {
        let mut ends = Ends::listen().map_err(Fault::io)?;
        let preview = Preview::start(studio, token()?).await.map_err(Fault::io)?;
        let url = format!("{}{place}", preview.url());
        output::result(&url);
        if output::is_lost() {
            let hint = "is the disk full? nobody can find the page without it";
            let message = "the address could not be written";
            return Err(Fault::with_hint(Exit::TryAgain, message, hint));
        }
        output::say("for this machine alone, as long as this runs; Ctrl-C ends it");
        if !preview.is_watching() {
            output::say("changes cannot be watched here: load the page again to see them");
        }
        let opens = io::stdout().is_terminal() && !no_open;
        if opens && opener::open_browser(preview.invite(token()?, place)).is_err() {
            output::say("no browser could be opened: open the address by hand");
        }
        tokio::select! {
            ended = preview.serve() => ended.map_err(Fault::io),
            () = ends.come() => Ok(()),
        }
    })?;
    Ok(Exit::Done)
}

/// Writes copies as files, and says what could not be written.
fn write(
    newsroom: &Newsroom,
    desk: &CopyDesk,
    key: Option<PersonKey>,
    all: bool,
    named: &Path,
) -> Result<Exit, Fault> {
    let folder = &newsroom.path_from_here(named);
    if desk.people() == 0 {
        let hint = "`announce lists` shows who is there; look at `where` and `exclude` too";
        return Err(Fault::with_hint(Exit::Refused, "nobody would get it", hint));
    }
    let written = match (all, key) {
        (true, _) => files::write_all(desk, folder)?,
        (false, None) => files::write_one(desk, 0, folder)?,
        (false, Some(key)) => {
            let number = desk.position(&key.to_string()).ok_or_else(nobody)?;
            files::write_one(desk, number, folder)?
        }
    };
    let files = count(written.files as u64, "file");
    let of = match written.copies {
        0 => String::new(),
        1 => ": one person's copy".to_owned(),
        copies => format!(": the copies of {}", people(copies as u64)),
    };
    output::result(format!("{files} in {}{of}", named.display()));
    if !written.faults.is_empty() {
        return Err(Fault::refused(written.faults));
    }
    output::say("they hold addresses: keep them to yourself");
    output::say(format!("next: announce check {}", desk.line().slug));
    Ok(Exit::Done)
}

fn nobody() -> Fault {
    let hint = "the person must be on one of the draft's lists and pass its `where`";
    Fault::with_hint(Exit::Usage, "nobody with that address would get this draft", hint)
}
