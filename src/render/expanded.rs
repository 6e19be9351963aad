//! A campaign's templates after all that is constant has been worked out: what the ledger freezes.

use std::ops::Range;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Escape, Helper};
use crate::diagnostic::Diagnostic;

/// One campaign's templates. Only a person's own values are missing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Expanded {
    /// BCP 47 language of the text; dates are written in it.
    pub language: String,
    /// The subject.
    pub subject: Template,
    /// The line an inbox shows beside the subject, if the draft has one. Layouts print it too.
    pub preheader: Option<Template>,
    /// The HTML part.
    pub html: Template,
    /// The text part.
    pub text: Template,
    /// The list columns that any part uses, sorted: the only ones worth storing.
    pub columns: Vec<String>,
    /// The pictures that travel along, in order of first appearance.
    pub pictures: Vec<Picture>,
    /// What is doubtful but no reason to stop. Not frozen.
    #[serde(skip)]
    pub warnings: Vec<Diagnostic>,
}

/// A picture that travels inside the message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// Content id without angle brackets (RFC 2392); the HTML says `cid:` and this.
    pub cid: String,
    /// Path as the draft names it.
    pub file: String,
    /// What it shows, in words.
    pub alt: String,
}

/// A flat template: text that is final, and what is filled in for each person.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Template(pub Vec<Piece>);

/// A part of a flat template.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Piece {
    /// Final text.
    Text(String),
    /// A person's value, or what a helper makes of it.
    Print {
        /// The value.
        value: Expression,
        /// How its characters are made safe where it stands.
        escape: Escape,
        /// Where an author wrote it.
        spot: Spot,
    },
    /// A choice that depends on the person.
    If {
        /// Chooses `then` when truthy as in Handlebars: not empty, not `0`, not `false`.
        test: Expression,
        /// When it is.
        then: Template,
        /// When it is not.
        otherwise: Template,
    },
}

/// A value that only a person's row can give, or that is computed from one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expression {
    /// What the person brings.
    Field(Field),
    /// A constant beside a person's value.
    Constant(Value),
    /// What a helper makes of values.
    Call(Helper, Vec<Expression>),
}

impl Expression {
    /// The fields in it by the names that people know, in order.
    pub(super) fn names(&self) -> Vec<&str> {
        match self {
            Self::Field(Field::Column(column)) => vec![column],
            Self::Field(Field::Unsubscribe) => vec!["links.unsubscribe"],
            Self::Field(Field::ListTitle) => vec!["list.title"],
            Self::Constant(_) => Vec::new(),
            Self::Call(_, arguments) => arguments.iter().flat_map(Self::names).collect(),
        }
    }
}

/// What a person brings.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// A column of the list.
    Column(String),
    /// `links.unsubscribe`.
    Unsubscribe,
    /// `list.title`: why this person gets it.
    ListTitle,
}

/// Bytes of a draft or template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spot {
    /// The path as shown.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Byte range.
    pub span: Range<usize>,
}
