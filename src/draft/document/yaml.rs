//! YAML without its traps: no aliases, no merge keys, no tags, `yes` is a word.

use std::{fmt, ops::Range};

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::{
    Error, Location,
    options::{DuplicateKeyPolicy, MergeKeyPolicy, NonFiniteFloatPolicy},
};

use super::{Node, Value};
use crate::diagnostic::{Diagnostic, Source, Spanned};

/// Deep enough for any schema, shallow enough for any stack.
const MAX_DEPTH: usize = 16;

/// Reads the YAML in these bytes of `source`. Spans count from the start of `source`. Keys that
/// stand twice are kept; [`super::Table`] reports them.
pub(crate) fn parse(source: &Source, range: Range<usize>) -> Result<Node, Diagnostic> {
    let text = &source.text[range.clone()];
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_depth: MAX_DEPTH,
            max_documents: 1,
            max_aliases: 0,
            max_anchors: 0,
        },
        duplicate_keys: DuplicateKeyPolicy::PassThrough,
        merge_keys: MergeKeyPolicy::AsOrdinary,
        non_finite_float_policy: NonFiniteFloatPolicy::AsString,
        strict_booleans: true,
        reject_unsupported_tags: true,
        with_snippet: false,
    };
    match serde_saphyr::from_str_with_options::<Located>(text, options) {
        Ok(located) => Ok(located.into_node(text, range.start)),
        Err(error) => Err(refused(source, range, &error)),
    }
}

fn refused(source: &Source, range: Range<usize>, error: &Error) -> Diagnostic {
    let text = &source.text[range.clone()];
    let at = error.location().map_or(0..0, |location| {
        // Syntax errors are counted in characters only.
        bytes(&location).unwrap_or_else(|| {
            let characters = usize::try_from(location.span().offset()).unwrap_or(usize::MAX);
            let start = text.char_indices().nth(characters).map_or(text.len(), |(at, _)| at);
            start..start
        })
    });
    let start = at.start.min(text.len());
    let next = text[start..].chars().next().map_or(0, char::len_utf8);
    let span = range.start + start..range.start + at.end.clamp(start + next, text.len());
    match error {
        Error::Budget { .. } => Diagnostic::new("aliases, anchors and deep nesting are not read")
            .hint("write the value out where it is used"),
        Error::UnsupportedTag { .. } => Diagnostic::new("tags are not read")
            .hint("leave out the `!`, or put the text in quotes"),
        _ => Diagnostic::new(format!("not YAML: {}", reason(error)))
            .hint("text that holds `: ` or ` #`, or begins with one of `[{&*!|>%@`, needs quotes"),
    }
    .at(source, span)
}

/// The parser's reason without its place, which counts from the start of the YAML.
fn reason(error: &Error) -> String {
    let text = error.to_string();
    let line = text.lines().next().unwrap_or_default();
    line.rsplit_once(" at line ").map_or(line, |(reason, _)| reason).to_owned()
}

fn bytes(location: &Location) -> Option<Range<usize>> {
    let span = location.span();
    let start = usize::try_from(span.byte_offset()?).ok()?;
    let length = usize::try_from(span.byte_len().unwrap_or(0)).ok()?;
    Some(start..start + length)
}

/// A value as the parser hands it over, before its place is known in the whole file.
type Located = serde_saphyr::Spanned<Raw>;

enum Raw {
    Empty,
    Bool(bool),
    /// A number: its spelling is taken from the source, so that `1.10` stays what it is.
    Number,
    Text(String),
    List(Vec<Located>),
    Table(Vec<(serde_saphyr::Spanned<String>, Located)>),
}

trait IntoNode {
    fn into_node(self, text: &str, shift: usize) -> Node;
}

impl IntoNode for Located {
    fn into_node(self, text: &str, shift: usize) -> Node {
        let own = bytes(&self.referenced).unwrap_or(0..0);
        let mut span = own.start + shift..own.end + shift;
        let value = match self.value {
            Raw::Empty => Value::Empty,
            Raw::Bool(value) => Value::Bool(value),
            Raw::Number => Value::Bare(text.get(own).unwrap_or_default().trim().to_owned()),
            Raw::Text(value) => Value::Text(value),
            Raw::List(items) => {
                Value::List(items.into_iter().map(|item| item.into_node(text, shift)).collect())
            }
            Raw::Table(entries) => Value::Table(
                entries
                    .into_iter()
                    .map(|(key, value)| {
                        let at = bytes(&key.referenced).unwrap_or(0..0);
                        let key = Spanned::new(key.value, at.start + shift..at.end + shift);
                        (key, value.into_node(text, shift))
                    })
                    .collect(),
            ),
        };
        // The parser gives a collection only the place where it begins.
        let end = match &value {
            Value::List(items) => items.last().map(|item| item.span.end),
            Value::Table(entries) => {
                entries.last().map(|(key, item)| item.span.end.max(key.span.end))
            }
            _ => None,
        };
        span.end = span.end.max(end.unwrap_or(span.end));
        Node { value, span }
    }
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Raw, E> {
        Ok(Raw::Empty)
    }

    fn visit_none<E>(self) -> Result<Raw, E> {
        Ok(Raw::Empty)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Raw, E> {
        Ok(Raw::Bool(value))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Raw, E> {
        Ok(Raw::Number)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Raw, E> {
        Ok(Raw::Number)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Raw, E> {
        Ok(Raw::Number)
    }

    fn visit_str<E>(self, value: &str) -> Result<Raw, E> {
        Ok(Raw::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Raw, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Raw::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Raw, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Raw::Table(entries))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Place;

    const BEFORE: &str = "é\n---\n";

    fn read(yaml: &str) -> (Source, Result<Node, Diagnostic>) {
        let source = Source::new("drafts/x.md", format!("{BEFORE}{yaml}"));
        let node = parse(&source, BEFORE.len()..BEFORE.len() + yaml.len());
        (source, node)
    }

    fn fault(yaml: &str) -> (String, String) {
        let Err(fault) = read(yaml).1 else { panic!("{yaml:?} was read") };
        let Some(Place::Span { source, span }) = &fault.place else { panic!("no place") };
        (fault.to_string(), source.text[span.clone()].to_owned())
    }

    #[test]
    fn spans_count_from_the_start_of_the_file() {
        let (source, node) = read("a: [x, é z]\nb:\n  c: 2016-11-02 17:00\n");
        let Value::Table(entries) = node.unwrap().value else { panic!("not a table") };
        let Value::List(items) = &entries[0].1.value else { panic!("not a list") };
        assert_eq!(&source.text[items[1].span.clone()], "é z");
        let Value::Table(inner) = &entries[1].1.value else { panic!("not a table") };
        assert_eq!(&source.text[inner[0].0.span.clone()], "c");
        assert_eq!(inner[0].1.value, Value::Text("2016-11-02 17:00".into()));
        assert_eq!(&source.text[inner[0].1.span.clone()], "2016-11-02 17:00");
    }

    #[test]
    fn numbers_keep_their_spelling_and_yes_is_a_word() {
        let (_, node) = read("[1.10, 007, 1_000, yes, true, ~, 123456789012345678901]");
        let Value::List(items) = node.unwrap().value else { panic!("not a list") };
        let values: Vec<_> = items.into_iter().map(|item| item.value).collect();
        assert_eq!(
            values,
            [
                Value::Bare("1.10".into()),
                Value::Bare("007".into()),
                Value::Bare("1_000".into()),
                Value::Text("yes".into()),
                Value::Bool(true),
                Value::Empty,
                Value::Bare("123456789012345678901".into()),
            ]
        );
    }

    #[test]
    fn aliases_and_anchors_are_refused() {
        let (text, at) = fault("a: &x 1\nb: *x\n");
        assert_eq!(
            (text.as_str(), at.as_str()),
            ("drafts/x.md:3:7: aliases, anchors and deep nesting are not read", "1")
        );
    }

    #[test]
    fn deep_nesting_is_refused() {
        let deep = format!("a: {}1{}", "[".repeat(100), "]".repeat(100));
        assert!(fault(&deep).0.contains("deep nesting"));
    }

    #[test]
    fn tags_are_refused() {
        assert!(fault("a: !important b").0.contains("tags are not read"));
    }

    #[test]
    fn a_syntax_error_is_placed_in_the_file() {
        let (text, at) = fault("kind: event\nsubject: é: b\n");
        let wanted = "drafts/x.md:4:11: not YAML: mapping values are not allowed in this context";
        assert_eq!((text.as_str(), at.as_str()), (wanted, ":"));
    }

    #[test]
    fn a_syntax_error_at_the_end_stays_inside_the_text() {
        assert!(fault("a: [b\n").0.starts_with("drafts/x.md:"));
        assert!(fault("a: \"b").0.starts_with("drafts/x.md:"));
    }
}
