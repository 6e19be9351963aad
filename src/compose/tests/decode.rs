//! The way back, as plainly as the standards say it: what tests compare encoders with.

/// Quoted-printable (RFC 2045 §6.7).
pub(crate) fn quoted_printable(text: &str) -> Vec<u8> {
    let joined = text.replace("=\r\n", "");
    let mut pieces = joined.split('=');
    let mut decoded = pieces.next().unwrap_or("").as_bytes().to_vec();
    for piece in pieces {
        decoded.push(u8::from_str_radix(&piece[..2], 16).expect("two hexadecimal digits"));
        decoded.extend_from_slice(&piece.as_bytes()[2..]);
    }
    decoded
}

/// Base64 (RFC 4648 §4).
pub(crate) fn base64(text: &str) -> Vec<u8> {
    const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut decoded = Vec::new();
    let (mut bits, mut held) = (0_usize, 0);
    for digit in text.trim_end_matches('=').chars() {
        bits = bits << 6 | ALPHABET.find(digit).expect("a base64 digit");
        held += 6;
        if held >= 8 {
            held -= 8;
            decoded.push(u8::try_from(bits >> held & 255).expect("8 bits"));
        }
        bits &= 255;
    }
    decoded
}

/// The value of a header field `Name: value CRLF`, unfolded, encoded words decoded: white space
/// between two of them does not count (RFC 2047 §6.2).
pub(crate) fn header(field: &str) -> String {
    let (_, value) = field.split_once(':').expect("a header field");
    let value = value.replace("\r\n", "");
    let mut shown = Vec::new();
    let mut after_encoded = true;
    for (position, word) in value.strip_prefix(' ').unwrap_or("").split(' ').enumerate() {
        let decoded = encoded_word(word);
        if position > 0 && !(after_encoded && decoded.is_some()) {
            shown.push(b' ');
        }
        after_encoded = decoded.is_some();
        shown.extend(decoded.unwrap_or_else(|| word.as_bytes().to_vec()));
    }
    String::from_utf8(shown).expect("UTF-8")
}

/// Name and address of a field that holds one mailbox.
pub(crate) fn mailbox(field: &str) -> (String, String) {
    let unfolded = field.replace("\r\n", "");
    let Some((phrase, address)) = unfolded.rsplit_once(" <") else {
        return (String::new(), header(&unfolded));
    };
    let quoted = phrase.split_once(": \"").and_then(|(_, rest)| rest.strip_suffix('"'));
    let name = quoted
        .map_or_else(|| header(phrase), |inner| inner.replace("\\\"", "\"").replace("\\\\", "\\"));
    (name, address.trim_end_matches('>').to_owned())
}

fn encoded_word(word: &str) -> Option<Vec<u8>> {
    let payload = word.strip_prefix("=?utf-8?")?.strip_suffix("?=")?;
    assert!(word.len() <= 75, "an encoded word is too long");
    match payload.split_once('?')? {
        ("q", q) => Some(quoted_printable(&q.replace('_', " "))),
        ("b", b) => Some(base64(b)),
        _ => None,
    }
}
