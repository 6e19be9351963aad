//! The SMTP server on loopback that catches rehearsals: mail goes in, nothing leaves the machine.
//!
//! Owns: the server's side of RFC 5321, where caught mail is put, faults played on request, and the
//! [`Journal`] of what the server saw, which is the independent record that deliveries are checked
//! against. Does not know: campaigns, the ledger, how `announce` reads replies.
//!
//! # Rehearsing faults
//!
//! Addresses under `.fault.test` choose how the server treats them by their local part. Put them
//! on a list and send: the books show what the same answer of a real relay would do.
//!
//! | local part | what the server does |
//! |---|---|
//! | `ok` | takes the message, like any other address |
//! | `450`, `450-4.2.0`, `550-5.1.1-user-unknown` | refuses the recipient with this code, enhanced code and text (`-` stands for a space); codes 400 to 599 |
//! | `rcpt-450`, `data-451`, `dot-550-5.7.1` | the same, at RCPT (as above), at DATA, or after the whole message |
//! | `421`, `data-421`, `dot-421` | says so and closes the connection |
//! | `greylist-2` | refuses the recipient twice with 450 4.7.1, then takes the message |
//! | `delay-5s`, `delay-200ms`, `delay-2min` | takes the message and answers only after that time |
//! | `drop-at-rcpt`, `drop-at-data` | hangs up instead of answering that command |
//! | `drop-before-dot` | hangs up in the middle of the message |
//! | `drop-after-dot` | takes the message and hangs up instead of saying so |
//! | `drop-after-dot-lost` | loses the message and hangs up |
//!
//! `once-` before any of them (`once-421`, `once-drop-at-rcpt`) plays it the first time only, and a
//! `+` ends the word, so that several people can have the same fault: `450+ann@lists.fault.test`,
//! `450+bob@lists.fault.test`. Upper and lower case are one. Turns are counted for each address
//! since the server was started. A word the server does not know is refused with 501 and a
//! reminder of this table.
//!
//! Tests script the rest with [`Script`]: any stage, connection, message or recipient.

mod auth;
mod command;
mod connection;
mod data;
mod decision;
mod fault;
mod journal;
mod options;
mod path;
mod reply;
mod script;
mod server;
mod session;
mod store;
mod terms;
#[cfg(test)]
mod tests;
mod wire;

pub use journal::{Entry, Event, Journal};
pub use options::{Auth, Extension, Mechanism, Options, Tls};
pub use script::{Act, Rule, Script};
pub use server::{Sandbox, Server};
pub use store::{Caught, Store, caught, empty_folder};
