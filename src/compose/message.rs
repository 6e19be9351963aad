//! The finished product.

use std::fmt;

use super::Envelope;

/// One message for one person, ready for a transport.
#[derive(Clone, PartialEq, Eq)]
pub struct Message {
    /// `Message-ID` without angle brackets.
    pub id: String,
    /// Who it is from and to on the wire.
    pub envelope: Envelope,
    /// The message, CRLF line ends, not dot-stuffed.
    pub bytes: Vec<u8>,
    /// How many of the bytes are HTML, as it travels.
    pub html: usize,
}

/// Shows no bytes: they begin with an address.
impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, envelope: _, bytes, html: _ } = self;
        write!(f, "Message {{ id: {id:?}, {} bytes }}", bytes.len())
    }
}
