//! What servers say where their codes say too little. Only lower-case phrases that real servers
//! use; what is not here is decided by the code alone.

use super::{Reply, redact::redact};

/// The text in lower case and without addresses: a person's name must not decide anything.
pub(super) struct Words(String);

impl Words {
    pub(super) fn of(reply: &Reply) -> Self {
        Self(redact(&reply.text).to_lowercase())
    }

    pub(super) fn any(&self, phrases: &[&str]) -> bool {
        phrases.iter().any(|phrase| self.0.contains(phrase))
    }

    /// "rate" counts as a word only (not in "temporarily generated"); what is said about one
    /// mailbox (4.2.x) or the recipients of one mail (4.5.3) is not about our speed, nor is
    /// greylisting.
    pub(super) fn too_fast(&self, reply: &Reply) -> bool {
        let rate =
            self.0.split(|c: char| !c.is_alphabetic()).any(|w| w == "rate" || w == "ratelimit");
        (rate || self.any(&TOO_FAST))
            && !self.any(&GREYLIST)
            && !matches!(reply.detail(), Some((2, _) | (5, 3)))
    }
}

const TOO_FAST: [&str; 6] =
    ["throttl", "too many", "too fast", "too quickly", "slow down", "rate-limit"];

const GREYLIST: [&str; 4] = ["greylist", "graylist", "grey list", "gray list"];

pub(super) const LOGIN: [&str; 5] = [
    "authentication required",
    "authentication is required",
    "must authenticate",
    "must be authenticated",
    "not authenticated",
];

pub(super) const RELAY: [&str; 11] = [
    "relaying denied",
    "relay denied",
    "relay access denied",
    "relaying not",
    "relaying is not",
    "relaying prohibited",
    "relay not permitted",
    "not permitted to relay",
    "not allowed to relay",
    "unable to relay",
    "cannot relay",
];

pub(super) const SENDER: [&str; 5] = [
    "sender address rejected",
    "sender rejected",
    "sender denied",
    "not owned by user",
    "not allowed to send as",
];

pub(super) const SIZE: [&str; 5] = [
    "message size exceeds",
    "message too big",
    "message too large",
    "message is too",
    "size limit",
];

/// A 50x to RCPT that is about the recipient: Postfix says `504 5.5.2 <x>: Recipient address
/// rejected`.
pub(super) const RECIPIENT: [&str; 3] = ["recipient", "mailbox", "user"];

pub(super) const NO_SUCH_USER: [&str; 16] = [
    "user unknown",
    "unknown user",
    "no such user",
    "user not found",
    "user does not exist",
    "no such mailbox",
    "mailbox not found",
    "mailbox unavailable",
    "mailbox does not exist",
    "no mailbox",
    "recipient unknown",
    "unknown recipient",
    "no such recipient",
    "recipient not found",
    "unknown local part",
    "unrouteable address",
];
