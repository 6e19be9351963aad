//! An SMTP reply.

use std::fmt;

use super::{redact::redact, redact::redact_for};
use crate::compose::Envelope;

/// A reply of the server (RFC 5321 §4.2). Only the first digit decides; the text is for people.
#[derive(Clone, PartialEq, Eq)]
pub struct Reply {
    /// Three digits as sent, 200 to 599.
    pub code: u16,
    /// Enhanced status code (RFC 3463), when the text begins with one: `5.1.1`.
    pub enhanced: Option<String>,
    /// The text of all lines joined by a space, lossy UTF-8, controls removed. A [`Transport`]
    /// hands it out without addresses.
    ///
    /// [`Transport`]: super::Transport
    pub text: String,
}

impl Reply {
    /// Longest text that [`Reply::redacted`] keeps, in characters: about eight lines of SMTP.
    pub const STORED_TEXT: usize = 500;

    /// A reply with its enhanced code read from the beginning of the text.
    pub fn new(code: u16, text: impl Into<String>) -> Self {
        let text = text.into();
        Self { code, enhanced: enhanced_code(&text).map(str::to_owned), text }
    }

    /// The first digit: 2 done, 3 go on, 4 not now, 5 no (RFC 5321 §4.2.1).
    pub fn class(&self) -> u16 {
        self.code / 100
    }

    /// Subject and detail of the enhanced code (RFC 3463 §2): `(1, 1)` for `5.1.1`.
    pub fn detail(&self) -> Option<(u16, u16)> {
        let mut parts = self.enhanced.as_deref()?.split('.').skip(1).map(str::parse);
        Some((parts.next()?.ok()?, parts.next()?.ok()?))
    }

    /// The reply without addresses, without the recipient's local part and domain, and no longer
    /// than [`Reply::STORED_TEXT`]: fit for a log.
    #[must_use]
    pub fn redacted(&self, envelope: &Envelope) -> Self {
        let mut text = redact_for(&self.text, envelope);
        if let Some((end, _)) = text.char_indices().nth(Self::STORED_TEXT) {
            text.truncate(end);
            text.push('…');
        }
        Self { code: self.code, enhanced: self.enhanced.clone(), text }
    }
}

/// `550 5.1.1 no such user`, without addresses.
impl fmt::Display for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.code)?;
        if self.text.is_empty() { Ok(()) } else { write!(f, " {}", redact(&self.text)) }
    }
}

/// Shows no address: replies end up in error messages and test output.
impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Reply({self})")
    }
}

/// The enhanced code a text begins with: class 2, 4 or 5, subject and detail of one to three
/// digits (RFC 2034 §4).
fn enhanced_code(text: &str) -> Option<&str> {
    let word = text.split(' ').next()?;
    let mut parts = word.split('.');
    let class = matches!(parts.next()?, "2" | "4" | "5");
    let number = |part: &str| {
        (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    let rest = number(parts.next()?) && number(parts.next()?) && parts.next().is_none();
    (class && rest).then_some(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_enhanced_code_is_read_only_where_the_text_begins() {
        let enhanced = |text: &str| Reply::new(550, text).enhanced;
        assert_eq!(enhanced("5.1.1 no such user").as_deref(), Some("5.1.1"));
        assert_eq!(enhanced("5.7.515").as_deref(), Some("5.7.515"));
        for text in ["", "no 5.1.1", "5.1 x", "3.1.1 x", "5.1.1.1 x", "5.1.x y", "5.1.1234 x"] {
            assert_eq!(enhanced(text), None, "{text}");
        }
        assert_eq!(Reply::new(550, "5.1.10 null MX").detail(), Some((1, 10)));
    }

    #[test]
    fn neither_display_nor_debug_shows_an_address() {
        let reply = Reply::new(550, "5.1.1 <ana@example.org>: unknown");
        assert_eq!(reply.to_string(), "550 5.1.1 <[address]>: unknown");
        assert_eq!(format!("{reply:?}"), "Reply(550 5.1.1 <[address]>: unknown)");
    }

    #[test]
    fn a_stored_text_is_bounded() {
        let envelope = Envelope { from: "news@example.org".into(), to: "ana@example.org".into() };
        let stored = Reply::new(550, "é".repeat(60_000)).redacted(&envelope);
        assert_eq!(stored.text.chars().count(), Reply::STORED_TEXT + 1);
    }
}
