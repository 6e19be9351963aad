//! The last look before bytes leave this module.

use super::Error;

/// Longest line without its CRLF, in octets (RFC 5322 §2.1.1, RFC 5321 §4.5.3.1.6).
const LONGEST_LINE: usize = 998;

/// Checks that `bytes` are 7-bit lines of bearable length, with CR and LF only as a pair. Two
/// servers that disagree about a bare CR or LF can be made to see two messages in one.
///
/// The last line may lack its CRLF: pieces are checked, too.
pub(super) fn check(bytes: &[u8]) -> Result<(), Error> {
    let mut lines = bytes.split(|&byte| byte == b'\n').peekable();
    while let Some(line) = lines.next() {
        let content = if lines.peek().is_some() {
            line.strip_suffix(b"\r").ok_or(Error::Line)?
        } else {
            line
        };
        let is_foreign = |byte: &u8| matches!(byte, b'\r' | b'\0' | 0x80..);
        if content.iter().any(is_foreign) || content.len() > LONGEST_LINE {
            return Err(Error::Line);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crlf_lines_of_ascii_pass() {
        for bytes in ["", "\r\n", "a", "a\r\n\r\nb", "a\r\nb\r\n", &"a".repeat(998)] {
            assert_eq!(check(bytes.as_bytes()), Ok(()), "{bytes:?}");
        }
    }

    #[test]
    fn bare_line_ends_long_lines_and_foreign_bytes_do_not() {
        let long = "a".repeat(999);
        for bytes in ["\n", "\r", "a\nb", "a\rb\r\n", "a\r\r\n", "a\r\n\n", "\0", "é", &long] {
            assert_eq!(check(bytes.as_bytes()), Err(Error::Line), "{bytes:?}");
        }
    }
}
