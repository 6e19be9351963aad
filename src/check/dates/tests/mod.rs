//! Drafts against the calendar. The texts stand in `tests/checks/dates/`.

mod clean;
mod fill;
mod mistakes;
mod rules;
mod weekdays;

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};

use super::*;
use crate::{diagnostic::Source, draft::tests::kinds, local_time};

fn london() -> TimeZone {
    local_time::zone("Europe/London").unwrap()
}

/// What is found in a draft, judged at `judged_at` in London; at its own `send_at` if `None`.
fn findings(text: &str, judged_at: Option<DateTime>) -> Vec<Finding> {
    let draft = Draft::parse("x", Source::new("drafts/x.md", text), &kinds());
    let draft = draft.unwrap_or_else(|faults| panic!("{faults:?}\n{text}"));
    let zone = london();
    let judged_at = judged_at.or(draft.front.send_at.as_ref().map(|due| due.value));
    let judged_at: Timestamp = local_time::instant(judged_at.unwrap(), &zone).unwrap();
    check(&Calendar { draft: &draft, zone: &zone, language: "en-GB", judged_at })
}

/// A finding in one line: `B4/weekday 12:3 [bytes]: message (fix)`.
fn shown(finding: &Finding) -> String {
    let Some(Place::Span { source, span }) = &finding.fault.place else {
        panic!("{finding:?} has a place")
    };
    let (line, column) = source.line_column(span.start);
    let said = &source.text[span.clone()];
    let fix = finding.fault.hint.as_ref().expect("every finding has a fix");
    format!("{} {line}:{column} [{said}]: {} ({fix})", finding.rule, finding.fault.message)
}
