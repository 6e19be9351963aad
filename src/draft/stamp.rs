//! Writes into a draft when it goes out. All else stays as its author wrote it, byte for byte.

use std::ops::Range;

use jiff::civil;

use super::{
    Publication,
    document::{self, Node, Value},
    fence, notation,
};
use crate::diagnostic::{Diagnostic, Source, Spanned};

/// What is to be written into front matter.
/// `None` leaves what is there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stamp {
    /// The new `send_at`.
    pub send_at: Option<civil::DateTime>,
    /// The new `status`.
    pub status: Option<Publication>,
    /// The new `follows`.
    pub follows: Option<String>,
}

impl Stamp {
    /// The lines as they stand in a draft: `send_at: 2026-12-10 08:00`, `status: ready`.
    pub fn lines(&self) -> Vec<String> {
        self.values().map(|(key, value)| format!("{key}: {value}")).collect()
    }

    /// The text of a draft with these values in its front matter. An error where they cannot be
    /// written without touching more: where one of the old values spans lines, or all of it stands
    /// in braces.
    pub fn on(&self, source: &Source) -> Result<Source, Diagnostic> {
        let stamped = edited(source, self)
            .map(|text| Source::new(source.name.clone(), text))
            .filter(|stamped| changes_only(source, stamped, self));
        stamped.ok_or_else(|| {
            let lines: Vec<String> =
                self.lines().into_iter().map(|line| format!("`{line}`")).collect();
            let keys: Vec<String> = self.values().map(|(key, _)| format!("`{key}`")).collect();
            Diagnostic::new(format!(
                "{} cannot be written into this front matter without changing more",
                keys.join(" and ")
            ))
            .in_file(source.name.clone())
            .hint(format!("write by hand, each on a line of its own: {}", lines.join(", ")))
        })
    }

    fn values(&self) -> impl Iterator<Item = (&'static str, String)> {
        let send_at = self.send_at.map(|at| ("send_at", notation::written(at)));
        let word = |status| match status {
            Publication::Draft => "draft",
            Publication::Ready => "ready",
        };
        let status = self.status.map(|status| ("status", word(status).to_owned()));
        let follows = self.follows.clone().map(|id| ("follows", id));
        send_at.into_iter().chain(status).chain(follows)
    }
}

/// A key and its value.
type Entry = (Spanned<String>, Node);

/// Front matter taken apart: its keys in order, and the bytes between the `---` lines.
struct Front {
    entries: Vec<Entry>,
    yaml: Range<usize>,
    body_start: usize,
}

impl Front {
    /// `None` also where it stands in braces.
    fn read(source: &Source) -> Option<Self> {
        let fences = fence::split(&source.text).ok()?;
        let node = document::parse_yaml(source, fences.yaml.clone()).ok()?;
        let Value::Table(entries) = node.value else { return None };
        let is_block = !source.text[node.span.start..].starts_with('{');
        let Range { start, end } = fences.yaml;
        is_block.then_some(Self { entries, yaml: start..end, body_start: fences.body_start })
    }

    fn get(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|(name, _)| name.value == key)
    }
}

/// The text with the new values in the place of the old, and with new lines for missing keys: beside
/// the other of the two, or at the end.
fn edited(source: &Source, stamp: &Stamp) -> Option<String> {
    let text = &*source.text;
    let front = Front::read(source)?;
    let indent = indent(text, front.entries.first()?.0.span.start)?;
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
    let mut missing = String::new();
    let mut beside = front.yaml.end;
    for (key, value) in stamp.values() {
        if let Some((key, node)) = front.get(key) {
            edits.push(replacement(text, key, node, &value)?);
            // A comment above a key belongs to it, so what is new comes below.
            beside = text[key.span.end..].find('\n').map(|end| key.span.end + end + 1)?;
        } else {
            missing.extend([indent, key, ": ", &value, "\n"]);
        }
    }
    if text[..beside].ends_with("\r\n") {
        missing = missing.replace('\n', "\r\n");
    }
    edits.push((beside..beside, missing));
    edits.sort_by_key(|(range, _)| range.start);
    let mut edited = text.to_owned();
    for (range, new) in edits.into_iter().rev() {
        edited.replace_range(range, &new);
    }
    Some(edited)
}

/// The blanks before the first key; `None` where it is not the first in its line.
fn indent(text: &str, key: usize) -> Option<&str> {
    let line = text[..key].rfind('\n').map_or(0, |end| end + 1);
    let before = text[line..key].trim_end_matches(['"', '\'']);
    before.trim().is_empty().then_some(before)
}

/// Where a key has its value, and the new one in the same quotes. `None` where it has more than one
/// line.
fn replacement(
    text: &str,
    key: &Spanned<String>,
    node: &Node,
    value: &str,
) -> Option<(Range<usize>, String)> {
    let old = text.get(node.span.clone())?;
    if old.is_empty() {
        let line = text[key.span.end..].lines().next()?;
        let colon = key.span.end + line.find(':')? + 1;
        return Some((colon..colon, format!(" {value}")));
    }
    if text.get(key.span.end..node.span.end)?.contains('\n') {
        return None;
    }
    let quote = old.chars().next().filter(|first| matches!(first, '"' | '\''));
    let quote = quote.map(String::from).unwrap_or_default();
    Some((node.span.clone(), format!("{quote}{value}{quote}")))
}

/// Reads both again: the same but for the stamp.
fn changes_only(before: &Source, after: &Source, stamp: &Stamp) -> bool {
    let (Some(old), Some(new)) = (Front::read(before), Front::read(after)) else { return false };
    let values: Vec<(&str, String)> = stamp.values().collect();
    let is_stamped = |key: &Spanned<String>| values.iter().any(|(name, _)| *name == key.value);
    let others = |front: &Front| -> Vec<(String, Node)> {
        let kept = front.entries.iter().filter(|(key, _)| !is_stamped(key));
        kept.map(|(key, node)| (key.value.clone(), node.clone())).collect()
    };
    let (olds, news) = (others(&old), others(&new));
    let stays = olds.len() == news.len()
        && olds.iter().zip(&news).all(|(old, new)| old.0 == new.0 && same(&old.1, &new.1));
    let is_written = values.iter().all(|(key, value)| {
        new.get(key).is_some_and(|(_, node)| node.value == Value::Text(value.clone()))
    });
    stays && is_written && before.text[old.body_start..] == after.text[new.body_start..]
}

/// Equal but for the place.
fn same(a: &Node, b: &Node) -> bool {
    match (&a.value, &b.value) {
        (Value::List(a), Value::List(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Value::Table(a), Value::Table(b)) => {
            let is_same = |(a, b): (&Entry, &Entry)| a.0.value == b.0.value && same(&a.1, &b.1);
            a.len() == b.len() && a.iter().zip(b).all(is_same)
        }
        (a, b) => a == b,
    }
}

#[cfg(test)]
mod tests;
