//! What is written to people who were told of an event when it changes or is called off.
//!
//! Owns: which changes of an event matter to its guests, and the draft that says so: short, plain,
//! and to be edited like any other. Does not know: who gets it, the ledger, mail, clocks, files.

mod facts;
mod write;

pub use facts::{Aspect, Fact, facts};
pub use write::Notice;
