//! What a house makes of the rules: other levels, and what somebody has allowed.

use std::{collections::BTreeMap, sync::Arc};

use super::{Finding, Level, Rule};
use crate::diagnostic::{Diagnostic, Place};

/// `[check]` in `announce.toml` and `--allow`.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// Levels that differ from the rule's own, by id; none switches it off.
    pub levels: BTreeMap<String, Option<Level>>,
    /// Where the numbers lie that rules compare with.
    pub limits: Limits,
    /// Rules that are passed over this once.
    pub allowed: Vec<&'static Rule>,
}

/// The numbers that rules compare with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Fewest and most characters of a subject that inboxes show well.
    pub subject: (usize, usize),
    /// HTML of a copy as it travels, in bytes: from the first on a warning, from the second an
    /// error.
    pub html: (usize, usize),
    /// Most links.
    pub links: usize,
    /// Fewest and most words of a text.
    pub words: (usize, usize),
    /// How many days a subject stays remembered.
    pub repeat_days: u32,
    /// How much the audience may change from one campaign to the next, in percent.
    pub audience_change: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            subject: (10, 78),
            html: (80_000, 100_000),
            links: 20,
            words: (10, 5_000),
            repeat_days: 30,
            audience_change: 30,
        }
    }
}

/// Findings as they count here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// What is left, the most important last.
    pub findings: Vec<Finding>,
    /// Rules that would have stopped it, had they not been allowed.
    pub passed_over: Vec<&'static Rule>,
}

impl Policy {
    /// Gives each finding the level that it has here, and sorts them: the most important last,
    /// otherwise by place.
    pub fn judge(&self, findings: Vec<Finding>) -> Verdict {
        let mut verdict = Verdict::default();
        for mut finding in findings {
            let Some(level) = self.level(&finding) else { continue };
            finding.level = level;
            if level == Level::Error && self.allowed.contains(&finding.rule) {
                finding.level = Level::Warning;
                finding.fault.message.push_str(" (allowed)");
                if !verdict.passed_over.contains(&finding.rule) {
                    verdict.passed_over.push(finding.rule);
                }
            }
            if !verdict.findings.contains(&finding) {
                verdict.findings.push(finding);
            }
        }
        verdict.findings.sort_by_cached_key(|finding| (finding.level, place(&finding.fault)));
        verdict
    }

    fn level(&self, finding: &Finding) -> Option<Level> {
        let here = self.levels.get(&finding.rule.to_string());
        here.copied().unwrap_or(Some(finding.level))
    }
}

/// What findings of one level are sorted by: those without a place first, then file by file.
fn place(fault: &Diagnostic) -> (Option<Arc<str>>, u64, usize) {
    match &fault.place {
        Some(Place::Span { source, span }) => {
            let (line, column) = source.line_column(span.start);
            (Some(Arc::clone(&source.name)), line as u64, column)
        }
        Some(Place::Line { file, line }) => (Some(Arc::clone(file)), *line, 0),
        Some(Place::File(file)) => (Some(Arc::clone(file)), 0, 0),
        None => (None, 0, 0),
    }
}

impl Verdict {
    /// How many findings have this level.
    pub fn count(&self, level: Level) -> usize {
        self.findings.iter().filter(|finding| finding.level == level).count()
    }

    /// Whether nothing may be sent.
    pub fn refuses(&self) -> bool {
        self.count(Level::Error) > 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{check::rule, diagnostic::Source};

    fn finding(id: &str, at: usize) -> Finding {
        let source = Source::new("drafts/x.md", "one\ntwo\nthree\n");
        rule(id).expect(id).finding("something").at(&source, at..at + 1)
    }

    fn judged(policy: &Policy, findings: &[Finding]) -> Vec<(String, Level)> {
        let verdict = policy.judge(findings.to_vec());
        let shown = |finding: &Finding| (finding.fault.to_string(), finding.level);
        verdict.findings.iter().map(shown).collect()
    }

    #[test]
    fn the_most_important_comes_last_and_the_rest_in_the_order_of_the_file() {
        let findings =
            [finding("M2/leftover", 8), finding("B1/large", 4), finding("M3/greeting", 0)];
        assert_eq!(
            judged(&Policy::default(), &findings),
            [
                ("drafts/x.md:2:1: something".to_owned(), Level::Warning),
                ("drafts/x.md:1:1: something".to_owned(), Level::Error),
                ("drafts/x.md:3:1: something".to_owned(), Level::Error),
            ]
        );
    }

    #[test]
    fn what_is_allowed_is_told_and_stops_nothing() {
        let leftover = rule("M2/leftover").expect("a rule");
        let policy = Policy { allowed: vec![leftover], ..Policy::default() };
        let verdict = policy.judge(vec![finding("M2/leftover", 0), finding("M2/leftover", 4)]);
        assert!(!verdict.refuses() && verdict.count(Level::Warning) == 2);
        assert_eq!(verdict.passed_over, [leftover]);
        let verdict = policy.judge(vec![finding("M3/greeting", 0)]);
        assert!(verdict.refuses() && verdict.passed_over.is_empty());
    }

    #[test]
    fn one_thing_is_told_once() {
        assert_eq!(
            judged(&Policy::default(), &[finding("B1/large", 0), finding("B1/large", 0)]).len(),
            1
        );
    }
}
