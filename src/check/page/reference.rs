//! `[text][reference]` that Markdown left as it is, because the reference is nowhere.

use super::reading::Reading;
use crate::check::{Finding, Level, Rule};

static REFERENCE: Rule = Rule {
    code: "L1",
    name: "reference",
    level: Level::Error,
    may_pass: true,
    title: "A link or note whose address is missing",
    why: "Readers see the brackets instead of a link.",
    mend: "Write `[text](https://…)`, or add the line `[reference]: https://…` to the draft; a note \
           needs `[^1]: its text`.",
};

pub(super) static RULES: [&Rule; 1] = [&REFERENCE];

/// Looks in the texts that came from the draft: what became a link is gone from them, and code is
/// passed over. What the draft escapes (`\[a\]`) is not found in it letter by letter.
pub(super) fn check(reading: &Reading<'_>) -> Vec<Finding> {
    let source = &reading.page.draft.source;
    let mut from = reading.page.draft.body_start;
    let mut findings = Vec::new();
    for text in &reading.texts {
        let is_code =
            reading.around(text.inside).any(|outer| matches!(outer.name, "code" | "pre" | "a"));
        if is_code || !reading.is_of_draft(text.inside) {
            continue;
        }
        for left in left_over(text.text) {
            let Some(at) = source.text[from..].find(left) else { continue };
            let span = from + at..from + at + left.len();
            from = span.end;
            let (message, fix) = match left[1..left.len() - 1].split_once("][") {
                None => (format!("the note `{left}` is nowhere"), format!("add `{left}: …`")),
                Some((text, name)) => {
                    let name = if name.is_empty() { text } else { name };
                    let fix = format!("add `[{name}]: https://…`, or write the address in `()`");
                    (format!("`[{name}]` has no address"), fix)
                }
            };
            findings.push(REFERENCE.finding(message).at(source, span).fix(fix));
        }
    }
    findings
}

/// `[text][name]`, `[text][]` and `[^note]` in a text. Numbers alone are citations.
fn left_over(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(open) = text[at..].find('[').map(|open| at + open) {
        at = open + 1;
        let Some(first) = bracket(&text[open..]) else { continue };
        let second = bracket(&text[open + first..]);
        let inside = &text[open + 1..open + first - 1];
        let whole = match second {
            None if inside.len() > 1 && inside.starts_with('^') => first,
            Some(second) if !inside.is_empty() => first + second,
            _ => continue,
        };
        let is_citation =
            text[open..open + whole].chars().all(|c| c.is_ascii_digit() || "[]".contains(c));
        if !is_citation {
            found.push(&text[open..open + whole]);
        }
        at = open + whole;
    }
    found
}

/// The length of brackets that begin here, without others inside.
fn bracket(text: &str) -> Option<usize> {
    let inside = text.strip_prefix('[')?;
    let end = inside.find(['[', ']'])?;
    inside[end..].starts_with(']').then_some(end + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_markdown_left_is_found() {
        assert_eq!(
            left_over("see [a b][c], [d][] and [^1]; [e] [f] [1][2] [x[y][z] []["),
            ["[a b][c]", "[d][]", "[^1]", "[y][z]"]
        );
    }
}
