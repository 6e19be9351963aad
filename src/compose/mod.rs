//! Turns a rendered body into the exact bytes that go on the wire.
//!
//! Owns: MIME structure, header order, unsubscribe headers, encodings.
//! Does not know: Markdown, templates, sockets, the ledger. Same input, same bytes.

mod address;
mod attachment;
mod encoded_word;
mod envelope;
mod error;
mod file_name;
mod header;
mod media_type;
mod quoted_printable;
mod wire;

#[cfg(test)]
mod tests;

pub use attachment::{Attachment, Picture};
pub use envelope::Envelope;
pub use error::Error;
pub use media_type::media_type;

/// One message for one person, ready for a transport.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// `Message-ID` without angle brackets.
    pub id: String,
    /// Who it is from and to on the wire.
    pub envelope: Envelope,
    /// The message, CRLF line ends, not dot-stuffed.
    pub bytes: Vec<u8>,
}
