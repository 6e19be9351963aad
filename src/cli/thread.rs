//! Campaigns that belong together: an announcement, and all that was said about it since.

use jiff::Timestamp;
use serde_json::Value;

use super::{
    Exit, Fault, changed::still, followed::Followed, newsroom::Newsroom, runtime::block_on, sending,
};
use crate::{
    approval::Exhibit,
    campaign::Thread,
    ledger::{CampaignRecord, Ledger as _, Relation, SqliteLedger},
};

/// A campaign that something is to be said about, which no run has in hand.
pub(super) fn sent(newsroom: &Newsroom, id: &str) -> Result<CampaignRecord, Fault> {
    let record = block_on(async {
        let ledger = newsroom.existing_ledger()?;
        match ledger.campaign(id).await? {
            Some(record) => Ok(record),
            None => Err(newsroom.unknown_campaign(&ledger, id).await),
        }
    })?;
    if newsroom.sending()?.as_deref() == Some(id) {
        let hint = format!(
            "`announce stop {id}` first: whoever has not got it by then gets it as it is now, and \
             needs no correction"
        );
        return Err(Fault::with_hint(Exit::TryAgain, format!("`{id}` is being sent now"), hint));
    }
    Ok(record)
}

/// The number of the next mailing of a thread.
pub(super) fn next_sequence(thread: &[CampaignRecord]) -> u32 {
    thread.iter().map(|record| record.sequence + 1).max().unwrap_or_default()
}

/// The campaign that first told of the event that this one tells of.
pub(super) fn root<'a>(thread: &'a [CampaignRecord], id: &'a str) -> &'a str {
    let follows =
        thread.iter().find(|record| record.id == id).and_then(|found| found.follows.as_ref());
    match follows.filter(|follows| follows.relation != Relation::FollowUp) {
        Some(follows) => root(thread, &follows.campaign),
        None => id,
    }
}

/// Each campaign of a thread with the text that is in force.
pub(super) fn revisions(thread: &[CampaignRecord]) -> Vec<(&str, u32)> {
    thread.iter().map(|record| (record.id.as_str(), record.revision)).collect()
}

/// Refuses to say anything more about an event that was called off. `campaign` is what would be
/// sent, `about` the one that told of the event; a plain message to the same people may still go.
pub(super) fn refuse_cancelled(
    campaign: &str,
    about: &str,
    thread: &[CampaignRecord],
) -> Result<(), Fault> {
    let first = root(thread, about);
    let is_cancellation = |record: &&CampaignRecord| {
        record.follows.as_ref().is_some_and(|follows| follows.relation == Relation::Cancellation)
            && root(thread, &record.id) == first
    };
    let Some(cancelled) = thread.iter().filter(is_cancellation).find(|found| found.id != campaign)
    else {
        return Ok(());
    };
    let message = format!("the event of `{first}` was cancelled by `{}`", cancelled.id);
    let hint = "a new date is a new event: write a new draft for it";
    Err(Fault::with_hint(Exit::Refused, format!("{message}: nothing was sent"), hint))
}

/// The corrections of a campaign, oldest first.
pub(super) fn corrections<'a>(
    thread: &'a [CampaignRecord],
    id: &'a str,
) -> impl Iterator<Item = &'a CampaignRecord> {
    thread.iter().filter(move |record| {
        let follows = record.follows.as_ref().filter(|follows| follows.campaign == id);
        follows.is_some_and(|follows| follows.relation == Relation::Correction)
    })
}

/// Refuses to change the text of a campaign while a correction of it is still to reach somebody: it
/// would never reach them, and nothing else would tell them.
pub(super) fn refuse_overtaking(
    newsroom: &Newsroom,
    id: &str,
    thread: &[CampaignRecord],
) -> Result<(), Fault> {
    let Some((id, open)) = unfinished_correction(newsroom, id, thread)? else { return Ok(()) };
    let message = format!("{} to hear of the change that `{id}` tells of", still(open));
    Err(Fault::with_hint(Exit::Refused, message, format!("`announce resume {id}` first")))
}

/// The correction of a campaign that is still to reach somebody, and how many.
pub(super) fn unfinished_correction(
    newsroom: &Newsroom,
    id: &str,
    thread: &[CampaignRecord],
) -> Result<Option<(String, u64)>, Fault> {
    block_on(async {
        let ledger = newsroom.ledger()?;
        for record in corrections(thread, id) {
            let open = ledger.books(&record.id).await?.open();
            if open > 0 {
                return Ok(Some((record.id.clone(), open)));
            }
        }
        Ok(None)
    })
}

impl Newsroom {
    /// The place of a campaign in its thread, as `send` sends it.
    pub(super) fn thread_of(
        &self,
        campaign: &str,
        digest: &str,
        followed: Option<&Followed>,
    ) -> Result<Thread, Fault> {
        let fresh =
            || followed.map_or_else(|| Thread::new(campaign), |followed| followed.next(campaign));
        if !self.has_ledger()? {
            return Ok(fresh());
        }
        block_on(async {
            let ledger = self.ledger()?;
            let Some(record) = ledger.campaign(campaign).await? else { return Ok(fresh()) };
            if record.digest != digest {
                // A rehearsal begins anew, and what is sent cannot say something else: this is
                // another revision, or nothing.
                return match self.rehearses() {
                    true => Ok(fresh()),
                    false => revised(&ledger, &record).await,
                };
            }
            place(&ledger, &record).await
        })
    }

    /// The campaigns that belong together with this one, oldest first.
    pub(super) fn thread(&self, id: &str) -> Result<Vec<CampaignRecord>, Fault> {
        block_on(async { Ok(self.ledger()?.thread(id).await?) })
    }

    /// What the stamp of a campaign's calendar entry is counted from.
    pub(super) fn since_of(&self, record: &CampaignRecord) -> Result<Option<Timestamp>, Fault> {
        block_on(async {
            let inputs = sending::frozen_inputs(&self.ledger()?, record).await?;
            Ok(inputs.calendar.map(|entry| entry.since))
        })
    }

    /// The place of the next revision of a campaign.
    pub(super) fn thread_of_revision(&self, record: &CampaignRecord) -> Result<Thread, Fault> {
        block_on(async { revised(&self.ledger()?, record).await })
    }
}

/// What people were told by a revision of a campaign.
pub(super) async fn told(
    ledger: &SqliteLedger,
    campaign: &str,
    revision: u32,
) -> Result<Exhibit, Fault> {
    let frozen = ledger.exhibit(campaign, revision).await?;
    Exhibit::from_bytes(&frozen).map_err(|error| {
        let hint = "restore the ledger from its backup";
        Fault::with_hint(Exit::Configuration, error.to_string(), hint)
    })
}

/// Whether a campaign has put its event into calendars: an entry that is there is to be brought up to
/// date, whatever its draft says by now.
pub(super) async fn is_in_calendars(
    ledger: &SqliteLedger,
    record: &CampaignRecord,
) -> Result<bool, Fault> {
    for revision in 1..=record.revision {
        let front = told(ledger, &record.id, revision).await?.shape.front_matter;
        if front.get("calendar") != Some(&Value::Bool(false)) {
            return Ok(true);
        }
    }
    Ok(false)
}

async fn revised(ledger: &SqliteLedger, record: &CampaignRecord) -> Result<Thread, Fault> {
    let sequence = next_sequence(&ledger.thread(&record.id).await?);
    Ok(Thread { revision: record.revision + 1, sequence, ..place(ledger, record).await? })
}

async fn place(ledger: &SqliteLedger, record: &CampaignRecord) -> Result<Thread, Fault> {
    let thread = ledger.thread(&record.id).await?;
    let root = root(&thread, &record.id).to_owned();
    let follows = record.follows.as_ref().map(|follows| follows.campaign.clone());
    Ok(Thread { root, follows, revision: record.revision, sequence: record.sequence })
}
