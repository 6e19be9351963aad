//! A list's physical lines, proven to be UTF-8 text without control characters: what stands in a
//! list ends up in headers and on terminals.

use std::{
    io::{BufRead as _, BufReader, Read},
    sync::Arc,
};

use crate::diagnostic::Diagnostic;

/// Longest row in bytes. A quote that is never closed would swallow the file otherwise.
pub(super) const ROW_MAX: usize = 1 << 20;

const SAVE_AS_UTF8: &str =
    "save it again as UTF-8: in a spreadsheet, choose `CSV UTF-8` as the format";

/// Reads line after line and holds one of them.
pub(super) struct Lines<R> {
    input: BufReader<R>,
    file: Arc<str>,
    line: u64,
    raw: Vec<u8>,
    has_byte_order_mark: bool,
}

impl<R: Read> Lines<R> {
    pub(super) fn new(file: Arc<str>, input: R) -> Self {
        Self {
            input: BufReader::new(input),
            file,
            line: 0,
            raw: Vec::new(),
            has_byte_order_mark: false,
        }
    }

    /// The physical line read last, from 1.
    pub(super) fn line(&self) -> u64 {
        self.line
    }

    /// Whether the file began with one. It is no part of its first line.
    pub(super) fn has_byte_order_mark(&self) -> bool {
        self.has_byte_order_mark
    }

    /// A fault in the line read last.
    pub(super) fn fault(&self, message: impl Into<String>) -> Diagnostic {
        self.fault_at(self.line, message)
    }

    /// A fault in another line.
    pub(super) fn fault_at(&self, line: u64, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(message).at_line(Arc::clone(&self.file), line)
    }

    /// A fault of the whole file.
    pub(super) fn fault_in_file(&self, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(message).in_file(Arc::clone(&self.file))
    }

    /// Appends the next line to `text`, without its line end (LF or CRLF). False at the end.
    pub(super) fn append_next(&mut self, text: &mut String) -> Result<bool, Diagnostic> {
        self.raw.clear();
        let most = ROW_MAX as u64 + 1;
        let read = self.input.by_ref().take(most).read_until(b'\n', &mut self.raw);
        read.map_err(|error| self.fault_in_file(format!("the list cannot be read: {error}")))?;
        if self.raw.is_empty() {
            return Ok(false);
        }
        self.line += 1;
        if self.line == 1 {
            self.refuse_other_formats()?;
        }
        if self.raw.len() > ROW_MAX {
            return Err(self.fault("the line is longer than 1 MB").hint("is this a CSV file?"));
        }
        let line = self.raw.strip_suffix(b"\n").unwrap_or(&self.raw);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.contains(&0) {
            return Err(self
                .fault("the line has a NUL byte in it")
                .hint("the file is damaged, or not a text: export the list as CSV again")
                .rule("M5/encoding"));
        }
        let line = std::str::from_utf8(line)
            .map_err(|error| self.not_utf8(&line[error.valid_up_to()..]))?;
        if let Some(c) = line.chars().find(|c| c.is_control() && *c != '\t') {
            return Err(self.control_character(c));
        }
        text.push_str(line);
        Ok(true)
    }

    /// Names what is not UTF-8 by its first bytes, and takes a UTF-8 byte order mark away.
    fn refuse_other_formats(&mut self) -> Result<(), Diagnostic> {
        let format = match self.raw.as_slice() {
            [0xEF, 0xBB, 0xBF, ..] => {
                self.raw.drain(..3);
                self.has_byte_order_mark = true;
                return Ok(());
            }
            [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] => "UTF-32",
            [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => "UTF-16",
            [b'P', b'K', 3, 4, ..] | [0xD0, 0xCF, 0x11, 0xE0, ..] => {
                return Err(self
                    .fault_in_file("the list is a spreadsheet's own file, not CSV")
                    .hint("open it in the spreadsheet and export it as `CSV UTF-8`")
                    .rule("M5/encoding"));
            }
            raw if is_utf16_ascii(raw) => "UTF-16",
            _ => return Ok(()),
        };
        let byte = self.raw[0];
        Err(self
            .fault(format!("the list is {format}, not UTF-8 (its first byte is 0x{byte:02X})"))
            .hint(SAVE_AS_UTF8)
            .rule("M5/encoding"))
    }

    fn control_character(&self, c: char) -> Diagnostic {
        match c {
            '\r' => self
                .fault("a carriage return stands alone")
                .hint("save the file with the line ends of Unix or Windows")
                .rule("H3/control"),
            _ => self
                .fault(format!("the line has a control character (U+{:04X}) in it", u32::from(c)))
                .hint("delete it; if it is everywhere, export the list as `CSV UTF-8` again")
                .rule("H3/control"),
        }
    }

    /// Names the encoding that `rest`, which begins at the first wrong byte, most likely is in.
    fn not_utf8(&self, rest: &[u8]) -> Diagnostic {
        let guess = match rest {
            // Letters of Korean, Chinese and Japanese encodings are pairs of high bytes; an
            // accented letter of Windows-1252 mostly stands alone.
            [_, second, ..] if *second >= 0x80 => {
                "an East Asian encoding such as CP949, or Windows-1252"
            }
            _ => "Windows-1252",
        };
        let byte = rest.first().copied().unwrap_or_default();
        self.fault(format!("byte 0x{byte:02X} is not UTF-8: the list is probably {guess}"))
            .hint(SAVE_AS_UTF8)
            .rule("M5/encoding")
    }
}

/// Whether every second byte is NUL, as in UTF-16 without a byte order mark.
fn is_utf16_ascii(raw: &[u8]) -> bool {
    let every_second_is_nul = |from: usize| {
        let mut bytes = raw.iter().skip(from).step_by(2).peekable();
        bytes.peek().is_some() && bytes.all(|byte| *byte == 0)
    };
    raw.len() > 2 && (every_second_is_nul(0) || every_second_is_nul(1))
}
