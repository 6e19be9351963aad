//! What a person's mail needs and the person's row does not give.

use super::Spot;
use crate::diagnostic::{Diagnostic, Source, count, group_thousands};

/// A value that a person's mail needs and the person's row does not give.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hole {
    /// The value as people know it (`first_name`, `links.unsubscribe`).
    pub column: String,
    /// What it lacks.
    pub lack: Lack,
    /// Where the author asked for it.
    pub spot: Spot,
}

/// What a value lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lack {
    /// It is empty, without `default` and outside an `{{#if}}` of itself.
    Empty,
    /// It is to be a link and is not http, https or mailto.
    Link,
    /// A helper cannot read it (a date that is none).
    Reading,
    /// It is longer than a message can bear (16 KiB).
    Brevity,
}

/// Rows of one list with the same hole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowsOfList {
    /// The list's path as shown (`lists/members.csv`).
    pub file: String,
    /// Physical lines, the header being line 1.
    pub lines: Vec<u64>,
}

/// Rows that are named before the rest is only counted.
const NAMED: usize = 5;

impl Hole {
    /// What to tell staff: ``drafts/x.md:14:6: `first_name` is empty for 2 rows of
    /// `lists/members.csv` (lines 3 and 7)``. `source` is the draft or template that [`Hole::spot`]
    /// names, when it is at hand. Holds no value of anybody.
    pub fn diagnostic(&self, source: Option<&Source>, rows: &[RowsOfList]) -> Diagnostic {
        let column = &self.column;
        let fact = match self.lack {
            Lack::Empty => "is empty",
            Lack::Link => "is no http, https or mailto link",
            Lack::Reading => "cannot be read",
            Lack::Brevity => "is longer than 16 KiB",
        };
        let lists: Vec<String> = rows.iter().map(RowsOfList::to_string).collect();
        let mut message = format!("`{column}` {fact}");
        if !lists.is_empty() {
            message.push_str(" for ");
            message.push_str(&lists.join(" and "));
        }
        let hint = match self.lack {
            Lack::Empty => {
                let fallback = if column.contains("name") { "friend" } else { "…" };
                format!("fill it in, or give a fallback: `{{{{default {column} \"{fallback}\"}}}}`")
            }
            _ => "mend the rows".to_owned(),
        };
        let fault = Diagnostic::new(message).hint(hint).rule("M1/empty-field");
        match source {
            Some(source) => fault.at(source, self.spot.span.clone()),
            None => fault.at_line(self.spot.file.as_str(), self.spot.line as u64),
        }
    }
}

/// ``2 rows of `lists/members.csv` (lines 3 and 7)``
impl std::fmt::Display for RowsOfList {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let total = self.lines.len();
        let lines = if total == 1 { "line" } else { "lines" };
        write!(f, "{} of `{}` ({lines} ", count(total as u64, "row"), self.file)?;
        let mut names: Vec<String> = self.lines.iter().take(NAMED).map(u64::to_string).collect();
        if total > NAMED {
            names.push(format!("{} more", group_thousands((total - NAMED) as u64)));
        }
        match names.split_last() {
            Some((last, [])) => f.write_str(last)?,
            Some((last, others)) => write!(f, "{} and {last}", others.join(", "))?,
            None => {}
        }
        f.write_str(")")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hole() -> Hole {
        let spot = Spot { file: "drafts/x.md".to_owned(), line: 2, span: 9..23 };
        Hole { column: "first_name".to_owned(), lack: Lack::Empty, spot }
    }

    #[test]
    fn staff_read_the_place_the_column_and_the_rows() {
        let source = Source::new("drafts/x.md", "---\nDear {{first_name}},");
        let rows = [RowsOfList { file: "lists/members.csv".to_owned(), lines: vec![3, 7] }];
        assert_eq!(
            hole().diagnostic(Some(&source), &rows).to_string(),
            "drafts/x.md:2:6: `first_name` is empty for 2 rows of `lists/members.csv` (lines 3 and 7)"
        );
    }

    #[test]
    fn many_rows_are_counted() {
        let lines = (2..1300).collect();
        let rows = [RowsOfList { file: "lists/a.csv".to_owned(), lines }];
        let message = hole().diagnostic(None, &rows).message;
        assert!(
            message.ends_with("1,298 rows of `lists/a.csv` (lines 2, 3, 4, 5, 6 and 1,293 more)")
        );
    }
}
