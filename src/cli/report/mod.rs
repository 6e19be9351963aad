//! Findings as people and programs read them.

mod github;
mod json;
mod snippet;

use crate::check::{Finding, Level, Verdict};

pub(super) use github::github;
pub(super) use json::json;
pub(super) use snippet::{Shown, diagnostic, tame};

/// One finding with the line that it is about.
pub(super) fn human(finding: &Finding) -> String {
    let shown = match finding.level {
        Level::Error => Shown::Error,
        Level::Warning => Shown::Warning,
        Level::Note => Shown::Note,
        Level::Fixed => Shown::Fixed,
    };
    snippet::titled(&finding.fault, shown, Some(&finding.rule.to_string()), "fix")
}

/// `2 errors, 1 warning`, or nothing.
pub(super) fn counted(verdict: &Verdict) -> Option<String> {
    let words = [(Level::Error, "error"), (Level::Warning, "warning"), (Level::Note, "note")];
    let parts: Vec<String> = words
        .into_iter()
        .map(|(level, word)| (verdict.count(level) as u64, word))
        .filter(|(n, _)| *n > 0)
        .map(|(n, word)| crate::diagnostic::count(n, word))
        .collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}
