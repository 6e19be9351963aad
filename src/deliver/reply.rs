//! An SMTP reply.

/// A reply of the server (RFC 5321 §4.2). Only the first digit decides; the text is for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// Three digits as sent, 200 to 599.
    pub code: u16,
    /// Enhanced status code (RFC 3463), when the text begins with one: `5.1.1`.
    pub enhanced: Option<String>,
    /// The text of all lines joined by a space, lossy UTF-8, controls removed. May contain
    /// addresses: redact before storing.
    pub text: String,
}
