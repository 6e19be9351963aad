//! What the newsroom answers, as the page reads it.

use serde::Serialize;

use super::Trouble;
use crate::audience::SkipReason;

/// `api/drafts`.
#[derive(Clone, Debug, Serialize)]
pub struct Drafts {
    /// Whose mail it is.
    pub newsroom: String,
    /// Whether mail goes to the sandbox.
    pub rehearses: bool,
    /// Where mail is handed over.
    pub server: String,
    /// Those that are still to be sent first, the newest first.
    pub drafts: Vec<DraftLine>,
    /// What is wrong with settings or templates.
    pub trouble: Vec<Trouble>,
}

/// A draft in the list of drafts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct DraftLine {
    /// Its name and the id of its campaign.
    pub slug: String,
    /// The path as shown.
    pub file: String,
    /// As the author wrote it.
    pub subject: String,
    /// `event`, `letter` …
    pub kind: String,
    /// `draft` or `ready`.
    pub status: &'static str,
    /// Names of its lists.
    pub lists: Vec<String>,
    /// When it is due, in words.
    pub send_at: Option<String>,
    /// Whether it has been sent.
    pub is_sent: bool,
    /// Why it cannot be read.
    pub trouble: Option<Trouble>,
}

/// Somebody who gets it.
#[derive(Clone, Debug, Serialize)]
pub struct Person {
    /// What stands for them.
    pub key: String,
    /// Their number, from 0.
    pub index: usize,
    /// Their name as far as the list has one, else the address.
    pub name: String,
    /// Where it goes.
    pub address: String,
    /// The list they are taken from.
    pub list: String,
    /// Its file, as shown.
    pub file: String,
    /// The line in it.
    pub line: u64,
}

/// A row that gets nothing.
#[derive(Clone, Debug, Serialize)]
pub struct SkippedRow {
    /// Why, as programs know it.
    pub reason: SkipReason,
    /// Why, in words.
    pub words: &'static str,
    /// The list.
    pub list: String,
    /// Its file, as shown.
    pub file: String,
    /// The line in it.
    pub line: u64,
    /// Who, if the address is good.
    pub key: Option<String>,
    /// What is wrong with the address.
    pub detail: Option<String>,
}

/// One value of a person's row.
#[derive(Clone, Debug, Serialize)]
pub struct Field {
    /// The column.
    pub column: String,
    /// What stands in it.
    pub value: String,
    /// Whether the mail depends on it.
    pub is_printed: bool,
}

/// A copy with its fields marked.
#[derive(Clone, Debug)]
pub struct Marked {
    /// `<mark>` around each value that stands in text.
    pub html: String,
    /// U+E000 and U+E001 around each value.
    pub text: String,
}

/// A copy that says where its elements were written.
#[derive(Clone, Debug, Serialize)]
pub struct Placed {
    /// The HTML, with an attribute on each element.
    pub html: String,
    /// The attribute's name.
    pub marker: String,
    /// What its values mean.
    pub spots: Vec<Spot>,
}

/// A line of a draft or template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Spot {
    /// The path as shown.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
}

/// `api/drafts/SLUG/report`: what came of reading every copy.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    /// Why it did not come to that.
    pub trouble: Vec<Trouble>,
    /// What the checks say, the most important first.
    pub findings: Vec<Trouble>,
    /// How many of them are errors.
    pub errors: usize,
    /// And warnings.
    pub warnings: usize,
    /// And notes.
    pub notes: usize,
    /// Who gets it.
    pub plan: Option<PlanOutline>,
}

/// A plan as the page shows it.
#[derive(Clone, Debug, Serialize)]
pub struct PlanOutline {
    /// Rows of all lists.
    pub rows: u64,
    /// People who get it.
    pub planned: u64,
    /// The same by list.
    pub lists: Vec<ListShare>,
    /// Rows that get nothing, by reason.
    pub skipped: Vec<SkippedShare>,
    /// Who it is from.
    pub from: String,
    /// Where it is handed over.
    pub through: String,
    /// How fast.
    pub pace: String,
    /// How long it takes.
    pub takes: String,
    /// When it would end, if it began now.
    pub ends: String,
    /// The size of the largest copy.
    pub largest_bytes: usize,
}

/// How many people come from a list.
#[derive(Clone, Debug, Serialize)]
pub struct ListShare {
    /// The list.
    pub name: String,
    /// How many.
    pub people: u64,
}

/// How many rows get nothing for a reason.
#[derive(Clone, Debug, Serialize)]
pub struct SkippedShare {
    /// Why, as programs know it.
    pub reason: SkipReason,
    /// Why, in words.
    pub words: &'static str,
    /// How many.
    pub rows: u64,
}

/// Lines of a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SourceText {
    /// The path as shown.
    pub file: String,
    /// The number of the first line.
    pub from: usize,
    /// The lines.
    pub lines: Vec<String>,
    /// Of a list: its header.
    pub header: Option<String>,
}

impl SourceText {
    /// A whole text.
    pub fn whole(file: &str, text: &str) -> Self {
        let lines = text.lines().map(str::to_owned).collect();
        Self { file: file.to_owned(), from: 1, lines, header: None }
    }
}
