//! What `announce.toml` says, typed.

use std::{collections::BTreeMap, fmt, path::PathBuf, time::Duration};

use jiff::tz::TimeZone;

use super::{PasswordSource, Server, mask, read};
use crate::{
    approval,
    check::Policy,
    deliver::Limit,
    diagnostic::{Diagnostic, Source},
};

/// The whole file. Relative paths count from the workspace; domains of addresses are A-labels.
#[derive(Clone)]
pub struct Settings {
    /// Who sends.
    pub sender: Sender,
    /// Through which server.
    pub smtp: Smtp,
    /// How fast.
    pub pace: Pace,
    /// The lists by name.
    pub lists: BTreeMap<String, List>,
    /// How people leave.
    pub unsubscribe: Unsubscribe,
    /// Mailbox for bounces; return paths are made from it. The sender's address when absent.
    pub bounces: Option<String>,
    /// Where the workspace's secret is kept, when not in `.announce/secret`.
    pub secret_file: Option<PathBuf>,
    /// What this house makes of the checks.
    pub check: Policy,
    /// Whether somebody has to approve a draft, and who may.
    pub approval: approval::Policy,
}

impl Settings {
    /// Reads `announce.toml`. Every fault is reported, each with its place and what to do. A
    /// password in the text is masked before anything can show it.
    pub fn parse(source: Source) -> Result<Self, Vec<Diagnostic>> {
        read::settings(&mask::secrets(&source))
    }
}

/// Shows no address.
impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings").field("pace", &self.pace).finish_non_exhaustive()
    }
}

/// `[sender]`: who sends.
#[derive(Clone)]
pub struct Sender {
    /// Display name.
    pub name: String,
    /// The `From` address.
    pub address: String,
    /// The `Reply-To` address.
    pub reply_to: Option<String>,
    /// Where the sender can be reached by post; laws on bulk mail ask for it.
    pub postal_address: String,
    /// What local times are local to.
    pub timezone: TimeZone,
    /// BCP 47 language of drafts that name none; `en` unless written.
    pub language: String,
}

impl Sender {
    /// The domain of [`Sender::address`], an A-label (RFC 5890 §2.3.2.1).
    pub fn domain(&self) -> String {
        self.address.rsplit('@').next().unwrap_or_default().to_owned()
    }
}

/// `[smtp]`: through which server.
#[derive(Clone)]
pub struct Smtp {
    /// The sandbox or a relay.
    pub server: Server,
    /// What we call ourselves after `EHLO`: a domain or an address literal (RFC 5321 §4.1.3).
    pub helo: String,
    /// Where the password comes from, for a relay with a user.
    pub password: PasswordSource,
    /// Sessions at the same time, 1 to 64.
    pub connections: usize,
    /// Messages after which a session is closed and opened anew.
    pub messages_per_connection: usize,
    /// Longest wait for an answer before a message is handed over; the minutes of RFC 5321
    /// §4.5.3.2 when absent.
    pub timeout: Option<Duration>,
    /// PEM file of a private certificate authority, trusted beside the public ones.
    pub ca_file: Option<PathBuf>,
}

/// `[pace]`: how fast.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pace {
    /// Every one holds. A relay without a limit in the file gets `5/s`, the sandbox none.
    pub limits: Vec<Limit>,
    /// More limits for recipients at these domains (A-labels, lower case).
    pub domains: BTreeMap<String, Limit>,
}

/// One of `[lists]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List {
    /// The CSV file.
    pub file: PathBuf,
    /// The address column, where the header does not say it.
    pub email: Option<String>,
    /// Why people get this, a sentence for the footer.
    pub title: String,
}

/// `[unsubscribe]`: how people leave. At least one is there.
#[derive(Clone)]
pub struct Unsubscribe {
    /// Mailbox that takes requests (RFC 2369 §3.2).
    pub mailto: Option<String>,
    /// Begin of the link that a token is appended to (RFC 8058): `https://…/u/`.
    pub url: Option<String>,
}
