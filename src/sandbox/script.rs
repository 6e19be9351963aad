//! What the server does differently, and when.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use crate::deliver::Stage;

/// One thing the server does in place of its usual answer. A list of them is played in order.
///
/// What the client asked for takes effect (the recipient counts, the message is kept) if the
/// answer it gets is positive: [`Act::Usual`] when that is, or bytes that begin with `2` (`3` for
/// DATA). [`Act::Keep`] makes it take effect without an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// The usual answer.
    Usual,
    /// These bytes and nothing else: the CRLF, if there is to be one, is among them.
    Send(Vec<u8>),
    /// These bytes one by one, with a pause after each.
    Drip(Vec<u8>, Duration),
    /// Sends what has been said so far, then waits. A wait of zero splits an answer into two writes.
    Wait(Duration),
    /// Takes the message (or whatever was asked), without a word.
    Keep,
    /// Hangs up, with what the client still sends unread.
    Drop,
    /// Hangs up in good order: the client can read everything that was said.
    Close,
    /// Says nothing more, but reads until the client hangs up.
    Hang,
}

impl Act {
    /// A reply of one line, without its CRLF.
    pub fn reply(line: &str) -> Self {
        Self::Send(format!("{line}\r\n").into_bytes())
    }
}

/// When to act, and how. It fits every connection, message and recipient at its stage until it is
/// narrowed.
///
/// At [`Stage::Connect`] nothing has been said, nor encrypted; [`Stage::Auth`] is the verdict on
/// the password; at [`Stage::Body`] the usual is to go on reading.
#[derive(Debug)]
pub struct Rule {
    stage: Stage,
    connection: Option<u64>,
    message: Option<u64>,
    recipient: Option<String>,
    after: usize,
    until: Option<Duration>,
    left: Option<AtomicU32>,
    acts: Arc<[Act]>,
}

impl Rule {
    /// At this stage, play these acts.
    pub fn at(stage: Stage, acts: impl Into<Arc<[Act]>>) -> Self {
        Self {
            stage,
            connection: None,
            message: None,
            recipient: None,
            after: 0,
            until: None,
            left: None,
            acts: acts.into(),
        }
    }

    /// At this stage, answer with this line.
    pub fn reply(stage: Stage, line: &str) -> Self {
        Self::at(stage, [Act::reply(line)])
    }

    /// Only on this connection, counted from 1.
    #[must_use]
    pub fn connection(mut self, number: u64) -> Self {
        self.connection = Some(number);
        self
    }

    /// Only from MAIL to dot of this message of a connection, counted from 1 by MAIL commands.
    #[must_use]
    pub fn message(mut self, number: u64) -> Self {
        self.message = Some(number);
        self
    }

    /// Only from RCPT to dot of a message for this address, in upper or lower case.
    #[must_use]
    pub fn recipient(mut self, address: &str) -> Self {
        self.recipient = Some(address.to_owned());
        self
    }

    /// At [`Stage::Body`]: once so many bytes of the body have been read. Of a body that ends
    /// earlier nothing is noticed.
    #[must_use]
    pub fn after_bytes(mut self, count: usize) -> Self {
        self.after = count;
        self
    }

    /// Only until the server's monotonic clock shows this.
    #[must_use]
    pub fn until(mut self, end: Duration) -> Self {
        self.until = Some(end);
        self
    }

    /// Only the first so many times it fits.
    #[must_use]
    pub fn times(mut self, count: u32) -> Self {
        self.left = Some(AtomicU32::new(count));
        self
    }

    fn fits(&self, step: &Step<'_>) -> bool {
        let is_recipient = |address: &String| {
            step.recipients.iter().any(|recipient| recipient.eq_ignore_ascii_case(address))
        };
        self.stage == step.stage
            && self.connection.is_none_or(|number| number == step.connection)
            && self.message.is_none_or(|number| number == step.message)
            && self.recipient.as_ref().is_none_or(is_recipient)
            && self.until.is_none_or(|end| step.now < end)
    }

    /// Uses up one of its times.
    fn take_turn(&self) -> bool {
        let less = |left: u32| left.checked_sub(1);
        self.left
            .as_ref()
            .is_none_or(|left| left.try_update(Ordering::Relaxed, Ordering::Relaxed, less).is_ok())
    }
}

/// The rules of a server; the first one that fits is played.
#[derive(Debug, Default)]
pub struct Script(Vec<Rule>);

impl Script {
    /// No rules.
    pub fn new() -> Self {
        Self::default()
    }

    /// One more rule, looked at after those before it.
    #[must_use]
    pub fn rule(mut self, rule: Rule) -> Self {
        self.0.push(rule);
        self
    }

    pub(super) fn play(&self, step: &Step<'_>) -> Option<Play> {
        let rule = self.0.iter().find(|rule| rule.fits(step) && rule.take_turn())?;
        Some(Play { acts: rule.acts.clone(), after: rule.after })
    }
}

/// Where a conversation is.
#[derive(Clone, Copy)]
pub(super) struct Step<'a> {
    pub(super) stage: Stage,
    pub(super) connection: u64,
    /// 0 outside of messages.
    pub(super) message: u64,
    /// At RCPT the one it is about.
    pub(super) recipients: &'a [String],
    pub(super) now: Duration,
}

/// What to play.
#[derive(Debug)]
pub(super) struct Play {
    pub(super) acts: Arc<[Act]>,
    /// Bytes of the body to read before, at [`Stage::Body`].
    pub(super) after: usize,
}
