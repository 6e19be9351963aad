//! A draft that says something else than what was sent of it: what has changed, and what to do.

use super::{
    Fault, changes::Placed, followed::zone_name, newsroom::Newsroom, proofs::Proofs,
    runtime::block_on, sending, thread::told,
};
use crate::{
    approval::{Exhibit, changes},
    diagnostic::{Diagnostic, people},
    ledger::{CampaignRecord, Ledger as _, SqliteLedger},
    notice::{self, Fact},
};

/// What has changed since a campaign was frozen.
pub(super) struct Since {
    /// Everything, each with its place.
    pub(super) placed: Vec<Placed>,
    /// What readers of an event have to know.
    pub(super) facts: Vec<Fact>,
}

impl Since {
    /// Holds a draft against a revision of its campaign.
    pub(super) fn read(
        newsroom: &Newsroom,
        proofs: &Proofs,
        (campaign, revision): (&str, u32),
    ) -> Result<Self, Fault> {
        let then = block_on(async { told(&newsroom.ledger()?, campaign, revision).await })?;
        let changed = changes(&then, &proofs.exhibit);
        let event = |exhibit: &Exhibit| exhibit.shape.front_matter.get("event").cloned();
        let facts = match (event(&then), event(&proofs.exhibit)) {
            (Some(was), Some(is)) => {
                notice::facts(&was, &is, &zone_name(newsroom), &proofs.inputs.language)
            }
            _ => Vec::new(),
        };
        let placed = changed.into_iter().map(|change| Placed::new(change, proofs)).collect();
        Ok(Self { placed, facts })
    }

    /// The same with what has changed since a later revision and is not said yet: somebody was told
    /// of what has been taken back.
    pub(super) fn and(mut self, later: Self) -> Self {
        let is_new = |fact: &Fact| self.facts.iter().all(|known| known.aspect != fact.aspect);
        let more: Vec<Fact> = later.facts.into_iter().filter(is_new).collect();
        self.facts.extend(more);
        let is_new = |placed: &Placed| !self.placed.contains(placed);
        let more: Vec<Placed> = later.placed.into_iter().filter(is_new).collect();
        self.placed.extend(more);
        self
    }
}

/// The fact that guests would come in vain for: another day, time or place that the draft of a
/// campaign says by now, where some are still to get another one.
pub(super) async fn moved(
    newsroom: &Newsroom,
    ledger: &SqliteLedger,
    record: &CampaignRecord,
) -> Result<Option<(Fact, String)>, Fault> {
    if ledger.books(&record.id).await?.open() == 0 {
        return Ok(None);
    }
    let shown = sending::frozen_inputs(ledger, record).await?.draft;
    let then = told(ledger, &record.id, record.revision).await?;
    // A draft that cannot be read says nothing.
    let draft = newsroom.templates().and_then(|templates| newsroom.draft_at(&shown, &templates));
    let Ok(draft) = draft else { return Ok(None) };
    let was = then.shape.front_matter.get("event");
    let (Some(was), Some(is)) = (was, draft.front.fields.get("event")) else { return Ok(None) };
    let mut facts = notice::facts(was, is, &zone_name(newsroom), "en").into_iter();
    let fact = facts.find(|fact| fact.aspect.is_vital() && draft.front.announces);
    Ok(fact.map(|fact| (fact, shown)))
}

/// Why a draft that has changed since its campaign was frozen is not sent.
pub(super) fn changed(
    newsroom: &Newsroom,
    proofs: &Proofs,
    record: &CampaignRecord,
) -> Result<Fault, Fault> {
    let id = &record.id;
    let Since { placed, facts } = Since::read(newsroom, proofs, (id, record.revision))?;
    let (received, open) = block_on(async {
        let ledger = newsroom.ledger()?;
        Ok((ledger.received(id).await?.len() as u64, ledger.books(id).await?.open()))
    })?;
    let rest = if open > 0 { format!(", and {} to get it", still(open)) } else { String::new() };
    let message = format!("`{id}` has changed since it was sent to {}{rest}", people(received));
    let name = &proofs.draft.source.name;
    let correct = match (facts.is_empty(), received) {
        (_, 0) => format!("`announce correct {id}` lets them have it as `{name}` says now"),
        (false, _) => format!(
            "`announce correct {id}` tells those who have it what has changed, and lets the others \
             have it as it is now"
        ),
        (true, _) => format!("`announce correct {id}` says what can be done about that"),
    };
    let is_moved = facts.iter().any(|fact| fact.aspect.is_vital());
    let resume = match open {
        0 => String::new(),
        // It refuses that too.
        _ if is_moved && received > 0 => String::new(),
        _ if is_moved => format!(", `announce resume {id} --as-it-was` sends it as it was"),
        _ => format!(", `announce resume {id}` finishes it as it was"),
    };
    let hint = format!(
        "{correct}{resume}, and `--as ID` sends this to everybody again, as a new campaign"
    );
    let mut faults: Vec<Diagnostic> = placed.into_iter().map(|placed| placed.fault).collect();
    faults.push(Diagnostic::new(format!("{message}: nothing was sent")).hint(hint));
    Ok(Fault::refused(faults))
}

/// `40 people are still`.
pub(super) fn still(open: u64) -> String {
    format!("{} {} still", people(open), if open == 1 { "is" } else { "are" })
}
