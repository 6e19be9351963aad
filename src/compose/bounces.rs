//! Where mail that cannot be delivered comes back to.

use lettre::Address;

use super::{Error, address, stamp::TOKEN_LENGTH};

/// Longest local part, in octets (RFC 5321 §4.5.3.1.1).
const LONGEST_LOCAL_PART: usize = 64;

/// The mailbox that takes bounces for all.
#[derive(Clone)]
pub(super) struct Bounces(Address);

impl Bounces {
    /// Checks that a token will fit into the local part, which therefore must not be quoted.
    pub(super) fn parse(address: &str) -> Result<Self, Error> {
        let address = address::parse("Return-Path", address)?;
        let longest = LONGEST_LOCAL_PART - "+".len() - TOKEN_LENGTH;
        if address.user().len() > longest || address.user().starts_with('"') {
            let expected = "a mailbox of at most 37 plain characters before the `@`";
            return Err(Error::Invalid { header: "Return-Path", expected });
        }
        Ok(Self(address))
    }

    /// `bounces+TOKEN@domain`: a bounce names its delivery, and nobody's address.
    pub(super) fn return_path(&self, token: &str) -> String {
        let Self(address) = self;
        format!("{}+{token}@{}", address.user(), address.domain())
    }
}
