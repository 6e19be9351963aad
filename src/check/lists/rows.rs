//! Rows that get nothing.

use std::fmt;

use super::{BAD_ADDRESS, DUPLICATE, SUPPRESSED, TOO_MANY_BAD};
use crate::{
    check::Finding,
    diagnostic::{count, group_thousands},
};

/// Lines that a message names; more are only counted.
const NAMED: usize = 5;

/// Rows of one list that have the same said of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    rows: u64,
    first: Vec<u64>,
}

impl Counted {
    /// One more, in this line.
    pub fn add(&mut self, line: u64) {
        self.rows += 1;
        if self.first.len() < NAMED {
            self.first.push(line);
        }
    }

    /// Where the first of them stands.
    pub(super) fn line(&self) -> u64 {
        self.first.first().copied().unwrap_or(1)
    }
}

/// `3 rows (lines 2, 7 and 9)`
impl fmt::Display for Counted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut names: Vec<String> = self.first.iter().map(u64::to_string).collect();
        let more = self.rows - self.first.len() as u64;
        if more > 0 {
            names.push(format!("{} more", group_thousands(more)));
        }
        let lines = match names.split_last() {
            Some((last, [])) => format!("line {last}"),
            Some((last, others)) => format!("lines {} and {last}", others.join(", ")),
            None => String::new(),
        };
        write!(f, "{} ({lines})", count(self.rows, "row"))
    }
}

/// A row whose address cannot be mailed, for this reason.
pub fn bad_row(file: &str, line: u64, reason: &str) -> Finding {
    let message = format!("the row is left out, its address cannot be mailed: {reason}");
    let fix = "correct the address, or delete the row";
    BAD_ADDRESS.finding(message).at_line(file, line).fix(fix)
}

/// Such rows that are not named.
pub fn more_bad_rows(rows: u64) -> Finding {
    let message =
        format!("{} more are left out, their addresses cannot be mailed", count(rows, "row"));
    BAD_ADDRESS.finding(message).fix("`announce lists NAME` shows the rows of a list")
}

/// So many of the rows that nobody should get it.
pub fn too_many_bad(bad: u64, rows: u64, file: &str) -> Finding {
    let message = format!("{} of {} cannot be mailed", group_thousands(bad), count(rows, "row"));
    let fix = "more than 2 % mean that something is wrong with the list: has a column moved?";
    TOO_MANY_BAD.finding(message).in_file(file).fix(fix)
}

/// Rows of people who get it by an earlier row.
pub fn duplicates(rows: &Counted, file: &str) -> Finding {
    let message = format!("people who stand further up, or in a list before, get it once: {rows}");
    DUPLICATE.finding(message).in_file(file)
}

/// Rows of people who are not to be mailed. Which they are is not said.
pub fn suppressed(rows: u64, file: &str) -> Finding {
    let people = match rows {
        1 => "1 person on the suppression list gets".to_owned(),
        rows => format!("{} people on the suppression list get", group_thousands(rows)),
    };
    SUPPRESSED.finding(format!("{people} nothing")).in_file(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(lines: impl IntoIterator<Item = u64>) -> Counted {
        let mut counted = Counted::default();
        lines.into_iter().for_each(|line| counted.add(line));
        counted
    }

    #[test]
    fn rows_are_counted_and_the_first_ones_named() {
        assert_eq!(counted([7]).to_string(), "1 row (line 7)");
        assert_eq!(counted([2, 7, 9]).to_string(), "3 rows (lines 2, 7 and 9)");
        assert_eq!(
            counted(2..1_300).to_string(),
            "1,298 rows (lines 2, 3, 4, 5, 6 and 1,293 more)"
        );
    }

    #[test]
    fn a_bad_row_is_told_by_its_line() {
        let finding = bad_row("lists/m.csv", 41, "it has no `@`");
        assert_eq!(
            finding.fault.to_string(),
            "lists/m.csv:41: the row is left out, its address cannot be mailed: it has no `@`"
        );
    }

    #[test]
    fn suppressed_people_are_only_counted() {
        let told = |rows| suppressed(rows, "lists/m.csv").fault.message;
        assert_eq!(told(1), "1 person on the suppression list gets nothing");
        assert_eq!(told(1_200), "1,200 people on the suppression list get nothing");
    }
}
