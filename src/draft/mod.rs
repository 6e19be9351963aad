//! The author's file: Markdown with front matter, read against the schema of its kind.
//!
//! Owns: front matter, kinds' schemas, the spans that diagnostics point at.
//! Does not know: lists, templates, SMTP, the clock, files. Texts are handed in.

pub(crate) mod document;
mod fence;
mod front_matter;
mod kind;
mod label;
pub(crate) mod notation;
mod read;
mod schema;
mod stamp;
mod starter;
mod timing;

pub use front_matter::{Attachment, Author, Condition, FrontMatter, Publication};
pub use kind::{Kind, Kinds};
pub use label::without_label;
pub(crate) use notation::written;
pub(crate) use read::KEYS;
pub use schema::{Field, Shape};
pub use stamp::Stamp;
pub use starter::Answers;
pub use timing::{Timing, sounds_ready};

use crate::diagnostic::{Diagnostic, Source};

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
    /// Reads a draft against the schema of its kind. Every fault is reported, each with its place
    /// and what to do; a YAML syntax error hides the faults behind it.
    pub fn parse(slug: &str, source: Source, kinds: &Kinds) -> Result<Self, Vec<Diagnostic>> {
        let (front, body_start) = read::front_matter(&source, kinds)?;
        Ok(Self { slug: slug.to_owned(), source, front, body_start })
    }

    /// The Markdown body.
    pub fn body(&self) -> &str {
        &self.source.text[self.body_start..]
    }
}

#[cfg(test)]
pub(crate) mod tests;
