//! Takes a table apart key by key and remembers what is wrong with it.

use std::ops::Range;

use super::{Entry, Node, Value};
use crate::diagnostic::{Diagnostic, Place, Source, Spanned, closest};

/// The faults of one document, in the order they were found.
#[derive(Debug)]
pub(crate) struct Faults<'s> {
    source: &'s Source,
    found: Vec<Diagnostic>,
}

impl<'s> Faults<'s> {
    pub(crate) fn new(source: &'s Source) -> Self {
        Self { source, found: Vec::new() }
    }

    /// Something is wrong in these bytes.
    pub(crate) fn report(
        &mut self,
        span: Range<usize>,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) {
        self.found.push(Diagnostic::new(message).at(self.source, span).hint(hint));
    }

    /// What was reported since there were so many faults is known by this rule, unless it is by
    /// another one.
    pub(crate) fn known_as(&mut self, rule: &'static str, since: usize) {
        for fault in self.found.iter_mut().skip(since) {
            fault.rule.get_or_insert(rule);
        }
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.found.len()
    }

    /// `value` when nothing was reported, else all faults in the order of the file.
    pub(crate) fn finish<T>(mut self, value: Option<T>) -> Result<T, Vec<Diagnostic>> {
        self.found.sort_by_key(|fault| match &fault.place {
            Some(Place::Span { span, .. }) => span.start,
            _ => 0,
        });
        match value {
            Some(value) if self.found.is_empty() => Ok(value),
            _ => Err(self.found),
        }
    }

    /// The value is of the wrong type.
    pub(super) fn wrong_type(&mut self, entry: &Entry, wanted: &str, hint: &str) {
        let Entry { path, node, .. } = entry;
        let message = format!("`{path}` is {}, not {wanted}", node.value.describe());
        self.report(entry.span(), message, hint);
    }
}

/// A table whose keys are taken one by one; what is left in the end is unknown.
#[derive(Debug)]
pub(crate) struct Table {
    /// Dotted path of the table itself; empty for the document.
    path: String,
    /// Where a missing key is reported.
    span: Range<usize>,
    entries: Vec<(Spanned<String>, Node)>,
    asked: Vec<String>,
}

impl Table {
    /// The document as a whole. Missing keys are reported at `span`.
    pub(crate) fn document(
        node: Node,
        span: Range<usize>,
        faults: &mut Faults<'_>,
    ) -> Option<Self> {
        let entries = match node.value {
            Value::Table(entries) => entries,
            Value::Empty => Vec::new(),
            other => {
                let message = format!("this is {}, not a table of keys", other.describe());
                faults.report(node.span, message, "write one `key: value` a line");
                return None;
            }
        };
        Some(Self::new(String::new(), span, entries, faults))
    }

    pub(super) fn new(
        path: String,
        span: Range<usize>,
        entries: Vec<(Spanned<String>, Node)>,
        faults: &mut Faults<'_>,
    ) -> Self {
        let mut kept: Vec<(Spanned<String>, Node)> = Vec::new();
        for (key, node) in entries {
            if kept.iter().any(|(earlier, _)| earlier.value == key.value) {
                let message = format!("`{}` stands twice", dotted(&path, &key.value));
                faults.report(key.span, message, "keep one of them");
            } else {
                kept.push((key, node));
            }
        }
        Self { path, span, entries: kept, asked: Vec::new() }
    }

    /// The value of a key, if it is there and not empty.
    pub(crate) fn take(&mut self, key: &str) -> Option<Entry> {
        self.take_written(key).filter(|entry| entry.node.value != Value::Empty)
    }

    /// The value of a key that must be there.
    pub(crate) fn require(
        &mut self,
        key: &str,
        hint: &str,
        faults: &mut Faults<'_>,
    ) -> Option<Entry> {
        let path = dotted(&self.path, key);
        match self.take_written(key) {
            None => {
                faults.report(self.span.clone(), format!("`{path}` is missing"), hint);
                None
            }
            Some(entry) if entry.node.value == Value::Empty => {
                faults.report(entry.key_span, format!("`{path}` is empty"), hint);
                None
            }
            entry => entry,
        }
    }

    /// The value of a key that should not be there, for a better message than "unknown key".
    pub(crate) fn take_unknown(&mut self, key: &str) -> Option<Entry> {
        let entry = self.take_written(key);
        self.asked.pop();
        entry
    }

    fn take_written(&mut self, key: &str) -> Option<Entry> {
        self.asked.push(key.to_owned());
        let position = self.entries.iter().position(|(name, _)| name.value == key)?;
        let (key, node) = self.entries.remove(position);
        Some(Entry { path: dotted(&self.path, &key.value), key_span: key.span, node })
    }

    /// All that is left, for tables whose keys are names that people choose.
    pub(crate) fn take_all(&mut self) -> Vec<(Spanned<String>, Entry)> {
        let path = &self.path;
        self.entries
            .drain(..)
            .map(|(key, node)| {
                let path = dotted(path, &key.value);
                let entry = Entry { path, key_span: key.span.clone(), node };
                (key, entry)
            })
            .collect()
    }

    /// Where the table is.
    pub(crate) fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// Reports every key that nobody asked for.
    pub(crate) fn finish(self, faults: &mut Faults<'_>) {
        for (key, _) in self.entries {
            let asked = self.asked.iter().map(String::as_str);
            let hint = if let Some(near) = closest(&key.value, asked.clone()) {
                format!("did you mean `{near}`?")
            } else {
                let mut known: Vec<&str> = asked.collect();
                known.sort_unstable();
                format!("known here: {}", known.join(", "))
            };
            let message = format!("unknown key `{}`", dotted(&self.path, &key.value));
            let since = faults.count();
            faults.report(key.span, message, hint);
            faults.known_as("B7/unknown-key", since);
        }
    }
}

fn dotted(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}
