//! Finds the `---` lines.

use std::ops::Range;

use crate::diagnostic::{Diagnostic, Source};

/// More is no front matter but a mistake.
const MAX_BYTES: usize = 64 * 1024;

/// Where front matter and body stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fences {
    /// The opening `---`.
    pub(super) opening: Range<usize>,
    /// The YAML between the lines.
    pub(super) yaml: Range<usize>,
    /// First byte after the closing line.
    pub(super) body_start: usize,
}

/// Why there is no front matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum NoFrontMatter {
    /// The file begins with something else; the range is its first line.
    Missing(Range<usize>),
    /// The closing line is missing; the range is the opening one.
    Unclosed(Range<usize>),
    /// It is longer than 64 KB.
    TooLong(Range<usize>),
}

impl NoFrontMatter {
    pub(super) fn diagnostic(self, source: &Source) -> Diagnostic {
        match self {
            Self::Missing(line) => Diagnostic::new("there is no front matter").at(source, line).hint(
                "begin the file with a line `---`, then `kind: …`, `subject: …` and `lists: […]`, \
                 then a line `---`",
            ),
            Self::Unclosed(line) => Diagnostic::new("the front matter has no end")
                .at(source, line)
                .hint("put a line `---` between front matter and text"),
            Self::TooLong(line) => Diagnostic::new("the front matter is longer than 64 KB")
                .at(source, line)
                .hint("is the closing line `---` missing?"),
        }
    }
}

/// Splits a draft. A byte order mark before the first line and blanks after the dashes are
/// tolerated, as are CRLF line ends.
pub(super) fn split(text: &str) -> Result<Fences, NoFrontMatter> {
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut lines = text[start..].split_inclusive('\n').scan(start, |next, line| {
        let begin = *next;
        *next += line.len();
        Some((begin, line))
    });
    let (begin, first) = lines.next().unwrap_or((start, ""));
    let opening = begin..begin + first.trim_end().len();
    if !is_fence(first) {
        return Err(NoFrontMatter::Missing(opening));
    }
    let yaml_start = begin + first.len();
    let Some((yaml_end, closing)) = lines.find(|(_, line)| is_fence(line)) else {
        return Err(NoFrontMatter::Unclosed(opening));
    };
    if yaml_end - yaml_start > MAX_BYTES {
        return Err(NoFrontMatter::TooLong(opening));
    }
    Ok(Fences { opening, yaml: yaml_start..yaml_end, body_start: yaml_end + closing.len() })
}

fn is_fence(line: &str) -> bool {
    line.trim_end() == "---"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> (&str, &str) {
        let fences = split(text).unwrap();
        (&text[fences.yaml], &text[fences.body_start..])
    }

    #[test]
    fn front_matter_stands_between_two_lines_of_dashes() {
        assert_eq!(parts("---\na: b\n---\nText\n---\n"), ("a: b\n", "Text\n---\n"));
    }

    #[test]
    fn a_byte_order_mark_and_crlf_are_tolerated() {
        assert_eq!(parts("\u{feff}---\r\na: b\r\n--- \r\nText"), ("a: b\r\n", "Text"));
    }

    #[test]
    fn a_draft_may_end_with_its_front_matter() {
        assert_eq!(parts("---\n---"), ("", ""));
    }

    #[test]
    fn a_file_without_front_matter_is_refused_at_its_first_line() {
        assert_eq!(split("# Title\n---\n"), Err(NoFrontMatter::Missing(0..7)));
        assert_eq!(split(""), Err(NoFrontMatter::Missing(0..0)));
        assert_eq!(split("----\na: b\n---\n"), Err(NoFrontMatter::Missing(0..4)));
    }

    #[test]
    fn front_matter_without_an_end_is_refused() {
        assert_eq!(split("---\na: b\n"), Err(NoFrontMatter::Unclosed(0..3)));
    }

    #[test]
    fn front_matter_over_64_kilobytes_is_refused() {
        let text = |length: usize| format!("---\n{}\n---\n", "#".repeat(length - 1));
        assert!(split(&text(MAX_BYTES)).is_ok());
        assert_eq!(split(&text(MAX_BYTES + 1)), Err(NoFrontMatter::TooLong(0..3)));
    }
}
