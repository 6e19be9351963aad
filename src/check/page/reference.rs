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
    mend: "Write `[text](https://…)` without any space, or add the line `[reference]: https://…` to the \
           draft; a note needs `[^1]: its text`.",
};

pub(super) static RULES: [&Rule; 1] = [&REFERENCE];

/// Looks in the texts that came from the draft: what became a link is gone from them, and code is
/// passed over. What the draft escapes (`\[a\]`) is not found in it letter by letter.
pub(super) fn check(reading: &Reading<'_>) -> Vec<Finding> {
    let source = &reading.page.draft.source;
    let mut from = reading.page.draft.body_start;
    let mut findings = Vec::new();
    for (number, text) in reading.texts.iter().enumerate() {
        let is_in = |inside: usize, names: &[&str]| {
            reading.around(inside).any(|outer| names.contains(&outer.name))
        };
        if is_in(text.inside, &["code", "pre", "a"]) || !reading.is_of_draft(text.inside) {
            continue;
        }
        let leads_on = reading.texts.get(number + 1).is_some_and(|next| is_in(next.inside, &["a"]));
        for left in left_over(text.text).into_iter().chain(torn(text.text, leads_on)) {
            // Signs in the text of a link are made typographic; those of its name are not.
            let tail = left.find("][").map_or(left, |at| &left[at..]);
            let found = [left, tail].into_iter().find_map(|words| {
                source.text[from..].find(words).map(|at| from + at..from + at + words.len())
            });
            let Some(span) = found.filter(|span| !source.text[..span.start].ends_with('\\')) else {
                continue;
            };
            from = span.end;
            let (message, fix) = told(left);
            findings.push(REFERENCE.finding(message).at(source, span).fix(fix));
        }
    }
    findings
}

/// What is wrong, and what to do.
fn told(left: &str) -> (String, String) {
    if !left.ends_with(']') {
        let fix = "write `[text](address)`, with no space in or before the address".to_owned();
        return (format!("`{left}` does not begin a link"), fix);
    }
    let Some((text, name)) = left[1..left.len() - 1].split_once("][") else {
        return (format!("the note `{left}` is nowhere"), format!("add `{left}: …`"));
    };
    let name = if name.is_empty() { text } else { name };
    let fix = format!("add `[{name}]: https://…`, or write the address in `()`");
    (format!("`[{name}]` has no address"), fix)
}

/// `[text][name]`, `[text][]` and `[^note]` in a text. Numbers alone are citations, and blanks are
/// boxes to tick.
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
        let both = &text[open..open + whole];
        let is_citation = both.chars().all(|c| c.is_ascii_digit() || "[]".contains(c));
        let is_box = [inside, &both[first..]].into_iter().any(|half| {
            half.contains(char::is_whitespace)
                && half.chars().all(|c| c.is_whitespace() || "[]".contains(c))
        });
        if !is_citation && !is_box {
            found.push(both);
        }
        at = open + whole;
    }
    found
}

/// How a link begins that was not made: `[text](` where the address has a space, and `[text] (` and
/// `(text)[` before any address.
fn torn(text: &str, leads_on: bool) -> Option<&str> {
    let spaced = || (leads_on && text.ends_with("] (")).then(|| text.len() - 3);
    let (at, opens, length) = None
        .or_else(|| Some((text.find("](")?, '[', 2)))
        .or_else(|| Some((text.find(")[http")?, '(', 2)))
        .or_else(|| Some((spaced()?, '[', 3)))?;
    text[..at].rfind(opens).map(|start| &text[start..at + length])
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
        assert_eq!(left_over("[a][ ] and [ ][b] and [ ][ ]"), [""; 0]);
    }

    #[test]
    fn the_beginning_of_a_link_that_was_not_made_is_found() {
        assert_eq!(torn("(a) see [b](c d)", false), Some("[b]("));
        assert_eq!(torn("a [b] (", true), Some("[b] ("));
        assert_eq!(torn("a (b c)[http://d]", false), Some("(b c)["));
        for (text, leads_on) in
            [("a [b] (", false), ("a (b)[c]", true), ("a [b]: (", true), ("](", true)]
        {
            assert_eq!(torn(text, leads_on), None, "{text}");
        }
    }
}
