//! The line beside the subject.

use std::ops::Range;

use super::{Finding, NO_PREHEADER, PREHEADER_LENGTH, SAME, characters};
use crate::{diagnostic::count, draft::Draft};

/// Fewest and most characters that inboxes show well.
const LENGTH: (usize, usize) = (40, 130);

pub(super) fn findings(draft: &Draft) -> Vec<Finding> {
    let subject = &draft.front.subject;
    let Some(preheader) = &draft.front.preheader else {
        let finding = NO_PREHEADER.finding("there is no preheader");
        return vec![match empty_key(draft) {
            Some(key) => finding
                .at(&draft.source, key)
                .fix("write it behind `preheader:`, one sentence of 40 to 130 characters"),
            None => finding
                .at(&draft.source, subject.span.clone())
                .fix("add `preheader: …` below the subject, one sentence of 40 to 130 characters"),
        }];
    };
    let line = preheader.value.as_str();
    let is_same = line.to_lowercase().trim_end_matches('.')
        == subject.value.to_lowercase().trim_end_matches('.');
    let length = characters(line);
    let finding = if is_same {
        let fix = "say what the subject has no room for";
        SAME.finding("the preheader repeats the subject").fix(fix)
    } else if !line.contains("{{") && !(LENGTH.0..=LENGTH.1).contains(&length) {
        let fix = "write one sentence of 40 to 130 characters";
        let message = format!("the preheader has {}", count(length as u64, "character"));
        PREHEADER_LENGTH.finding(message).fix(fix)
    } else {
        return Vec::new();
    };
    vec![finding.at(&draft.source, preheader.span.clone())]
}

/// Where the key stands that nothing follows, as new drafts have it.
fn empty_key(draft: &Draft) -> Option<Range<usize>> {
    let head = &draft.source.text[..draft.body_start];
    let at = head.find("\npreheader:")? + 1;
    Some(at..at + "preheader:".len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::prose::tests::letter;

    #[test]
    fn a_preheader_says_something_of_its_own_in_one_sentence() {
        for (line, rule) in [
            ("", Some("S4/missing")),
            ("preheader: what we DID this month.", Some("S4/same")),
            ("preheader: A short one", Some("S4/length")),
            ("preheader: 0123456789012345678901234567890123456789", None),
            ("preheader: 012345678901234567890123456789012345678", Some("S4/length")),
            ("preheader: \"For {{name}}\"", None),
        ] {
            let draft = letter(&format!("subject: What we did this month\n{line}"), "Text\n");
            let found = findings(&draft);
            let found = found.first().map(|finding| finding.rule.to_string());
            assert_eq!(found.as_deref(), rule, "{line}");
        }
    }
}
