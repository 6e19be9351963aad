//! Lines of text that everybody shares: encoded once a campaign.

use super::{Error, quoted_printable, wire::Checked};

/// Whole lines as they stand in a message.
#[derive(Clone)]
pub struct Encoded(Checked);

impl Encoded {
    /// Encodes `lines`, of which the last must have its line end: an encoded line depends on
    /// nothing before or behind it.
    pub fn new(lines: &str) -> Result<Self, Error> {
        if !lines.ends_with(['\n', '\r']) {
            return Err(Error::Line);
        }
        let mut bytes = Vec::with_capacity(lines.len() + lines.len() / 4);
        quoted_printable::encode(lines, &mut bytes);
        Checked::new(bytes).map(Self)
    }

    /// The bytes to be copied.
    pub(super) fn checked(&self) -> &Checked {
        &self.0
    }
}
