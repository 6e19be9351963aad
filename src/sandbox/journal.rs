//! What the server saw, written down independently of whoever talked to it.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

/// The record of a server, shared by its clones; entries stand in the order in which they
/// happened.
#[derive(Clone, Default)]
pub struct Journal(Arc<Mutex<Vec<Entry>>>);

/// One thing the server saw.
#[derive(Clone, Debug)]
pub struct Entry {
    /// When, on the monotonic clock the server was given.
    pub at: Duration,
    /// On which connection, counted from 1.
    pub connection: u64,
    /// What.
    pub event: Event,
}

/// What the server saw.
#[derive(Clone, PartialEq, Eq)]
pub enum Event {
    /// A client connected.
    Opened,
    /// The TLS handshake succeeded.
    Secured,
    /// A command was understood; its verb in capitals, without arguments.
    Command(&'static str),
    /// A `RCPT` named this address, whatever the answer was.
    Recipient(String),
    /// The server took responsibility for a message. Recorded before the reply is sent: whether
    /// the client learns of it is another matter.
    Accepted {
        /// Number of the message, in the order of arrival; the name of its file.
        number: u64,
        /// Everybody it is for, in the order of their `RCPT`.
        recipients: Vec<String>,
        /// Size of the message.
        bytes: u64,
    },
    /// The client broke a rule of SMTP.
    Fault(&'static str),
    /// The connection is over.
    Closed,
}

/// Shows no address.
impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Opened => f.write_str("Opened"),
            Self::Secured => f.write_str("Secured"),
            Self::Command(verb) => write!(f, "Command({verb})"),
            Self::Recipient(_) => f.write_str("Recipient(..)"),
            Self::Accepted { number, recipients, bytes } => {
                write!(f, "Accepted({number}, {} recipients, {bytes} bytes)", recipients.len())
            }
            Self::Fault(what) => write!(f, "Fault({what})"),
            Self::Closed => f.write_str("Closed"),
        }
    }
}

impl Journal {
    /// An empty record.
    pub fn new() -> Self {
        Self::default()
    }

    pub(super) fn write(&self, entry: Entry) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(entry);
    }

    /// How many things the server has seen.
    pub fn len(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Whether it has seen nothing yet.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A copy of everything so far.
    pub fn entries(&self) -> Vec<Entry> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Each acceptance of each person: when, and for whom.
    pub fn accepted(&self) -> Vec<(Duration, String)> {
        let of = |entry: Entry| match entry.event {
            Event::Accepted { recipients, .. } => recipients,
            _ => Vec::new(),
        };
        self.entries()
            .into_iter()
            .flat_map(|entry| {
                let at = entry.at;
                of(entry).into_iter().map(move |recipient| (at, recipient))
            })
            .collect()
    }

    /// Everybody a `RCPT` named, each time it did.
    pub fn contacted(&self) -> Vec<String> {
        let of = |entry: Entry| match entry.event {
            Event::Recipient(address) => Some(address),
            _ => None,
        };
        self.entries().into_iter().filter_map(of).collect()
    }

    /// How often a command was given: `count("AUTH")`.
    pub fn count(&self, verb: &str) -> usize {
        let is = |entry: &Entry| matches!(entry.event, Event::Command(given) if given == verb);
        self.entries().iter().filter(|entry| is(entry)).count()
    }

    /// How many connections were opened.
    pub fn connections(&self) -> usize {
        self.entries().iter().filter(|entry| entry.event == Event::Opened).count()
    }

    /// The rules of SMTP that clients broke.
    pub fn faults(&self) -> Vec<&'static str> {
        let of = |entry: &Entry| match entry.event {
            Event::Fault(what) => Some(what),
            _ => None,
        };
        self.entries().iter().filter_map(of).collect()
    }
}
