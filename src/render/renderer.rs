//! One person's mail from a campaign's flat templates.

use super::{Expanded, Spot};
use crate::{
    audience::Fields,
    diagnostic::{Diagnostic, Source},
};

/// What one person's mail says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// The subject, one line, unencoded.
    pub subject: String,
    /// The HTML part, whole.
    pub html: String,
    /// The text part, `\n` line ends.
    pub text: String,
}

/// What is filled in.
#[derive(Clone, Copy)]
pub struct Person<'a> {
    /// The person's columns; those of [`Expanded::columns`] suffice.
    pub fields: &'a Fields,
    /// Why this person gets it (`list.title`).
    pub list_title: &'a str,
    /// The person's unsubscribe link (`links.unsubscribe`), http, https or mailto.
    pub unsubscribe: &'a str,
}

/// A value that a person's mail needs and the person's row does not give.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hole {
    /// The expression as people know it (`first_name`, `links.unsubscribe`).
    pub column: String,
    /// What it lacks.
    pub lack: Lack,
    /// Where the author asked for it.
    pub spot: Spot,
}

/// What a value lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lack {
    /// It is empty, without `default` and outside an `{{#if}}` of itself.
    Empty,
    /// It is to be a link and is not http, https or mailto.
    Link,
    /// A helper cannot read it (a date that is none).
    Reading,
    /// It is longer than a message can bear (16 KiB).
    Brief,
}

/// Rows of one list with the same hole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowsOfList {
    /// The list's path as shown (`lists/members.csv`).
    pub file: String,
    /// Physical lines, the header being line 1.
    pub lines: Vec<u64>,
}

/// Fills a campaign's templates for one person after another.
#[derive(Clone, Debug)]
pub struct Renderer {
    expanded: Expanded,
}

impl Renderer {
    /// Gets ready for a campaign.
    pub fn new(expanded: &Expanded) -> Self {
        Self { expanded: expanded.clone() }
    }

    /// One person's mail, or every hole in it.
    pub fn render(&self, person: &Person<'_>) -> Result<Rendered, Vec<Hole>> {
        let _ = (&self.expanded, person.fields);
        todo!("next commit")
    }
}

impl Hole {
    /// What to tell staff: ``drafts/x.md:14:6: `first_name` is empty for 2 rows of
    /// `lists/members.csv` (3 and 7)``. `source` is the draft or template [`Hole::spot`] names,
    /// when it is at hand.
    pub fn diagnostic(&self, source: Option<&Source>, rows: &[RowsOfList]) -> Diagnostic {
        let _ = (source, rows);
        todo!("next commit")
    }
}
