//! All faults of a run, each once.

use std::ops::Range;

use crate::diagnostic::{Diagnostic, Place, Source};

/// More are not kept: they are one mistake that repeats itself.
const MOST: usize = 100;

/// What stands in the way, and what is only doubtful.
#[derive(Debug, Default)]
pub(super) struct Faults {
    errors: Vec<Diagnostic>,
    warnings: Vec<Diagnostic>,
}

impl Faults {
    pub(super) fn push(&mut self, fault: Diagnostic) {
        if self.errors.len() < MOST && !self.errors.contains(&fault) {
            self.errors.push(fault);
        }
    }

    /// Whether an error of this rule is known of this text.
    pub(super) fn has(&self, rule: &str, source: &Source) -> bool {
        self.errors.iter().any(|fault| {
            let is_here =
                matches!(&fault.place, Some(Place::Span { source: of, .. }) if of == source);
            fault.rule == Some(rule) && is_here
        })
    }

    pub(super) fn at(&mut self, source: &Source, span: &Range<usize>, message: impl Into<String>) {
        self.push(Diagnostic::new(message).at(source, span.clone()));
    }

    pub(super) fn warn(&mut self, warning: Diagnostic) {
        if self.warnings.len() < MOST && !self.warnings.contains(&warning) {
            self.warnings.push(warning);
        }
    }

    /// Keeps the value of a success.
    pub(super) fn take<T>(&mut self, result: Result<T, Diagnostic>) -> Option<T> {
        result.map_err(|fault| self.push(fault)).ok()
    }

    /// The warnings, or the errors if there are any.
    pub(super) fn into_result(self) -> Result<Vec<Diagnostic>, Vec<Diagnostic>> {
        if self.errors.is_empty() { Ok(self.warnings) } else { Err(self.errors) }
    }
}
