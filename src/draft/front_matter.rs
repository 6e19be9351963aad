//! The YAML between the `---` lines, typed.

use jiff::{SignedDuration, civil};
use serde_json::{Map, Value};

use crate::diagnostic::Spanned;

/// Front matter that every kind has, and the kind's own part as checked data.
#[derive(Clone, Debug)]
pub struct FrontMatter {
    /// Name of the kind (`event`).
    pub kind: Spanned<String>,
    /// The subject; may hold expressions (`{{first_name}}`).
    pub subject: Spanned<String>,
    /// The line an inbox shows beside the subject; may hold expressions.
    pub preheader: Option<Spanned<String>>,
    /// Names of lists, in order: the first one that has a person gives that person's fields.
    pub lists: Vec<Spanned<String>>,
    /// The campaign that it follows: it goes to those who got that one, and to nobody else.
    pub follows: Option<Spanned<String>>,
    /// `where`: all must hold.
    pub filter: Vec<Condition>,
    /// Lists (`press`) and campaigns (`campaign:slug`) whose people get nothing.
    pub exclude: Vec<Spanned<String>>,
    /// BCP 47 language of the text; the sender's when absent.
    pub language: Option<Spanned<String>>,
    /// When it is due, local to the sender's time zone.
    pub send_at: Option<Spanned<civil::DateTime>>,
    /// Whether dispatch may send it.
    pub status: Publication,
    /// How late dispatch may still send it.
    pub late_after: Option<SignedDuration>,
    /// Who wrote it.
    pub author: Option<Author>,
    /// Files that travel along.
    pub attachments: Vec<Attachment>,
    /// Whether an event carries a calendar entry, as far as the draft decides.
    pub calendar: bool,
    /// Whether its kind tells of an event to come ([`super::Kind::calendar`]).
    pub announces: bool,
    /// The kind's own keys (`event`, `sponsors`, …), checked against its schema. Dates and times
    /// are strings: `2016-11-02` or `2016-11-02T17:00:00`.
    pub fields: Map<String, Value>,
}

/// `draft` or `ready`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Publication {
    /// Being written.
    #[default]
    Draft,
    /// May be dispatched at `send_at`.
    Ready,
}

/// Who wrote a draft.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Author {
    /// Full name.
    pub name: String,
    /// Office or affiliation.
    pub role: Option<String>,
}

/// A file that travels along, by its path from the draft's folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// Path as written.
    pub file: Spanned<String>,
    /// What readers see; the file name when absent.
    pub title: Option<String>,
}

/// One condition of a segment: the column holds one of the values (case aside).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// Column, in any spelling that a list's header may have.
    pub column: Spanned<String>,
    /// Accepted values.
    pub any_of: Vec<String>,
}
