//! Whom to talk to, and how long to wait.

use std::{num::NonZeroU32, time::Duration};

use secrecy::SecretString;

use super::{Manners, Trust};

/// A relay and how to use it. Shared by all connections of a run.
#[derive(Clone, Debug)]
pub struct Relay {
    /// Host name or address literal; the certificate has to be for it.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// What we call ourselves in `EHLO`: a domain or an address literal.
    pub helo: String,
    /// User and password, if the relay wants them.
    pub login: Option<Login>,
    /// After so many messages the connection is closed and another one opened.
    pub messages_per_connection: NonZeroU32,
    /// How long each stage may take.
    pub timeouts: Timeouts,
    /// What has been learnt of the relay so far; [`Manners::default`] at first.
    pub manners: Manners,
}

/// How a connection is protected. There is no opportunistic TLS.
#[derive(Clone, Debug)]
pub enum Security {
    /// TLS from the first byte (RFC 8314 §3.3): `smtps://`.
    ImplicitTls(Trust),
    /// `STARTTLS` before anything else, or no mail (RFC 3207 §6): `smtp://`.
    StartTls(Trust),
    /// No TLS. Only for a relay on loopback; [`TcpDial`](super::TcpDial) refuses any other.
    Plain,
}

/// A user and a password. `Debug` shows neither.
#[derive(Clone)]
pub struct Login {
    /// The authentication identity (RFC 4616).
    pub user: String,
    /// Its password.
    pub password: SecretString,
}

impl std::fmt::Debug for Login {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Login { .. }")
    }
}

/// How long each stage may take. Each is a deadline for the whole stage, not an idle timer: a
/// server that sends a byte a second does not hold us.
///
/// The defaults are those of RFC 5321 §4.5.3.2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// Name and TCP, over all addresses of the host.
    pub connect: Duration,
    /// The TLS handshake.
    pub tls: Duration,
    /// The server's first line.
    pub greeting: Duration,
    /// A reply to `EHLO`, `STARTTLS`, `AUTH`.
    pub hello: Duration,
    /// The reply to `MAIL` (and `RSET`).
    pub mail: Duration,
    /// The reply to `RCPT`.
    pub rcpt: Duration,
    /// The reply to `DATA`.
    pub data: Duration,
    /// Writing one chunk of the body.
    pub body_chunk: Duration,
    /// The reply to the final dot. Waiting for less makes messages uncertain that were taken.
    pub dot: Duration,
    /// Good-bye.
    pub quit: Duration,
}

impl Timeouts {
    /// No answer is waited for longer than `most`, but for the one to the final dot: waiting for
    /// less there makes messages uncertain that were taken.
    #[must_use]
    pub fn at_most(self, most: Duration) -> Self {
        Self {
            connect: self.connect.min(most),
            tls: self.tls.min(most),
            greeting: self.greeting.min(most),
            hello: self.hello.min(most),
            mail: self.mail.min(most),
            rcpt: self.rcpt.min(most),
            data: self.data.min(most),
            ..self
        }
    }
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(30),
            tls: Duration::from_secs(30),
            greeting: Duration::from_mins(5),
            hello: Duration::from_mins(5),
            mail: Duration::from_mins(5),
            rcpt: Duration::from_mins(5),
            data: Duration::from_mins(2),
            body_chunk: Duration::from_mins(3),
            dot: Duration::from_mins(10),
            quit: Duration::from_secs(5),
        }
    }
}
