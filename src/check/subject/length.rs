//! How long subjects are once they are merged.

use super::{Finding, LONG, Limits, TOO_SHORT_OR_LONG};
use crate::{check::early::NO_SUBJECT, diagnostic::count, draft::Draft};

/// What a telephone shows, in characters.
const TELEPHONE: usize = 55;

/// How long a line is in an inbox, in characters. Korean, Chinese and Japanese ones are twice as
/// wide as others, and say as much.
pub fn characters(line: &str) -> usize {
    let is_wide = |c: char| {
        matches!(c, '\u{1100}'..='\u{115F}' | '\u{2E80}'..='\u{A4CF}' | '\u{AC00}'..='\u{D7A3}'
            | '\u{F900}'..='\u{FAFF}' | '\u{FE30}'..='\u{FE4F}' | '\u{FF00}'..='\u{FF60}'
            | '\u{20000}'..='\u{3FFFD}')
    };
    line.chars().map(|c| 1 + usize::from(is_wide(c))).sum()
}

/// The length of one copy's subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Length {
    /// As [`characters`] counts them.
    pub characters: usize,
    /// The list of the row that the copy is for, as shown.
    pub file: String,
    /// The row's line.
    pub line: u64,
}

pub(super) fn findings(
    draft: &Draft,
    (shortest, longest): &(Length, Length),
    limits: &Limits,
) -> Vec<Finding> {
    let subject = &draft.front.subject;
    let is_merged = subject.value.contains("{{");
    let told = |length: &Length| {
        let characters = count(length.characters as u64, "character");
        let Length { file, line, .. } = length;
        let whose = if is_merged { format!(" for line {line} of `{file}`") } else { String::new() };
        format!("the subject has {characters}{whose}")
    };
    let (fewest, most) = limits.subject;
    let mut findings = Vec::new();
    if shortest.characters == 0 {
        let Length { file, line, .. } = shortest;
        let message = format!("the subject is empty for line {line} of `{file}`");
        let fix = "say something in the subject to everybody";
        findings.push(NO_SUBJECT.finding(message).fix(fix));
    } else if shortest.characters < fewest {
        let fix = format!("say more: at least {fewest} characters");
        findings.push(TOO_SHORT_OR_LONG.finding(told(shortest)).fix(fix));
    }
    if longest.characters > most {
        let fix = match most {
            most if most > TELEPHONE => {
                format!("shorten it to at most {most} characters, better {TELEPHONE}")
            }
            most => format!("shorten it to at most {most} characters"),
        };
        findings.push(TOO_SHORT_OR_LONG.finding(told(longest)).fix(fix));
    } else if longest.characters > TELEPHONE {
        let fix = format!("put what matters into the first {TELEPHONE}");
        findings.push(LONG.finding(told(longest)).fix(fix));
    }
    let at_subject = |finding: Finding| finding.at(&draft.source, subject.span.clone());
    findings.into_iter().map(at_subject).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::prose::tests::letter;

    fn found(subject: &str, shortest: usize, longest: usize) -> Vec<String> {
        let draft = letter(&format!("subject: \"{subject}\""), "Text\n");
        let length = |characters, line| Length { characters, file: "lists/m.csv".into(), line };
        findings(&draft, &(length(shortest, 2), length(longest, 9)), &Limits::default())
            .iter()
            .map(|finding| format!("{} {}", finding.rule, finding.fault.message))
            .collect()
    }

    #[test]
    fn wide_characters_count_twice() {
        for (line, length) in [("", 0), ("Événement", 9), ("회의 안내", 9), ("人権", 4)] {
            assert_eq!(characters(line), length, "{line}");
        }
    }

    #[test]
    fn limits_themselves_are_fine() {
        assert_eq!(found("Anything", 10, 55), <[&str; 0]>::default());
    }

    #[test]
    fn both_ends_are_told_with_the_row_that_they_are_for() {
        assert_eq!(
            found("For {{name}}", 9, 79),
            [
                "S2/length the subject has 9 characters for line 2 of `lists/m.csv`",
                "S2/length the subject has 79 characters for line 9 of `lists/m.csv`"
            ]
        );
    }

    #[test]
    fn a_copy_without_a_subject_is_an_error() {
        assert_eq!(
            found("{{#if name}}A letter{{/if}}", 0, 20),
            ["S1/empty the subject is empty for line 2 of `lists/m.csv`"]
        );
    }

    #[test]
    fn a_subject_that_all_share_names_no_row() {
        assert_eq!(found("Anything", 56, 56), ["S2/long the subject has 56 characters"]);
    }
}
