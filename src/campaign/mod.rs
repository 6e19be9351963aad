//! One draft frozen for its audience: plan, freeze, run.
//!
//! Owns: who gets it ([`Plan`]), the state machine ([`status`]), the one loop that sends
//! ([`Run`]), and the events it emits. Does not know: clap, printing, SQL.

mod accounting;
mod addressee;
mod allowance;
mod clerk;
mod cores;
mod digest;
mod dispatcher;
mod event;
mod freeze;
mod halt;
mod inputs;
mod judge;
mod occasion;
mod odd_rows;
mod outages;
mod owner;
mod plan;
mod prepare;
mod press;
mod run;
mod sequel;
pub mod status;
mod summary;
#[cfg(test)]
pub(crate) mod tests;
mod thread;
mod worker;

pub use addressee::Addressee;
pub use digest::Digest;
pub use event::{End, Event, Reporter, Silent};
pub use freeze::recipients;
pub use inputs::{Damaged, Inputs};
pub use judge::{Times, judge};
pub use owner::{Owner, Purpose, owners};
pub use plan::{Desk, Plan, Snapshot, plan};
pub use prepare::{Materials, Prepared, places, prepare, proof};
pub use press::{Error as PressError, Press};
pub use run::{Course, Error, REFUSED, Run, Stop};
pub use summary::{Skipped, Summary};
pub use thread::{Received, Thread, label};
