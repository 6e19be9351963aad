//! The pre-send checks: what a careful colleague would notice before a mail goes out.
//!
//! Each file holds the rules of one subject and what finds them. A check is
//! a pure function of what is at hand: it reads no file, asks no server, and is told the time.
//!
//! Owns: rules, findings, levels. Does not know: SMTP, SQL, printing.

pub mod dates;
mod finding;
mod rule;

pub use finding::{Finding, Level};
pub use rule::Rule;
