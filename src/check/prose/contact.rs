//! How the readers of a statement can ask back.

use super::{Finding, NO_CONTACT};
use crate::draft::Draft;

/// A statement that tells no way to ask: `text` is what all readers of the text part see.
pub(super) fn finding(draft: &Draft, text: &str) -> Option<Finding> {
    let kind = &draft.front.kind;
    if kind.value != "statement" || tells_contact(text) {
        return None;
    }
    let finding = NO_CONTACT
        .finding("the statement names nobody to ask")
        .at(&draft.source, kind.span.clone())
        .fix("name an address or a telephone number, or set `[sender] reply_to`");
    Some(finding)
}

/// An address, a link or a telephone number.
fn tells_contact(text: &str) -> bool {
    text.contains(['@', '\u{FF20}'])
        || text.contains("://")
        || text.contains("www.")
        || text.lines().any(has_telephone)
}

/// No telephone number is written with more characters.
const LONGEST_NUMBER: usize = 40;

/// Eight digits or more that begin with `+` or `0`, with what people write between them.
fn has_telephone(line: &str) -> bool {
    line.match_indices(['+', '0']).any(|(at, _)| {
        let is_part = |c: &char| c.is_ascii_digit() || " -()./+\u{A0}".contains(*c);
        let begins = !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '-');
        let run = line[at..].chars().take(LONGEST_NUMBER).take_while(is_part);
        begins && run.filter(char::is_ascii_digit).count() >= 8
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_links_and_telephones_are_ways_to_ask() {
        for text in [
            "Write to press@group.example",
            "https://group.example/press",
            "Tel. +44 20 7219 3000",
            "Call 020 7219 3000",
            "(0)30-1234-5678",
        ] {
            assert!(tells_contact(text), "{text}");
        }
        for text in
            ["", "1 Example Street, London SW1A 0AA", "On 2016-11-02 at 17:00", "30,000 of us"]
        {
            assert!(!tells_contact(text), "{text}");
        }
    }
}
