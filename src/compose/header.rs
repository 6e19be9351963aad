//! Writes header fields: folding, phrases, mailboxes, and what may not go into one at all.
//!
//! lettre's encoder is not used here. It passes text that already looks like an encoded word, so
//! that a list cell could show something else than what the preview showed; it does not break
//! long words, so that one of them makes a line SMTP refuses; and it turns `O'Brien` and `Doe, J`
//! into base64.

use super::{
    Error,
    encoded_word::{Encoding, FRAME, LONGEST},
};

/// Longest line of a header in which encoded words stand (RFC 2047 §2).
const WIDTH: usize = 76;

/// Longest word that is left as it is; longer ones are encoded, which can be broken.
const LONGEST_WORD: usize = 60;

/// Least payload for which an encoded word is begun at the end of a line.
const LEAST_PAYLOAD: usize = 24;

/// Refuses control characters in a header value: line breaks, NUL, the rest of C0, DEL and C1.
pub(super) fn check_text(header: &'static str, value: &str) -> Result<(), Error> {
    if value.contains(char::is_control) {
        return Err(Error::ControlCharacter { header });
    }
    Ok(())
}

/// A header field as it is being written. It is made of words, and only between words may the
/// line break.
#[derive(Debug)]
pub(super) struct Field<'a> {
    out: &'a mut Vec<u8>,
    column: usize,
    /// Not before the first word: a field whose first line is empty confuses old software.
    may_fold: bool,
}

impl<'a> Field<'a> {
    /// Begins a field. [`Field::end`] finishes it.
    pub(super) fn new(out: &'a mut Vec<u8>, name: &str) -> Self {
        out.extend_from_slice(name.as_bytes());
        out.push(b':');
        Self { out, column: name.len() + 1, may_fold: false }
    }

    /// Adds a word that must not be broken: on this line if it fits, else on the next.
    pub(super) fn word(mut self, word: &str) -> Self {
        if self.may_fold && self.column + 1 + word.len() > WIDTH {
            self.out.extend_from_slice(b"\r\n");
            self.column = 0;
        }
        self.out.push(b' ');
        self.out.extend_from_slice(word.as_bytes());
        self.column += 1 + word.len();
        self.may_fold = true;
        self
    }

    /// Adds running text (unstructured, RFC 5322 §3.2.5). From the first to the last word that
    /// needs it, blanks included, it is encoded; the rest stays readable.
    pub(super) fn text(self, text: &str) -> Self {
        let words: Vec<&str> = text.split(' ').collect();
        // An empty word stands for a blank too many, or at an end: lost unless it is encoded
        // together with its neighbours.
        let is_blank = |at: usize| words.get(at).is_some_and(|word| word.is_empty());
        let is_hard =
            |at: &usize| !is_plain(words[*at]) || is_blank(at.wrapping_sub(1)) || is_blank(at + 1);
        let first = (0..words.len()).find(is_hard).unwrap_or(words.len());
        let end = (first..words.len()).rfind(is_hard).map_or(first, |last| last + 1);
        let field = words[..first].iter().fold(self, |field, word| field.word(word));
        let field = field.encoded(&words[first..end].join(" "));
        words[end..].iter().fold(field, |field, word| field.word(word))
    }

    /// Adds an address with a name before it, if there is one (RFC 5322 §3.4).
    pub(super) fn mailbox(self, name: &str, address: &str) -> Self {
        match name.trim() {
            "" => self.word(address),
            name => self.phrase(name).word(&format!("<{address}>")),
        }
    }

    /// Adds a name (phrase, RFC 5322 §3.2.5): bare words where they are atoms, else a quoted
    /// string, else encoded words.
    pub(super) fn phrase(self, name: &str) -> Self {
        let is_readable = name.split(' ').all(|word| word.is_empty() || is_plain(word));
        if is_readable && name.split(' ').all(is_atom) {
            return name.split(' ').fold(self, Self::word);
        }
        let quoted = quoted(name);
        if is_readable && quoted.len() <= LONGEST_WORD {
            return self.word(&quoted);
        }
        self.encoded(name)
    }

    /// Ends the field's last line.
    pub(super) fn end(self) {
        self.out.extend_from_slice(b"\r\n");
    }

    /// Adds text as encoded words: as one if a line can hold it, because not every reader joins
    /// them without a gap.
    fn encoded(mut self, text: &str) -> Self {
        let encoding = Encoding::suited_to(text);
        let mut rest = text;
        while !rest.is_empty() {
            let room = WIDTH.saturating_sub(self.column + 1 + FRAME);
            let is_whole = |room| encoding.split(rest, room).1.is_empty();
            let is_better_below = room < LEAST_PAYLOAD || is_whole(LONGEST) && !is_whole(room);
            let room = if self.may_fold && is_better_below { LONGEST } else { room };
            let (head, tail) = encoding.split(rest, room);
            self = self.word(&encoding.word(head));
            rest = tail;
        }
        self
    }
}

/// `"…"`, with quotes and backslashes escaped (RFC 5322 §3.2.4).
pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// Whether a word can stand in running text as it is.
fn is_plain(word: &str) -> bool {
    (1..=LONGEST_WORD).contains(&word.len())
        && word.bytes().all(|byte| byte.is_ascii_graphic())
        && !word.contains("=?")
}

/// `1*atext` (RFC 5322 §3.2.3).
fn is_atom(word: &str) -> bool {
    !word.is_empty()
        && word
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{super::tests::decode, *};

    fn written(write: impl FnOnce(Field<'_>) -> Field<'_>) -> String {
        let mut out = Vec::new();
        write(Field::new(&mut out, "Subject")).end();
        String::from_utf8(out).expect("headers are ASCII")
    }

    fn mailbox(name: &str) -> String {
        written(|field| field.mailbox(name, "ana@example.org"))
    }

    #[test]
    fn names_are_as_plain_as_they_can_be() {
        assert_eq!(mailbox(""), "Subject: ana@example.org\r\n");
        assert_eq!(mailbox("  "), "Subject: ana@example.org\r\n");
        assert_eq!(mailbox("Ana O'Brien"), "Subject: Ana O'Brien <ana@example.org>\r\n");
        assert_eq!(mailbox("Doe, J."), "Subject: \"Doe, J.\" <ana@example.org>\r\n");
        assert_eq!(
            mailbox("Ana \"the \\ Ace\""),
            "Subject: \"Ana \\\"the \\\\ Ace\\\"\" <ana@example.org>\r\n"
        );
        assert_eq!(mailbox("김민준"), "Subject: =?utf-8?b?6rmA66+87KSA?= <ana@example.org>\r\n");
        assert_eq!(
            mailbox("José, MP"),
            "Subject: =?utf-8?q?Jos=C3=A9=2C_MP?= <ana@example.org>\r\n"
        );
    }

    #[test]
    fn text_that_looks_encoded_is_encoded_again() {
        let text = "=?utf-8?q?free_money?=";
        assert_eq!(decode::header(&written(|field| field.text(text))), text);
        assert!(mailbox(text).starts_with("Subject: =?utf-8?q?=3D=3Futf-8"));
    }

    #[test]
    fn plain_words_beside_encoded_ones_stay_readable() {
        assert_eq!(
            written(|field| field.text("Event: Korea’s hidden past, now")),
            "Subject: Event: =?utf-8?q?Korea=E2=80=99s?= hidden past, now\r\n"
        );
    }

    #[test]
    fn every_blank_survives() {
        for text in ["", " ", "a ", " a", "a  b", "a b  c d ", "  ", "é ", " é  b"] {
            assert_eq!(decode::header(&written(|field| field.text(text))), text, "{text:?}");
        }
    }

    #[test]
    fn control_characters_are_refused_by_the_name_of_the_header() {
        for value in ["a\rb", "a\nb", "\0", "\t", "\u{1b}", "\u{7f}", "\u{85}", "a\r\nBcc: x"] {
            let refused = Err(Error::ControlCharacter { header: "Subject" });
            assert_eq!(check_text("Subject", value), refused, "{value:?}");
        }
        assert_eq!(check_text("Subject", "안녕 \u{200d} ‘x’"), Ok(()));
    }

    proptest! {
        #[test]
        fn any_subject_comes_back(text in "([ -~]{0,90}|\\PC{0,60}|a{60,200}| {0,90}|[=?가é ]{0,80})") {
            let written = written(|field| field.text(&text));
            prop_assert_eq!(decode::header(&written), text);
            for line in written.trim_end_matches("\r\n").split("\r\n") {
                prop_assert!(line.len() <= WIDTH && line.is_ascii(), "{line:?}");
                prop_assert!(!line.ends_with(' ') && !line.trim().is_empty(), "{line:?}");
            }
        }

        #[test]
        fn any_name_comes_back(name in "([ -~]{1,90}|\\PC{1,60}|a{60,200})") {
            let written = written(|field| field.mailbox(&name, "ana@example.org"));
            let (shown, address) = decode::mailbox(&written);
            prop_assert_eq!(shown, name.trim());
            prop_assert_eq!(address, "ana@example.org");
        }
    }
}
