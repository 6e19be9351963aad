//! Text that survives any relay: 7 bits, short lines, no line that a relay treats specially.

use memchr::memchr2;

/// Longest line of the result, in octets (RFC 2045 §6.7, rule 5).
const WIDTH: usize = 76;

/// What fits on a line before the `=` that breaks it.
const ROOM: usize = WIDTH - 1;

/// Length of an escaped byte.
const ESCAPED: usize = 3;

/// Bytes that are looked at together.
const CHUNK: usize = 16;

/// Appends `text` in quoted-printable (RFC 2045 §6.7). CRLF, LF and bare CR become line ends of
/// the text and leave as CRLF; nothing else becomes one. Each line is encoded for itself.
///
/// No line of the result begins with `From ` (mailbox files would quote it) or with a dot (a
/// careless relay would lose or double it), and none can be taken for a boundary, because a
/// boundary contains `=_`.
pub(super) fn encode(text: &str, out: &mut Vec<u8>) {
    let mut rest = text.as_bytes();
    while let Some(end) = memchr2(b'\r', b'\n', rest) {
        encode_line(&rest[..end], out);
        out.extend_from_slice(b"\r\n");
        let length = if rest[end..].starts_with(b"\r\n") { 2 } else { 1 };
        rest = &rest[end + length..];
    }
    encode_line(rest, out);
}

/// A line without its end, broken where it is too long.
fn encode_line(line: &[u8], out: &mut Vec<u8>) {
    // White space at the end of a line is lost on the way (rule 3).
    let blanks = usize::from(matches!(line, [.., b' ' | b'\t']));
    let mut rest = line;
    let mut room = ROOM;
    while !rest.is_empty() {
        let is_special = room == ROOM && (rest.starts_with(b".") || rest.starts_with(b"From "));
        let most = if is_special { 0 } else { room.min(rest.len() - blanks) };
        let (plain, others) = rest.split_at(plain_run(&rest[..most]));
        out.extend_from_slice(plain);
        room -= plain.len();
        rest = match others {
            [] => others,
            _ if room < ESCAPED => {
                out.extend_from_slice(b"=\r\n");
                room = ROOM;
                others
            }
            [byte, others @ ..] => {
                out.extend_from_slice(&escape(*byte));
                room -= ESCAPED;
                others
            }
        };
    }
}

/// How many bytes at the start mean themselves in the middle of a line.
fn plain_run(bytes: &[u8]) -> usize {
    let run = bytes.chunks_exact(CHUNK).take_while(|chunk| is_printable(chunk)).count() * CHUNK;
    let rest = &bytes[run..];
    run + rest.iter().position(|&byte| !PLAIN[usize::from(byte)]).unwrap_or(rest.len())
}

/// Whether all of them mean themselves: the most frequent case, without a branch a byte.
fn is_printable(chunk: &[u8]) -> bool {
    let is_foreign = |byte: u8| byte.wrapping_sub(b' ') > b'~' - b' ';
    let is_special = |byte: &u8| u8::from(is_foreign(*byte)) | u8::from(*byte == b'=');
    chunk.iter().fold(0, |special, byte| special | is_special(byte)) == 0
}

/// `=3D` for `=`.
pub(super) fn escape(byte: u8) -> [u8; 3] {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    [b'=', DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]
}

/// The bytes that mean themselves in the middle of a line.
const PLAIN: [bool; 256] = {
    let mut plain = [false; 256];
    let mut byte = b' ';
    while byte <= b'~' {
        plain[byte as usize] = byte != b'=';
        byte += 1;
    }
    plain[b'\t' as usize] = true;
    plain
};

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{super::tests::decode, *};

    fn encoded(text: &str) -> String {
        let mut out = Vec::new();
        encode(text, &mut out);
        String::from_utf8(out).expect("quoted-printable is ASCII")
    }

    #[test]
    fn only_what_needs_it_is_escaped() {
        assert_eq!(encoded("Tea = 50p, in £\n"), "Tea =3D 50p, in =C2=A3\r\n");
        assert_eq!(encoded("a\tb \nc\t"), "a\tb=20\r\nc=09");
        assert_eq!(encoded("\0\u{7f}"), "=00=7F");
    }

    #[test]
    fn every_kind_of_line_end_becomes_crlf() {
        assert_eq!(encoded("a\nb\rc\r\nd\n\re"), "a\r\nb\r\nc\r\nd\r\n\r\ne");
    }

    #[test]
    fn no_line_begins_with_from_or_a_dot() {
        assert_eq!(encoded("From us\n.\n..\nFrome\n"), "=46rom us\r\n=2E\r\n=2E.\r\nFrome\r\n");
        let wrapped = encoded(&format!("{}.From here", "a".repeat(75)));
        assert_eq!(wrapped, format!("{}=\r\n=2EFrom here", "a".repeat(75)));
    }

    #[test]
    fn long_lines_are_wrapped_at_76_columns() {
        let text = "word ".repeat(40);
        let lines: Vec<usize> = encoded(&text).split("\r\n").map(str::len).collect();
        assert_eq!(lines, [76, 76, 52]);
    }

    proptest! {
        #[test]
        fn any_text_comes_back(text in "(?s)[\\PC\r\n\t .=F]{0,300}") {
            let encoded = encoded(&text);
            let normal = text.replace("\r\n", "\n").replace('\r', "\n").replace('\n', "\r\n");
            prop_assert_eq!(decode::quoted_printable(&encoded), normal.into_bytes());
            for line in encoded.split("\r\n") {
                prop_assert!(line.len() <= WIDTH, "{line:?}");
                prop_assert!(!line.starts_with('.') && !line.starts_with("From "), "{line:?}");
                prop_assert!(!line.ends_with([' ', '\t']), "{line:?}");
                prop_assert!(line.bytes().all(|b| b.is_ascii_graphic() || b" \t".contains(&b)));
            }
        }
    }
}
