//! What became of one try.

use super::Reply;

/// How far the conversation had come (RFC 5321 §3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// Reaching the server: name, TCP, TLS.
    Connect,
    /// The server's first line.
    Greeting,
    /// `EHLO`.
    Ehlo,
    /// `STARTTLS` and the handshake behind it.
    Starttls,
    /// `AUTH`.
    Auth,
    /// `MAIL FROM`.
    Mail,
    /// `RCPT TO`.
    Rcpt,
    /// `DATA`, up to its 354.
    Data,
    /// The body, before its final dot has been handed to the kernel.
    Body,
    /// The reply to the final dot.
    Dot,
}

/// What became of one try for one person. See DESIGN of the ledger: only a try that ended after
/// the mark and without a reply is [`Outcome::Uncertain`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// 2xx after the dot: the relay took it.
    Accepted(Reply),
    /// Not now: try this person again later.
    Deferred(Failure),
    /// Never for this person (or never for this message), with what to conclude.
    Rejected(Failure),
    /// The body may have been taken; nobody can know. Never sent again unasked.
    Uncertain(Failure),
    /// Nothing was tried for this person that counts: the row goes back to planned, and the run
    /// has to stop or pause, as [`Failure::scope`] says.
    NotTried(Failure),
}

/// Why a try did not end in acceptance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Where in the conversation.
    pub stage: Stage,
    /// What the server said, if it said anything.
    pub reply: Option<Reply>,
    /// What we say about it: lower-case, no address in it.
    pub reason: String,
    /// Whom it concerns.
    pub scope: Scope,
}

/// Whom a failure concerns, and so what the run does about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// This person only.
    Person {
        /// The reply says that the address is dead (5.1.1 and its like): suppress.
        suppress: bool,
    },
    /// Us: content, reputation, policy. Five the same in a row open the breaker.
    Sender,
    /// We are too fast: halve the pace.
    Pace,
    /// The connection; nothing is said about the person.
    Connection,
    /// Settings or credentials: stop the run, nobody is marked.
    Setup,
}
