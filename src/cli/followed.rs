//! Whom a draft is for that follows a campaign: those who got that one, and nobody else.

use std::{collections::HashSet, sync::Arc};

use jiff::{Timestamp, civil};
use serde_json::Value;

use super::{
    Exit, Fault,
    audience::reader,
    newsroom::Newsroom,
    receipt,
    runtime::block_on,
    sending,
    thread::{next_sequence, revisions, root, told},
};
use crate::{
    campaign::{Received, Thread},
    check::{Finding, early},
    config::ListFile,
    diagnostic::{Diagnostic, Spanned, closest},
    draft::{Draft, Timing},
    keys::{Keys, PersonKey},
    ledger::{CampaignRecord, Follows, Ledger as _, Relation, SqliteLedger},
    notice::{Aspect, Fact, facts},
};

/// A campaign that a draft follows.
pub(super) struct Followed {
    /// The campaign, and what the draft is to it.
    pub(super) follows: Follows,
    /// As it stood when this was read.
    pub(super) record: CampaignRecord,
    /// Who has it, or may have it.
    everybody: Received,
    /// Those of them whom the draft is for.
    pub(super) received: Received,
    /// Who is still to get it.
    pub(super) open: HashSet<PersonKey>,
    /// All campaigns of the thread, oldest first.
    pub(super) thread: Vec<CampaignRecord>,
    /// What the stamp of its calendar entry is counted from.
    pub(super) since: Option<Timestamp>,
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

/// What a draft is to a campaign that told of an event, or of none. A report of an event that was is
/// no change of it, and an event after a letter is one of its own.
fn relation(draft: &Draft, told_of_event: bool) -> Relation {
    let fields = &draft.front.fields;
    let is_true = |key: &str| fields.get(key).and_then(Value::as_bool) == Some(true);
    let tells_of_event = draft.front.announces && fields.get("event").is_some_and(Value::is_object);
    match told_of_event && tells_of_event {
        true if is_true("cancelled") => Relation::Cancellation,
        true => Relation::Correction,
        false => Relation::FollowUp,
    }
}

impl Followed {
    /// Whether nothing has happened to it since it was read.
    pub(super) async fn still_stands(&self, ledger: &SqliteLedger) -> Result<(), Fault> {
        let id = &self.follows.campaign;
        let is_same = *self.everybody == ledger.received(id).await?
            && self.open == open(ledger, id).await?
            && revisions(&self.thread) == revisions(&ledger.thread(id).await?);
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

    /// What a correction says of an event that its announcement says otherwise by now.
    pub(super) fn findings(&self, newsroom: &Newsroom, correction: &Draft) -> Vec<Finding> {
        let read = || {
            let templates = newsroom.templates().ok()?;
            newsroom.draft_at(&self.draft, &templates).ok()
        };
        if self.follows.relation != Relation::Correction {
            return Vec::new();
        }
        // One that is gone or cannot be read says nothing.
        let Some(original) = read() else { return Vec::new() };
        let (said, now) = (event(correction), event(&original));
        // A notice says all of it; an event in somebody's own words at least when and where.
        let is_notice = correction.front.kind.value == "notice";
        let matters = |fact: &Fact| match is_notice {
            true => fact.aspect != Aspect::Title,
            false => fact.aspect.is_vital(),
        };
        let zone = zone_name(newsroom);
        let differing = facts(&said, &now, &zone, "en").into_iter().filter(matters);
        let finding = |Fact { aspect, was, is }: Fact| {
            let or_nothing = |value: Option<String>| value.unwrap_or_else(|| "nothing".to_owned());
            let aspect = aspect.to_string().to_lowercase();
            let (said, now) = (or_nothing(was), or_nothing(is));
            let name = &original.source.name;
            let fault = Diagnostic::new(format!(
                "its {aspect} is `{said}`, and `{name}` says `{now}`"
            ))
            .in_file(correction.source.name.clone())
            .hint(
                "let both say what holds now: mend the one that does not, or take a saved notice \
                     away to have a new one",
            );
            early::known(fault, &early::OVERTAKEN)
        };
        differing.map(finding).collect()
    }

    /// The place that its draft, of this name, has in the thread when it is first sent.
    pub(super) fn next(&self, campaign: &str) -> Thread {
        let root = match self.follows.relation {
            Relation::FollowUp => campaign,
            Relation::Correction | Relation::Cancellation => {
                root(&self.thread, &self.follows.campaign)
            }
        };
        Thread {
            root: root.to_owned(),
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
            let file = newsroom.workspace().list(name).map_err(refused)?;
            let before = missing.len();
            for row in reader(&file).map_err(refused)? {
                if let Ok(address) = row.map_err(refused)?.address {
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

/// The zone of events that name none.
pub(super) fn zone_name(newsroom: &Newsroom) -> String {
    newsroom.zone().iana_name().unwrap_or_default().to_owned()
}

/// What a draft says of its event.
fn event(draft: &Draft) -> Value {
    draft.front.fields.get("event").cloned().unwrap_or(Value::Null)
}

fn refused(fault: Diagnostic) -> Fault {
    Fault::refused(vec![fault])
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
            let told = told(&ledger, id, record.revision).await?.shape.front_matter;
            let relation = relation(draft, told.get("event").is_some_and(Value::is_object));
            let everybody = Arc::new(ledger.received(id).await?);
            let mut received = Arc::clone(&everybody);
            // A correction that has been sent is for those who had the old text then.
            if relation != Relation::FollowUp && ledger.campaign(&draft.slug).await?.is_some() {
                let told = ledger.people(&draft.slug).await?;
                Arc::make_mut(&mut received).retain(|person, _| told.contains(person));
            }
            let (open, thread) = (open(&ledger, id).await?, ledger.thread(id).await?);
            let inputs = sending::frozen_inputs(&ledger, &record).await?;
            Ok(Ok(Followed {
                follows: Follows { campaign: id.clone(), relation },
                record,
                everybody,
                received,
                open,
                thread,
                since: inputs.calendar.map(|entry| entry.since),
                draft: inputs.draft,
                lists: past.map(|past| past.lists).unwrap_or_default(),
            }))
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
}
