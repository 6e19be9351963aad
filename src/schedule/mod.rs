//! When a draft is due, how late it may still go, and how people say when.
//!
//! Owns: due times, lateness, the words for both. Does not know: lists, mail, the ledger, printing,
//! and reads no clock: now is handed in.

mod due;
mod moment;
mod reading;
mod spoken;
mod typed;

pub use due::{Due, LATE_AFTER, Turn};
pub use moment::{Comes, Moment};
pub use reading::Reading;
pub use spoken::{distance, in_full};
pub use typed::read;

#[cfg(test)]
mod tests;
