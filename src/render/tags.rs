//! The `{{…}}` of a draft, found before Markdown can see them.

use std::ops::Range;

use super::sentinel::Sentinels;

/// What a tag does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TagKind {
    /// Prints something.
    Print,
    /// `{{#name …}}`.
    Open,
    /// `{{else}}`, `{{else if …}}`, `{{^}}`.
    Else,
    /// `{{/name}}`.
    Close,
    /// `{{> name}}`.
    Partial,
    /// `{{! … }}`.
    Comment,
    /// `{{{{raw}}}} … {{{{/raw}}}}`: text that is not looked at.
    Raw,
    /// `{{` without its `}}`.
    Unclosed,
}

impl TagKind {
    /// Whether it shapes the text around it, so that it may stand on a line of its own.
    pub(super) fn is_block(self) -> bool {
        !matches!(self, Self::Print | Self::Raw | Self::Unclosed)
    }
}

/// One tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tag {
    /// What it does.
    pub(super) kind: TagKind,
    /// Its bytes in the scanned text.
    pub(super) range: Range<usize>,
}

/// Roles of sentinels in Markdown.
pub(super) mod role {
    /// Among words.
    pub(in super::super) const INLINE: char = 'x';
    /// Block tags alone on their line, set apart by blank lines that the draft does not have.
    pub(in super::super) const ALONE: char = 'b';
    /// Inside a link's destination.
    pub(in super::super) const URL: char = 'u';
    /// At the beginning of a link's destination.
    pub(in super::super) const LINK: char = 'l';
}

/// All tags of a text, in order.
pub(super) fn scan(text: &str) -> Vec<Tag> {
    let mut tags = Vec::new();
    let mut from = 0;
    while let Some(found) = text[from..].find("{{") {
        let start = from + found;
        let backslashes = text[..start].bytes().rev().take_while(|byte| *byte == b'\\').count();
        if backslashes % 2 == 1 {
            from = start + 2;
            continue;
        }
        let tag = read(text, start);
        from = tag.range.end;
        tags.push(tag);
    }
    tags
}

/// The tag that begins at `start`.
pub(super) fn read(text: &str, start: usize) -> Tag {
    let rest = &text[start..];
    let unclosed = Tag { kind: TagKind::Unclosed, range: start..start + 2 };
    if rest.starts_with("{{{{") {
        let Some(close) = rest.find("{{{{/") else { return unclosed };
        let Some(end) = rest[close..].find("}}}}") else { return unclosed };
        return Tag { kind: TagKind::Raw, range: start..start + close + end + 4 };
    }
    let inner = rest[2..].trim_start_matches('~').trim_start();
    if inner.starts_with('!') {
        let end = if inner.starts_with("!--") { "--}}" } else { "}}" };
        let Some(at) = rest.find(end) else { return unclosed };
        return Tag { kind: TagKind::Comment, range: start..start + at + end.len() };
    }
    let Some(length) = length(rest) else { return unclosed };
    let word = inner.split(|c: char| c.is_whitespace() || "}~".contains(c)).next();
    let kind = match (inner.chars().next(), word) {
        (Some('#'), _) => TagKind::Open,
        (Some('/'), _) => TagKind::Close,
        (Some('>'), _) => TagKind::Partial,
        (Some('^'), _) | (_, Some("else")) => TagKind::Else,
        _ => TagKind::Print,
    };
    Tag { kind, range: start..start + length }
}

/// Length of an expression with its braces. It ends before a backtick or an empty line: an
/// expression has none, and Markdown that speaks of `{{` does.
fn length(rest: &str) -> Option<usize> {
    let closing = if rest.starts_with("{{{") { "}}}" } else { "}}" };
    let mut quote = None;
    for (at, character) in rest.char_indices() {
        match (quote, character) {
            (_, '`') => return None,
            (_, '\n') if rest[at + 1..].trim_start_matches([' ', '\t', '\r']).starts_with('\n') => {
                return None;
            }
            (Some(open), _) if character == open => quote = None,
            (None, '"' | '\'') => quote = Some(character),
            (None, '}') if rest[at..].starts_with(closing) => return Some(at + closing.len()),
            _ => {}
        }
    }
    None
}

/// A draft's body with sentinels for its tags, and the way back to its lines.
#[derive(Debug)]
pub(super) struct Lifted {
    /// What Markdown reads.
    pub(super) text: String,
    /// Offset in the draft of each line of `text`.
    pub(super) lines: Vec<usize>,
}

/// Puts a sentinel for each tag; its number is the tag's index. `base` is the body's offset in
/// the draft.
pub(super) fn lift(body: &str, base: usize, tags: &[Tag], sentinels: &Sentinels) -> Lifted {
    let mut lifted = Lifted { text: String::with_capacity(body.len()), lines: vec![base] };
    let alone = alone_on_line(body, tags);
    let mut at = 0;
    for (number, tag) in tags.iter().enumerate() {
        copy(&body[at..tag.range.start], base + at, &mut lifted);
        let alone = alone[number];
        let prefix = if alone { prefix_of(body, tag.range.start) } else { "" };
        if alone {
            lifted.text.push('\n');
            lifted.lines.push(base + tag.range.start);
            lifted.text.push_str(prefix);
        }
        let role = if alone { role::ALONE } else { role::INLINE };
        lifted.text.push_str(&sentinels.mark(number, role));
        at = tag.range.end;
        if alone {
            lifted.text.push('\n');
            lifted.lines.push(base + at);
            lifted.text.push_str(prefix.trim_end());
        }
    }
    copy(&body[at..], base + at, &mut lifted);
    lifted
}

fn copy(text: &str, base: usize, lifted: &mut Lifted) {
    lifted.lines.extend(text.match_indices('\n').map(|(at, _)| base + at + 1));
    lifted.text.push_str(text);
}

/// The indentation and quote marks of a line.
fn prefix_of(body: &str, at: usize) -> &str {
    let line = body[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let rest = &body[line..at];
    &rest[..rest.len() - rest.trim_start_matches([' ', '\t', '>']).len()]
}

/// For each tag, whether its line holds nothing but block tags.
fn alone_on_line(body: &str, tags: &[Tag]) -> Vec<bool> {
    let mut alone = Vec::with_capacity(tags.len());
    while let Some(first) = tags.get(alone.len()) {
        let start = body[..first.range.start].rfind('\n').map_or(0, |newline| newline + 1);
        let end = body[first.range.end..].find('\n').map(|newline| first.range.end + newline);
        let end = end.unwrap_or(body.len());
        let line = tags[alone.len()..].iter().take_while(|tag| tag.range.start < end);
        let (mut at, mut is_alone, mut count) = (start, true, 0);
        for tag in line {
            let quote: &[char] = if at == start { &['>'] } else { &[] };
            let between = body.get(at..tag.range.start).unwrap_or("?").replace(quote, "");
            is_alone &= tag.kind.is_block() && between.trim().is_empty();
            at = tag.range.end;
            count += 1;
        }
        is_alone &= body.get(at..end).is_some_and(|rest| rest.trim().is_empty());
        alone.resize(alone.len() + count, is_alone);
    }
    alone
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<(TagKind, &str)> {
        scan(text).into_iter().map(|tag| (tag.kind, &text[tag.range])).collect()
    }

    #[test]
    fn tags_are_found_with_their_kind() {
        let text = "{{a}} {{#if b}}{{else}}{{/if}} {{> p x=\"}}\"}} {{!-- }} --}} {{{c}}}";
        assert_eq!(
            kinds(text),
            [
                (TagKind::Print, "{{a}}"),
                (TagKind::Open, "{{#if b}}"),
                (TagKind::Else, "{{else}}"),
                (TagKind::Close, "{{/if}}"),
                (TagKind::Partial, "{{> p x=\"}}\"}}"),
                (TagKind::Comment, "{{!-- }} --}}"),
                (TagKind::Print, "{{{c}}}"),
            ]
        );
    }

    #[test]
    fn an_escaped_tag_is_text_and_a_doubled_backslash_is_not() {
        assert_eq!(kinds(r"\{{a}}"), []);
        assert_eq!(kinds(r"\\{{a}}"), [(TagKind::Print, "{{a}}")]);
    }

    #[test]
    fn a_tag_ends_at_code_and_at_the_paragraph() {
        assert_eq!(kinds("`{{` and `}}`"), [(TagKind::Unclosed, "{{")]);
        assert_eq!(kinds("{{a\n\nb}}"), [(TagKind::Unclosed, "{{")]);
        assert_eq!(kinds("{{default a\n  \"b\"}}"), [(TagKind::Print, "{{default a\n  \"b\"}}")]);
    }

    #[test]
    fn a_block_tag_alone_on_its_line_is_set_apart() {
        let body = "a\n{{#if x}}\nb {{#if y}}\n";
        let sentinels = Sentinels::absent_from(body);
        let lifted = lift(body, 10, &scan(body), &sentinels);
        assert_eq!(lifted.text, "a\n\nzq0b\n\nb zq1x\n");
        assert_eq!(lifted.lines, [10, 12, 12, 21, 22, 34]);
    }
}
