//! Who let a draft go out, and who took that back.

use jiff::Timestamp;

/// Somebody's word about a draft. The newest one holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approval {
    /// Slug of the draft.
    pub draft: String,
    /// Who says so: a name, not an address.
    pub by: String,
    /// What they have to say about it.
    pub note: Option<String>,
    /// When.
    pub at: Timestamp,
    /// What they approved; none when they took an approval back.
    pub grant: Option<Grant>,
}

/// What somebody approved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Digest of what people read.
    pub digest: String,
    /// All that was approved, as [`approval`](crate::approval) writes it.
    pub exhibit: Vec<u8>,
    /// Ids of the rules (`M2/leftover`) whose errors were allowed with it.
    pub allowed: Vec<String>,
}
