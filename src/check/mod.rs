//! The pre-send checks: what a careful colleague would notice before a mail goes out.
//!
//! Each file or folder holds the rules of one subject and what finds them; [`rules`] lists them all.
//! A check is a pure function of what is at hand: it reads no file, asks no server, and is told the
//! time.
//!
//! Owns: rules, findings, levels. Does not know: SMTP, SQL, printing.

mod book;
mod catalogue;
pub mod copy;
pub mod dates;
pub mod early;
mod finding;
pub mod header;
pub mod history;
pub mod lists;
pub mod page;
pub mod picture;
mod policy;
pub mod prose;
mod rule;
pub mod subject;

pub use book::{markdown, plain, weight};
pub use catalogue::{CHAPTERS, codes, rule, rules, rules_of};
pub use finding::{Finding, Level};
pub use policy::{Limits, Policy, Verdict};
pub use rule::Rule;
