//! Who gets it: CSV lists read as streams, addresses, filters, duplicates.
//!
//! Owns: CSV dialects, header rules, address rules, de-duplication, segments, exclusions.
//! Does not know: drafts, templates, SMTP, the ledger. Nothing here holds a whole list.

mod address;
mod header;
mod lines;
mod list;
mod merge;
mod quoting;
mod records;
mod selection;
mod subscriber;
mod survey;

pub use address::{Address, BadAddress};
pub use header::column_name;
pub use list::{ListReader, ListSpec, Row};
pub use merge::{Audience, Decision, SkipReason};
pub use records::Dialect;
pub use selection::{Condition, Selection, people};
pub use subscriber::{Fields, Subscriber};
pub use survey::{Survey, bad_address, survey, too_many_bad, visible};
