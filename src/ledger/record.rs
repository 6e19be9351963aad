//! The rows of the ledger as the rest of the program sees them.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::{audience::SkipReason, campaign::status::Status, deliver::Stage, keys::PersonKey};

/// What a campaign is made of, stored whole so that a resume needs no file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frozen {
    /// Campaign id (the draft's slug, or `--as`).
    pub id: String,
    /// SHA-256 over everything that shapes a message, lower-case hex.
    pub digest: String,
    /// The inputs, serialised by `campaign` (expanded templates, attachments, settings).
    pub inputs: Vec<u8>,
    /// The subject, with `…` where it shows something of a person.
    pub subject: String,
    /// All that shaped it, to say later what has changed.
    pub exhibit: Vec<u8>,
    /// Its number in its thread: that of the calendar entry.
    pub sequence: u32,
    /// The campaign that it follows.
    pub follows: Option<Follows>,
    /// The lists it is for.
    pub lists: Vec<String>,
    /// Whether it goes to a part of them only.
    pub narrowed: bool,
    /// Ids of the checks whose errors were passed over.
    pub passed_over: Vec<String>,
    /// When it was frozen.
    pub at: Timestamp,
    /// Rows that get nothing, counted by reason; their people get no row unless they have a key.
    pub skipped: BTreeMap<SkipReason, u64>,
    /// All rows read, planned and skipped.
    pub rows: u64,
}

/// What a campaign that follows another is to those who got that one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Follows {
    /// The campaign that it follows.
    pub campaign: String,
    /// What it is.
    pub relation: Relation,
}

/// What a follow-up is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// Another message about the same.
    FollowUp,
    /// It says what has changed of an event.
    Correction,
    /// It says that an event does not take place.
    Cancellation,
}

impl Relation {
    /// As programs read it.
    pub fn word(self) -> &'static str {
        match self {
            Self::FollowUp => "follow_up",
            Self::Correction => "correction",
            Self::Cancellation => "cancellation",
        }
    }
}

/// Another text for a campaign that has been frozen: a revision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    /// As [`Frozen::digest`].
    pub digest: String,
    /// As [`Frozen::inputs`].
    pub inputs: Vec<u8>,
    /// As [`Frozen::subject`].
    pub subject: String,
    /// As [`Frozen::exhibit`].
    pub exhibit: Vec<u8>,
    /// As [`Frozen::sequence`].
    pub sequence: u32,
}

/// Recipients as they are read and sealed.
pub type Recipients = Box<dyn Iterator<Item = Result<Recipient, super::Error>> + Send>;

/// What becomes of those who have not got a campaign when what it says has changed.
pub enum Amendment {
    /// They get this text instead, once somebody resumes the campaign. Whoever is not among the
    /// people any more is skipped.
    Revise(Revision, Recipients),
    /// They get nothing, and nobody gets it any more.
    CallOff,
}

/// A planned delivery, for freezing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    /// Who.
    pub person: PersonKey,
    /// Address and needed columns, sealed.
    pub sealed: Vec<u8>,
}

/// A campaign as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CampaignRecord {
    /// Its id.
    pub id: String,
    /// The revision in force, from 1.
    pub revision: u32,
    /// Digest of that revision.
    pub digest: String,
    /// Its number in its thread.
    pub sequence: u32,
    /// The campaign that it follows.
    pub follows: Option<Follows>,
    /// Whether it goes to nobody any more: it was called off, or what it says was overtaken.
    pub called_off: bool,
    /// Where it stands.
    pub state: CampaignState,
    /// When it was frozen.
    pub frozen_at: Timestamp,
    /// When its state last changed.
    pub changed_at: Timestamp,
}

/// Where a campaign stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CampaignState {
    /// Stored, not started.
    Frozen,
    /// Being sent, or to be continued (crashed, capped, deferred).
    Running,
    /// Every delivery is in a final state.
    Finished,
    /// Needs a person to go on.
    Paused(String),
    /// Was due and did not start; needs a person.
    Held(String),
}

/// Names one delivery in the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Delivery(pub i64);

/// A delivery taken by this run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claimed {
    /// Its row.
    pub delivery: Delivery,
    /// Who.
    pub person: PersonKey,
    /// Revision whose inputs it is rendered with: the one in force.
    pub revision: u32,
    /// Address and needed columns, sealed.
    pub sealed: Vec<u8>,
    /// Tries before this one.
    pub attempts: u32,
    /// When the first try began: the message's `Date` from then on.
    pub first_attempt_at: Option<Timestamp>,
}

/// Where one person of a campaign stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Who.
    pub person: PersonKey,
    /// The revision that they get or have.
    pub revision: u32,
    /// Where.
    pub status: Status,
    /// Tries so far.
    pub attempts: u32,
    /// When the first try began.
    pub first_attempt_at: Option<Timestamp>,
    /// Address and columns, sealed, until nobody needs them any more.
    pub sealed: Option<Vec<u8>>,
}

/// The record of one try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended.
    pub ended_at: Timestamp,
    /// The delivery's status after it.
    pub status: Status,
    /// How far the conversation came.
    pub stage: Stage,
    /// The reply's code.
    pub code: Option<u16>,
    /// The reply's enhanced code.
    pub enhanced: Option<String>,
    /// The reply's text or our reason, addresses redacted.
    pub reply: String,
    /// The relay's name for the message.
    pub queue_id: Option<String>,
    /// Put the person on the suppression list in the same transaction.
    pub suppress: Option<SuppressionReason>,
}

/// How a try reads in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum AttemptStatus {
    /// The relay took it.
    Accepted,
    /// Later.
    Deferred,
    /// Never.
    Rejected,
    /// Nobody can know.
    Uncertain,
    /// A test mail.
    Test,
    /// No try: a person decided that an uncertain one arrived.
    Assumed,
    /// No try: a person decided that an uncertain one is to be sent again.
    Resend,
}

/// A line of the delivery log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogEntry {
    /// When the try ended.
    pub at: Timestamp,
    /// Campaign id; empty for a test.
    pub campaign: String,
    /// Who.
    pub person: PersonKey,
    /// Which try, from 1.
    pub attempt: u32,
    /// What became of it.
    pub status: AttemptStatus,
    /// How far it came.
    pub stage: Stage,
    /// The reply's code.
    pub code: Option<u16>,
    /// The reply's enhanced code.
    pub enhanced: Option<String>,
    /// The reply's text or our reason.
    pub reply: String,
    /// The relay's name for the message.
    pub queue_id: Option<String>,
}

/// Which tries a log shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogFilter {
    /// One campaign.
    pub campaign: Option<String>,
    /// One person.
    pub person: Option<PersonKey>,
}

/// The books of a campaign: `planned = accepted + rejected + deferred + uncertain + pending` and
/// `rows = planned + skipped`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Books {
    /// Rows read from the lists, people added by a later `send` included.
    pub rows: u64,
    /// The relay took it.
    pub accepted: u64,
    /// Refused for good.
    pub rejected: u64,
    /// Refused for now.
    pub deferred: u64,
    /// Nobody can know.
    pub uncertain: u64,
    /// Planned, claimed or committing.
    pub pending: u64,
    /// The committing ones among the pending: their bodies may be with the relay.
    pub committing: u64,
    /// Rows that get nothing, by reason.
    pub skipped: BTreeMap<SkipReason, u64>,
}

impl Books {
    /// Everybody who is to get it or has been tried.
    pub fn planned(&self) -> u64 {
        self.accepted + self.rejected + self.deferred + self.uncertain + self.pending
    }

    /// The same when no run is at work: whoever was committing is uncertain, though no run has
    /// come to say so.
    #[must_use]
    pub fn left_alone(self) -> Self {
        Self {
            uncertain: self.uncertain + self.committing,
            pending: self.pending - self.committing,
            committing: 0,
            ..self
        }
    }

    /// Deliveries that still have to be made.
    pub fn open(&self) -> u64 {
        self.pending + self.deferred
    }
}

/// What recovery found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Recovered {
    /// Claimed deliveries that are planned again.
    pub released: u64,
    /// Committing deliveries that are uncertain now.
    pub uncertain: u64,
}

/// What a person makes of deliveries whose fate nobody can know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settlement {
    /// They count as accepted, and their seals are erased.
    AssumeSent,
    /// They are planned again, with the date, and so the bytes, of the first try.
    Resend,
}

/// An entry of the suppression list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Suppression {
    /// Who.
    pub person: PersonKey,
    /// Why.
    pub reason: SuppressionReason,
    /// Since when.
    pub at: Timestamp,
}

impl SuppressionReason {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Unsubscribed, Self::Bounced, Self::Complained, Self::Manual];

    /// As it is written.
    pub fn word(self) -> &'static str {
        match self {
            Self::Unsubscribed => "unsubscribed",
            Self::Bounced => "bounced",
            Self::Complained => "complained",
            Self::Manual => "manual",
        }
    }
}

/// Why somebody is never mailed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SuppressionReason {
    /// Asked for it.
    Unsubscribed,
    /// The address is dead.
    Bounced,
    /// Reported us.
    Complained,
    /// Put there by staff.
    Manual,
}
