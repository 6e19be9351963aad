//! One draft frozen for its audience: plan, freeze, run.
//!
//! Owns: who gets it ([`plan`]), the state machine ([`status`]), the one loop that sends ([`run`]),
//! and the events it emits. Does not know: clap, printing, SQL.

pub mod status;
