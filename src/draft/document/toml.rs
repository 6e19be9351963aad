//! TOML with the place of every value.

use toml::de::{DeTable, DeValue};

use super::{Node, Value};
use crate::diagnostic::{Diagnostic, Source, Spanned};

/// Reads a whole file. Every syntax error is reported.
pub(crate) fn parse(source: &Source) -> Result<Node, Vec<Diagnostic>> {
    let (table, mut errors) = DeTable::parse_recoverable(&source.text);
    if errors.is_empty() {
        let span = table.span();
        return Ok(Node { value: entries(table.into_inner()), span });
    }
    errors.sort_by_key(|error| error.span().map(|span| span.start));
    let refused = |error: toml::de::Error| {
        let message =
            format!("not TOML: {}", error.message().lines().collect::<Vec<_>>().join(", "));
        Diagnostic::new(message).at(source, error.span().unwrap_or(0..0))
    };
    Err(errors.into_iter().map(refused).collect())
}

fn entries(table: DeTable<'_>) -> Value {
    let mut entries: Vec<_> = table
        .into_iter()
        .map(|(key, value)| {
            let span = key.span();
            (Spanned::new(key.into_inner().into_owned(), span), node(value))
        })
        .collect();
    entries.sort_by_key(|(key, _)| key.span.start);
    Value::Table(entries)
}

fn node(value: toml::Spanned<DeValue<'_>>) -> Node {
    let span = value.span();
    let value = match value.into_inner() {
        DeValue::String(text) => Value::Text(text.into_owned()),
        DeValue::Integer(number) => Value::Bare(number.to_string()),
        DeValue::Float(number) => Value::Bare(number.to_string()),
        DeValue::Boolean(value) => Value::Bool(value),
        DeValue::Datetime(time) => Value::Bare(time.to_string()),
        DeValue::Array(items) => Value::List(items.into_iter().map(node).collect()),
        DeValue::Table(table) => entries(table),
    };
    Node { value, span }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_stand_in_the_order_of_the_file_with_their_places() {
        let source = Source::new("a.toml", "z = \"é\"\n[b.c]\nn = 1_000\n");
        let Value::Table(entries) = parse(&source).unwrap().value else { panic!("not a table") };
        let shown: Vec<_> = entries
            .iter()
            .map(|(key, node)| (key.value.as_str(), &source.text[node.span.clone()]))
            .collect();
        assert_eq!(shown, [("z", "\"é\""), ("b", "b")]);
    }

    #[test]
    fn every_syntax_error_is_reported() {
        let source = Source::new("a.toml", "a = \nb = 1\nc 2\n");
        let faults = parse(&source).unwrap_err();
        let lines: Vec<_> = faults.iter().map(ToString::to_string).collect();
        assert!(lines.len() >= 2, "{lines:?}");
        assert!(
            lines[0].starts_with("a.toml:1:") && lines[1].starts_with("a.toml:3:"),
            "{lines:?}"
        );
    }

    #[test]
    fn a_byte_order_mark_shifts_nothing() {
        let source = Source::new("a.toml", "\u{feff}a = 1\n");
        let Value::Table(entries) = parse(&source).unwrap().value else { panic!("not a table") };
        assert_eq!(&source.text[entries[0].0.span.clone()], "a");
    }
}
