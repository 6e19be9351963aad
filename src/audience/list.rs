//! One list, read row by row.

use std::{fmt, io::Read, sync::Arc};

use super::{
    Address, BadAddress, Dialect, Fields,
    header::{address_column, columns},
    lines::Lines,
    records::Records,
};
use crate::diagnostic::{Diagnostic, count};

/// A list as the settings name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListSpec {
    /// Its name (`members`).
    pub name: Arc<str>,
    /// The path as shown (`lists/members.csv`).
    pub shown: Arc<str>,
    /// The column that holds the address, if not one of the usual names.
    pub email_column: Option<String>,
}

/// One row of a list, whether or not its address is good.
#[derive(Clone, PartialEq, Eq)]
pub struct Row {
    /// The physical line it begins in; the header is line 1.
    pub line: u64,
    /// The address.
    pub address: Result<Address, BadAddress>,
    /// All columns, that of the address included.
    pub fields: Fields,
    email_column: usize,
}

impl Row {
    /// The address cell as it stands in the file, for messages to staff about their own list.
    pub fn typed(&self) -> &str {
        &self.fields.values[self.email_column]
    }
}

/// Shows nobody's data.
impl fmt::Debug for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Row")
            .field("line", &self.line)
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

/// Reads a list as a stream: one row of at most 1 MB is held at a time. A fault in the file ends
/// the iteration; a bad address does not.
pub struct ListReader<R> {
    records: Records<R>,
    columns: Arc<[String]>,
    email_column: usize,
    renamed: Option<String>,
    ended: bool,
}

impl<R: Read> ListReader<R> {
    /// Reads the header: the dialect, the columns, which of them is the address.
    pub fn open(list: &ListSpec, input: R) -> Result<Self, Diagnostic> {
        Self::open_as(list, input, true)
    }

    /// The same for a table whose columns are no merge fields, so that they may have any name.
    pub fn open_table(list: &ListSpec, input: R) -> Result<Self, Diagnostic> {
        Self::open_as(list, input, false)
    }

    fn open_as(list: &ListSpec, input: R, merged: bool) -> Result<Self, Diagnostic> {
        let mut records = Records::open(Lines::new(Arc::clone(&list.shown), input))?;
        let Some((line, header)) = records.next()? else {
            return Err(records
                .lines()
                .fault_in_file("the list is empty")
                .hint("its first line names the columns, one of them `email`"));
        };
        let place =
            |fault: Diagnostic| fault.at_line(Arc::clone(&list.shown), line).rule("M6/header");
        let columns = columns(&header, merged).map_err(place)?;
        let email_column =
            address_column(&columns, list.email_column.as_deref(), &list.name).map_err(place)?;
        let mut names = header.into_iter().zip(&columns);
        let renamed = names.find(|(typed, column)| typed != *column).map(|(typed, _)| typed);
        Ok(Self { records, columns: columns.into(), email_column, renamed, ended: false })
    }

    /// The columns, shared by all rows.
    pub fn columns(&self) -> &Arc<[String]> {
        &self.columns
    }

    /// Which of the columns holds the address.
    pub fn email_column(&self) -> usize {
        self.email_column
    }

    /// What stands between two cells.
    pub fn dialect(&self) -> Dialect {
        self.records.dialect()
    }

    /// The first column whose name in the file is not the one that it has here.
    pub fn renamed(&self) -> Option<&str> {
        self.renamed.as_deref()
    }

    /// Whether the file began with a byte order mark, which was left out.
    pub fn has_byte_order_mark(&self) -> bool {
        self.records.lines().has_byte_order_mark()
    }

    fn read(&mut self) -> Result<Option<Row>, Diagnostic> {
        let Some((line, values)) = self.records.next()? else {
            return Ok(None);
        };
        if values.len() != self.columns.len() {
            return Err(self.ragged(line, values.len()));
        }
        Ok(Some(Row {
            line,
            address: Address::parse(&values[self.email_column]),
            fields: Fields { columns: Arc::clone(&self.columns), values },
            email_column: self.email_column,
        }))
    }

    fn ragged(&self, line: u64, cells: usize) -> Diagnostic {
        let separator = match self.dialect() {
            Dialect::Comma => "a `,`",
            Dialect::Semicolon => "a `;`",
            Dialect::Tab => "a tab",
        };
        let expected = self.columns.len();
        self.records
            .lines()
            .fault_at(
                line,
                format!("the row has {}, the header has {expected}", count(cells as u64, "cell")),
            )
            .hint(format!("a cell with {separator} in it is written in quotes: `\"…\"`"))
            .rule("M6/ragged")
    }
}

impl<R: Read> Iterator for ListReader<R> {
    type Item = Result<Row, Diagnostic>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let row = self.read().transpose();
        self.ended = !matches!(row, Some(Ok(_)));
        row
    }
}

/// Shows nobody's data.
impl<R> fmt::Debug for ListReader<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ListReader").field("columns", &self.columns).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
