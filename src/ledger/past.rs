//! What the ledger remembers for those who check the next announcement.

use jiff::Timestamp;

/// A campaign as later ones are compared with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Past {
    /// Its id.
    pub id: String,
    /// Digest of the revision in force.
    pub digest: String,
    /// The subject, with `…` where it shows something of a person.
    pub subject: String,
    /// The lists it was for, sorted.
    pub lists: Vec<String>,
    /// Whether it never went to all of them.
    pub narrowed: bool,
    /// When it was frozen.
    pub frozen_at: Timestamp,
    /// Everybody who is to get it or has been tried.
    pub planned: u64,
    /// Whether anybody has been tried.
    pub begun: bool,
}

/// An error of the checks that somebody sent in spite of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PassedOver {
    /// Id of the rule (`M2/leftover`).
    pub rule: String,
    /// When.
    pub at: Timestamp,
}

/// A test mail that arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tested {
    /// Digest of what it showed.
    pub digest: String,
    /// When.
    pub at: Timestamp,
}
