//! The key that stands for a person wherever the address must not.

use std::fmt;

/// 128 bits of HMAC over a normalised address: the same person in every list and campaign of a
/// workspace, meaningless without its secret.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PersonKey([u8; 16]);

impl PersonKey {
    /// A key from its stored bytes.
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The bytes, for storing.
    pub fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// The first 8 characters: enough to tell people apart in a conversation.
    pub fn short(&self) -> String {
        self.to_string()[..8].to_owned()
    }
}

/// All 32 hexadecimal digits.
impl fmt::Display for PersonKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for PersonKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PersonKey({})", self.short())
    }
}
