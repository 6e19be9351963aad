//! What kind of server the sandbox is.

use std::{
    fmt,
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use rustls::ServerConfig;

use super::{Journal, Script, Store};

/// How a sandbox behaves. [`Options::new`] is the relay one would wish for: everything offered,
/// nothing asked.
pub struct Options {
    /// Where to listen: a loopback address; port 0 takes any free one.
    pub bind: SocketAddr,
    /// Where caught mail goes.
    pub store: Store,
    /// How connections are encrypted.
    pub tls: Tls,
    /// Who may send; anybody when `None`.
    pub auth: Option<Auth>,
    /// What `EHLO` offers besides TLS and AUTH, in this order.
    pub extensions: Vec<Extension>,
    /// What the server does differently.
    pub script: Script,
    /// Writes down what the server saw.
    pub journal: Option<Journal>,
    /// How long every reply is on its way, as if the client were far; replies that leave together
    /// are on their way together.
    pub latency: Duration,
    /// Connections served at a time; one more is told 421.
    pub connections: usize,
}

impl Options {
    /// A plain server on any free port of 127.0.0.1.
    pub fn new(store: Store) -> Self {
        Self {
            bind: (Ipv4Addr::LOCALHOST, 0).into(),
            store,
            tls: Tls::None,
            auth: None,
            extensions: Extension::ALL.to_vec(),
            script: Script::default(),
            journal: None,
            latency: Duration::ZERO,
            connections: 1024,
        }
    }
}

/// How connections are encrypted.
#[derive(Clone)]
pub enum Tls {
    /// Not at all.
    None,
    /// From the first byte (RFC 8314 §3.3).
    Implicit(Arc<ServerConfig>),
    /// After `STARTTLS`, without which nothing is taken (RFC 3207).
    StartTls(Arc<ServerConfig>),
}

/// The one account that may send (RFC 4954).
#[derive(Clone)]
pub struct Auth {
    /// Its name.
    pub user: String,
    /// Its password.
    pub password: String,
    /// How it may be proved.
    pub mechanisms: Vec<Mechanism>,
}

/// How a password is presented.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mechanism {
    /// RFC 4616: name and password in one go.
    Plain,
    /// Name, then password, each on request. Never a standard, but everywhere.
    Login,
}

/// As `EHLO` names it.
impl fmt::Display for Mechanism {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Plain => "PLAIN",
            Self::Login => "LOGIN",
        })
    }
}

/// A service extension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extension {
    /// RFC 2920: commands in groups.
    Pipelining,
    /// RFC 1870: the largest message, in bytes.
    Size(u64),
    /// RFC 6152: bytes above 127 in the body.
    EightBitMime,
    /// RFC 6531: addresses and headers in UTF-8.
    SmtpUtf8,
    /// RFC 2034: codes such as 5.1.1 in replies.
    EnhancedStatusCodes,
}

impl Extension {
    /// Everything the server can do, with a size limit of 35 MiB, which is what large providers
    /// take.
    pub const ALL: [Self; 5] = [
        Self::Pipelining,
        Self::Size(35 * 1024 * 1024),
        Self::EightBitMime,
        Self::SmtpUtf8,
        Self::EnhancedStatusCodes,
    ];

    /// Its name, without a parameter.
    pub fn keyword(self) -> &'static str {
        match self {
            Self::Pipelining => "PIPELINING",
            Self::Size(_) => "SIZE",
            Self::EightBitMime => "8BITMIME",
            Self::SmtpUtf8 => "SMTPUTF8",
            Self::EnhancedStatusCodes => "ENHANCEDSTATUSCODES",
        }
    }
}

/// As `EHLO` names it.
impl fmt::Display for Extension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.keyword())?;
        if let Self::Size(bytes) = self {
            write!(f, " {bytes}")?;
        }
        Ok(())
    }
}
