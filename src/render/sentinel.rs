//! Words that stand for an expression while a parser of something else runs over the text.
//!
//! A sentinel is plain ASCII letters and digits, so neither Markdown, smart punctuation, an HTML
//! parser nor a CSS inliner changes, splits or escapes it.

use std::fmt::Write as _;

/// One family of sentinels, told from all other text by a prefix that the text does not hold.
#[derive(Clone, Debug)]
pub(super) struct Sentinels {
    prefix: String,
}

/// A stretch of marked text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Segment<'a> {
    /// Text between sentinels.
    Text(&'a str),
    /// The sentinel of this number and role.
    Mark(usize, char),
}

impl Sentinels {
    /// A family whose prefix does not occur in `text`.
    pub(super) fn absent_from(text: &str) -> Self {
        let mut prefix = String::from("zq");
        let mut round = 0_u32;
        while text.contains(&prefix) {
            prefix.clear();
            let _ = write!(prefix, "zq{round}q");
            round += 1;
        }
        Self { prefix }
    }

    /// The sentinel of `number`; `role` is a lower-case letter.
    pub(super) fn mark(&self, number: usize, role: char) -> String {
        format!("{}{number}{role}", self.prefix)
    }

    /// Cuts marked text at its sentinels.
    pub(super) fn segments<'a>(&'a self, text: &'a str) -> impl Iterator<Item = Segment<'a>> {
        let mut rest = text;
        std::iter::from_fn(move || {
            if rest.is_empty() {
                return None;
            }
            match self.first(rest) {
                Some((0, length, number, role)) => {
                    rest = &rest[length..];
                    Some(Segment::Mark(number, role))
                }
                found => {
                    let end = found.map_or(rest.len(), |(at, ..)| at);
                    let (before, after) = rest.split_at(end);
                    rest = after;
                    Some(Segment::Text(before))
                }
            }
        })
    }

    /// Offset, length, number and role of the first sentinel.
    fn first(&self, text: &str) -> Option<(usize, usize, usize, char)> {
        text.match_indices(&self.prefix).find_map(|(at, prefix)| {
            let tail = &text[at + prefix.len()..];
            let digits = tail.find(|c: char| !c.is_ascii_digit())?;
            let number = tail[..digits].parse().ok()?;
            let role = tail[digits..].chars().next().filter(char::is_ascii_lowercase)?;
            Some((at, prefix.len() + digits + 1, number, role))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marked_text_is_cut_at_its_sentinels() {
        let sentinels = Sentinels::absent_from("a zq b");
        let text = format!("a zq {}b{}", sentinels.mark(1, 'x'), sentinels.mark(12, 'u'));
        let segments: Vec<_> = sentinels.segments(&text).collect();
        assert_eq!(
            segments,
            [
                Segment::Text("a zq "),
                Segment::Mark(1, 'x'),
                Segment::Text("b"),
                Segment::Mark(12, 'u')
            ]
        );
    }
}
