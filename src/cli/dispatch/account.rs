//! What a dispatch has to say at its end: to cron, which mails it; to people; to programs.

use serde_json::json;

use super::{
    super::{Exit, ending::Ending, newsroom::Newsroom, output, plan_text::books},
    Hold,
};
use crate::{
    campaign::End,
    clock::Clock as _,
    diagnostic::{count, people},
};

/// What became of everything.
pub(in crate::cli) struct Account {
    /// Somebody wants to hear more than what is wrong.
    pub(super) is_verbose: bool,
    json: bool,
    /// What is wrong and has not been said yet.
    news: Vec<String>,
    exit: Exit,
}

impl Account {
    pub(super) fn new(is_verbose: bool, json: bool) -> Self {
        Self { is_verbose, json, news: Vec::new(), exit: Exit::Done }
    }

    /// A draft that waits for a person.
    pub(super) fn hold(&mut self, slug: &str, hold: &Hold, is_news: bool) {
        if is_news || hold.exit != Exit::Refused {
            self.end_with(hold.exit);
        }
        if is_news || self.is_verbose {
            self.news.push(format!("`{slug}` is held\n{}", hold.text));
        }
        if self.json {
            let (why, message) = (hold.why.word(), &hold.message);
            let line = json!({
                "schema": 1, "campaign": slug, "held": why, "message": message, "new": is_news,
            });
            output::result(line);
        }
    }

    /// Something that keeps campaigns from going.
    pub(super) fn trouble(&mut self, text: String, exit: Exit, is_news: bool) {
        // What waits for a person is an error once.
        if is_news || exit != Exit::Refused {
            self.end_with(exit);
        }
        if is_news || self.is_verbose {
            self.news.push(text);
        }
    }

    /// A campaign that was worked on, and what was wrong with its end.
    pub(super) fn campaign(
        &mut self,
        ending: &Ending<'_>,
        end: &End,
        fault: Option<(String, Exit)>,
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
            Some((text, exit)) => {
                self.end_with(exit);
                if is_news || self.is_verbose {
                    let went = people(after.accepted);
                    let then = match end {
                        End::Unreachable(_) => "each dispatch tries again; this is said once",
                        _ => "it waits for a person now",
                    };
                    self.news.push(format!("`{id}` has gone to {went} so far; {then}"));
                    self.news.extend(ending.said(end));
                    self.news.push(text);
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
        if !self.news.is_empty() {
            // Cron's mail says neither.
            let (root, now) = (newsroom.workspace().root().display(), newsroom.clock().now());
            output::say(format!("announce dispatch in {root}, {}", newsroom.when(now)));
            self.news.iter().for_each(output::say);
        }
        self.exit
    }
}
