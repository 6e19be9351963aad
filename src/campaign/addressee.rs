//! What the ledger keeps sealed about a person until their delivery is over.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Press;
use crate::audience::Subscriber;

/// Address and needed columns of one person.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Addressee {
    /// As the envelope has it: local part as typed, domain as A-label.
    address: String,
    /// Index of the list (in the frozen inputs) whose title the footer shows.
    pub list: usize,
    /// The needed columns' values, in the order of the frozen inputs.
    pub values: Vec<String>,
}

impl Addressee {
    /// A person of list number `list`; `values` as the frozen inputs order the columns.
    pub fn new(address: String, list: usize, values: Vec<String>) -> Self {
        Self { address, list, values }
    }

    /// A subscriber as `press` needs them; `lists` are the campaign's, by name.
    pub fn of(press: &Press, lists: &[(Arc<str>, String)], subscriber: &Subscriber) -> Self {
        let value = |column: &String| subscriber.fields.get(column).unwrap_or_default().to_owned();
        let list = lists.iter().position(|(name, _)| *name == subscriber.list).unwrap_or_default();
        let values = press.columns().iter().map(value).collect();
        Self::new(subscriber.address.envelope(), list, values)
    }

    /// The same data, sent somewhere else: a test copy.
    #[must_use]
    pub fn readdressed(self, address: String) -> Self {
        Self { address, ..self }
    }

    /// The envelope address.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The part behind the `@`.
    pub fn domain(&self) -> &str {
        self.address.rsplit('@').next().unwrap_or_default()
    }

    /// The form that is sealed.
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// Reads the sealed form; none when it is not one.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok()
    }
}

/// Shows nothing about the person.
impl std::fmt::Debug for Addressee {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Addressee(..)")
    }
}
