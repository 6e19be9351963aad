//! What is wrong, where, and how to mend it: the one shape in which drafts, lists, templates and
//! settings report their faults. Printing is the command line's business.

use std::{fmt, ops::Range, sync::Arc};

/// A text with the name people know it by (`drafts/x.md`, relative to the workspace).
#[derive(Clone, Debug, Eq)]
pub struct Source {
    /// The path as shown, relative to the workspace, with `/`.
    pub name: Arc<str>,
    /// The whole text, as read.
    pub text: Arc<str>,
}

impl Source {
    /// Names a text.
    pub fn new(name: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> Self {
        Self { name: name.into(), text: text.into() }
    }

    /// Line and column of a byte offset, both from 1, the column in characters.
    pub fn line_column(&self, offset: usize) -> (usize, usize) {
        let offset = self.text.floor_char_boundary(offset.min(self.text.len()));
        let before = &self.text[..offset];
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        (line, column)
    }
}

/// Clones of one text are the same without reading it: findings are compared one with all others.
impl PartialEq for Source {
    fn eq(&self, other: &Self) -> bool {
        let is_clone = Arc::ptr_eq(&self.text, &other.text);
        self.name == other.name && (is_clone || self.text == other.text)
    }
}

/// A value with the bytes it was read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spanned<T> {
    /// What was read.
    pub value: T,
    /// Byte range in the [`Source`].
    pub span: Range<usize>,
}

impl<T> Spanned<T> {
    /// Joins a value and the bytes it was read from.
    pub fn new(value: T, span: Range<usize>) -> Self {
        Self { value, span }
    }
}

/// Where a fault is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// Bytes of a text that is at hand, so that its line can be shown.
    Span {
        /// The text.
        source: Source,
        /// Byte range in it.
        span: Range<usize>,
    },
    /// A physical line (from 1) of a file that is only streamed.
    Line {
        /// The path as shown.
        file: Arc<str>,
        /// The line, from 1.
        line: u64,
    },
    /// A file as a whole.
    File(Arc<str>),
}

/// One fault: a lower-case sentence fragment with values in backticks, its place, and a hint that
/// says what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct Diagnostic {
    /// What is wrong.
    pub message: String,
    /// Where.
    pub place: Option<Place>,
    /// What to do about it.
    pub hint: Option<String>,
    /// The rule of the checks that it is known by (`M6/ragged`), where the stage alone does not
    /// say it.
    pub rule: Option<&'static str>,
}

impl Diagnostic {
    /// A fault without a place.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), place: None, hint: None, rule: None }
    }

    /// The fault stands in these bytes of `source`.
    #[must_use]
    pub fn at(mut self, source: &Source, span: Range<usize>) -> Self {
        self.place = Some(Place::Span { source: source.clone(), span });
        self
    }

    /// The fault stands in this line of a streamed file.
    #[must_use]
    pub fn at_line(mut self, file: impl Into<Arc<str>>, line: u64) -> Self {
        self.place = Some(Place::Line { file: file.into(), line });
        self
    }

    /// The fault concerns the file as a whole.
    #[must_use]
    pub fn in_file(mut self, file: impl Into<Arc<str>>) -> Self {
        self.place = Some(Place::File(file.into()));
        self
    }

    /// The checks know it by this rule.
    #[must_use]
    pub fn rule(mut self, rule: &'static str) -> Self {
        self.rule = Some(rule);
        self
    }

    /// What to do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// `drafts/x.md:12:3: message`, without the hint.
impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Some(Place::Span { source, span }) => {
                let (line, column) = source.line_column(span.start);
                write!(f, "{}:{line}:{column}: ", source.name)?;
            }
            Some(Place::Line { file, line }) => write!(f, "{file}:{line}: ")?,
            Some(Place::File(file)) => write!(f, "{file}: ")?,
            None => {}
        }
        f.write_str(&self.message)
    }
}

/// The candidate that `word` is most likely a misspelling of, for "did you mean".
pub fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let allowed = (word.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| (edit_distance(word, candidate), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Insertions, deletions, substitutions and swaps of neighbours between two words, case aside
/// (optimal string alignment).
fn edit_distance(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.to_lowercase().chars().collect();
    let b: Vec<char> = b.to_lowercase().chars().collect();
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let changed = above[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = changed.min(above[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(before[j - 2] + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut above, row);
    }
    above[b.len()]
}

/// `1 row`, `2 rows`: grammar in one place.
pub fn count(n: u64, singular: &str) -> String {
    let digits = group_thousands(n);
    match n {
        1 => format!("{digits} {singular}"),
        _ => match singular.strip_suffix('y') {
            Some(stem) if !stem.ends_with(['a', 'e', 'o', 'u']) => format!("{digits} {stem}ies"),
            _ if singular.ends_with('s') => format!("{digits} {singular}es"),
            _ => format!("{digits} {singular}s"),
        },
    }
}

/// `1 person`, `1,234 people`.
pub fn people(n: u64) -> String {
    if n == 1 { "1 person".to_owned() } else { format!("{} people", group_thousands(n)) }
}

/// `1234567` as `1,234,567`.
pub fn group_thousands(n: u64) -> String {
    let digits = n.to_string();
    let mut grouped = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_word_finds_its_neighbour() {
        let columns = ["first_name", "city", "email"];
        assert_eq!(closest("frist_name", columns), Some("first_name"));
        assert_eq!(closest("City", columns), Some("city"));
        assert_eq!(closest("telephone", columns), None);
    }

    #[test]
    fn counts_read_as_english() {
        assert_eq!(count(1, "row"), "1 row");
        assert_eq!(count(0, "person"), "0 persons");
        assert_eq!((people(1), people(1_200)), ("1 person".into(), "1,200 people".into()));
        assert_eq!(count(2, "entry"), "2 entries");
        assert_eq!(count(1_234_567, "address"), "1,234,567 addresses");
    }

    #[test]
    fn places_count_lines_and_characters_from_one() {
        let source = Source::new("drafts/x.md", "é\nab{{c}}");
        let fault = Diagnostic::new("unknown field `c`").at(&source, 5..10);
        assert_eq!(fault.to_string(), "drafts/x.md:2:3: unknown field `c`");
    }
}
