//! Why a message cannot be composed.

/// A message that must not be sent as asked. Names the header, never what it would have held:
/// headers hold addresses, and errors are read by many.
///
/// An error whose `header` is `To` concerns this recipient alone: skip them with the reason. The
/// others concern the campaign, or a field that it puts into its subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A value holds a control character; a line break there would begin a header of its own.
    #[error("`{header}` would hold a line break or another control character")]
    ControlCharacter {
        /// The header it was meant for.
        header: &'static str,
    },
    /// An address is not one (RFC 5321 §4.1.2), or its domain is not yet an A-label.
    #[error("the address in `{header}` is not an email address")]
    Address {
        /// The header it was meant for.
        header: &'static str,
    },
    /// The part before the `@` is not ASCII. Only a server with SMTPUTF8 takes it (RFC 6531 §3.2),
    /// and there is no other spelling to fall back on: such a person cannot be mailed.
    #[error("the address in `{header}` has letters outside ASCII before the `@`")]
    NeedsSmtputf8 {
        /// The header it was meant for.
        header: &'static str,
    },
    /// A value is not of the form that its header requires.
    #[error("`{header}` would not hold {expected}")]
    Invalid {
        /// The header it was meant for.
        header: &'static str,
        /// What belongs there.
        expected: &'static str,
    },
    /// The finished bytes break a rule of SMTP: something that cannot be folded is too long.
    #[error("the message would hold a line that SMTP does not allow")]
    Line,
}

impl Error {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::ControlCharacter { .. } => {
                "remove line breaks and tabs from the fields and settings that go into this header"
            }
            Self::Address { .. } => "write it as `name@example.org`, without a display name",
            Self::NeedsSmtputf8 { .. } => "ask for an address with plain letters before the `@`",
            Self::Invalid { .. } => "correct the setting or the file that this header is made of",
            Self::Line => "shorten addresses and settings that go into headers",
        }
    }
}
