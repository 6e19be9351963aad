//! What is known of an uncertain delivery: enough to look for it in the relay's log.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, mpsc},
};

use serde::Serialize;

use super::{Exit, Fault, newsroom::Newsroom, sending::frozen_inputs};
use crate::{
    campaign::{Addressee, label, status::Status},
    deliver::Stage,
    keys::{Keys, PersonKey},
    ledger::{
        AttemptStatus, CampaignRecord, Ledger as _, LogEntry, LogFilter, SqliteLedger, Standing,
    },
};

/// One uncertain delivery.
pub(super) struct Doubt {
    pub(super) person: PersonKey,
    /// The try that ended without an answer.
    entry: Option<LogEntry>,
    message_id: String,
    /// Whether what they may have does not hold any more.
    pub(super) is_outdated: bool,
    /// Only when it was asked for.
    address: Option<String>,
}

/// All of a campaign, in the order of its list.
pub(super) async fn doubts(
    ledger: &SqliteLedger,
    record: &CampaignRecord,
    keys: &Keys,
    with_addresses: bool,
) -> Result<Vec<Doubt>, Fault> {
    let (sender, standings) = mpsc::channel();
    let each = move |standing: Standing| {
        standing.status != Status::Uncertain || sender.send(standing).is_ok()
    };
    ledger.deliveries(&record.id, each).await?;
    let mut tries = tries(ledger, &record.id).await?;
    let domain = frozen_inputs(ledger, record).await?.sender.domain;
    standings
        .into_iter()
        .map(|Standing { person, revision, sealed, .. }| {
            let address = match sealed.filter(|_| with_addresses) {
                Some(sealed) => Some(unsealed(keys, &person, &sealed)?),
                None => None,
            };
            let label = label(&record.id, revision);
            let message_id = format!("{}@{domain}", keys.message_id(&label, &person));
            let is_outdated = revision < record.revision;
            Ok(Doubt { person, entry: tries.remove(&person), message_id, is_outdated, address })
        })
        .collect()
}

/// The last uncertain try of everybody who had one.
async fn tries(ledger: &SqliteLedger, id: &str) -> Result<HashMap<PersonKey, LogEntry>, Fault> {
    let tries = Arc::new(Mutex::new(HashMap::new()));
    let found = Arc::clone(&tries);
    let each = move |entry: LogEntry| {
        if entry.status == AttemptStatus::Uncertain {
            let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
            found.insert(entry.person, entry);
        }
        true
    };
    ledger.log(LogFilter { campaign: Some(id.to_owned()), person: None }, each).await?;
    let found = std::mem::take(&mut *tries.lock().unwrap_or_else(PoisonError::into_inner));
    Ok(found)
}

/// The address as it was frozen: the list may not hold the person any more.
fn unsealed(keys: &Keys, person: &PersonKey, sealed: &[u8]) -> Result<String, Fault> {
    let opened = keys.open(person.as_bytes(), sealed).ok();
    let addressee = opened.and_then(|bytes| Addressee::from_bytes(&bytes)).ok_or_else(|| {
        let hint = "put the secret that belongs to this ledger back from its backup";
        Fault::with_hint(Exit::Configuration, "a frozen recipient cannot be opened", hint)
    })?;
    Ok(addressee.address().to_owned())
}

impl Doubt {
    /// Two lines for people.
    pub(super) fn text(&self, newsroom: &Newsroom) -> String {
        let address = self.address.as_ref().map(|address| format!("  {address}"));
        let known = self.entry.as_ref().map(|entry| {
            let code = entry.code.map(|code| format!("{code} ")).unwrap_or_default();
            format!("  {}: {code}{}", newsroom.when(entry.at), entry.reply)
        });
        format!(
            "  {}{}{}\n            Message-ID <{}>",
            self.person.short(),
            address.unwrap_or_default(),
            known.unwrap_or_default(),
            self.message_id,
        )
    }

    fn document(&self) -> Document<'_> {
        let entry = self.entry.as_ref();
        Document {
            recipient: self.person.to_string(),
            address: self.address.as_deref(),
            at: entry.map(|entry| entry.at.to_string()),
            stage: entry.map(|entry| entry.stage),
            code: entry.and_then(|entry| entry.code),
            reply: entry.map(|entry| entry.reply.as_str()),
            message_id: &self.message_id,
        }
    }
}

/// The list as programs read it.
#[derive(Serialize)]
pub(super) struct List<'a> {
    schema: u8,
    campaign: &'a str,
    uncertain: Vec<Document<'a>>,
}

impl<'a> List<'a> {
    pub(super) fn new(campaign: &'a str, doubts: &'a [Doubt]) -> Self {
        Self { schema: 1, campaign, uncertain: doubts.iter().map(Doubt::document).collect() }
    }
}

#[derive(Serialize)]
struct Document<'a> {
    recipient: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<&'a str>,
    at: Option<String>,
    stage: Option<Stage>,
    code: Option<u16>,
    reply: Option<&'a str>,
    message_id: &'a str,
}
