//! What a list looks like as a whole, before anybody is mailed.

use std::{
    collections::{HashMap, hash_map::Entry},
    fmt,
    hash::{BuildHasher as _, RandomState},
    io::Read,
    sync::Arc,
};

use super::{BadAddress, Dialect, ListReader, address::is_invisible};
use crate::diagnostic::Diagnostic;

/// The longest piece of a bad cell that a message repeats, in characters.
const SHOWN_MAX: usize = 80;

/// A list, counted.
#[derive(Clone, PartialEq, Eq)]
pub struct Survey {
    /// Rows, good and bad.
    pub rows: u64,
    /// Rows with a good address, duplicates included.
    pub good: u64,
    /// Line, address cell and fault of each row that cannot be mailed.
    pub bad: Vec<(u64, String, BadAddress)>,
    /// Line of each row whose person stands further up, and that first line.
    pub duplicates: Vec<(u64, u64)>,
    /// Column names, as [`column_name`](super::column_name) makes them.
    pub columns: Arc<[String]>,
    /// What stands between two cells.
    pub dialect: Dialect,
}

/// Shows nobody's address.
impl fmt::Debug for Survey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Survey")
            .field("rows", &self.rows)
            .field("good", &self.good)
            .field("duplicates", &self.duplicates)
            .field("columns", &self.columns)
            .field("dialect", &self.dialect)
            .finish_non_exhaustive()
    }
}

/// Reads a list to its end. A fault in the file is an error, a bad address a finding.
pub fn survey<R: Read>(mut list: ListReader<R>) -> Result<Survey, Diagnostic> {
    let mut survey = Survey {
        rows: 0,
        good: 0,
        bad: Vec::new(),
        duplicates: Vec::new(),
        columns: Arc::clone(list.columns()),
        dialect: list.dialect(),
    };
    // Two hashes instead of the address: 128 bits, so that a chance collision does not happen and
    // memory holds 16 bytes a person.
    let hashers = (RandomState::new(), RandomState::new());
    let mut first_lines = HashMap::new();
    for row in &mut list {
        let row = row?;
        survey.rows += 1;
        let address = match &row.address {
            Ok(address) => address.normalised(),
            Err(fault) => {
                survey.bad.push((row.line, row.typed().to_owned(), *fault));
                continue;
            }
        };
        survey.good += 1;
        match first_lines.entry((hashers.0.hash_one(&address), hashers.1.hash_one(&address))) {
            Entry::Occupied(first) => survey.duplicates.push((row.line, *first.get())),
            Entry::Vacant(free) => {
                free.insert(row.line);
            }
        }
    }
    Ok(survey)
}

/// Whether so many rows cannot be mailed that the list itself must be wrong: more than 2 %, and
/// more than one row, so that one slip in a list of ten stops nobody.
pub fn too_many_bad(rows: u64, bad: u64) -> bool {
    bad > 1 && bad.saturating_mul(50) > rows
}

/// Tells staff about a row of their own list: the one message that repeats an address, or what
/// stands in its place. Characters that cannot be seen are written out.
pub fn bad_address(shown: &Arc<str>, line: u64, typed: &str, fault: BadAddress) -> Diagnostic {
    let fault_at = |message: String| Diagnostic::new(message).at_line(Arc::clone(shown), line);
    match fault {
        BadAddress::Empty => fault_at("the row has no address".to_owned()),
        fault => fault_at(format!("`{}` is not an email address", visible(typed)))
            .hint(fault.to_string()),
    }
}

/// What stands in a cell, for its list's keeper: what cannot be seen is written out, and what is too
/// long is cut.
pub fn visible(typed: &str) -> String {
    let mut shown = String::new();
    for (count, c) in typed.chars().enumerate() {
        if count == SHOWN_MAX {
            shown.push('…');
            break;
        }
        let is_plain = c == ' ' || !(c.is_whitespace() || c.is_control() || is_invisible(c));
        if is_plain {
            shown.push(c);
        } else {
            shown.extend(c.escape_unicode());
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audience::ListSpec;

    fn surveyed(text: &str) -> Survey {
        let list = ListSpec { name: "m".into(), shown: "lists/m.csv".into(), email_column: None };
        survey(ListReader::open(&list, text.as_bytes()).expect(text)).expect(text)
    }

    #[test]
    fn a_survey_counts_rows_and_points_at_the_odd_ones() {
        let found = surveyed(
            "email;city\na@example.org;Ely\n@@;Bath\nA@EXAMPLE.org;Ely\nb@example.org;\n;Ely\n",
        );
        assert_eq!(found.rows, 5);
        assert_eq!(found.good, 3);
        assert_eq!(
            found.bad,
            [(3, "@@".to_owned(), BadAddress::SeveralAts), (6, String::new(), BadAddress::Empty)]
        );
        assert_eq!(found.duplicates, [(4, 2)]);
        assert_eq!(*found.columns, ["email", "city"]);
        assert_eq!(found.dialect, Dialect::Semicolon);
    }

    #[test]
    fn one_slip_stops_nobody_and_two_percent_do_not_either() {
        assert!(!too_many_bad(0, 0));
        assert!(!too_many_bad(3, 1));
        assert!(!too_many_bad(100, 2));
        assert!(too_many_bad(99, 2));
        assert!(too_many_bad(2, 2));
        assert!(!too_many_bad(1_000_000, 20_000));
        assert!(too_many_bad(1_000_000, 20_001));
    }

    #[test]
    fn staff_are_told_what_stands_in_their_list() {
        let told = |typed: &str, fault| {
            let fault = bad_address(&"lists/members.csv".into(), 41, typed, fault);
            format!("{fault} / {}", fault.hint.as_deref().unwrap_or("no hint"))
        };
        assert_eq!(
            told("ana@@example.com", BadAddress::SeveralAts),
            "lists/members.csv:41: `ana@@example.com` is not an email address / it has more than one `@`"
        );
        assert_eq!(
            told("ana\u{200B}\n@example.org", BadAddress::Control),
            "lists/members.csv:41: `ana\\u{200b}\\u{a}@example.org` is not an email address / it has a control character in it"
        );
        assert_eq!(
            told("", BadAddress::Empty),
            "lists/members.csv:41: the row has no address / no hint"
        );
        assert!(told(&"x".repeat(500), BadAddress::TooLong).len() < 250);
    }
}
