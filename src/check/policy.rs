//! What a house makes of the rules: other levels, and what somebody has allowed.

use std::collections::BTreeMap;

use super::{Finding, Level, Rule};

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
    /// otherwise as they came.
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
        verdict.findings.sort_by_key(|finding| finding.level);
        verdict
    }

    fn level(&self, finding: &Finding) -> Option<Level> {
        let here = self.levels.get(&finding.rule.to_string());
        here.copied().unwrap_or(Some(finding.level))
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
