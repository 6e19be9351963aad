//! Comments and captions, which anybody may have written. Only what is surely telling counts: most
//! are the stamp of a program or a caption that is public anyway.

use memchr::memmem;

use super::trace::{Trace, Traces};

/// Words of a comment, in lower case, and what they announce.
const TELLING: [(&str, Trace); 8] = [
    ("latitude", Trace::Position),
    ("longitude", Trace::Position),
    ("serial number", Trace::Serial),
    ("serialnumber", Trace::Serial),
    ("photographer", Trace::Credit),
    ("photo by", Trace::Credit),
    ("copyright", Trace::Credit),
    ("©", Trace::Credit),
];

/// What a free text tells. UTF-16, which cameras and Windows write, is read as well.
pub(super) fn traces(text: &[u8]) -> Traces {
    let letters: Vec<u8> = text.iter().copied().filter(|byte| *byte != 0).collect();
    let lower = letters.to_ascii_lowercase();
    let telling = TELLING
        .iter()
        .filter(|(word, _)| memmem::find(&lower, word.as_bytes()).is_some())
        .map(|(_, trace)| *trace);
    let mut traces = user_names(&letters);
    traces.extend(telling);
    traces.extend(has_word(&lower, b"gps").then_some(Trace::Position));
    traces.extend(has_address(&lower).then_some(Trace::Contact));
    traces
}

/// A path into somebody's home folder names that person.
pub(super) fn user_names(text: &[u8]) -> Traces {
    let has_home = ["/home/", "/Users/", r"\Users\", r"\Documents and Settings\"]
        .iter()
        .flat_map(|home| memmem::find_iter(text, home.as_bytes()))
        // Behind a host name it is a page of a web site.
        .any(|at| {
            let before = at.checked_sub(1).and_then(|before| text.get(before));
            !before.is_some_and(u8::is_ascii_alphanumeric)
        });
    has_home.then_some(Trace::UserName).into_iter().collect()
}

/// A short word has to stand alone: packed data written as letters holds every one of them.
fn has_word(text: &[u8], sought: &[u8]) -> bool {
    text.split(|byte| !byte.is_ascii_alphanumeric()).any(|word| word == sought)
}

/// An e-mail address: an at sign between letters, and a dot somewhere behind. `icon@2x.png` is none.
fn has_address(text: &[u8]) -> bool {
    text.split(u8::is_ascii_whitespace).any(|word| {
        let mut sides = word.splitn(2, |byte| *byte == b'@');
        let (local, domain) = (sides.next().unwrap_or_default(), sides.next().unwrap_or_default());
        local.last().is_some_and(u8::is_ascii_alphanumeric)
            && domain.first().is_some_and(u8::is_ascii_alphabetic)
            && domain.contains(&b'.')
    })
}
