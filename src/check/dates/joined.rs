//! What one rule says of one place, as one finding: both days of `Friday 3 and Saturday 4 December`.

use super::cursor::MOST;
use crate::{check::Finding, diagnostic::Place};

/// Puts findings of one rule and one place together.
pub(super) fn joined(found: Vec<Finding>) -> Vec<Finding> {
    let mut joined: Vec<Finding> = Vec::new();
    for finding in found {
        let mut last = joined.iter_mut().rev().take(MOST);
        match last.find(|other| other.rule == finding.rule && span(other) == span(&finding)) {
            Some(other) => add(other, finding),
            None => joined.push(finding),
        }
    }
    joined
}

fn span(finding: &Finding) -> Option<&std::ops::Range<usize>> {
    match &finding.fault.place {
        Some(Place::Span { span, .. }) => Some(span),
        _ => None,
    }
}

fn add(finding: &mut Finding, more: Finding) {
    finding.fault.message = [&*finding.fault.message, &more.fault.message].join(", and ");
    let hints = [finding.fault.hint.take(), more.fault.hint];
    finding.fault.hint = Some(hints.into_iter().flatten().collect::<Vec<_>>().join("; "));
}
