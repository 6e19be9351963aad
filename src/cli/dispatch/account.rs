//! What a dispatch has to say at its end: to cron, which mails it; to people; to programs.

use std::collections::HashSet;

use serde::Serialize;

use super::{
    super::{Exit, Fault, ending::Ending, newsroom::Newsroom, output, plan_text::books},
    Hold,
};
use crate::{
    campaign::End,
    clock::Clock as _,
    diagnostic::{count, people},
};

/// One line of `--json` about a draft that is held.
#[derive(Serialize)]
struct Line<'a> {
    schema: u8,
    campaign: &'a str,
    held: &'a str,
    message: &'a str,
    new: bool,
}

/// What became of everything.
pub(in crate::cli) struct Account {
    /// Somebody wants to hear more than what is wrong.
    pub(super) is_verbose: bool,
    json: bool,
    /// What is wrong and has not been said yet.
    news: Vec<String>,
    /// What was held, and why.
    held: HashSet<(String, String)>,
    exit: Exit,
}

impl Account {
    pub(super) fn new(is_verbose: bool, json: bool) -> Self {
        Self { is_verbose, json, news: Vec::new(), held: HashSet::new(), exit: Exit::Done }
    }

    /// A draft that waits for a person.
    pub(super) fn hold(&mut self, slug: &str, hold: &Hold, is_news: bool) {
        if is_news || hold.exit != Exit::Refused {
            self.end_with(hold.exit);
        }
        // It is looked at again each minute.
        let is_first = self.held.insert((slug.to_owned(), hold.mark.clone()));
        if is_news || self.is_verbose && is_first {
            self.news.push(format!("`{slug}` is held\n{}", hold.text));
        }
        if self.json && is_first {
            let (why, message) = (hold.why.word(), &*hold.message);
            let line = Line { schema: 1, campaign: slug, held: why, message, new: is_news };
            output::result(serde_json::to_string(&line).unwrap_or_default());
        }
    }

    /// Something that keeps campaigns from going.
    pub(super) fn trouble(&mut self, fault: &Fault, is_news: bool) {
        // What waits for a person is an error once.
        if is_news || fault.exit != Exit::Refused {
            self.end_with(fault.exit);
        }
        if is_news || self.is_verbose {
            self.news.extend(fault.texts());
        }
    }

    /// A campaign that was worked on, and what was wrong with its end.
    pub(super) fn campaign(
        &mut self,
        ending: &Ending<'_>,
        end: &End,
        fault: Option<&Fault>,
        is_news: bool,
    ) {
        let Ending { id, summary, after, .. } = ending;
        if self.json {
            output::result(summary.json());
        } else if self.is_verbose {
            output::result(books(summary));
            let said = ending.said(end).filter(|_| fault.is_none());
            said.into_iter().for_each(output::say);
        }
        match fault {
            Some(fault) => {
                self.end_with(fault.exit);
                if is_news || self.is_verbose {
                    let went = match after.accepted {
                        0 => "has reached nobody yet".to_owned(),
                        accepted => format!("has gone to {} so far", people(accepted)),
                    };
                    let then = match end {
                        End::Unreachable(_) => "each dispatch tries again, and this is said once",
                        _ => "it waits for a person now",
                    };
                    self.news.push(format!("`{id}` {went}; {then}"));
                    self.news.extend(ending.said(end));
                    self.news.extend(fault.texts());
                }
            }
            None => self.end_with(ending.exit(end)),
        }
        let failed = summary.rejected + summary.uncertain;
        if failed > 0 {
            let (rejected, uncertain) = (summary.rejected, summary.uncertain);
            let parts = [(rejected, "rejected"), (uncertain, "uncertain")];
            let parts = parts.iter().filter(|(n, _)| *n > 0);
            let words: Vec<String> = parts.map(|(n, word)| format!("{n} {word}")).collect();
            let of = count(summary.planned, "delivery");
            let verb = if after.uncertain > 0 { "resolve" } else { "log" };
            self.news.push(format!(
                "`{id}`: {} of {of}\nnext: announce {verb} {id}",
                words.join(" and ")
            ));
        }
    }

    /// The exit code that matters most.
    pub(super) fn end_with(&mut self, exit: Exit) {
        let rank = |exit: Exit| match exit {
            Exit::Done => 0,
            Exit::Incomplete => 1,
            Exit::TryAgain => 2,
            Exit::Refused => 3,
            Exit::Usage => 4,
            Exit::Configuration => 5,
            Exit::Interrupted => 6,
        };
        if rank(exit) > rank(self.exit) {
            self.exit = exit;
        }
    }

    /// Says it, and what the process ends with.
    pub(super) fn close(self, newsroom: &Newsroom) -> Exit {
        if !self.news.is_empty() && !self.is_verbose {
            // Cron's mail says neither.
            let (root, now) = (newsroom.workspace().root().display(), newsroom.clock().now());
            output::say(format!("announce dispatch in {root}, {}", newsroom.when(now)));
        }
        self.news.iter().for_each(output::say);
        self.exit
    }
}
