//! YAML and TOML as one tree of values that know their bytes, and a reader that collects every
//! fault of a document instead of stopping at the first.

mod entry;
mod reader;
mod toml;
mod yaml;

pub(crate) use entry::Entry;
pub(crate) use reader::{Faults, Table};
pub(crate) use toml::parse as parse_toml;
pub(crate) use yaml::parse as parse_yaml;

use std::ops::Range;

use crate::diagnostic::Spanned;

/// A value and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Node {
    pub(crate) value: Value,
    pub(crate) span: Range<usize>,
}

/// What a document can hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    /// Nothing: `key:` in YAML.
    Empty,
    /// `true` or `false`.
    Bool(bool),
    /// A number, as written. Also TOML's dates, which are not text there.
    Bare(String),
    /// Text.
    Text(String),
    /// Values in order.
    List(Vec<Node>),
    /// Keys in order.
    Table(Vec<(Spanned<String>, Node)>),
}

impl Value {
    /// What it is, for people.
    fn describe(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Bool(_) => "`true` or `false`",
            Self::Bare(_) => "a bare number or date",
            Self::Text(_) => "text",
            Self::List(_) => "a list",
            Self::Table(_) => "a table of keys",
        }
    }
}
