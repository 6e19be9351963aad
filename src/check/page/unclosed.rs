//! Tags that are never closed. What is sent was mended by an HTML parser, so this reads the page as
//! the templates wrote it.

use super::Page;
use crate::check::{Finding, Level, Rule};

static UNCLOSED: Rule = Rule {
    code: "A3",
    name: "unclosed",
    level: Level::Error,
    may_pass: true,
    title: "A tag that is never closed",
    why: "What follows falls into the open element: half a page turns bold, or a column slips. Each \
          mail program guesses differently.",
    mend: "Close the tag in the template where its content ends.",
};

pub(super) static RULES: [&Rule; 1] = [&UNCLOSED];

/// Elements without content (HTML §13.1.2).
const VOID: [&str; 13] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track",
    "wbr",
];

/// Elements that may be left open (HTML §13.1.2.4).
const OPTIONAL: [&str; 19] = [
    "html", "head", "body", "li", "dt", "dd", "p", "rt", "rp", "optgroup", "option", "colgroup",
    "caption", "thead", "tbody", "tfoot", "tr", "td", "th",
];

/// End tags that reach out of a table cell; others end what was begun inside it.
const WIDE: [&str; 10] =
    ["table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption", "body", "html"];

/// Elements whose content is no markup.
const RAW: [&str; 4] = ["script", "style", "title", "textarea"];

pub(super) fn check(page: &Page<'_>) -> Vec<Finding> {
    let mut open: Vec<Tag<'_>> = Vec::new();
    let mut left: Vec<Tag<'_>> = Vec::new();
    for tag in tags(&page.proof.written, &page.proof.marker) {
        let is_empty = tag.is_closed || VOID.iter().any(|name| tag.is(name));
        if !tag.is_end {
            if !is_empty {
                open.push(tag);
            }
            continue;
        }
        let is_wide = WIDE.iter().any(|name| tag.is(name));
        let begun = open
            .iter()
            .rposition(|begun| {
                begun.is(tag.name) || (!is_wide && (begun.is("td") || begun.is("th")))
            })
            .filter(|at| open[*at].is(tag.name));
        if let Some(begun) = begun {
            left.extend(open.drain(begun..).skip(1));
        }
    }
    left.extend(open);
    left.into_iter()
        .filter(|tag| !OPTIONAL.iter().any(|name| tag.is(name)))
        .map(|tag| {
            let name = tag.name.to_ascii_lowercase();
            let finding = UNCLOSED
                .finding(format!("`<{name}>` is never closed"))
                .fix(format!("write `</{name}>` where it ends"));
            match tag.mark.and_then(|mark| page.proof.spots.get(mark)) {
                Some(spot) => finding.at(&spot.value, spot.span.clone()),
                None => finding,
            }
        })
        .collect()
}

/// A tag as written.
struct Tag<'a> {
    name: &'a str,
    is_end: bool,
    /// `<path />`
    is_closed: bool,
    mark: Option<usize>,
}

impl Tag<'_> {
    fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }
}

/// All tags of a page; those in comments are none.
fn tags<'a>(html: &'a str, marker: &str) -> Vec<Tag<'a>> {
    let attribute = format!(" {marker}=\"");
    let (mut tags, mut rest) = (Vec::new(), html);
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        let (is_end, tag) = rest.strip_prefix('/').map_or((false, rest), |tag| (true, tag));
        if !tag.starts_with(|c: char| c.is_ascii_alphabetic()) {
            continue;
        }
        let end = tag.find(|c: char| c.is_whitespace() || c == '/' || c == '>');
        let (name, attributes) = tag.split_at(end.unwrap_or(tag.len()));
        let length = end_of_tag(attributes);
        let mark = attributes.strip_prefix(&attribute).and_then(|mark| mark.split('"').next());
        let is_closed = attributes[..length].ends_with('/');
        let mark = mark.and_then(|mark| mark.parse().ok());
        let tag = Tag { name, is_end, is_closed, mark };
        rest = &attributes[length..];
        if !is_end && !is_closed && RAW.iter().any(|raw| tag.is(raw)) {
            rest = after_raw(rest, name);
        } else {
            tags.push(tag);
        }
    }
    tags
}

/// Where the tag's `>` stands; inside quotes it is part of a value.
fn end_of_tag(attributes: &str) -> usize {
    let mut quote = None;
    for (at, character) in attributes.char_indices() {
        match (quote, character) {
            (Some(open), _) if character == open => quote = None,
            (None, '"' | '\'') => quote = Some(character),
            (None, '>') => return at,
            _ => {}
        }
    }
    attributes.len()
}

/// What follows the end tag of an element whose content is no markup.
fn after_raw<'a>(rest: &'a str, name: &str) -> &'a str {
    let ends = rest.match_indices("</").find(|(at, _)| {
        let tag = rest.as_bytes().get(at + 2..at + 2 + name.len());
        tag.is_some_and(|tag| tag.eq_ignore_ascii_case(name.as_bytes()))
    });
    ends.map_or("", |(at, _)| &rest[at + 2..])
}
