//! CSV by RFC 4180, read strictly: what a forgiving reader guesses at (a quote that is never
//! closed, text after a closing quote, a lone carriage return) moves one person's data into
//! another's row, so it is refused. Lines are physical, also where quoted cells hold line breaks.
//!
//! Not the `csv` crate: by design it accepts all of these faults, and its line numbers fall behind
//! at blank lines and CRLF.

use std::io::Read;

use super::lines::{Lines, ROW_MAX};
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
    fn of_header(header: &str) -> Self {
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
    pub(super) lines: Lines<R>,
    dialect: Option<Dialect>,
    text: String,
}

impl<R: Read> Records<R> {
    pub(super) fn new(lines: Lines<R>) -> Self {
        Self { lines, dialect: None, text: String::new() }
    }

    /// The dialect, known once the header has been read.
    pub(super) fn dialect(&self) -> Dialect {
        self.dialect.unwrap_or(Dialect::Comma)
    }

    /// The next record's first line and its cells, trimmed. Blank lines and records without any
    /// content (`;;;`, as spreadsheets leave behind) are passed over.
    pub(super) fn next(&mut self) -> Result<Option<(u64, Vec<String>)>, Diagnostic> {
        loop {
            self.text.clear();
            if !self.lines.append_next(&mut self.text)? {
                return Ok(None);
            }
            if self.text.trim().is_empty() {
                continue;
            }
            let line = self.lines.line();
            let separator =
                self.dialect.get_or_insert_with(|| Dialect::of_header(&self.text)).separator();
            let cells = self.cells(separator)?;
            if cells.iter().any(|cell| !cell.is_empty()) {
                return Ok(Some((line, cells)));
            }
        }
    }

    fn cells(&mut self, separator: char) -> Result<Vec<String>, Diagnostic> {
        let mut cells = Vec::new();
        let mut at = 0;
        loop {
            let (cell, end) = if self.text[at..].starts_with('"') {
                self.quoted(at, separator)?
            } else {
                self.bare(at, separator)?
            };
            cells.push(cell);
            match self.text[end..].chars().next() {
                Some(separator) => at = end + separator.len_utf8(),
                None => return Ok(cells),
            }
        }
    }

    /// The cell that begins at `at`, and where it ends: at a separator or the record's end.
    fn bare(&self, at: usize, separator: char) -> Result<(String, usize), Diagnostic> {
        let rest = &self.text[at..];
        let end = rest.find(separator).unwrap_or(rest.len());
        let cell = rest[..end].trim();
        if cell.starts_with('"') {
            return Err(self
                .lines
                .fault("a quoted cell begins with a space")
                .hint("delete the space before the `\"`"));
        }
        Ok((cell.to_owned(), at + end))
    }

    /// The same for a cell in quotes, which may go on for lines.
    fn quoted(&mut self, at: usize, separator: char) -> Result<(String, usize), Diagnostic> {
        let opened = self.lines.line();
        let mut cell = String::new();
        let mut at = at + 1;
        loop {
            let Some(length) = self.text[at..].find('"') else {
                cell.push_str(&self.text[at..]);
                cell.push('\n');
                at = self.text.len();
                self.continue_quoted(opened)?;
                continue;
            };
            cell.push_str(&self.text[at..at + length]);
            at += length + 1;
            if self.text[at..].starts_with('"') {
                cell.push('"');
                at += 1;
                continue;
            }
            let rest = &self.text[at..];
            let tail = rest.find(separator).unwrap_or(rest.len());
            if rest[..tail].trim().is_empty() {
                return Ok((cell.trim().to_owned(), at + tail));
            }
            let closed = self.lines.line();
            return Err(self
                .lines
                .fault_at(opened, format!("text follows the closing quote in line {closed}"))
                .hint("inside a quoted cell a `\"` is written twice: `\"\"`"));
        }
    }

    /// Takes in one more line for a cell whose quote was opened in line `opened`.
    fn continue_quoted(&mut self, opened: u64) -> Result<(), Diagnostic> {
        let fault = if self.text.len() > ROW_MAX {
            "a quote is opened here and not closed within 1 MB"
        } else if self.lines.append_next(&mut self.text)? {
            return Ok(());
        } else {
            "a quote is opened here and never closed"
        };
        Err(self
            .lines
            .fault_at(opened, fault)
            .hint("close it, or write a `\"` that belongs to the text as `\"\"` in a quoted cell"))
    }
}
