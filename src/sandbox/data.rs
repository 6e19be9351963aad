//! Reads a message: ends at `CRLF . CRLF` and nowhere else, takes doubled dots apart, and notices
//! what a careful client never sends.

use memchr::memchr2;

/// The longest line of a message without its CRLF (RFC 5321 §4.5.3.1.6).
const LONGEST_LINE: usize = 998;

/// A message while it comes in, in pieces of any size.
#[derive(Debug)]
pub(super) struct Incoming {
    state: State,
    line: usize,
    kept: u64,
    body: Body,
}

/// A message that has been received.
#[derive(Debug, Default)]
pub(super) struct Body {
    /// Dots no longer doubled, without the final one; cut off where no more is to be kept.
    pub(super) bytes: Vec<u8>,
    /// How many bytes there were, kept or not.
    pub(super) size: u64,
    /// A CR or LF stands alone: mail after such a line can be smuggled past servers that take it
    /// for a line end (RFC 5321 §2.3.8).
    pub(super) bare_newline: bool,
    /// A line began with a dot that was not doubled (RFC 5321 §4.5.2).
    pub(super) undoubled_dot: bool,
    /// The length of its longest line without its CRLF.
    pub(super) longest_line: usize,
    /// There is a byte above 127.
    pub(super) eight_bit: bool,
}

impl Body {
    /// Whether a line is longer than the standard allows.
    pub(super) fn has_long_line(&self) -> bool {
        self.longest_line > LONGEST_LINE
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    LineStart,
    InLine,
    Cr,
    Dot,
    DotCr,
    Complete,
}

impl Incoming {
    /// A message of which nothing is kept past so many bytes.
    pub(super) fn new(kept: u64) -> Self {
        Self { state: State::LineStart, line: 0, kept, body: Body::default() }
    }

    /// Reads on and returns how many bytes belonged to the message: all of them until it is
    /// complete.
    pub(super) fn push(&mut self, input: &[u8]) -> usize {
        let mut at = 0;
        while at < input.len() && !self.is_complete() {
            let rest = &input[at..];
            let is_text = match self.state {
                State::LineStart => rest[0] != b'.',
                state => state == State::InLine,
            };
            if !is_text {
                self.step(rest[0]);
                at += 1;
                continue;
            }
            let end = memchr2(b'\r', b'\n', rest).unwrap_or(rest.len());
            self.text(&rest[..end]);
            at += end;
            if rest[end..].starts_with(b"\r\n") {
                self.end_line();
                at += 2;
            } else if let Some(&byte) = rest.get(end) {
                self.step(byte);
                at += 1;
            }
        }
        at
    }

    /// Whether the final dot has been read.
    pub(super) fn is_complete(&self) -> bool {
        self.state == State::Complete
    }

    /// The message as far as it has been read.
    pub(super) fn into_body(self) -> Body {
        self.body
    }

    fn step(&mut self, byte: u8) {
        match (self.state, byte) {
            (State::LineStart, b'.') => self.state = State::Dot,
            (State::Dot, b'\r') => self.state = State::DotCr,
            (State::DotCr, b'\n') => self.state = State::Complete,
            (State::Cr, b'\n') => self.end_line(),
            (State::Cr | State::DotCr, _) => {
                self.body.bare_newline = true;
                self.text(b"\r");
                self.within_line(byte);
            }
            (State::Dot, _) => {
                self.body.undoubled_dot |= byte != b'.';
                self.within_line(byte);
            }
            (State::LineStart | State::InLine | State::Complete, _) => self.within_line(byte),
        }
    }

    fn within_line(&mut self, byte: u8) {
        if byte == b'\r' {
            self.state = State::Cr;
            return;
        }
        // Not the start of a line: `LF . CRLF` must not end the message.
        self.body.bare_newline |= byte == b'\n';
        self.text(&[byte]);
    }

    fn text(&mut self, bytes: &[u8]) {
        self.state = State::InLine;
        self.line += bytes.len();
        self.body.longest_line = self.body.longest_line.max(self.line);
        self.body.eight_bit |= !bytes.is_ascii();
        self.keep(bytes);
    }

    fn end_line(&mut self) {
        self.state = State::LineStart;
        self.line = 0;
        self.keep(b"\r\n");
    }

    fn keep(&mut self, bytes: &[u8]) {
        self.body.size += bytes.len() as u64;
        if self.body.size <= self.kept {
            self.body.bytes.extend_from_slice(bytes);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(input: &[u8]) -> (Body, usize) {
        let mut incoming = Incoming::new(u64::MAX);
        let used = incoming.push(input);
        assert!(incoming.is_complete());
        (incoming.into_body(), used)
    }

    #[test]
    fn doubled_dots_come_apart() {
        let (body, _) = read(b"..\r\n...\r\n..x\r\na.b\r\n.\r\n");
        assert_eq!(body.bytes, b".\r\n..\r\n.x\r\na.b\r\n");
        assert!(!body.undoubled_dot && !body.bare_newline);
    }

    #[test]
    fn what_follows_the_final_dot_is_left_alone() {
        let (body, used) = read(b"a\r\n.\r\nMAIL FROM:<>\r\n");
        assert_eq!((body.bytes.as_slice(), used), (&b"a\r\n"[..], 6));
        assert_eq!(read(b".\r\nQUIT\r\n").1, 3);
    }

    #[test]
    fn an_undoubled_dot_is_noticed() {
        let (body, _) = read(b".x\r\n.\r\n");
        assert_eq!(body.bytes, b"x\r\n");
        assert!(body.undoubled_dot);
    }

    #[test]
    fn no_smuggled_end_is_believed() {
        for end in ["\n.\n", "\n.\r\n", "\r.\r", "\r.\r\n", "\r\n.\n", "\r\n.\r", "\r\n.\rx"] {
            let (body, _) = read(format!("a{end}MAIL FROM:<>\r\n.\r\n").as_bytes());
            assert!(body.bare_newline, "{end:?}");
            assert!(body.bytes.ends_with(b"MAIL FROM:<>\r\n"), "{end:?}");
        }
    }

    #[test]
    fn the_longest_line_has_998_bytes() {
        let line = |length: usize| format!("{}\r\n.\r\n", "x".repeat(length));
        assert!(!read(line(998).as_bytes()).0.has_long_line());
        assert!(read(line(999).as_bytes()).0.has_long_line());
    }

    #[test]
    fn a_message_over_the_limit_is_read_to_its_end() {
        let mut incoming = Incoming::new(4);
        incoming.push(b"abcdef\r\n.\r\n");
        let body = incoming.into_body();
        assert_eq!(body.size, 8);
        assert!(body.bytes.len() <= 4);
    }

    #[test]
    fn what_is_not_kept_is_looked_at_all_the_same() {
        let input = "a\nb\r\n.c\r\n\u{fc}\r\n.\r\n".as_bytes();
        let mut incoming = Incoming::new(0);
        incoming.push(input);
        let body = incoming.into_body();
        assert!(body.bare_newline && body.undoubled_dot && body.eight_bit);
        assert_eq!((body.bytes.len(), body.size), (0, read(input).0.bytes.len() as u64));
    }

    proptest! {
        #[test]
        fn a_stuffed_message_reads_back_however_it_is_cut(
            lines in prop::collection::vec("[.]{0,3}[a-z]{0,3}", 1..8),
            cut in 1_usize..7,
        ) {
            let mut message = lines.join("\r\n");
            message.push_str("\r\n");
            let stuffed: Vec<_> = lines.iter().map(|line| line.replacen('.', "..", 1)).collect();
            let wire = format!("{}\r\n.\r\n", stuffed.join("\r\n"));
            let mut incoming = Incoming::new(u64::MAX);
            for piece in wire.as_bytes().chunks(cut) {
                prop_assert_eq!(incoming.push(piece), piece.len());
            }
            prop_assert!(incoming.is_complete());
            let body = incoming.into_body();
            prop_assert_eq!(body.bytes, message.into_bytes());
            prop_assert!(!body.bare_newline && !body.undoubled_dot);
        }
    }
}
