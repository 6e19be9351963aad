//! CSV by RFC 4180, a record at a time, split and unquoted by the `csv` crate. Its lines are
//! checked first and counted by [`CheckedLines`].

use std::io::Read;

use super::{lines::Lines, quoting::CheckedLines};
use crate::diagnostic::Diagnostic;

/// What stands between two cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Dialect {
    /// `,`
    Comma,
    /// `;`, as spreadsheets write where the comma is the decimal sign.
    Semicolon,
    /// A tab.
    Tab,
}

impl Dialect {
    /// The character itself.
    pub fn separator(self) -> char {
        match self {
            Self::Comma => ',',
            Self::Semicolon => ';',
            Self::Tab => '\t',
        }
    }

    /// The separator that the header line has most of outside quotes; comma if it has none.
    pub(super) fn of_header(header: &str) -> Self {
        let outside: String = header.split('"').step_by(2).collect();
        let mut best = (0, Self::Comma);
        for dialect in [Self::Comma, Self::Semicolon, Self::Tab] {
            let found = outside.matches(dialect.separator()).count();
            if found > best.0 {
                best = (found, dialect);
            }
        }
        best.1
    }
}

/// Reads record after record and holds one of them.
pub(super) struct Records<R> {
    reader: csv::Reader<CheckedLines<R>>,
    record: csv::StringRecord,
}

impl<R: Read> Records<R> {
    /// Reads as far as the header line, which tells the dialect.
    pub(super) fn open(lines: Lines<R>) -> Result<Self, Diagnostic> {
        let lines = CheckedLines::open(lines)?;
        let reader = csv::ReaderBuilder::new()
            .delimiter(lines.dialect().separator() as u8)
            .has_headers(false)
            .flexible(true)
            .from_reader(lines);
        Ok(Self { reader, record: csv::StringRecord::new() })
    }

    /// The dialect, comma for an empty list.
    pub(super) fn dialect(&self) -> Dialect {
        self.reader.get_ref().dialect()
    }

    /// The lines read so far, to name faults in them.
    pub(super) fn lines(&self) -> &Lines<R> {
        &self.reader.get_ref().lines
    }

    /// The next record's first line and its cells, trimmed. Blank lines and records without any
    /// content (`;;;`, as spreadsheets leave behind) are passed over.
    pub(super) fn next(&mut self) -> Result<Option<(u64, Vec<String>)>, Diagnostic> {
        while self.reader.read_record(&mut self.record).map_err(|error| self.fault(error))? {
            let cells = self.record.iter().map(str::trim);
            if cells.clone().any(|cell| !cell.is_empty()) {
                let line = self.reader.get_ref().record();
                return Ok(Some((line, cells.map(str::to_owned).collect())));
            }
        }
        Ok(None)
    }

    /// The fault that [`CheckedLines`] found, which comes through the `csv` crate as an I/O error.
    fn fault(&self, error: csv::Error) -> Diagnostic {
        let fault = match error.into_kind() {
            csv::ErrorKind::Io(error) => error.downcast().ok(),
            _ => None,
        };
        fault.unwrap_or_else(|| self.lines().fault_in_file("the list cannot be read"))
    }
}
