//! Who has it: where one person stands in a campaign, in a sentence.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use super::{Fault, newsroom::Newsroom};
use crate::{
    audience::SkipReason,
    campaign::status::Status,
    keys::PersonKey,
    ledger::{AttemptStatus, Ledger as _, LogEntry, SqliteLedger, Standing},
};

/// The last line of the log that each campaign has of somebody.
#[derive(Clone, Default)]
pub(super) struct Lasts(Arc<Mutex<HashMap<String, LogEntry>>>);

impl Lasts {
    pub(super) fn note(&self, entry: &LogEntry) {
        let mut lasts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lasts.insert(entry.campaign.clone(), entry.clone());
    }

    fn of(&self, campaign: &str) -> Option<LogEntry> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(campaign).cloned()
    }
}

/// A sentence for each campaign that has a row of the person, or for the one that was asked about;
/// and whether they are suppressed.
pub(super) async fn sentences(
    newsroom: &Newsroom,
    ledger: &SqliteLedger,
    campaign: Option<&str>,
    person: PersonKey,
    lasts: &Lasts,
) -> Result<Vec<String>, Fault> {
    let campaigns = match campaign {
        Some(id) => vec![id.to_owned()],
        None => ledger.campaigns().await?.into_iter().map(|record| record.id).collect(),
    };
    let mut sentences = Vec::new();
    for id in campaigns {
        let standing = standing(ledger, &id, person).await?;
        match standing {
            Some(standing) => {
                let told = told(newsroom, &id, &standing, lasts.of(&id).as_ref());
                sentences.push(format!("{id}: {told}"));
            }
            None if campaign.is_some() => sentences.push(format!("{id}: not in this campaign")),
            None => {}
        }
    }
    if sentences.is_empty() {
        sentences.push("in no campaign yet".to_owned());
    }
    if let Some(ledger) = newsroom.suppression_ledger()? {
        let listed = ledger.suppressions().await?;
        if let Some(entry) = listed.into_iter().find(|entry| entry.person == person) {
            let (reason, since) = (entry.reason.word(), newsroom.when(entry.at));
            sentences.push(format!("on the suppression list: {reason}, {since}"));
        }
    }
    Ok(sentences)
}

async fn standing(
    ledger: &SqliteLedger,
    id: &str,
    person: PersonKey,
) -> Result<Option<Standing>, Fault> {
    let (sender, found) = std::sync::mpsc::channel();
    let each = move |standing: Standing| {
        let is_meant = standing.person == person;
        // There is one row a person.
        !(is_meant && sender.send(standing).is_ok())
    };
    ledger.deliveries(id, each).await?;
    Ok(found.try_iter().next())
}

fn told(newsroom: &Newsroom, id: &str, standing: &Standing, last: Option<&LogEntry>) -> String {
    let at = last.map(|entry| format!(" {}", newsroom.when(entry.at))).unwrap_or_default();
    match (standing.status, last.map(|entry| entry.status)) {
        (Status::Accepted, Some(AttemptStatus::Assumed)) => {
            format!("counted as sent{at}, by hand: no server has said so")
        }
        (Status::Accepted, _) => format!("accepted: the relay took it{at}"),
        (Status::Planned, Some(AttemptStatus::Resend)) => {
            format!("to be sent again, as was decided{at}: `announce resume {id}`")
        }
        (Status::Planned, _) => "pending: not tried yet".to_owned(),
        (Status::Claimed | Status::Committing, _) => {
            format!("in the hands of a run; if none is at work: `announce resume {id}`")
        }
        (Status::Deferred { retry_at }, _) => {
            format!("deferred: the next try is due {}", newsroom.when(retry_at))
        }
        (Status::Rejected, _) => format!("rejected{at}, and not tried again"),
        (Status::Uncertain, _) => {
            format!("uncertain: it may have arrived or not: `announce resolve {id}`")
        }
        (Status::Skipped(reason), _) => format!("left out: {}", why(reason)),
    }
}

fn why(reason: SkipReason) -> &'static str {
    match reason {
        SkipReason::Duplicate => "a duplicate",
        SkipReason::Suppressed => "suppressed before their turn came",
        SkipReason::Invalid => "the address cannot be mailed",
        SkipReason::AlreadySent => "already sent",
        SkipReason::Filtered => "filtered out",
        SkipReason::Gone => "on no list any more",
        SkipReason::Cancelled => "the event was cancelled before their turn came",
    }
}
