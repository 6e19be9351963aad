//! The author's file: Markdown with front matter, read against the schema of its kind.
//!
//! Owns: front matter, kinds' schemas, the spans that diagnostics point at.
//! Does not know: lists, templates, SMTP, the clock, files. Texts are handed in.

mod front_matter;
mod kind;

pub use front_matter::{Attachment, Author, Condition, FrontMatter, Publication};
pub use kind::Kind;

use crate::diagnostic::Source;

/// A parsed draft.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The file name without `.md`: the campaign's id unless `--as` names another.
    pub slug: String,
    /// The whole file.
    pub source: Source,
    /// What stands between the `---` lines.
    pub front: FrontMatter,
    /// Byte offset in [`Draft::source`] at which the Markdown body begins.
    pub body_start: usize,
}

impl Draft {
    /// The Markdown body.
    pub fn body(&self) -> &str {
        &self.source.text[self.body_start..]
    }
}
