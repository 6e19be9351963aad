//! A person's value made safe for the place it stands in.

use serde::{Deserialize, Serialize};
use std::fmt::Write as _;

/// How a person's value is written where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Escape {
    /// Text part: as it is, line ends made `\n`, other control characters dropped.
    Plain,
    /// Subject and preheader: one line, control characters become a space.
    Line,
    /// HTML text or a quoted attribute.
    Html,
    /// Inside the path or query of a link: percent-encoded.
    UrlPart,
    /// A link, or its beginning, in HTML: http, https or mailto, then as [`Escape::Html`].
    Link,
    /// A link, or its beginning, in the text part: http, https or mailto.
    PlainLink,
}

impl Escape {
    /// Writes `value` so that it cannot be more than data; `None` when it must not stand there.
    pub(super) fn write(self, value: &str, into: &mut String) -> Option<()> {
        match self {
            Self::Plain => plain(value, into),
            Self::Line => one_line(value, into),
            Self::Html => html(value, into),
            Self::UrlPart => into.push_str(&url_part(value)),
            Self::Link => html(link(value)?, into),
            Self::PlainLink => into.push_str(link(value)?),
        }
        Some(())
    }
}

/// HTML text and quoted attributes. `=` and the backtick stay: all our attributes are quoted.
pub(super) fn html(value: &str, into: &mut String) {
    for character in value.chars() {
        match character {
            '<' => into.push_str("&lt;"),
            '>' => into.push_str("&gt;"),
            '&' => into.push_str("&amp;"),
            '"' => into.push_str("&quot;"),
            '\'' => into.push_str("&#39;"),
            '\n' | '\t' => into.push(character),
            '\r' => into.push('\n'),
            control if control.is_control() => {}
            other => into.push(other),
        }
    }
}

fn plain(value: &str, into: &mut String) {
    let mut characters = value.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\r' => {
                if characters.peek() != Some(&'\n') {
                    into.push('\n');
                }
            }
            '\n' | '\t' => into.push(character),
            control if control.is_control() => {}
            other => into.push(other),
        }
    }
}

/// Control characters and line separators become one space.
pub(super) fn one_line(value: &str, into: &mut String) {
    let breaks = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    let mut words = value.split(breaks).filter(|word| !word.is_empty());
    into.push_str(words.next().unwrap_or_default());
    for word in words {
        if !into.ends_with(' ') && !word.starts_with(' ') {
            into.push(' ');
        }
        into.push_str(word);
    }
}

/// Percent-encodes all but the unreserved characters of RFC 3986 §2.3 and `@`.
pub(super) fn url_part(value: &str) -> String {
    let mut encoded = String::with_capacity(value.len());
    for byte in value.trim().bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~@".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

/// The value, if it is a web or mail address that a link may lead to.
fn link(value: &str) -> Option<&str> {
    let value = value.trim();
    let lower = value.to_ascii_lowercase();
    let rest =
        ["http://", "https://", "mailto:"].iter().find_map(|known| lower.strip_prefix(known));
    let unsafe_character =
        |c: char| c.is_control() || c.is_whitespace() || matches!(c, '<' | '>' | '"' | '\\');
    (!rest?.is_empty() && !value.contains(unsafe_character)).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(escape: Escape, value: &str) -> Option<String> {
        let mut text = String::new();
        escape.write(value, &mut text).map(|()| text)
    }

    #[test]
    fn a_link_is_a_web_or_mail_address() {
        for good in ["https://e.org/?a=1&b=2", "HTTP://e.org", "mailto:a@example.org"] {
            assert!(written(Escape::Link, good).is_some(), "{good}");
        }
        for bad in ["javascript:alert(1)", "data:text/html,x", "//e.org", "e.org", "https://"] {
            assert_eq!(written(Escape::Link, bad), None, "{bad}");
        }
        assert_eq!(written(Escape::Link, "https://e.org/\"onclick=x"), None);
        assert_eq!(written(Escape::Link, "https://e.org\njavascript:"), None);
    }

    #[test]
    fn no_line_end_passes_into_a_line() {
        assert_eq!(written(Escape::Line, "a\r\nBcc: b\0c").as_deref(), Some("a Bcc: b c"));
    }

    #[test]
    fn html_leaves_equals_signs_alone() {
        let text = written(Escape::Html, "<a href='x'>=`&\"").unwrap();
        assert_eq!(text, "&lt;a href=&#39;x&#39;&gt;=`&amp;&quot;");
    }

    #[test]
    fn a_part_of_a_link_is_percent_encoded() {
        assert_eq!(
            written(Escape::UrlPart, "San José/&").as_deref(),
            Some("San%20Jos%C3%A9%2F%26")
        );
    }
}
