//! What a check has found.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::Rule;
use crate::diagnostic::{Diagnostic, Source};

/// How much a finding matters. In order: an error is the most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Set right without anybody's help, and told.
    Fixed,
    /// Good to know.
    Note,
    /// Most likely not meant.
    Warning,
    /// Nothing is sent.
    Error,
}

/// One thing that a check has found: which rule, how much it matters, and the sentence with its
/// place and its fix (the hint).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule.
    pub rule: &'static Rule,
    /// How much it matters here.
    pub level: Level,
    /// What, where, and what to do.
    pub fault: Diagnostic,
}

impl Finding {
    /// It stands in these bytes of `source`.
    #[must_use]
    pub fn at(mut self, source: &Source, span: Range<usize>) -> Self {
        self.fault = self.fault.at(source, span);
        self
    }

    /// It stands in this line of a streamed file.
    #[must_use]
    pub fn at_line(mut self, file: &str, line: u64) -> Self {
        self.fault = self.fault.at_line(file, line);
        self
    }

    /// It concerns the file as a whole.
    #[must_use]
    pub fn in_file(mut self, file: &str) -> Self {
        self.fault = self.fault.in_file(file);
        self
    }

    /// What to do about it.
    #[must_use]
    pub fn fix(mut self, fix: impl Into<String>) -> Self {
        self.fault = self.fault.hint(fix);
        self
    }
}
