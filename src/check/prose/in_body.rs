//! Front matter that has slipped into the text.

use super::{Finding, IN_BODY};
use crate::draft::{Draft, KEYS};

/// Keys that are no words of prose: one of them says it.
const TELLING: [&str; 5] = ["kind", "lists", "preheader", "send_at", "subject"];

/// Front matter below the front matter, in the body as `ink` has it.
pub(super) fn finding(draft: &Draft, ink: &str) -> Option<Finding> {
    let mut at = draft.body_start;
    let lines = ink[at..].split_inclusive('\n').map(|line| {
        let begin = at;
        at += line.len();
        (begin, line.trim_end())
    });
    let lines: Vec<(usize, &str)> = lines.collect();
    let first = lines.iter().position(|(_, line)| !line.is_empty())?;
    let begins = lines[first].1 != "---" && is_front_matter(&lines[first..]);
    let fenced = || {
        let fences = lines.iter().enumerate().filter(|(_, (_, line))| *line == "---");
        fences.map(|(fence, _)| fence + 1).find(|after| is_front_matter(&lines[*after..]))
    };
    let (begin, line) = lines[if begins { first } else { fenced()? }];
    let finding = IN_BODY
        .finding("front matter stands in the text, and readers would see it")
        .at(&draft.source, begin..begin + line.len())
        .fix("move it between the first two `---` lines, or take it out");
    Some(finding)
}

/// Whether the lines begin with a key that tells, or with two that a draft may have.
fn is_front_matter(lines: &[(usize, &str)]) -> bool {
    let keys: Vec<&str> = lines.iter().map_while(|(_, line)| key(line)).collect();
    keys.first().is_some_and(|key| TELLING.contains(key)) || keys.len() > 1
}

fn key(line: &str) -> Option<&str> {
    let (key, rest) = line.split_once(':')?;
    let ends = rest.is_empty() || rest.starts_with(' ');
    (KEYS.contains(&key) && ends).then_some(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::prose::{
        ink,
        tests::{letter, shown},
    };

    fn found(body: &str) -> Option<String> {
        let draft = letter("subject: A talk", body);
        let ink = ink::of_body(&draft.source.text, draft.body_start);
        finding(&draft, &ink).as_ref().map(shown)
    }

    #[test]
    fn front_matter_in_the_text_is_found() {
        for (body, line) in [
            ("\nsubject: Another\n\nDear all", "subject: Another"),
            ("---\nkind: letter\nsubject: B\n---\nDear all", "kind: letter"),
            ("Dear all\n\n---\nlanguage: ko\nstatus: ready\n", "language: ko"),
            ("Dear all\n\n---\nlists:\n  - press\n", "lists:"),
        ] {
            assert_eq!(found(body).as_deref(), Some(line), "{body}");
        }
    }

    #[test]
    fn rules_headings_and_prose_are_not() {
        for body in [
            "",
            "Dear all\n\n---\n\nMore text",
            "Subject: your letter of 3 May\n\nDear all",
            "Dear all\n\n---\nlanguage: Korean is spoken there",
            "A heading\n---\nText",
            "```\n---\nkind: letter\nsubject: B\n---\n```\n",
            "Dear all\n\nsubject: to rain",
        ] {
            assert_eq!(found(body), None, "{body}");
        }
    }
}
