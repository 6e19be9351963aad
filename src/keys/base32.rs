//! Base32 of RFC 4648 §6: lower case, no padding. It survives phone calls, case-folding mail
//! servers and file systems.

const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

/// Five bits a character, the last one filled up with zeros.
pub(super) fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity((bytes.len() * 8).div_ceil(5));
    let (mut pending, mut bits) = (0_u16, 0);
    for byte in bytes {
        pending = pending << 8 | u16::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            text.push(character(pending >> bits));
        }
    }
    if bits > 0 {
        text.push(character(pending << (5 - bits)));
    }
    text
}

/// The character of the lowest five bits.
fn character(bits: u16) -> char {
    char::from(ALPHABET[usize::from(bits & 31)])
}

/// The `N` bytes that `text` stands for, in any case. None if it is anything else than what
/// [`encode`] makes of them: one text a value.
pub(super) fn decode<const N: usize>(text: &str) -> Option<[u8; N]> {
    if text.len() != (N * 8).div_ceil(5) {
        return None;
    }
    let mut bytes = [0; N];
    let mut filled = bytes.iter_mut();
    let (mut pending, mut bits) = (0_u16, 0);
    for character in text.bytes() {
        let value = match character {
            b'a'..=b'z' => character - b'a',
            b'A'..=b'Z' => character - b'A',
            b'2'..=b'7' => character - b'2' + 26,
            _ => return None,
        };
        pending = pending << 5 | u16::from(value);
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            let [_, byte] = (pending >> bits).to_be_bytes();
            *filled.next()? = byte;
            pending &= (1 << bits) - 1;
        }
    }
    (pending == 0).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_vectors_of_rfc_4648_hold() {
        for (bytes, text) in [
            ("", ""),
            ("f", "my"),
            ("fo", "mzxq"),
            ("foo", "mzxw6"),
            ("foob", "mzxw6yq"),
            ("fooba", "mzxw6ytb"),
            ("foobar", "mzxw6ytboi"),
        ] {
            assert_eq!(encode(bytes.as_bytes()), text);
        }
        assert_eq!(decode("MZXW6ytboi"), Some(*b"foobar"));
    }

    #[test]
    fn only_one_text_stands_for_a_value() {
        for text in ["mz", "mzx", "mzxq=", "mzx1", "mzx ", "m\u{17F}q", "mzxr"] {
            assert_eq!(decode::<2>(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(bytes: [u8; 16]) {
            let text = encode(&bytes);
            prop_assert_eq!(text.len(), 26);
            prop_assert_eq!(decode(&text), Some(bytes));
            prop_assert_eq!(decode(&text.to_uppercase()), Some(bytes));
        }
    }
}
