//! People as staff name them on the command line.

use super::{Exit, Fault};
use crate::{
    audience::Address,
    keys::{Keys, PersonKey},
};

/// Fewest characters of a key that name somebody: what the output shows.
const SHORT: usize = 8;

/// An address, or the beginning of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Who {
    Address(Address),
    Key(String),
}

impl Who {
    /// Reads what was given to `flag`.
    pub(super) fn parse(flag: &str, text: &str) -> Result<Self, Fault> {
        let text = text.trim();
        let is_key =
            (SHORT..=32).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        if is_key {
            return Ok(Self::Key(text.to_ascii_lowercase()));
        }
        address(flag, text).map(Self::Address)
    }

    /// The one among `people` that is meant, if any; two that a short key could mean are an error.
    pub(super) fn among<'a>(
        &self,
        keys: &Keys,
        people: impl IntoIterator<Item = &'a PersonKey>,
    ) -> Result<Option<PersonKey>, Fault> {
        let own = match self {
            Self::Address(address) => Some(keys.person(address)),
            Self::Key(_) => None,
        };
        let is_meant = |person: &&PersonKey| match self {
            Self::Address(_) => own == Some(**person),
            Self::Key(start) => person.to_string().starts_with(start),
        };
        let mut meant = people.into_iter().filter(is_meant);
        match (meant.next(), meant.next()) {
            (Some(_), Some(_)) => {
                let message = format!("`{}` could be several people", self.shown(keys));
                Err(Fault::with_hint(Exit::Usage, message, "give more of the key"))
            }
            (found, _) => Ok(found.copied()),
        }
    }

    /// What an error may say of them.
    pub(super) fn shown(&self, keys: &Keys) -> String {
        match self {
            Self::Address(address) => keys.person(address).short(),
            Self::Key(start) => start.clone(),
        }
    }
}

/// An address that was given to `flag`. The error does not repeat it.
pub(super) fn address(flag: &str, text: &str) -> Result<Address, Fault> {
    Address::parse(text).map_err(|error| {
        let hint = "write a whole address, such as `ann@example.org`";
        Fault::with_hint(Exit::Usage, format!("`{flag}` is not an address: {error}"), hint)
    })
}
