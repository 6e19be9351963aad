//! The last look before bytes leave this module.

use memchr::{memchr, memrchr};

use super::Error;

/// Longest line without its CRLF, in octets (RFC 5322 §2.1.1, RFC 5321 §4.5.3.1.6).
const LONGEST_LINE: usize = 998;

/// Bytes that everybody shares, looked at once and copied into every message.
#[derive(Clone)]
pub(super) struct Checked(Vec<u8>);

impl Checked {
    /// Looks at them.
    pub(super) fn new(bytes: Vec<u8>) -> Result<Self, Error> {
        check(&bytes).map(|()| Self(bytes))
    }

    /// How many they are.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}

/// A message in the making. No byte leaves it that was not looked at: here, or when it was
/// [`Checked`].
pub(super) struct Sheet {
    bytes: Vec<u8>,
    looked_at: usize,
}

impl Sheet {
    /// An empty one with room for so many bytes.
    pub(super) fn with_capacity(capacity: usize) -> Self {
        Self { bytes: Vec::with_capacity(capacity), looked_at: 0 }
    }

    /// For adding what is one person's.
    pub(super) fn own(&mut self) -> &mut Vec<u8> {
        &mut self.bytes
    }

    /// Adds what everybody shares, at the start of a line.
    pub(super) fn copy(&mut self, Checked(shared): &Checked) -> Result<(), Error> {
        let own = &self.bytes[self.looked_at..];
        check(own)?;
        if !own.is_empty() && !own.ends_with(b"\n") {
            return Err(Error::Line);
        }
        self.bytes.extend_from_slice(shared);
        // A line that is not ended yet is looked at again, with the rest of it.
        self.looked_at = memrchr(b'\n', &self.bytes).map_or(0, |end| end + 1);
        Ok(())
    }

    /// The whole message.
    pub(super) fn finish(self) -> Result<Vec<u8>, Error> {
        let Self { bytes, looked_at } = self;
        check(&bytes[looked_at..])?;
        debug_assert_eq!(check(&bytes), Ok(()));
        Ok(bytes)
    }
}

/// Checks that `bytes` are 7-bit lines of bearable length, with CR and LF only as a pair. Two
/// servers that disagree about a bare CR or LF can be made to see two messages in one.
///
/// The last line may lack its CRLF: pieces are checked, too.
pub(super) fn check(bytes: &[u8]) -> Result<(), Error> {
    let is_text = bytes.is_ascii() && memchr(b'\0', bytes).is_none();
    if is_text && has_paired_line_ends(bytes) && has_short_lines(bytes) {
        Ok(())
    } else {
        Err(Error::Line)
    }
}

/// Whether each CR is before an LF, and each LF behind a CR.
pub fn has_paired_line_ends(bytes: &[u8]) -> bool {
    let is_alone = |left: &u8, right: &u8| (*left == b'\r') != (*right == b'\n');
    // Not `any`, which may end early and therefore takes one byte at a time.
    let alone = bytes
        .iter()
        .zip(bytes.iter().skip(1))
        .fold(0, |alone, (left, right)| alone | u8::from(is_alone(left, right)));
    alone == 0 && bytes.first() != Some(&b'\n') && bytes.last() != Some(&b'\r')
}

/// Goes from the last line end that a longest line allows to the next such: the lines that it
/// leaps over are shorter still.
fn has_short_lines(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    while rest.len() > LONGEST_LINE {
        let reach = rest.len().min(LONGEST_LINE + b"\r\n".len());
        let Some(end) = memrchr(b'\n', &rest[..reach]) else { return false };
        rest = &rest[end + 1..];
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crlf_lines_of_ascii_pass() {
        let longest = "a".repeat(998);
        let lines = format!("{longest}\r\n").repeat(3);
        for bytes in ["", "\r\n", "a", "a\r\n\r\nb", "a\r\nb\r\n", &longest, &lines] {
            assert_eq!(check(bytes.as_bytes()), Ok(()), "{bytes:?}");
        }
    }

    #[test]
    fn bare_line_ends_long_lines_and_foreign_bytes_do_not() {
        let long = "a".repeat(999);
        let amid = format!("a\r\n{long}\r\na\r\n");
        let faulty =
            ["\n", "\r", "a\nb", "a\rb\r\n", "a\r\r\n", "a\r\n\n", "\0", "é", &long, &amid];
        for bytes in faulty {
            assert_eq!(check(bytes.as_bytes()), Err(Error::Line), "{bytes:?}");
        }
    }

    #[test]
    fn what_is_added_to_a_sheet_is_looked_at_wherever_it_stands() {
        let shared = Checked::new(b"shared\r\n".to_vec()).unwrap();
        for place in 0..3 {
            let written = |own: [&[u8]; 3]| {
                let mut sheet = Sheet::with_capacity(0);
                for own in own {
                    sheet.own().extend_from_slice(own);
                    sheet.copy(&shared)?;
                }
                sheet.finish()
            };
            let mut own: [&[u8]; 3] = [b"own\r\n"; 3];
            assert_eq!(written(own), Ok(b"own\r\nshared\r\n".repeat(3)));
            own[place] = b"a\n.\r\n";
            assert_eq!(written(own), Err(Error::Line));
        }
        assert!(Checked::new(b"\0".to_vec()).is_err());
    }

    #[test]
    fn a_line_of_two_pieces_is_looked_at_whole() {
        let half = vec![b'a'; 600];
        let mut sheet = Sheet::with_capacity(0);
        sheet.copy(&Checked::new(half.clone()).unwrap()).unwrap();
        sheet.own().extend_from_slice(&half);
        assert_eq!(sheet.finish(), Err(Error::Line));

        let mut sheet = Sheet::with_capacity(0);
        sheet.own().extend_from_slice(&half);
        assert_eq!(sheet.copy(&Checked::new(half).unwrap()), Err(Error::Line));
    }
}
