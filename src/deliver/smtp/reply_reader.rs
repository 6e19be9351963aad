//! Bytes to replies, whatever a server sends.

use crate::deliver::Reply;

/// Longest reply, all lines together. RFC 5321 §4.5.3.1.5 has 512 octets a line; some servers
/// write more.
const LONGEST: usize = 64 * 1024;

/// Collects bytes and cuts them into replies.
#[derive(Debug, Default)]
pub(super) struct ReplyReader {
    buffer: Vec<u8>,
    /// Up to here the buffer has been searched for a line end.
    searched: usize,
    lines: Vec<String>,
    code: u16,
    /// Bytes of the reply's lines so far.
    length: usize,
}

/// The lines of one reply, without codes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Lines {
    pub(super) code: u16,
    pub(super) lines: Vec<String>,
}

/// Bytes that are no reply (RFC 5321 §4.2). The connection cannot be used any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum BadReply {
    #[error("the server's answer is not SMTP")]
    Garbage,
    #[error("the server's answer is longer than {} KB", LONGEST / 1024)]
    TooLong,
    #[error("the lines of the server's answer contradict each other")]
    Mixed,
}

impl ReplyReader {
    pub(super) fn feed(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// Whether every byte has been used.
    pub(super) fn is_empty(&self) -> bool {
        self.buffer.is_empty() && self.lines.is_empty()
    }

    /// The next whole reply, or `None` until more bytes come.
    pub(super) fn next(&mut self) -> Result<Option<Lines>, BadReply> {
        while let Some(end) = self.buffer[self.searched..].iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = self.buffer.drain(..=self.searched + end).collect();
            self.searched = 0;
            self.length += line.len();
            if self.length > LONGEST {
                return Err(BadReply::TooLong);
            }
            if self.line(&line)? {
                self.length = 0;
                return Ok(Some(Lines { code: self.code, lines: std::mem::take(&mut self.lines) }));
            }
        }
        self.searched = self.buffer.len();
        if self.length + self.buffer.len() > LONGEST {
            return Err(BadReply::TooLong);
        }
        Ok(None)
    }

    /// Takes a line; whether it is the last one of its reply.
    fn line(&mut self, line: &[u8]) -> Result<bool, BadReply> {
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let (digits, rest) = line.split_at_checked(3).ok_or(BadReply::Garbage)?;
        if !(b'2'..=b'5').contains(&digits[0]) || !digits.iter().all(u8::is_ascii_digit) {
            return Err(BadReply::Garbage);
        }
        let code = digits.iter().fold(0, |code, digit| code * 10 + u16::from(digit - b'0'));
        if !self.lines.is_empty() && code / 100 != self.code / 100 {
            return Err(BadReply::Mixed);
        }
        self.code = code;
        let (more, text) = match rest {
            [b'-', text @ ..] => (true, text),
            [b' ' | b'\t', text @ ..] => (false, text),
            [digit, ..] if digit.is_ascii_digit() => return Err(BadReply::Garbage),
            // `250OK` is wrong, and what is meant is clear.
            text => (false, text),
        };
        self.lines.push(printable(text));
        Ok(!more)
    }
}

impl From<Lines> for Reply {
    /// Joins the lines; an enhanced code that is repeated on every line stays once.
    fn from(Lines { code, lines }: Lines) -> Self {
        let mut reply = Reply::new(code, lines.first().map_or("", String::as_str));
        for line in lines.iter().skip(1) {
            let repeated = reply.enhanced.as_deref().and_then(|code| line.strip_prefix(code));
            let line = repeated.unwrap_or(line).trim();
            if !line.is_empty() {
                reply.text.push(' ');
                reply.text.push_str(line);
            }
        }
        reply
    }
}

/// Lossy UTF-8 without controls and without the marks that reorder or hide text on a terminal.
fn printable(bytes: &[u8]) -> String {
    let hidden = |c: char| matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    String::from_utf8_lossy(bytes)
        .chars()
        .map(|c| if c == '\t' { ' ' } else { c })
        .filter(|c| !c.is_control() && !hidden(*c))
        .collect::<String>()
        .trim()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Result<Option<Reply>, BadReply> {
        let mut reader = ReplyReader::default();
        reader.feed(bytes);
        reader.next().map(|lines| lines.map(Reply::from))
    }

    fn text(bytes: &[u8]) -> String {
        let reply = read(bytes).unwrap().unwrap();
        format!("{} {:?} {}", reply.code, reply.enhanced, reply.text)
    }

    #[test]
    fn replies_are_read_whatever_their_text() {
        assert_eq!(text(b"250 ok\r\n"), "250 None ok");
        assert_eq!(text(b"250\r\n"), "250 None ");
        assert_eq!(text(b"250 \r\n"), "250 None ");
        assert_eq!(text(b"250 ok\n"), "250 None ok");
        assert_eq!(text(b"571 x\r\n"), "571 None x");
        assert_eq!(text(b"585 x\r\n"), "585 None x");
        assert_eq!(text(b"250OK\r\n"), "250 None OK");
        assert_eq!(
            text(b"550 5.1.1 gr\xfc\xdf\x1b[31m\0\r\n"),
            "550 Some(\"5.1.1\") 5.1.1 gr\u{fffd}\u{fffd}[31m"
        );
        assert_eq!(text("550 \u{202e}evil\r\n".as_bytes()), "550 None evil");
    }

    #[test]
    fn many_lines_are_one_reply() {
        assert_eq!(
            text(b"550-5.1.1 The address\r\n550-5.1.1\r\n550 5.1.1 does not exist\r\n"),
            "550 Some(\"5.1.1\") 5.1.1 The address does not exist"
        );
    }

    #[test]
    fn what_is_no_reply_is_refused() {
        for bytes in [
            &b"\r\n"[..],
            b"hello\r\n",
            b"25\r\n",
            b"150 x\r\n",
            b"650 x\r\n",
            b"2500 x\r\n",
            b"\x16\x03\x01\r\n",
            b"2x0 y\r\n",
            b" 250 x\r\n",
        ] {
            assert_eq!(read(bytes), Err(BadReply::Garbage), "{bytes:?}");
        }
        assert_eq!(read(b"250-ok\r\n550 no\r\n"), Err(BadReply::Mixed));
    }

    #[test]
    fn a_reply_split_at_any_byte_is_the_same_reply() {
        let bytes = b"250-relay.example\r\n250-SIZE 1000\r\n250 OK\r\n354 go\r\n";
        for cut in 0..bytes.len() {
            let mut reader = ReplyReader::default();
            let mut replies = Vec::new();
            for part in [&bytes[..cut], &bytes[cut..]] {
                reader.feed(part);
                while let Some(lines) = reader.next().unwrap() {
                    replies.push(lines);
                }
            }
            assert_eq!(replies.len(), 2, "cut at {cut}");
            assert_eq!(replies[0].lines, ["relay.example", "SIZE 1000", "OK"]);
            assert_eq!(replies[1].code, 354);
            assert!(reader.is_empty());
        }
    }

    #[test]
    fn a_reply_is_bounded_with_and_without_line_ends() {
        assert_eq!(read(&vec![b'2'; LONGEST + 1]), Err(BadReply::TooLong));
        assert_eq!(read(&b"250-more\r\n".repeat(7_000)), Err(BadReply::TooLong));
        let long_line = [b"250 ", &vec![b'x'; 2_000][..], b"\r\n"].concat();
        assert_eq!(read(&long_line).unwrap().unwrap().text.len(), 2_000);
    }

    #[test]
    fn half_a_reply_is_not_empty() {
        let mut reader = ReplyReader::default();
        reader.feed(b"250-half\r\n");
        assert_eq!(reader.next(), Ok(None));
        assert!(!reader.is_empty());
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..400)) {
            let mut reader = ReplyReader::default();
            reader.feed(&bytes);
            while let Ok(Some(lines)) = reader.next() {
                let reply = Reply::from(lines);
                proptest::prop_assert!((200..600).contains(&reply.code));
                proptest::prop_assert!(!reply.text.chars().any(char::is_control));
            }
        }
    }
}
