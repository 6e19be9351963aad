//! What a check is known by, and what it means in plain words.

use std::fmt;

use serde::Serialize;

use super::{Finding, Level};
use crate::diagnostic::Diagnostic;

/// One thing that is looked for. Code and name are public interface and never change their meaning;
/// the texts are what `announce explain` and `docs/checks.md` say.
#[derive(Debug, Serialize)]
pub struct Rule {
    /// The row of the catalogue (`B4`), which other rules may share.
    pub code: &'static str,
    /// Its name among the rules of the code (`weekday`).
    pub name: &'static str,
    /// How much it matters when nobody says otherwise.
    pub level: Level,
    /// Whether `--allow` and `[check]` can pass over it. They cannot where no mail could be made
    /// or somebody could be harmed.
    pub may_pass: bool,
    /// What is found, as a heading without a full stop (`A weekday that is not the date's`).
    pub title: &'static str,
    /// Why it matters, in one or two sentences.
    pub why: &'static str,
    /// How it is mended, in one or two sentences.
    pub mend: &'static str,
}

impl Rule {
    /// A finding of this rule at its usual level: `message` is a lower-case fragment with values in
    /// backticks.
    pub fn finding(&'static self, message: impl Into<String>) -> Finding {
        self.of(Diagnostic::new(message))
    }

    /// A fault that an earlier stage has found, known by this rule.
    pub fn of(&'static self, fault: Diagnostic) -> Finding {
        Finding { rule: self, level: self.level, fault }
    }
}

/// `B4/weekday`
impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.code, self.name)
    }
}

impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        (self.code, self.name) == (other.code, other.name)
    }
}

impl Eq for Rule {}
