//! What has changed since an approval, where it stands now.

use std::ops::Range;

use anstyle::{AnsiColor, Style};

use super::{proofs::Proofs, report::tame};
use crate::{
    approval::{Change, How, Hunk, Part},
    diagnostic::{Diagnostic, Place, Source},
    draft::Draft,
};

const GONE: Style = AnsiColor::Red.on_default();
const NEW: Style = AnsiColor::Green.on_default();

/// So many changes are shown; nobody reads more.
const SHOWN: usize = 20;

/// A change and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Placed {
    change: Change,
    /// As a fault of what somebody approved.
    pub(super) fault: Diagnostic,
}

impl Placed {
    /// Finds where a change stands in the draft or the templates as they are now.
    pub(super) fn new(change: Change, proofs: &Proofs) -> Self {
        let fault = Diagnostic::new(change.words());
        let draft = &proofs.draft;
        let fault = match (&change.part, &change.how) {
            (Part::Body, How::Lines(hunk)) => {
                let span = lines(&draft.source, draft.body_start, hunk);
                fault.at(&draft.source, span)
            }
            (Part::Template(path), how) => match (proofs.templates.set.files.get(path), how) {
                (Some(source), How::Lines(hunk)) => fault.at(source, lines(source, 0, hunk)),
                _ => fault,
            },
            (Part::FrontMatter(key), _) => in_front_matter(fault, draft, key),
            (Part::Audience(key), _) => in_front_matter(fault, draft, key),
            (Part::Setting(_), _) => fault.in_file("announce.toml"),
            (Part::Body | Part::File(_) | Part::Columns, _) => fault,
        };
        Self { change, fault }
    }

    /// The place, and the lines below it as they were and are.
    fn told(&self) -> String {
        let place = match &self.fault.place {
            Some(Place::Span { source, span }) => {
                format!("{}:{}", source.name, source.line_column(span.start).0)
            }
            Some(Place::Line { file, line }) => format!("{file}:{line}"),
            Some(Place::File(file)) => file.to_string(),
            None => return format!("  {}", tame(&self.fault.message)),
        };
        let diff = self.change.diff();
        if diff.is_empty() {
            return format!("  {place}: {}", tame(&self.fault.message));
        }
        let coloured = diff.into_iter().map(|line| match line.chars().next() {
            Some('-') => format!("\n    {GONE}{line}{GONE:#}"),
            Some('+') => format!("\n    {NEW}{line}{NEW:#}"),
            _ => format!("\n    {line}"),
        });
        format!("  {place}{}", coloured.collect::<String>())
    }
}

/// All changes, a paragraph.
pub(super) fn told(changes: &[Placed]) -> String {
    let mut lines: Vec<String> = changes.iter().take(SHOWN).map(Placed::told).collect();
    if let Some(more @ 1..) = changes.len().checked_sub(SHOWN) {
        lines.push(format!("  … and {more} more"));
    }
    lines.join("\n")
}

/// The bytes of a hunk in the text that begins at `start` of a file: of one line those that have
/// changed, of lines that are gone the place where they were.
fn lines(source: &Source, start: usize, hunk: &Hunk) -> Range<usize> {
    let text = &source.text[start..];
    let length = |lines: usize| text.split_inclusive('\n').take(lines).map(str::len).sum::<usize>();
    let (from, to) = (length(hunk.line - 1), length(hunk.line - 1 + hunk.is.len()));
    let line = &text[from..to];
    let line_end = start + from + line.trim_end_matches(['\r', '\n']).len();
    let (from, to) = match hunk.changed() {
        Some(changed) => (start + from + changed.start, start + from + changed.end),
        None => (start + from, line_end),
    };
    from.min(line_end)..to.min(line_end)
}

fn in_front_matter(fault: Diagnostic, draft: &Draft, key: &str) -> Diagnostic {
    match key_line(draft, key) {
        Some(span) => fault.at(&draft.source, span),
        None => fault.in_file(draft.source.name.clone()),
    }
}

/// The line of a key of the front matter, or of the nearest one above it.
fn key_line(draft: &Draft, path: &str) -> Option<Range<usize>> {
    let text = draft.source.text.get(..draft.body_start)?;
    let mut found: Option<Range<usize>> = None;
    for key in path.split('.') {
        let key = key.split('[').next().unwrap_or(key);
        let from = found.as_ref().map_or(0, |line| line.end);
        let mut at = from;
        let line = text[from..].split_inclusive('\n').find_map(|line| {
            let start = at;
            at += line.len();
            let written = line.trim_start_matches([' ', '-']);
            let is_top = written.len() == line.len();
            let is_key = written.strip_prefix(key).is_some_and(|rest| rest.starts_with(':'));
            let shown = line.trim_end();
            (is_key && is_top == found.is_none())
                .then(|| start + line.len() - written.len()..start + shown.len())
        });
        // A key further down may be written in the line of the one above it.
        match line {
            Some(line) => found = Some(line),
            None => break,
        }
    }
    found
}
