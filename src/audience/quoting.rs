//! A list's lines with their quotes checked, as the input of the `csv` crate. What that crate
//! guesses at (a quote that is never closed, text after a closing quote) moves one person's data
//! into another's row, so such a line never reaches it.

use std::io::{self, Read};

use super::{
    Dialect,
    lines::{Lines, ROW_MAX},
};
use crate::diagnostic::Diagnostic;

/// Gives out one line at a read, so that a record just read ends in the line read last.
pub(super) struct CheckedLines<R> {
    pub(super) lines: Lines<R>,
    /// Known from the header line on.
    dialect: Option<Dialect>,
    /// The line being given out, with its LF; empty at the end of the list.
    text: String,
    given: usize,
    /// The line the record begins in.
    record: u64,
    /// Bytes of the record so far.
    length: usize,
    /// The line in which the quote now open was opened.
    opened: Option<u64>,
}

impl<R: Read> CheckedLines<R> {
    /// Reads as far as the header line.
    pub(super) fn open(lines: Lines<R>) -> Result<Self, Diagnostic> {
        let text = String::new();
        let mut checked =
            Self { lines, dialect: None, text, given: 0, record: 0, length: 0, opened: None };
        while checked.advance()? && checked.dialect.is_none() {}
        Ok(checked)
    }

    pub(super) fn dialect(&self) -> Dialect {
        self.dialect.unwrap_or(Dialect::Comma)
    }

    /// The line that the record read last begins in.
    pub(super) fn record(&self) -> u64 {
        self.record
    }

    /// Goes to the next line. False at the end of the list.
    fn advance(&mut self) -> Result<bool, Diagnostic> {
        self.text.clear();
        self.given = 0;
        if self.length > ROW_MAX {
            self.refuse_open("a quote is opened here and not closed within 1 MB")?;
        }
        if !self.lines.append_next(&mut self.text)? {
            self.refuse_open("a quote is opened here and never closed")?;
            return Ok(false);
        }
        if self.opened.is_none() {
            self.record = self.lines.line();
            self.length = 0;
        }
        self.length += self.text.len();
        if self.dialect.is_none() && !self.text.trim().is_empty() {
            self.dialect = Some(Dialect::of_header(&self.text));
        }
        self.check()?;
        self.text.push('\n');
        Ok(true)
    }

    fn refuse_open(&self, message: &str) -> Result<(), Diagnostic> {
        let Some(opened) = self.opened else { return Ok(()) };
        let hint = "close it, or write a `\"` that belongs to the text as `\"\"` in a quoted cell";
        Err(self.lines.fault_at(opened, message).hint(hint))
    }

    /// Goes through the cells of the line, the first of which may have begun in a line before.
    fn check(&mut self) -> Result<(), Diagnostic> {
        let separator = self.dialect().separator();
        let line = self.lines.line();
        let mut rest = self.text.as_str();
        loop {
            if self.opened.is_none()
                && let Some(inside) = rest.strip_prefix('"')
            {
                self.opened = Some(line);
                rest = inside;
            }
            if self.opened.is_some() {
                let Some(after) = after_closing_quote(rest) else { return Ok(()) };
                rest = after;
            }
            let (cell, next) =
                rest.split_once(separator).map_or((rest, None), |(cell, next)| (cell, Some(next)));
            match self.opened.take() {
                Some(opened) if !cell.trim().is_empty() => {
                    let message = format!("text follows the closing quote in line {line}");
                    let hint = "inside a quoted cell a `\"` is written twice: `\"\"`";
                    return Err(self.lines.fault_at(opened, message).hint(hint));
                }
                None if cell.trim_start().starts_with('"') => {
                    let fault = self.lines.fault("a quoted cell begins with a space");
                    return Err(fault.hint("delete the space before the `\"`"));
                }
                _ => {}
            }
            let Some(next) = next else { return Ok(()) };
            rest = next;
        }
    }
}

/// What follows the quote that closes a cell; none if the cell goes on in the next line.
fn after_closing_quote(mut inside: &str) -> Option<&str> {
    loop {
        let (_, after) = inside.split_once('"')?;
        match after.strip_prefix('"') {
            Some(doubled) => inside = doubled,
            None => return Some(after),
        }
    }
}

impl<R: Read> Read for CheckedLines<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.given == self.text.len() {
            self.advance().map_err(io::Error::other)?;
        }
        let given = (&self.text.as_bytes()[self.given..]).read(buffer)?;
        self.given += given;
        Ok(given)
    }
}
