//! `announce new`: a new draft.

use jiff::civil;

use super::super::{Exit, Fault, Global, newsroom::Newsroom, output};
use crate::{clock::Clock as _, config::scaffold, diagnostic::closest, draft::Answers};

/// Arguments of `announce new`.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Arguments {
    /// event, letter, statement, article, roundup, programme, or a kind of your own
    #[arg(value_name = "KIND")]
    kind: String,

    /// The subject
    #[arg(value_name = "TITLE")]
    title: String,

    /// When the event begins, in your time zone; without a time it is a whole day
    #[arg(long, value_name = "YYYY-MM-DD HH:MM", value_parser = start)]
    at: Option<Start>,

    /// Where the event is
    #[arg(long, value_name = "PLACE")]
    place: Option<String>,

    /// Who is to get it (can be given again); the only list there is when left out
    #[arg(long = "list", value_name = "LIST")]
    lists: Vec<String>,
}

pub(in crate::cli) fn run(global: &Global, arguments: Arguments) -> Result<Exit, Fault> {
    let Arguments { kind, title, at, place, lists } = arguments;
    let newsroom = Newsroom::open(global)?;
    let kinds = newsroom.templates()?.kinds;
    let Some(found) = kinds.get(&kind) else {
        let names = || kinds.keys().map(String::as_str);
        let hint = match closest(&kind, names()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("there is {}", names().collect::<Vec<_>>().join(", ")),
        };
        return Err(Fault::with_hint(Exit::Usage, format!("no kind `{kind}`"), hint));
    };
    for list in &lists {
        newsroom.workspace().list(list).map_err(|fault| Fault::new(Exit::Usage, fault))?;
    }
    // With several lists to choose from, the choice is the author's.
    let known = &newsroom.settings().lists;
    let lists = match lists.is_empty() && known.len() == 1 {
        true => known.keys().cloned().collect(),
        false => lists,
    };
    let today = newsroom.clock().now().to_zoned(newsroom.zone()).date();
    let all_day = at.is_some_and(|start| start.all_day);
    let at = at.map(|start| start.at);
    let answers = Answers { title, at, all_day, place, lists };
    let path = scaffold::new_draft(newsroom.workspace(), found, answers, today)
        .map_err(|fault| Fault::new(Exit::Usage, fault))?;
    output::result(&path);
    output::say(format!("next: announce preview {path}, and write"));
    Ok(Exit::Done)
}

/// When an event begins.
#[derive(Clone, Copy, Debug)]
struct Start {
    at: civil::DateTime,
    all_day: bool,
}

fn start(text: &str) -> Result<Start, String> {
    let at = text.parse().map_err(|_| "write it as `2026-12-03 18:30`".to_owned())?;
    Ok(Start { at, all_day: !text.contains(':') })
}
