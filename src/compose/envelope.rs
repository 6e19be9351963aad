//! The two addresses SMTP needs.

use std::fmt;

/// Return path and recipient of one message (RFC 5321 §2.3.1): one recipient, always.
#[derive(Clone, PartialEq, Eq)]
pub struct Envelope {
    /// `MAIL FROM`, without angle brackets.
    pub from: String,
    /// `RCPT TO`, without angle brackets; the domain is an A-label.
    pub to: String,
}

/// Shows no address: envelopes end up in error messages and test output.
impl fmt::Debug for Envelope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Envelope { .. }")
    }
}
