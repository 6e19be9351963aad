//! What an author has written for readers.

use std::{iter, ops::Range};

/// A body as its readers see it, byte for byte where it stands: code, tags and comments are blank,
/// and so are the `start` bytes of front matter before it.
pub(super) fn of_body(text: &str, start: usize) -> String {
    let front = 0..start;
    let unread: Vec<Range<usize>> = iter::once(front).chain(code_blocks(text, start)).collect();
    let ink = blanked(text, &unread);
    blanked(&ink, &spans(&ink))
}

/// A text with spaces in the place of these stretches, which are in order. Line ends stay.
fn blanked(text: &str, stretches: &[Range<usize>]) -> String {
    let mut ink = String::with_capacity(text.len());
    let mut at = 0;
    for stretch in stretches {
        ink.push_str(&text[at..stretch.start]);
        for byte in text[stretch.clone()].bytes() {
            ink.push(if byte == b'\n' { '\n' } else { ' ' });
        }
        at = stretch.end;
    }
    ink.push_str(&text[at..]);
    ink
}

/// Lines between fences, fences included, and lines that are indented as code.
fn code_blocks(text: &str, start: usize) -> Vec<Range<usize>> {
    let mut blocks = Vec::new();
    let mut fence: Option<&str> = None;
    let (mut after_blank, mut in_list) = (true, false);
    let mut at = start;
    for line in text[start..].split_inclusive('\n') {
        let range = at..at + line.len();
        at = range.end;
        let content = line.trim();
        let is_indented = line.starts_with("    ") || line.starts_with('\t');
        if let Some(open) = fence {
            blocks.push(range);
            let closes = content.starts_with(open) && content.chars().all(|c| open.contains(c));
            fence = fence.filter(|_| !closes);
        } else if let Some(open) = ["```", "~~~"].into_iter().find(|open| content.starts_with(open))
        {
            blocks.push(range);
            fence = Some(open);
        } else if content.is_empty() {
            after_blank = true;
        } else if is_indented && after_blank && !in_list {
            blocks.push(range);
        } else {
            // What is indented below a list item belongs to it.
            in_list = item(line).is_some() || (in_list && line.starts_with(' '));
            after_blank = false;
        }
    }
    blocks
}

/// The text of a list item, if the line begins one.
pub(super) fn item(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let bullet = ["- ", "* ", "+ "].into_iter().find_map(|bullet| line.strip_prefix(bullet));
    bullet.or_else(|| {
        let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
        let numbered = rest.len() < line.len();
        rest.strip_prefix(". ").or_else(|| rest.strip_prefix(") ")).filter(|_| numbered)
    })
}

/// What stands in backticks, in braces and in comments.
fn spans(ink: &str) -> Vec<Range<usize>> {
    // Behind these there is no further end: they are looked for once, not from each begin.
    let (last_tag, last_comment) = (ink.rfind("}}"), ink.rfind("-->"));
    let mut spans = Vec::new();
    let mut at = 0;
    while let Some(found) = ink[at..].find(['`', '{', '<']) {
        let begin = at + found;
        let rest = &ink[begin..];
        let ticks = rest.len() - rest.trim_start_matches('`').len();
        let length = if ticks > 0 {
            code_span(rest, ticks)
        } else if rest.starts_with("{{") && last_tag > Some(begin) {
            rest.find("}}").map(|end| end + 2)
        } else if rest.starts_with("<!--") && last_comment > Some(begin) {
            rest.find("-->").map(|end| end + 3)
        } else {
            None
        };
        spans.extend(length.map(|length| begin..begin + length));
        at = begin + length.unwrap_or(ticks.max(1));
    }
    spans
}

/// The length of a code span, which ends with as many backticks in the same paragraph.
fn code_span(rest: &str, ticks: usize) -> Option<usize> {
    let paragraph = &rest[..rest.find("\n\n").unwrap_or(rest.len())];
    let mut at = ticks;
    while let Some(found) = paragraph[at..].find('`') {
        let begin = at + found;
        let run = paragraph[begin..].len() - paragraph[begin..].trim_start_matches('`').len();
        if run == ticks {
            return Some(begin + run);
        }
        at = begin + run;
    }
    None
}

/// Runs of letters and digits, each with its place.
pub(super) fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    iter::from_fn(move || {
        let begin = at + text[at..].find(char::is_alphanumeric)?;
        let rest = &text[begin..];
        let end = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
        at = begin + end;
        Some((begin, &rest[..end]))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        let ink = of_body(text, 0);
        assert_eq!(ink.len(), text.len(), "everything stays in its place");
        ink.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn code_tags_and_comments_are_not_read() {
        assert_eq!(read("One `two` three ``fo`ur`` five"), "One three five");
        assert_eq!(read("One {{default name \"TODO\"}} two"), "One two");
        assert_eq!(read("One <!-- TODO --> two"), "One two");
        assert_eq!(read("One\n```\ntwo\n```\nthree"), "One three");
        assert_eq!(read("One\n~~~ text\ntwo\n"), "One");
        assert_eq!(read("One\n\n    two\n\nthree"), "One three");
    }

    #[test]
    fn what_looks_like_code_and_is_not_is_read() {
        assert_eq!(read("One ` two"), "One ` two");
        assert_eq!(read("One `\n\n` two"), "One ` ` two");
        assert_eq!(read("- One\n\n    two"), "- One two");
        assert_eq!(read("One\n    two"), "One two");
        assert_eq!(read("{{ one < two"), "{{ one < two");
        assert_eq!(read("한국어 `코드` 글"), "한국어 글");
    }

    #[test]
    fn front_matter_is_not_read() {
        assert_eq!(of_body("---\na\n---\nb", 10), "   \n \n   \nb");
    }

    #[test]
    fn words_have_their_places() {
        let found: Vec<(usize, &str)> = words("é, b2-c").collect();
        assert_eq!(found, [(0, "é"), (4, "b2"), (7, "c")]);
    }

    #[test]
    fn items_are_told_from_text() {
        assert_eq!(item("- Ana\n"), Some("Ana\n"));
        assert_eq!(item("  12. Ana"), Some("Ana"));
        assert_eq!(item("2) Ana"), Some("Ana"));
        assert_eq!(item("2016. A year"), Some("A year"));
        for text in ["-Ana", ". Ana", "Ana", "**Ana**"] {
            assert_eq!(item(text), None);
        }
    }
}
