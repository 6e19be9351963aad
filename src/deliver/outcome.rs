//! What became of one try.

use std::fmt;

use super::{Reply, classify::TOO_BIG};
use crate::compose::Envelope;

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

/// What became of one try for one person. Only a try that ended after
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
    /// has to stop or pause, as [`Failure::scope`] says. A person at whom the connection ends at
    /// [`Stage::Rcpt`] or [`Stage::Data`] a second time is better deferred: the address may be the
    /// cause.
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

impl Failure {
    /// Whether the message is bigger than the server takes, so that it will never go as it is.
    pub fn is_too_big(&self) -> bool {
        self.reason == TOO_BIG
    }
}

/// What a failure says when it is shown: our reason, then the server's words.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)?;
        match &self.reply {
            Some(reply) => write!(f, " (the server said `{reply}`)"),
            None => Ok(()),
        }
    }
}

impl Outcome {
    /// The same outcome, with the addresses taken out of the server's words
    /// ([`Reply::redacted`]): transports hand out nothing else.
    #[must_use]
    pub fn redacted(self, envelope: &Envelope) -> Self {
        let clean = |failure: Failure| Failure {
            reply: failure.reply.map(|reply| reply.redacted(envelope)),
            ..failure
        };
        match self {
            Self::Accepted(reply) => Self::Accepted(reply.redacted(envelope)),
            Self::Deferred(failure) => Self::Deferred(clean(failure)),
            Self::Rejected(failure) => Self::Rejected(clean(failure)),
            Self::Uncertain(failure) => Self::Uncertain(clean(failure)),
            Self::NotTried(failure) => Self::NotTried(clean(failure)),
        }
    }

    /// Why it was not accepted.
    pub fn failure(&self) -> Option<&Failure> {
        match self {
            Self::Accepted(_) => None,
            Self::Deferred(failure)
            | Self::Rejected(failure)
            | Self::Uncertain(failure)
            | Self::NotTried(failure) => Some(failure),
        }
    }
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
