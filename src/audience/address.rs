//! An e-mail address as typed, and the one form under which a person is known.

/// A mailable address (RFC 5321 §4.1.2, with RFC 6531 local parts).
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Address {
    local: String,
    domain: String,
}

/// Why an address cannot be mailed. The text never repeats the address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadAddress {
    /// The cell is empty.
    #[error("no address")]
    Empty,
}

/// Shows no address: subscribers end up in error messages and test output.
impl std::fmt::Debug for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Address(..)")
    }
}
