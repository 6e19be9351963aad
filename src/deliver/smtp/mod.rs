//! One SMTP session with a relay, from the TCP connection to the reply after the final dot.
//!
//! The session owns its stream and reads replies itself, because what a failure means depends on
//! the stage at which it happens. Its parts:
//!
//! | module | what it is |
//! |---|---|
//! | `relay` | whom to talk to, and how long to wait |
//! | `dial` | name, TCP, `TCP_NODELAY`, `SO_KEEPALIVE` |
//! | `tls` | whom to trust, and what a failed handshake means |
//! | `manners` | whether the server keeps to the PIPELINING it offers (pure) |
//! | `reply_reader` | bytes → replies (pure) |
//! | `ehlo` | what the server offers (pure) |
//! | `auth` | the lines of a login (pure) |
//! | `letter` | one message in wire form, and its commands (pure) |
//! | `dialogue` | MAIL, RCPT, DATA up to 354 (pure: replies in, actions out) |
//! | `opening` | greeting, EHLO, TLS, login |
//! | `wire` | writes and replies, each before its deadline |
//! | `session` | message after message on one open connection |
//! | `transport` | sessions one after another: [`SmtpTransport`] |
//!
//! # The mark
//!
//! `Session::ask` ends at 354, `Session::hand_over` begins with the first body byte; the mark is
//! committed between the two, by whoever uses [`SmtpTransport`]. Before it a lost connection means
//! that nothing happened; after it, that nobody knows, unless our own write failed before the last
//! byte of the dot was taken: a message without its dot is not taken (RFC 5321 §4.1.1.4).
//!
//! # One message a round trip
//!
//! The next message's MAIL, RCPT and DATA travel in the write of this body and dot (RFC 2920 §3.1
//! forbids nothing after the dot), so that the server's next answer is to both: this dot, MAIL,
//! RCPT, 354. The next row is marked only when the reply to the dot before it has been read, so at
//! most one row a connection is committing.
//!
//! Not every server that offers PIPELINING keeps to it. Groups are given up when the first of them
//! is answered out of order or in part. Commands behind a body are tried by one connection first,
//! since a server that misses the dot because of them makes the message uncertain. See `manners`.

mod auth;
mod dial;
mod dialogue;
mod ehlo;
mod letter;
mod manners;
mod opening;
mod relay;
mod reply_reader;
mod session;
mod tls;
mod transport;
mod wire;

#[cfg(test)]
mod tests;

pub use dial::{Dial, Duplex, TcpDial};
pub use letter::wire_form;
pub use manners::Manners;
pub use relay::{Login, Relay, Security, Timeouts};
pub use tls::{BadCertificates, Trust};
pub use transport::SmtpTransport;
