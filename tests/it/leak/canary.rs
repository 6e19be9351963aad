//! Words that mark what is one person's, and the search for them in whatever form.

use std::collections::BTreeSet;

/// Every canary begins like this; nothing else in the world does.
const MARK: &str = "zqcanary";

/// The canary in one cell of one person's row: `zqcanary0042n`.
pub(crate) fn canary(person: usize, cell: char) -> String {
    format!("{MARK}{person:04}{cell}")
}

/// The address of a person: a canary before the `@`, another one behind it.
pub(crate) fn address(person: usize) -> String {
    format!("{}@{}.test", canary(person, 'l'), canary(person, 'd'))
}

/// Whose canaries stand in a text, and in which cells they stood.
pub(crate) fn canaries(text: &str) -> BTreeSet<(usize, char)> {
    let text = text.to_ascii_lowercase();
    let marked = text.match_indices(MARK).map(|(at, _)| &text[at + MARK.len()..]);
    marked
        .map(|rest| {
            let person = rest.get(..4).and_then(|digits| digits.parse().ok());
            let cell = rest.chars().nth(4).unwrap_or('?');
            (person.unwrap_or(usize::MAX), cell)
        })
        .collect()
}

// The forms in which a mark is looked for: eight bytes each, in lower case. Base64 has three, one
// for each place in a group that the mark may begin at. Big-endian UTF-16 holds the little-endian
// form, one byte on.
const PLAIN: u64 = u64::from_be_bytes(*b"zqcanary");
const UTF_16: u64 = u64::from_be_bytes(*b"z\0q\0c\0a\0");
const BASE64: u64 = u64::from_be_bytes(*b"enfjyw5h");
const BASE64_ONE_ON: u64 = u64::from_be_bytes(*b"pxy2fuyx");
const BASE64_TWO_ON: u64 = u64::from_be_bytes(*b"6cwnhbmf");
const HEXADECIMAL: u64 = u64::from_be_bytes(*b"7a716361");

/// The forms in which a canary stands in these bytes, and where the first one does.
pub(crate) fn traces(bytes: &[u8]) -> Vec<(&'static str, usize)> {
    let mut found: Vec<(&str, usize)> = Vec::new();
    let mut window = 0;
    for (at, byte) in bytes.iter().enumerate() {
        window = window << 8 | u64::from(byte.to_ascii_lowercase());
        let form = match window {
            PLAIN => "plain",
            UTF_16 => "UTF-16",
            BASE64 | BASE64_ONE_ON | BASE64_TWO_ON => "base64",
            HEXADECIMAL => "hexadecimal",
            _ => continue,
        };
        if !found.iter().any(|(known, _)| *known == form) {
            found.push((form, at));
        }
    }
    found
}

/// As [`traces`], and also pieces of a canary: for texts, where no accident spells one.
pub(crate) fn trace_in_text(text: &str) -> Option<&str> {
    let lower = text.to_ascii_lowercase();
    let piece = ["zqca", "cana", "nary0", "nary1", "nary2", "nary3", "nary4", "nary5"];
    let piece = piece.into_iter().filter_map(|piece| lower.find(piece)).min()?;
    let line = text.get(piece..).unwrap_or_default();
    Some(line.lines().next().unwrap_or_default())
}

#[test]
fn a_canary_is_found_in_every_form_it_could_hide_in() {
    let plain = address(42);
    let wide = |bytes: fn(u16) -> [u8; 2]| plain.encode_utf16().flat_map(bytes).collect();
    let hidden: [(&str, Vec<u8>); 8] = [
        ("plain", plain.clone().into_bytes()),
        ("plain", plain.to_uppercase().into_bytes()),
        ("UTF-16", wide(u16::to_le_bytes)),
        ("UTF-16", wide(u16::to_be_bytes)),
        // printf zqcanary0042l | base64, and the same behind one and two letters
        ("base64", b"enFjYW5hcnkwMDQybA==".to_vec()),
        ("base64", b"eHpxY2FuYXJ5MDA0Mmw=".to_vec()),
        ("base64", b"eHh6cWNhbmFyeTAwNDJs".to_vec()),
        ("hexadecimal", b"7A7163616E617279".to_vec()),
    ];
    for (form, bytes) in hidden {
        let bytes = [b"SQLite\0".as_slice(), &bytes, b"\0"].concat();
        let found: Vec<&str> = traces(&bytes).iter().map(|(name, _)| *name).collect();
        assert_eq!(found, [form]);
    }
    assert_eq!(canaries(&plain), BTreeSet::from([(42, 'd'), (42, 'l')]));
    assert_eq!(trace_in_text("a canary, split: zqca\nnary0042l"), Some("canary, split: zqca"));
}
