//! Where a mailing stands among those that belong together: an announcement, its corrections, its
//! cancellation.

use std::{collections::HashMap, sync::Arc};

use serde::{Deserialize, Serialize};

use crate::keys::PersonKey;

/// The people who have a campaign, or may have it, with the revision that they have.
pub type Received = Arc<HashMap<PersonKey, u32>>;

/// The place of one revision of a campaign in its thread.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thread {
    /// The campaign that began it: a calendar entry has the UID of that campaign, for good.
    pub root: String,
    /// The campaign whose readers it answers, each under their own message.
    pub follows: Option<String>,
    /// The revision, from 1. Each is a message of its own.
    pub revision: u32,
    /// `SEQUENCE` of the calendar entry (RFC 5545 §3.8.7.4): 0 first, more with every change.
    pub sequence: u32,
}

impl Thread {
    /// A campaign that answers nothing, as it is first sent.
    pub fn new(campaign: &str) -> Self {
        Self { root: campaign.to_owned(), follows: None, revision: 1, sequence: 0 }
    }
}

/// What the tokens of one revision's copies are made of: no two messages to one person may share
/// an id. No campaign is called so.
pub fn label(campaign: &str, revision: u32) -> String {
    match revision {
        1 => campaign.to_owned(),
        _ => format!("{campaign}#{revision}"),
    }
}
