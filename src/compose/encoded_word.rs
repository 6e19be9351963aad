//! Text outside ASCII in headers (RFC 2047).

use lettre::message::{Body, header::ContentTransferEncoding};

use super::quoted_printable::escape;

/// What stands around the payload: `=?utf-8?q?` and `?=`.
pub(super) const FRAME: usize = 12;

/// Longest payload of one word: 75 characters with its frame (RFC 2047 §2).
pub(super) const LONGEST: usize = 75 - FRAME;

/// How a payload is written. Both decode to the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    /// Like quoted-printable, `=C3=A9` (RFC 2047 §4.2).
    Q,
    /// Base64 (RFC 2047 §4.1).
    B,
}

impl Encoding {
    /// `Q` for text that is mostly ASCII, so that it can be read in the raw; `B` for other scripts,
    /// which it keeps half as long.
    pub(super) fn suited_to(text: &str) -> Self {
        let q_width: usize = text.chars().map(q_width).sum();
        if q_width <= 2 * text.len() { Self::Q } else { Self::B }
    }

    /// Splits off as much of `text` as fits a payload of `room` characters, whole characters only
    /// (RFC 2047 §5) and at least one.
    pub(super) fn split(self, text: &str, room: usize) -> (&str, &str) {
        let fitting = match self {
            Self::Q => {
                let mut used = 0;
                let too_wide = text.char_indices().find(|(_, character)| {
                    used += q_width(*character);
                    used > room
                });
                too_wide.map_or(text.len(), |(at, _)| at)
            }
            Self::B => text.floor_char_boundary(room / 4 * 3),
        };
        let first = text.chars().next().map_or(0, char::len_utf8);
        text.split_at(fitting.max(first))
    }

    /// The encoded word that stands for `text`.
    pub(super) fn word(self, text: &str) -> String {
        match self {
            Self::Q => format!("=?utf-8?q?{}?=", q_payload(text)),
            Self::B => format!("=?utf-8?b?{}?=", base64(text.as_bytes())),
        }
    }
}

/// Base64 with lines of 76 characters, no CRLF after the last (RFC 2045 §6.8).
pub(crate) fn base64(bytes: &[u8]) -> String {
    let body = Body::new_with_encoding(bytes.to_vec(), ContentTransferEncoding::Base64)
        .expect("base64 takes any bytes");
    String::from_utf8(body.into_vec()).expect("base64 is ASCII")
}

/// The characters that may stand for themselves even in a phrase (RFC 2047 §5, rule 3).
fn is_q_literal(character: char) -> bool {
    character.is_ascii_alphanumeric() || "!*+-/".contains(character)
}

fn q_width(character: char) -> usize {
    if character == ' ' || is_q_literal(character) { 1 } else { 3 * character.len_utf8() }
}

fn q_payload(text: &str) -> String {
    let mut payload = String::with_capacity(LONGEST);
    for character in text.chars() {
        match character {
            ' ' => payload.push('_'),
            literal if is_q_literal(literal) => payload.push(literal),
            other => {
                let mut buffer = [0; 4];
                let bytes = other.encode_utf8(&mut buffer).bytes();
                payload.extend(bytes.flat_map(escape).map(char::from));
            }
        }
    }
    payload
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latin_is_readable_and_korean_is_short() {
        assert_eq!(Encoding::suited_to("Korea’s film"), Encoding::Q);
        assert_eq!(Encoding::Q.word("Korea’s film"), "=?utf-8?q?Korea=E2=80=99s_film?=");
        assert_eq!(Encoding::suited_to("안녕하세요"), Encoding::B);
        assert_eq!(Encoding::B.word("안녕"), "=?utf-8?b?7JWI64WV?=");
    }

    #[test]
    fn a_character_is_never_cut_in_two() {
        for encoding in [Encoding::Q, Encoding::B] {
            for room in 0..40 {
                let (head, tail) = encoding.split("안녕하세요", room);
                assert!(!head.is_empty());
                assert_eq!(format!("{head}{tail}"), "안녕하세요");
                assert!(room < 12 || encoding.word(head).len() <= room + FRAME);
            }
        }
    }
}
