//! Findings for programs: one document, `docs/findings.schema.json`.

use serde::Serialize;

use crate::{
    check::{Finding, Level, Verdict},
    diagnostic::Place,
};

#[derive(Serialize)]
struct Document<'a> {
    schema: u8,
    findings: Vec<Entry<'a>>,
    errors: usize,
    warnings: usize,
}

#[derive(Serialize)]
struct Entry<'a> {
    code: &'a str,
    rule: &'a str,
    level: Level,
    file: Option<&'a str>,
    line: Option<u64>,
    column: Option<u64>,
    message: &'a str,
    fix: Option<&'a str>,
}

/// The document about all of them.
pub(in crate::cli) fn json(verdicts: &[Verdict]) -> String {
    let count = |level| verdicts.iter().map(|verdict| verdict.count(level)).sum();
    let document = Document {
        schema: 1,
        findings: verdicts.iter().flat_map(|verdict| &verdict.findings).map(entry).collect(),
        errors: count(Level::Error),
        warnings: count(Level::Warning),
    };
    serde_json::to_string(&document).unwrap_or_default()
}

fn entry(finding: &Finding) -> Entry<'_> {
    let (file, line, column) = place(finding.fault.place.as_ref());
    Entry {
        code: finding.rule.code,
        rule: finding.rule.name,
        level: finding.level,
        file,
        line,
        column,
        message: &finding.fault.message,
        fix: finding.fault.hint.as_deref(),
    }
}

/// File, line and column, as far as they are known.
pub(super) fn place(place: Option<&Place>) -> (Option<&str>, Option<u64>, Option<u64>) {
    match place {
        Some(Place::Span { source, span }) => {
            let (line, column) = source.line_column(span.start);
            (Some(&source.name), Some(line as u64), Some(column as u64))
        }
        Some(Place::Line { file, line }) => (Some(file), Some(*line), None),
        Some(Place::File(file)) => (Some(file), None, None),
        None => (None, None, None),
    }
}
