//! What the ledger keeps sealed about a person until their delivery is over.

use std::{mem, sync::Arc};

use super::Press;
use crate::audience::Subscriber;

/// Address and needed columns of one person.
#[derive(Clone, PartialEq, Eq)]
pub struct Addressee {
    /// As the envelope has it: local part as typed, domain as A-label.
    address: String,
    /// Index of the list (in the frozen inputs) whose title the footer shows.
    pub list: usize,
    /// The revision of the campaign that this one follows which they have: what they are answered
    /// under.
    pub answers: Option<u32>,
    /// The needed columns' values, in the order of the frozen inputs.
    pub values: Vec<String>,
}

impl Addressee {
    /// A person of list number `list`; `values` as the frozen inputs order the columns.
    pub fn new(address: String, list: usize, values: Vec<String>) -> Self {
        Self { address, list, answers: None, values }
    }

    /// A subscriber as `press` needs them; `lists` are the campaign's, by name.
    pub fn of(press: &Press, lists: &[(Arc<str>, String)], subscriber: Subscriber) -> Self {
        let Subscriber { address, mut fields, list, .. } = subscriber;
        let list = lists.iter().position(|(name, _)| *name == list).unwrap_or_default();
        let value = |column: &String| fields.get_mut(column).map(mem::take).unwrap_or_default();
        Self::new(address.into_envelope(), list, press.columns().iter().map(value).collect())
    }

    /// The same, in answer to what they have.
    #[must_use]
    pub fn answering(self, revision: Option<u32>) -> Self {
        Self { answers: revision, ..self }
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

    /// The form that is sealed: number of the list, the revision answered or 0, address, values; each text behind its length.
    /// Numbers are of 32 bits, big endian; a row that needs larger ones does not read back.
    pub fn to_bytes(&self) -> Vec<u8> {
        let texts = || std::iter::once(&self.address).chain(&self.values);
        let length = 8 + texts().map(|text| 4 + text.len()).sum::<usize>();
        let mut bytes = Vec::with_capacity(length);
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX).to_be_bytes();
        bytes.extend(number(self.list));
        bytes.extend(self.answers.unwrap_or_default().to_be_bytes());
        for text in texts() {
            bytes.extend(number(text.len()));
            bytes.extend(text.as_bytes());
        }
        bytes
    }

    /// Reads the sealed form; none when it is not one.
    pub fn from_bytes(mut bytes: &[u8]) -> Option<Self> {
        let list = number(&mut bytes)?;
        let answers = number(&mut bytes).and_then(|revision| u32::try_from(revision).ok())?;
        let address = text(&mut bytes)?;
        let mut values = Vec::new();
        while !bytes.is_empty() {
            values.push(text(&mut bytes)?);
        }
        let answers = (answers > 0).then_some(answers);
        Some(Self { address, list, answers, values })
    }
}

fn number(bytes: &mut &[u8]) -> Option<usize> {
    let (number, rest) = bytes.split_first_chunk()?;
    *bytes = rest;
    usize::try_from(u32::from_be_bytes(*number)).ok()
}

fn text(bytes: &mut &[u8]) -> Option<String> {
    let length = number(bytes)?;
    let (text, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    String::from_utf8(text.to_vec()).ok()
}

/// Shows nothing about the person.
impl std::fmt::Debug for Addressee {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Addressee(..)")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_sealed_reads_back_and_no_part_of_it_does(
            address: String, list in 0..1_000_usize, answers in 0..4_u32, values: Vec<String>,
        ) {
            let addressee = Addressee::new(address, list, values)
                .answering((answers > 0).then_some(answers));
            let bytes = addressee.to_bytes();
            prop_assert_eq!(Addressee::from_bytes(&bytes), Some(addressee));
            let longer = [&bytes, b"x".as_slice()].concat();
            prop_assert_eq!(Addressee::from_bytes(&longer), None);
            prop_assert_eq!(Addressee::from_bytes(&bytes[..11]), None);
        }
    }
}
