//! Text in the parts of a link.

use std::fmt::Write as _;

/// A text, percent-encoded (RFC 3986 §2.1). `also` are the bytes that mean themselves where it
/// stands, beside letters, digits and `-._~`.
pub fn encoded(text: &str, also: &[u8]) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) || also.contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a `String` cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_end_a_part_of_a_link_is_encoded() {
        assert_eq!(encoded("a b&c=d/é?#", b""), "a%20b%26c%3Dd%2F%C3%A9%3F%23");
        assert_eq!(encoded("o'brien+x@one.example", b"'+@"), "o'brien+x@one.example");
    }
}
