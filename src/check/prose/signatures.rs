//! Open letters: who has signed, and how many they say they are.

use std::{collections::HashSet, ops::Range};

use super::{
    Finding, SIGNED_TWICE, WRONG_COUNT,
    ink::{item, words},
};
use crate::{diagnostic::count, draft::Draft};

const NUMBERS: [&str; 21] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
];

/// Words after which a list names only some.
const SOME_OF_THEM: [&str; 8] =
    ["among", "amongst", "example", "first", "including", "include", "notably", "such"];

/// What else a letter does than to name who has signed it: then the list has what it asks for.
const PURPOSES: [&str; 10] =
    ["ask", "asks", "call", "calls", "demand", "demands", "say", "says", "urge", "urges"];

/// What is wrong with lists of signatories in the body, as `ink` has it.
pub(super) fn findings(draft: &Draft, ink: &str) -> Vec<Finding> {
    let blocks = blocks(ink);
    let mut findings = Vec::new();
    for (position, block) in blocks.iter().enumerate() {
        let text = &ink[block.clone()];
        if item(text).is_some() || !speaks_of_signing(text) {
            continue;
        }
        let names = names(ink, &blocks[position + 1..]);
        if names.len() < 2 {
            continue;
        }
        let said = said(text).filter(|(_, said)| *said != names.len() as u64);
        if let Some((place, said)) = said {
            let listed = count(names.len() as u64, "name");
            let place = block.start + place.start..block.start + place.end;
            let finding = WRONG_COUNT
                .finding(format!("it is said to be signed by {said}, and {listed} follow"))
                .at(&draft.source, place)
                .fix("correct the number, or the list");
            findings.push(finding);
        }
        let mut earlier = HashSet::new();
        for (place, name) in &names {
            if !earlier.insert(name) {
                let finding = SIGNED_TWICE
                    .finding(format!("`{}` has signed twice", ink[place.clone()].trim()))
                    .at(&draft.source, place.clone())
                    .fix("take one of them out");
                findings.push(finding);
            }
        }
    }
    findings
}

/// Stretches between blank lines. A list has one for each of its items, however it is spaced.
fn blocks(ink: &str) -> Vec<Range<usize>> {
    let mut blocks: Vec<Range<usize>> = Vec::new();
    let mut open = false;
    let mut at = 0;
    for line in ink.split_inclusive('\n') {
        let range = at..at + line.len();
        at = range.end;
        let is_nested = line.starts_with("  ") || line.starts_with('\t');
        if line.trim().is_empty() {
            open = false;
        } else if (item(line).is_some() && !is_nested) || line.starts_with('#') || !open {
            blocks.push(range);
            open = !line.starts_with('#');
        } else if let Some(block) = blocks.last_mut() {
            block.end = range.end;
        }
    }
    blocks
}

/// `signed by`, `signatories`
fn speaks_of_signing(text: &str) -> bool {
    let words: Vec<String> = words(text).map(|(_, word)| word.to_lowercase()).collect();
    let by = words.windows(2).any(|pair| pair[0] == "signed" && pair[1] == "by");
    by || words.iter().any(|word| matches!(word.as_str(), "signatories" | "undersigned"))
}

/// The number that a text says have signed, where it is the only one and all are named.
fn said(text: &str) -> Option<(Range<usize>, u64)> {
    let words: Vec<(usize, String)> =
        words(text).map(|(at, word)| (at, word.to_lowercase())).collect();
    if words.iter().any(|(_, word)| SOME_OF_THEM.contains(&word.as_str())) {
        return None;
    }
    let mut numbers = words.iter().enumerate().filter(|(_, (_, word))| number(word).is_some());
    let (position, (at, word)) = numbers.next()?;
    if numbers.next().is_some() {
        return None;
    }
    // The number belongs to the list if nothing else is said in between.
    let between = &text[at + word.len()..];
    let has_more = between
        .trim_end_matches(|c: char| !c.is_alphanumeric())
        .contains(['.', ',', ';', '!', '?']);
    if has_more || words.iter().any(|(_, word)| PURPOSES.contains(&word.as_str())) {
        return None;
    }
    let word_at = |position: Option<usize>| {
        position.and_then(|position| words.get(position)).map_or("", |(_, word)| word.as_str())
    };
    let is_signed_by =
        word_at(position.checked_sub(1)) == "by" && word_at(position.checked_sub(2)) == "signed";
    let counts_signatories = word_at(Some(position + 1)) == "signatories";
    let found = is_signed_by || counts_signatories;
    found.then(|| (*at..at + word.len(), number(word).unwrap_or_default()))
}

fn number(word: &str) -> Option<u64> {
    let spelt = NUMBERS.iter().position(|number| *number == word);
    word.parse().ok().or(spelt.map(|number| number as u64))
}

/// The names of the list that the blocks begin with, maybe below a heading: as they stand, and as
/// they are compared.
fn names(ink: &str, blocks: &[Range<usize>]) -> Vec<(Range<usize>, String)> {
    let text = |block: &Range<usize>| &ink[block.clone()];
    let has_heading = blocks.first().is_some_and(|block| text(block).starts_with('#'));
    blocks[usize::from(has_heading)..]
        .iter()
        .map_while(|block| {
            let name = item(text(block))?.trim_end();
            let start = block.start + (text(block).len() - item(text(block))?.len());
            let letters: Vec<String> = words(name).map(|(_, word)| word.to_lowercase()).collect();
            Some((start..start + name.len(), letters.join(" ")))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::prose::{
        ink,
        tests::{letter, shown},
    };

    fn found(body: &str) -> Vec<String> {
        let draft = letter("subject: A talk", body);
        let ink = ink::of_body(&draft.source.text, draft.body_start);
        let told = findings(&draft, &ink);
        told.iter().map(|finding| format!("{} {}", finding.rule, shown(finding))).collect()
    }

    #[test]
    fn a_number_that_is_not_that_of_the_names_is_found() {
        for body in [
            "Signed by 3 people:\n\n- Ana\n- Bo\n",
            "Signed by 3:\n- Ana\n\n- Bo\n",
            "Text.\n\n3 signatories\n\n## Names\n\n1. Ana\n2. Bo\n\nMore text\n\n- Cho\n",
        ] {
            assert_eq!(found(body), ["B9/signatures 3"], "{body}");
        }
        assert_eq!(found("Signed by three\n\n* Ana\n* Bo\n"), ["B9/signatures three"]);
    }

    #[test]
    fn a_number_that_may_be_right_is_not() {
        for body in [
            "Signed by 2 people:\n\n- Ana\n  - of Ely\n- Bo\n  and Co.\n",
            "Signed by 14 people, among them:\n\n- Ana\n- Bo\n",
            "Signed by 14 members and 2 peers:\n\n- Ana\n- Bo\n",
            "Signed by 14 people.\n\nMore text.\n\n- Ana\n- Bo\n",
            "Signed by more than 14 people:\n\n- Ana\n- Bo\n",
            "Signed by 14 people.\n",
            "The letter, signed by 14 people, asks for:\n\n- Peace\n- Bread\n",
            "A letter signed by 14 people asks for:\n\n- Peace\n- Bread\n",
            "Signed by 14 people. We want:\n\n- Peace\n- Bread\n",
            "Three things matter:\n\n- Ana\n- Bo\n",
            "The treaty was signed by 2016. It says:\n",
        ] {
            assert_eq!(found(body), <[&str; 0]>::default(), "{body}");
        }
    }

    #[test]
    fn whoever_signs_twice_is_found() {
        assert_eq!(
            found("The signatories:\n\n- **Ana Kim**, MP\n- Bo\n- ana kim, MP.\n"),
            ["B9/twice ana kim, MP."]
        );
        let not_signed = "What we ask for:\n\n- Peace\n- Peace\n";
        let namesakes = "The signatories:\n\n- Kim, Ana\n- Kim, Bo\n";
        for body in [not_signed, namesakes] {
            assert_eq!(found(body), <[&str; 0]>::default());
        }
    }
}
