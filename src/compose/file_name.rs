//! File names in MIME headers.

use std::fmt::Write;

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use super::header::{Field, quoted};

/// Longest parameter on a line of its own: the fold's blank and a semicolon come on top.
const WIDTH: usize = 74;

impl Field<'_> {
    /// Adds `filename`: a quoted string, or beyond ASCII RFC 2231 in UTF-8, in numbered sections
    /// when it is long (RFC 2231 §3, §4.1).
    pub(super) fn file_name(self, name: &str) -> Self {
        if name.is_ascii() {
            return self.word(&format!("filename={}", quoted(name)));
        }
        let whole = format!("filename*=UTF-8''{}", name.chars().map(percent).collect::<String>());
        if whole.len() <= WIDTH {
            return self.word(&whole);
        }
        let sections = sections(name);
        let last = sections.len() - 1;
        sections.iter().enumerate().fold(self, |field, (number, section)| {
            field.word(&format!("{section}{}", if number < last { ";" } else { "" }))
        })
    }
}

/// `filename*0*=UTF-8''…`, `filename*1*=…`, each short enough for a line.
fn sections(name: &str) -> Vec<String> {
    let mut sections = vec!["filename*0*=UTF-8''".to_owned()];
    let mut rest = name.chars().map(percent).peekable();
    while let Some(character) = rest.next() {
        let number = sections.len();
        let section = &mut sections[number - 1];
        section.push_str(&character);
        if rest.peek().is_some_and(|next| section.len() + next.len() > WIDTH) {
            sections.push(format!("filename*{number}*="));
        }
    }
    sections
}

/// A character as `attribute-char` or percent-encoded (RFC 2231 §7).
fn percent(character: char) -> String {
    if character.is_ascii_alphanumeric() || "!#$&+-.^_`{|}~".contains(character) {
        return character.to_string();
    }
    let mut escaped = String::new();
    let mut buffer = [0; 4];
    for byte in character.encode_utf8(&mut buffer).bytes() {
        // Writing to a `String` cannot fail.
        let _ = write!(escaped, "%{byte:02X}");
    }
    escaped
}

/// The name for programs that know no RFC 2231, to stand in `Content-Type`: accents dropped, runs
/// of other scripts as `_`. A second, plain `filename` beside the encoded one would be a
/// duplicate parameter, which parsers report or resolve either way.
pub(super) fn ascii(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    for character in name.nfkd().filter(|character| !is_combining_mark(*character)) {
        if character.is_ascii() {
            plain.push(character);
        } else if !plain.ends_with('_') {
            plain.push('_');
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(name: &str) -> String {
        let mut out = Vec::new();
        Field::new(&mut out, "Content-Disposition").word("attachment;").file_name(name).end();
        String::from_utf8(out).expect("headers are ASCII")
    }

    #[test]
    fn plain_names_are_quoted() {
        assert_eq!(
            written("a \"b\".pdf"),
            "Content-Disposition: attachment; filename=\"a \\\"b\\\".pdf\"\r\n"
        );
    }

    #[test]
    fn other_scripts_are_percent_encoded_and_cut_between_characters() {
        assert_eq!(
            written("안녕.pdf"),
            "Content-Disposition: attachment; filename*=UTF-8''%EC%95%88%EB%85%95.pdf\r\n"
        );
        assert_eq!(
            written("북한의 숨겨진 혁명.pdf"),
            "Content-Disposition: attachment;\r\n \
             filename*0*=UTF-8''%EB%B6%81%ED%95%9C%EC%9D%98%20%EC%88%A8%EA%B2%A8;\r\n \
             filename*1*=%EC%A7%84%20%ED%98%81%EB%AA%85.pdf\r\n"
        );
    }

    #[test]
    fn the_plain_name_keeps_what_is_plain() {
        assert_eq!(ascii("programme.pdf"), "programme.pdf");
        assert_eq!(ascii("résumé.pdf"), "resume.pdf");
        assert_eq!(ascii("2016 프로그램.pdf"), "2016 _.pdf");
    }
}
