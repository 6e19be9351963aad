//! What the page asks of the newsroom. The command line answers; nothing here can send.

use std::{
    path::{Path, PathBuf},
    time::SystemTime,
};

use super::{
    DraftLine, Drafts, Field, Marked, Person, Placed, Report, SkippedRow, SourceText, Trouble,
};

/// The newsroom as the page sees it. Every answer is read from the files as they are now.
pub trait Studio: Send + Sync + 'static {
    /// A draft, expanded for its lists.
    type Edition: Edition;

    /// The drafts, with what is wrong with the newsroom as a whole.
    fn drafts(&self) -> Drafts;

    /// One of them.
    fn draft(&self, slug: &str) -> DraftLine;

    /// Opens a draft for its lists, or says all that is wrong.
    fn edition(&self, slug: &str) -> Result<Self::Edition, Vec<Trouble>>;

    /// Lines of a draft, or of a template or list that it uses.
    fn source(&self, slug: &str, file: &str, line: Option<usize>) -> Option<SourceText>;

    /// From how many bytes of HTML on there is a warning, and an error.
    fn html_limits(&self) -> [usize; 2];

    /// The mails that rehearsals have caught, each with its number.
    fn caught(&self) -> Vec<(u64, PathBuf)>;

    /// Moments as staff read them.
    fn when(&self) -> impl Fn(SystemTime) -> String;

    /// Folders whose files the page depends on, and whether what is below them counts too.
    fn folders(&self) -> Vec<(PathBuf, bool)>;

    /// What a changed file is to the page.
    fn concerns(&self, path: &Path) -> Option<Change>;
}

/// A draft expanded for its lists, and everybody on them.
pub trait Edition: Send + Sync + 'static {
    /// What the list of drafts says of it.
    fn line(&self) -> &DraftLine;

    /// How many people get it.
    fn people(&self) -> usize;

    /// One of them, by their number in the order in which they get it.
    fn person(&self, number: usize) -> Option<Person>;

    /// The rows that get nothing.
    fn skipped(&self) -> &[SkippedRow];

    /// The number of somebody among the people.
    fn position(&self, key: &str) -> Option<usize>;

    /// Somebody's values, those that the mail prints first.
    fn fields(&self, number: usize) -> Vec<Field>;

    /// Somebody's message, as it travels.
    fn message(&self, number: usize) -> Result<Vec<u8>, Vec<Trouble>>;

    /// The same HTML and text with the person's values marked.
    fn marked(&self, number: usize) -> Option<Marked>;

    /// The same HTML with the place where each element was written.
    fn places(&self, number: usize) -> Option<Placed>;

    /// Reads every copy.
    fn report(&self) -> Report;

    /// Somebody remarkable.
    fn pick(&self, which: Remarkable) -> Option<Pick>;
}

/// What a changed file means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// This draft and nothing else.
    Draft {
        /// Which.
        slug: String,
        /// The file, as shown.
        file: String,
    },
    /// Any draft may be another now.
    Everything {
        /// The file, as shown.
        file: String,
    },
    /// A rehearsal has caught a mail, or its mails are gone.
    Caught,
}

/// Copies that are looked at first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Remarkable {
    /// That which cannot be made, has the most against it, or is the largest.
    Worst,
    /// That of the person with the longest name.
    Longest,
    /// That of the person whose row says least.
    Emptiest,
}

/// Somebody remarkable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pick {
    /// Their number among the people.
    pub number: usize,
    /// What is remarkable about them.
    pub why: String,
}
