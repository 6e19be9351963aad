//! One value, read as what it should be.

use std::ops::Range;

use jiff::tz::TimeZone;

use super::{Faults, Node, Table, Value};
use crate::{diagnostic::Spanned, draft::notation, local_time};

/// One value with the key it was found under.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// Dotted path for messages (`event.starts`).
    pub(crate) path: String,
    /// The key's bytes.
    pub(crate) key_span: Range<usize>,
    /// The value.
    pub(crate) node: Node,
}

impl Entry {
    /// The value's bytes, or the key's where the value has none.
    pub(crate) fn span(&self) -> Range<usize> {
        if self.node.span.is_empty() { self.key_span.clone() } else { self.node.span.clone() }
    }

    /// The value is wrong.
    pub(crate) fn refuse(&self, faults: &mut Faults<'_>, message: &str, hint: &str) {
        faults.report(self.span(), format!("`{}` {message}", self.path), hint);
    }

    /// One line or more of text, not blank. Bare numbers count as text.
    pub(crate) fn text(self, faults: &mut Faults<'_>) -> Option<Spanned<String>> {
        let span = self.span();
        let (Value::Text(text) | Value::Bare(text)) = self.node.value else {
            faults.wrong_type(&self, "text", "write one text, in quotes if in doubt");
            return None;
        };
        if text.trim().is_empty() {
            faults.report(
                span,
                format!("`{}` is empty", self.path),
                "write a text, or leave it out",
            );
            return None;
        }
        Some(Spanned::new(text, span))
    }

    /// Text without line breaks or other control characters: what may stand in a header.
    pub(crate) fn line(self, faults: &mut Faults<'_>) -> Option<Spanned<String>> {
        let path = self.path.clone();
        let text = self.text(faults)?;
        let trimmed = text.value.trim();
        if trimmed.contains(char::is_control) {
            let message = format!("`{path}` holds a line break or another control character");
            let since = faults.count();
            faults.report(text.span, message, "write it on one line");
            faults.known_as("H3/control", since);
            return None;
        }
        Some(Spanned::new(trimmed.to_owned(), text.span))
    }

    /// A line that `parse` understands; otherwise `` `key` is not `` and `wanted`.
    pub(crate) fn parsed<T>(
        self,
        faults: &mut Faults<'_>,
        wanted: &str,
        hint: &str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<Spanned<T>> {
        let path = self.path.clone();
        let text = self.line(faults)?;
        let Some(value) = parse(&text.value) else {
            faults.report(text.span, format!("`{path}` is not {wanted}"), hint);
            return None;
        };
        Some(Spanned::new(value, text.span))
    }

    /// A name of the IANA time zone database.
    pub(crate) fn time_zone(self, faults: &mut Faults<'_>) -> Option<Spanned<TimeZone>> {
        let name = self.line(faults)?;
        let Some(zone) = local_time::zone(&name.value) else {
            let hint = match notation::closest_time_zone(&name.value) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "write its name as `Europe/London`".to_owned(),
            };
            faults.report(name.span, format!("no time zone `{}`", name.value), hint);
            return None;
        };
        Some(Spanned::new(zone, name.span))
    }

    /// `true` or `false`.
    pub(crate) fn bool(self, faults: &mut Faults<'_>) -> Option<bool> {
        if let Value::Bool(value) = self.node.value {
            return Some(value);
        }
        faults.wrong_type(&self, "`true` or `false`", "write `true` or `false`, without quotes");
        None
    }

    /// A list; its items are called `path[1]` and so on. Empty items are refused.
    pub(crate) fn list(self, faults: &mut Faults<'_>, hint: &str) -> Option<Vec<Self>> {
        let Value::List(items) = self.node.value else {
            faults.wrong_type(&self, "a list", hint);
            return None;
        };
        let mut entries = Vec::new();
        for (position, node) in items.into_iter().enumerate() {
            let path = format!("{}[{}]", self.path, position + 1);
            if node.value == Value::Empty {
                faults.report(self.key_span.clone(), format!("`{path}` is empty"), hint);
                continue;
            }
            entries.push(Self { path, key_span: self.key_span.clone(), node });
        }
        Some(entries)
    }

    /// A list, or one value that stands for a list of one.
    pub(crate) fn one_or_more(self, faults: &mut Faults<'_>) -> Option<Vec<Self>> {
        match self.node.value {
            Value::List(_) => self.list(faults, "write a value or leave the item out"),
            _ => Some(vec![self]),
        }
    }

    /// A table of keys.
    pub(crate) fn table(self, faults: &mut Faults<'_>, hint: &str) -> Option<Table> {
        let Value::Table(entries) = self.node.value else {
            faults.wrong_type(&self, "a table of keys", hint);
            return None;
        };
        Some(Table::new(self.path, self.key_span, entries, faults))
    }

    /// Whether the value is a table.
    pub(crate) fn is_table(&self) -> bool {
        matches!(self.node.value, Value::Table(_))
    }
}
