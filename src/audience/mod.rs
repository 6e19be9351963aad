//! Who gets it: CSV lists read as streams, addresses, filters, duplicates.
//!
//! Owns: CSV dialects, header rules, address rules, de-duplication, segments, exclusions.
//! Does not know: drafts, templates, SMTP, the ledger. Nothing here holds a whole list.

mod address;

pub use address::{Address, BadAddress};

use std::sync::Arc;

/// The merge fields of one person. The header is shared by all rows of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fields {
    /// Column names, snake_cased.
    pub columns: Arc<[String]>,
    /// One value a column, as in the file, trimmed.
    pub values: Vec<String>,
}

/// One row of one list with a good address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscriber {
    /// Where the mail goes.
    pub address: Address,
    /// The row's columns.
    pub fields: Fields,
    /// Name of the list (`members`), shared by its rows.
    pub list: Arc<str>,
    /// Physical line in the file; the header is line 1.
    pub line: u64,
}

/// Why a row gets no mail. The names are those of the summary JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SkipReason {
    /// The same person stands further up, or in a list named before.
    Duplicate,
    /// Unsubscribed, bounced, complained, or suppressed by hand.
    Suppressed,
    /// The address cannot be mailed.
    Invalid,
    /// This campaign has already been tried for this person.
    AlreadySent,
    /// Left out by `where` or `exclude`.
    Filtered,
    /// Was to get a correction, and is on no list any more.
    Gone,
}
