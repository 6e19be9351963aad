//! Whom a draft is for that follows a campaign: those who got that one, and nobody else.

use std::{collections::HashSet, sync::Arc};

use jiff::civil;

use super::{
    Exit, Fault, audience::reader, changed::still, newsroom::Newsroom, receipt, runtime::block_on,
    sending,
};
use crate::{
    campaign::{Received, Thread},
    config::ListFile,
    diagnostic::{Diagnostic, Spanned, closest},
    draft::{Draft, Timing},
    keys::{Keys, PersonKey},
    ledger::{CampaignRecord, Follows, Ledger as _, Relation, SqliteLedger},
};

/// A campaign that a draft follows.
#[derive(Clone)]
pub(super) struct Followed {
    /// The campaign, and what the draft is to it.
    pub(super) follows: Follows,
    /// As it stood when this was read.
    pub(super) record: CampaignRecord,
    /// Who has it, or may have it.
    pub(super) received: Received,
    /// Who is still to get it.
    pub(super) open: HashSet<PersonKey>,
    /// All campaigns of the thread, oldest first.
    pub(super) thread: Vec<CampaignRecord>,
    /// Path of its draft, as shown.
    pub(super) draft: String,
    /// The lists that it was for.
    lists: Vec<String>,
}

/// Where the people of a follow-up were found.
pub(super) struct Found {
    /// The lists, in order, that have somebody as the first.
    pub(super) files: Vec<ListFile>,
    /// Those who are on no list any more.
    pub(super) gone: u64,
}

/// What a draft is to the campaign that it follows.
pub(super) fn relation(draft: &Draft) -> Relation {
    let fields = &draft.front.fields;
    let is_true = |key: &str| fields.get(key).and_then(serde_json::Value::as_bool) == Some(true);
    // A report of an event that was is no change of it.
    match draft.front.announces && fields.get("event").is_some_and(serde_json::Value::is_object) {
        _ if is_true("cancelled") => Relation::Cancellation,
        true => Relation::Correction,
        false => Relation::FollowUp,
    }
}

impl Followed {
    /// Whether nothing has happened to it since it was read.
    pub(super) async fn still_stands(&self, ledger: &SqliteLedger) -> Result<(), Fault> {
        let id = &self.follows.campaign;
        let is_same = *self.received == ledger.received(id).await?
            && self.open == open(ledger, id).await?
            && self.thread.len() == ledger.thread(id).await?.len();
        if is_same {
            return Ok(());
        }
        Err(went_on(id))
    }

    /// When its draft was due, if that still says so.
    pub(super) fn send_at(&self, newsroom: &Newsroom) -> Option<civil::DateTime> {
        let workspace = newsroom.workspace();
        let file = workspace.draft_text(&self.draft, workspace.root()).ok()?;
        Timing::read(&file.source).ok()?.send_at
    }

    /// The place that its draft has in the thread when it is first sent.
    pub(super) fn next(&self) -> Thread {
        let root = self.thread.first().unwrap_or(&self.record);
        Thread {
            root: root.id.clone(),
            follows: Some(self.follows.campaign.clone()),
            revision: 1,
            sequence: next_sequence(&self.thread),
        }
    }

    /// Looks for its people in every list: those that the draft names first, those of the campaign,
    /// then all others.
    pub(super) fn find(
        &self,
        newsroom: &Newsroom,
        draft: &Draft,
        keys: &Keys,
    ) -> Result<Found, Fault> {
        let first = draft.front.lists.iter().map(|list| &list.value).chain(&self.lists);
        let mut names: Vec<&String> = Vec::new();
        for name in first.chain(newsroom.settings().lists.keys()) {
            if newsroom.settings().lists.contains_key(name) && !names.contains(&name) {
                names.push(name);
            }
        }
        let mut missing: HashSet<PersonKey> = self.received.keys().copied().collect();
        let mut files = Vec::new();
        for (position, name) in names.into_iter().enumerate() {
            if missing.is_empty() && position > 0 {
                break;
            }
            let file = newsroom.workspace().list(name).map_err(|fault| refused(&fault))?;
            let before = missing.len();
            for row in reader(&file).map_err(|fault| refused(&fault))? {
                if let Ok(address) = row.map_err(|fault| refused(&fault))?.address {
                    missing.remove(&keys.person(&address));
                }
            }
            // With nobody left anywhere, a first list still says what the mail would look like.
            if missing.len() < before || position == 0 && self.received.is_empty() {
                files.push(file);
            }
        }
        Ok(Found { files, gone: missing.len() as u64 })
    }
}

/// Somebody has sent more of a campaign since it was looked at.
pub(super) fn went_on(id: &str) -> Fault {
    let message = format!("`{id}` went on meanwhile: nothing was sent");
    Fault::with_hint(Exit::Refused, message, "run the same again to see who has it now")
}

fn refused(fault: &Diagnostic) -> Fault {
    Fault::refused(vec![fault.clone()])
}

/// The number of the next mailing of a thread.
pub(super) fn next_sequence(thread: &[CampaignRecord]) -> u32 {
    thread.iter().map(|record| record.sequence + 1).max().unwrap_or_default()
}

/// The campaign that called the event of a thread off, if one did.
pub(super) fn cancelled_by(thread: &[CampaignRecord]) -> Option<&CampaignRecord> {
    let is_cancellation = |record: &&CampaignRecord| {
        record.follows.as_ref().is_some_and(|follows| follows.relation == Relation::Cancellation)
    };
    thread.iter().find(is_cancellation)
}

/// Refuses to say anything more about an event that was called off. `campaign` is what would be
/// sent; a plain message to the same people may still go.
pub(super) fn refuse_cancelled(
    campaign: &str,
    relation: Option<Relation>,
    thread: &[CampaignRecord],
) -> Result<(), Fault> {
    let Some(cancelled) = cancelled_by(thread).filter(|cancelled| cancelled.id != campaign) else {
        return Ok(());
    };
    if relation == Some(Relation::FollowUp) {
        return Ok(());
    }
    let root = thread.first().map_or(campaign, |root| &root.id);
    let message = format!("the event of `{root}` was cancelled by `{}`", cancelled.id);
    let hint = "a new date is a new event: write a new draft for it";
    Err(Fault::with_hint(Exit::Refused, format!("{message}: nothing was sent"), hint))
}

/// Refuses to change a text while a correction of before is still to reach somebody: it would never
/// reach them, and nothing else would tell them.
pub(super) fn refuse_overtaking(
    newsroom: &Newsroom,
    thread: &[CampaignRecord],
) -> Result<(), Fault> {
    let Some((id, open)) = unfinished_correction(newsroom, thread)? else { return Ok(()) };
    let message = format!("{} to hear of the change that `{id}` tells of", still(open));
    Err(Fault::with_hint(Exit::Refused, message, format!("`announce resume {id}` first")))
}

/// The correction that is still to reach somebody, and how many.
pub(super) fn unfinished_correction(
    newsroom: &Newsroom,
    thread: &[CampaignRecord],
) -> Result<Option<(String, u64)>, Fault> {
    let corrects = |record: &&CampaignRecord| {
        record.follows.as_ref().is_some_and(|follows| follows.relation == Relation::Correction)
    };
    block_on(async {
        let ledger = newsroom.ledger()?;
        for record in thread.iter().filter(corrects) {
            let open = ledger.books(&record.id).await?.open();
            if open > 0 {
                return Ok(Some((record.id.clone(), open)));
            }
        }
        Ok(None)
    })
}

/// Everybody who is still to get a campaign.
pub(super) async fn open(ledger: &SqliteLedger, id: &str) -> Result<HashSet<PersonKey>, Fault> {
    let (mut people, attempted) = (ledger.people(id).await?, ledger.attempted(id).await?);
    people.retain(|person| !attempted.contains(person));
    Ok(people)
}

impl Newsroom {
    /// What the ledger knows of the campaign that a draft follows, if it follows one.
    pub(super) fn followed(&self, draft: &Draft) -> Result<Option<Followed>, Fault> {
        let Some(named) = &draft.front.follows else { return Ok(None) };
        let follows = Follows { campaign: named.value.clone(), relation: relation(draft) };
        let id = &named.value;
        let known = block_on(async {
            if !self.has_ledger()? {
                return Ok(Err(Vec::new()));
            }
            let ledger = self.ledger()?;
            let Some(record) = ledger.campaign(id).await? else {
                return Ok(Err(ledger.campaigns().await?));
            };
            let past = ledger.past().await?.into_iter().find(|past| past.id == *id);
            let received = Arc::new(ledger.received(id).await?);
            let (open, thread) = (open(&ledger, id).await?, ledger.thread(id).await?);
            let draft = sending::frozen_inputs(&ledger, &record).await?.draft;
            let lists = past.map(|past| past.lists).unwrap_or_default();
            Ok(Ok(Followed { follows, record, received, open, thread, draft, lists }))
        })?;
        known.map(Some).map_err(|campaigns| self.not_known(draft, named, &campaigns))
    }

    /// Whether the campaign that a draft follows was sent from another desk.
    pub(super) fn is_elsewhere(&self, draft: &Draft) -> bool {
        let is_sent = |id: &str| receipt::read(self, id).is_ok_and(|receipt| receipt.is_some());
        let is_ours = |id: &str| {
            let known = block_on(async {
                let known = self.has_ledger()?.then(|| self.ledger()).transpose()?;
                Ok(match known {
                    Some(ledger) => ledger.campaign(id).await?.is_some(),
                    None => false,
                })
            });
            known.unwrap_or(true)
        };
        let follows = draft.front.follows.as_ref().map(|follows| follows.value.as_str());
        follows.is_some_and(|id| is_sent(id) && !is_ours(id))
    }

    fn not_known(
        &self,
        draft: &Draft,
        named: &Spanned<String>,
        campaigns: &[CampaignRecord],
    ) -> Fault {
        let id = &named.value;
        let ids = || campaigns.iter().map(|record| record.id.as_str());
        let (message, hint) = match closest(id, ids()) {
            _ if receipt::read(self, id).is_ok_and(|receipt| receipt.is_some()) => (
                format!("who got `{id}` is known only where it was sent from"),
                "run this there".to_owned(),
            ),
            Some(near) => (format!("no campaign `{id}`"), format!("did you mean `{near}`?")),
            None if self.rehearses() => (
                format!("`{id}` has not been rehearsed in the sandbox, or not last"),
                format!("`announce send {id}` rehearses it: then this can follow"),
            ),
            None => {
                let message = format!("`{id}` has not been sent: nobody has got what this follows");
                (message, "`announce status` lists the campaigns".to_owned())
            }
        };
        let fault = Diagnostic::new(message).hint(hint).rule("M10/follows");
        Fault::refused(vec![fault.at(&draft.source, named.span.clone())])
    }

    /// The place of a campaign in its thread, as `send` sends it.
    pub(super) fn thread_of(
        &self,
        campaign: &str,
        digest: &str,
        followed: Option<&Followed>,
    ) -> Result<Thread, Fault> {
        let fresh = || followed.map_or_else(|| Thread::new(campaign), Followed::next);
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
            Ok(Thread {
                sequence: record.sequence,
                revision: record.revision,
                ..place(&ledger, &record).await?
            })
        })
    }

    /// The campaigns that belong together with this one, oldest first.
    pub(super) fn thread(&self, id: &str) -> Result<Vec<CampaignRecord>, Fault> {
        block_on(async { Ok(self.ledger()?.thread(id).await?) })
    }

    /// The place of the next revision of a campaign.
    pub(super) fn thread_of_revision(&self, record: &CampaignRecord) -> Result<Thread, Fault> {
        block_on(async { revised(&self.ledger()?, record).await })
    }
}

async fn revised(ledger: &SqliteLedger, record: &CampaignRecord) -> Result<Thread, Fault> {
    let sequence = next_sequence(&ledger.thread(&record.id).await?);
    Ok(Thread { revision: record.revision + 1, sequence, ..place(ledger, record).await? })
}

async fn place(ledger: &SqliteLedger, record: &CampaignRecord) -> Result<Thread, Fault> {
    let thread = ledger.thread(&record.id).await?;
    let root = thread.first().map_or_else(|| record.id.clone(), |root| root.id.clone());
    let follows = record.follows.as_ref().map(|follows| follows.campaign.clone());
    Ok(Thread { root, follows, revision: record.revision, sequence: record.sequence })
}
