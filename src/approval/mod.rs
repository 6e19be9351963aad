//! What somebody has approved, and what has changed since.
//!
//! Owns: what an approval covers, the readable difference between two of them, who may approve.
//! Does not know: lists, mail, the ledger, printing.

mod change;
mod exhibit;
mod hunk;
mod policy;
mod visible;

pub use change::{Change, How, Part, changes};
pub use exhibit::{Audience, Damaged, Exhibit, Filed, Shape, Text};
pub use hunk::Hunk;
pub use policy::{Objection, Policy, same_name};

#[cfg(test)]
mod tests;
