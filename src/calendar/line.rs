//! The lines that iCalendar is made of (RFC 5545 §3.1).
//!
//! The crate `icalendar` was weighed and left. Where it is given none, it writes a DTSTAMP read from
//! the clock and a random UID, into the parts of a time zone as well, where neither may stand; it
//! lets a quotation mark through into a parameter, and brings a second library for dates. What is
//! needed is these few lines.

/// Longest line in octets, its end not counted.
const WIDTH: usize = 75;

/// A calendar object as it is being written: CRLF line ends, folded.
#[derive(Default)]
pub(super) struct Lines(String);

impl Lines {
    /// Adds a property as it is: its value needs no escaping.
    pub(super) fn raw(&mut self, name: &str, value: &str) {
        self.fold(&format!("{name}:{value}"));
    }

    /// Adds a property whose value is text, unless that is blank.
    pub(super) fn text(&mut self, name: &str, value: &str) {
        if !value.trim().is_empty() {
            self.raw(name, &escaped(value.trim()));
        }
    }

    /// What was written.
    pub(super) fn finish(self) -> String {
        self.0
    }

    /// Breaks a line where it is too long, never inside a character; each further line begins with
    /// a blank, which counts.
    fn fold(&mut self, line: &str) {
        let mut room = WIDTH;
        for character in line.chars() {
            if character.len_utf8() > room {
                self.0.push_str("\r\n ");
                room = WIDTH - 1;
            }
            self.0.push(character);
            room -= character.len_utf8();
        }
        self.0.push_str("\r\n");
    }
}

/// A value of type TEXT (RFC 5545 §3.3.11): line breaks as `\n`, other control characters left out.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\r' if characters.peek() == Some(&'\n') => {}
            '\n' | '\r' | '\u{2028}' | '\u{2029}' => safe.push_str("\\n"),
            '\t' => safe.push(' '),
            '\\' | ';' | ',' => safe.extend(['\\', character]),
            control if control.is_control() => {}
            other => safe.push(other),
        }
    }
    safe
}

/// A parameter's value in quotation marks (RFC 5545 §3.2), among which none can stand.
pub(super) fn quoted(value: &str) -> String {
    let plain = value.chars().filter(|character| !character.is_control());
    let plain = plain.map(|character| if character == '"' { '\'' } else { character });
    format!("\"{}\"", plain.collect::<String>().trim())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text(value: &str) -> String {
        let mut lines = Lines::default();
        lines.text("SUMMARY", value);
        lines.finish()
    }

    #[test]
    fn what_has_a_meaning_is_escaped() {
        assert_eq!(
            text("Bread; roses, \\o/\r\nand\ncake"),
            "SUMMARY:Bread\\; roses\\, \\\\o/\\nand\\ncake\r\n"
        );
        assert_eq!(text(" a:b \"c\" "), "SUMMARY:a:b \"c\"\r\n");
        assert_eq!(text("bell\u{7}\u{0}\u{9b}\ttab"), "SUMMARY:bell tab\r\n");
        assert_eq!(text("END:VEVENT\r\nBEGIN:X"), "SUMMARY:END:VEVENT\\nBEGIN:X\r\n");
        assert_eq!(text(" \n"), "");
    }

    #[test]
    fn a_line_of_75_octets_stands_and_one_of_76_is_folded() {
        let long = "x".repeat(WIDTH - "SUMMARY:".len());
        assert_eq!(text(&long), format!("SUMMARY:{long}\r\n"));
        assert_eq!(text(&format!("{long}y")), format!("SUMMARY:{long}\r\n y\r\n"));
    }

    #[test]
    fn a_quoted_value_ends_where_it_says() {
        assert_eq!(quoted("Doe, J: \"Press\"; \r\nX"), "\"Doe, J: 'Press'; X\"");
        assert_eq!(quoted("북한"), "\"북한\"");
    }

    /// As RFC 5545 tells readers to: line ends and the blank after them out, then the escapes.
    fn read(written: &str) -> String {
        let line = written.replace("\r\n ", "");
        let value = line.strip_prefix("SUMMARY:").unwrap().strip_suffix("\r\n").unwrap();
        let mut text = String::new();
        let mut characters = value.chars();
        while let Some(character) = characters.next() {
            text.push(match character {
                '\\' => match characters.next().unwrap() {
                    'n' => '\n',
                    other => other,
                },
                other => other,
            });
        }
        text
    }

    proptest! {
        #[test]
        fn any_text_comes_back(value in "(?s)[a;,\\\\:\"é혁\u{1f469}\n ]{1,300}") {
            prop_assume!(!value.trim().is_empty());
            let written = text(&value);
            for line in written.split("\r\n") {
                prop_assert!(line.len() <= WIDTH, "{line:?}");
                prop_assert!(!line.contains(['\r', '\n']), "{line:?}");
            }
            prop_assert_eq!(read(&written), value.trim());
        }
    }
}
