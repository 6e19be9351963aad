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

    /// Reads all 32 hexadecimal digits.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let number = u128::from_str_radix(text, 16).ok().filter(|_| digits)?;
        Some(Self(number.to_be_bytes()))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_reads_back_whole_or_not_at_all() {
        let key = PersonKey([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 255]);
        assert_eq!(PersonKey::parse(&key.to_string()), Some(key));
        for text in ["", "00010203", "+0010203040506070809", &"g".repeat(32)] {
            assert_eq!(PersonKey::parse(text), None, "{text}");
        }
    }
}
