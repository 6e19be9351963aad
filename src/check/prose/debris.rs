//! What word processors and wrong encodings leave in a text.

use std::ops::Range;

use super::{DEBRIS, Finding};
use crate::{diagnostic::group_thousands, draft::Draft};

/// What is left, and how to say it. Joiners and marks of direction are part of some writings.
const SIGNS: [(char, &str); 5] = [
    ('\u{FFFD}', "a character that a program could not read"),
    ('\u{AD}', "a soft hyphen"),
    ('\u{200B}', "a space of no width"),
    ('\u{2060}', "a joiner of no width"),
    ('\u{FEFF}', "a byte order mark"),
];

/// Debris in the front matter and in the body as `ink` has it: one finding for each sort.
pub(super) fn findings(draft: &Draft, ink: &str) -> Vec<Finding> {
    // A mark at the very beginning is the file's own.
    let begin = if draft.source.text.starts_with('\u{FEFF}') { 3 } else { 0 };
    let front = &draft.source.text[begin..draft.body_start];
    let text = [&" ".repeat(begin), front, &ink[draft.body_start..]].concat();
    let signs = SIGNS.iter().map(|(sign, name)| {
        let places: Vec<Range<usize>> =
            text.match_indices(*sign).map(|(at, sign)| at..at + sign.len()).collect();
        ((*name).to_owned(), places)
    });
    let word = ("`mso-…` from a word processor".to_owned(), styles(&text));
    let mojibake = ("letters that were read in the wrong encoding".to_owned(), mojibake(&text));
    signs
        .chain([word, mojibake])
        .filter_map(|(what, places)| {
            let first = places.first()?.clone();
            let more = match places.len() as u64 - 1 {
                0 => String::new(),
                more => format!(", and {} more", group_thousands(more)),
            };
            let fix = "delete it, and type the words again";
            Some(DEBRIS.finding(format!("{what}{more}")).at(&draft.source, first).fix(fix))
        })
        .collect()
}

/// `mso-fareast-language:KO`
fn styles(text: &str) -> Vec<Range<usize>> {
    let all = text.match_indices("mso-").filter(|(at, mso)| {
        let after = &text[at + mso.len()..];
        let name =
            after.find(|c: char| !c.is_ascii_alphabetic() && c != '-').unwrap_or(after.len());
        !text[..*at].ends_with(char::is_alphanumeric) && name > 0 && after[name..].starts_with(':')
    });
    all.map(|(at, mso)| at..at + mso.len()).collect()
}

/// UTF-8 that was read as Windows-1252: `â€™`, `Ã©`, `Â£`. No language writes these letters side by
/// side.
fn mojibake(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for (at, first) in text.match_indices(['\u{C2}', '\u{C3}', '\u{E2}']) {
        let after = at + first.len();
        let Some(second) = text[after..].chars().next() else { continue };
        let is_broken = match first {
            "\u{E2}" => second == '€',
            _ => ('\u{A0}'..='\u{BF}').contains(&second) && !matches!(second, '«' | '»'),
        };
        if is_broken {
            found.push(at..after + second.len_utf8());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::prose::tests::{letter, shown};

    #[test]
    fn each_sort_of_debris_is_told_once() {
        let draft = letter(
            "subject: Itâ€™s ours",
            "Caf\u{C3}\u{A9}, caf\u{C3}\u{A9} and £\u{200B}5\u{200B}; mso-ansi-language:KO; \u{FFFD}\n",
        );
        let found = findings(&draft, &draft.source.text);
        let told: Vec<String> = found
            .iter()
            .map(|finding| {
                format!("{}: {}", finding.fault.message, shown(finding).escape_unicode())
            })
            .collect();
        assert_eq!(
            told,
            [
                "a character that a program could not read: \\u{fffd}",
                "a space of no width, and 1 more: \\u{200b}",
                "`mso-…` from a word processor: \\u{6d}\\u{73}\\u{6f}\\u{2d}",
                "letters that were read in the wrong encoding, and 2 more: \\u{e2}\\u{20ac}",
            ]
        );
    }

    #[test]
    fn letters_joiners_and_hyphens_are_not() {
        let text =
            "Âme, «Ã», pâté â la €5, São, 👩\u{200D}👧, نامه\u{200C}ای, also-mso, mso-like words\n";
        let draft = letter("subject: A talk", text);
        assert_eq!(findings(&draft, &draft.source.text), []);
    }
}
