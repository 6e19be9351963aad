//! A fault or a finding as the page shows it: the sentence, the lines around it, what to do.

use std::ops::Range;

use serde::Serialize;

use crate::{
    check::{Finding, Level},
    diagnostic::{Diagnostic, Place, Source},
};

/// Lines shown before and after the one that is meant.
const AROUND: usize = 2;

/// Longest line that is shown, in bytes: more of one line is not read.
const LONGEST: usize = 2_000;

/// Something wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Trouble {
    /// How much it matters.
    pub level: Level,
    /// The rule it is known by (`B4/weekday`).
    pub rule: Option<String>,
    /// What is wrong, a lower-case fragment with values in backticks.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// The file, as shown.
    pub file: Option<String>,
    /// The line, from 1.
    pub line: Option<usize>,
    /// The column, from 1, in characters.
    pub column: Option<usize>,
    /// The line with its neighbours, where its text is at hand.
    pub snippet: Vec<SnippetLine>,
}

/// One line of a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SnippetLine {
    /// Its number, from 1.
    pub line: usize,
    /// What it says.
    pub text: String,
    /// Where what is meant begins in it, in UTF-16 units, as JavaScript counts.
    pub from: Option<usize>,
    /// And where it ends.
    pub to: Option<usize>,
}

impl From<&Finding> for Trouble {
    fn from(finding: &Finding) -> Self {
        let rule = Some(finding.rule.to_string());
        Self { level: finding.level, rule, ..Self::from(&finding.fault) }
    }
}

impl From<&Diagnostic> for Trouble {
    fn from(fault: &Diagnostic) -> Self {
        let (file, line, column, snippet) = match &fault.place {
            Some(Place::Span { source, span }) => {
                let (line, column) = source.line_column(span.start);
                let snippet = snippet(source, span);
                (Some(source.name.to_string()), Some(line), Some(column), snippet)
            }
            Some(Place::Line { file, line }) => {
                (Some(file.to_string()), usize::try_from(*line).ok(), None, Vec::new())
            }
            Some(Place::File(file)) => (Some(file.to_string()), None, None, Vec::new()),
            None => (None, None, None, Vec::new()),
        };
        Self {
            level: Level::Error,
            rule: fault.rule.map(str::to_owned),
            message: fault.message.clone(),
            hint: fault.hint.clone(),
            file,
            line,
            column,
            snippet,
        }
    }
}

/// The lines that `span` covers, with their neighbours.
fn snippet(source: &Source, span: &Range<usize>) -> Vec<SnippetLine> {
    let text = &*source.text;
    let start = text.floor_char_boundary(span.start.min(text.len()));
    let end = text.floor_char_boundary(span.end.clamp(start, text.len()));
    let first = text[..start].matches('\n').count();
    let last = first + text[start..end].trim_end_matches('\n').matches('\n').count().min(AROUND);
    let mut lines = Vec::new();
    let mut from = 0;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let at = from;
        from += line.len();
        if number + AROUND < first || number > last + AROUND {
            continue;
        }
        let line = line.trim_end_matches(['\n', '\r']);
        let line = &line[..line.floor_char_boundary(LONGEST)];
        let covers = (first..=last).contains(&number);
        let units = |offset: usize| {
            let within = line.floor_char_boundary(offset.saturating_sub(at).min(line.len()));
            line[..within].encode_utf16().count()
        };
        lines.push(SnippetLine {
            line: number + 1,
            from: covers.then(|| units(start)),
            to: covers.then(|| units(end)),
            text: line.to_owned(),
        });
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_comes_with_its_neighbours_and_the_very_words_that_are_meant() {
        let source = Source::new("drafts/x.md", "one\ntwo\nDear 🎉 {{naem}},\nfour\nfive\nsix\n");
        let start = source.text.find("{{").unwrap();
        let fault = Diagnostic::new("no column `naem`").at(&source, start..start + 8);
        let trouble = Trouble::from(&fault);
        assert_eq!((trouble.line, trouble.column), (Some(3), Some(8)));
        let lines: Vec<usize> = trouble.snippet.iter().map(|line| line.line).collect();
        assert_eq!(lines, [1, 2, 3, 4, 5]);
        let meant = &trouble.snippet[2];
        let units: Vec<u16> = meant.text.encode_utf16().collect();
        let words = String::from_utf16(&units[meant.from.unwrap()..meant.to.unwrap()]).unwrap();
        assert_eq!(words, "{{naem}}");
        assert_eq!(trouble.snippet[1].from, None);
    }

    #[test]
    fn places_beyond_the_text_are_taken_as_its_end() {
        let source = Source::new("drafts/x.md", "é");
        let trouble = Trouble::from(&Diagnostic::new("x").at(&source, 1..900));
        assert_eq!(trouble.snippet.len(), 1);
        let empty = Source::new("drafts/x.md", "");
        assert_eq!(Trouble::from(&Diagnostic::new("x").at(&empty, 0..0)).snippet, []);
    }
}
