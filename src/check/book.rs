//! The rules as pages to be read: `announce explain` and `docs/checks.md`.

use std::fmt::Write as _;

use super::{CHAPTERS, Level, Rule, codes, rules_of};

impl Level {
    /// `error`
    pub fn word(self) -> &'static str {
        match self {
            Self::Fixed => "fixed",
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// All rules as one Markdown page, which is `docs/checks.md`.
pub fn markdown() -> String {
    let mut page = include_str!("guide.md").to_owned();
    for (letter, title) in CHAPTERS {
        let _ = writeln!(page, "## {title}\n");
        for code in codes().into_iter().filter(|code| code.starts_with(letter)) {
            for rule in rules_of(code) {
                let _ = writeln!(page, "### {rule}: {}\n", uncapitalised(rule.title));
                let _ = writeln!(page, "*{}* · {}\n\n→ {}\n", weight(rule), rule.why, rule.mend);
            }
        }
    }
    page.truncate(page.trim_end().len());
    page.push('\n');
    page
}

/// One rule for a terminal.
pub fn plain(rule: &Rule) -> String {
    let title = format!("{rule} ({})\n{}", weight(rule), rule.title);
    [&title, rule.why, rule.mend].map(wrapped).join("\n\n")
}

/// `error`, `error, always`
pub fn weight(rule: &Rule) -> String {
    let always = if rule.may_pass { "" } else { ", always" };
    format!("{}{always}", rule.level.word())
}

/// Columns of a line.
const WIDTH: usize = 80;

fn wrapped(text: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines() {
        lines.push(String::new());
        for word in line.split(' ') {
            let last = lines.last_mut().filter(|line| {
                line.is_empty() || line.chars().count() + word.chars().count() < WIDTH
            });
            match last {
                Some(line) if line.is_empty() => line.push_str(word),
                Some(line) => line.extend([" ", word]),
                None => lines.push(word.to_owned()),
            }
        }
    }
    lines.join("\n")
}

/// `A picture` as `a picture`, behind a colon.
fn uncapitalised(title: &str) -> String {
    let mut letters = title.chars();
    let first = letters.next().map(|first| first.to_lowercase().to_string()).unwrap_or_default();
    let is_name = letters.clone().next().is_some_and(char::is_uppercase);
    if is_name { title.to_owned() } else { first + letters.as_str() }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::check::rules;

    #[test]
    fn every_rule_has_a_place_of_its_own_and_texts() {
        let mut ids = BTreeSet::new();
        for rule in rules() {
            assert!(ids.insert(rule.to_string()), "{rule} stands twice");
            assert!(CHAPTERS.iter().any(|(letter, _)| rule.code.starts_with(*letter)), "{rule}");
            assert!(!rule.title.ends_with('.') && rule.title.len() <= 70, "{rule}: {}", rule.title);
            for text in [rule.why, rule.mend] {
                assert!(text.ends_with(['.', '`', '?']) && text.len() > 10, "{rule}: {text}");
                assert!(!text.contains("  ") && !text.contains('\n'), "{rule}: {text}");
            }
        }
    }

    #[test]
    fn codes_come_by_chapter_and_number() {
        let codes = codes();
        let place = |code| codes.iter().position(|known| *known == code).expect(code);
        assert!(place("M2") < place("M10") && place("M10") < place("B1"));
    }

    #[test]
    fn lines_of_a_terminal_are_not_longer_than_80() {
        for rule in rules() {
            assert!(plain(rule).lines().all(|line| line.chars().count() <= WIDTH), "{rule}");
        }
    }
}
