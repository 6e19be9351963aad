//! What the books say that the checks and the plan of a send go by.

use jiff::Timestamp;

use super::{Fault, newsroom::Newsroom, proofs::Proofs, rate, runtime::block_on};
use crate::{
    campaign::Plan,
    check::{
        Finding,
        history::{self, Earlier, History},
    },
    clock::Clock as _,
    ledger::{Ledger as _, Past, Tested},
};

/// What has been sent before. That is what the workspace's own ledger says: a rehearsal has sent
/// nothing.
#[derive(Default)]
pub(super) struct Memory {
    campaigns: Vec<Past>,
    /// Times that count against the caps.
    pub(super) sent: Vec<Timestamp>,
    /// The last test mail of the draft, or of its rehearsal.
    tested: Option<Tested>,
}

impl Memory {
    /// Reads it, making nothing where there is nothing.
    pub(super) fn read(newsroom: &Newsroom, draft: &str) -> Result<Self, Fault> {
        block_on(async {
            let mut memory = Self::default();
            let mut ledger = newsroom.suppression_ledger()?;
            if let Some(ledger) = &ledger {
                memory.campaigns = ledger.past().await?;
                memory.sent = rate::counted(newsroom, ledger).await?;
            }
            if newsroom.rehearses() {
                let is_there = newsroom.has_ledger()?;
                ledger = if is_there { Some(newsroom.ledger()?) } else { None };
            }
            if let Some(ledger) = &ledger {
                memory.tested = ledger.last_test(draft).await?;
            }
            Ok(memory)
        })
    }

    /// A campaign that has sent the same as `campaign` since: the checks knew nothing of it.
    pub(super) fn sent_since(
        &self,
        newsroom: &Newsroom,
        campaign: &str,
        digest: &str,
    ) -> Result<Option<String>, Fault> {
        let is_same = |past: &Past| past.begun && past.digest == digest && past.id != campaign;
        let was_known =
            |id: &String| self.campaigns.iter().any(|past| past.id == *id && is_same(past));
        let now = Self::read(newsroom, campaign)?.campaigns.into_iter();
        let mut same = now.filter(is_same).map(|past| past.id);
        Ok(same.find(|id| !was_known(id)))
    }

    /// What the checks make of it.
    pub(super) fn findings(
        &self,
        newsroom: &Newsroom,
        proofs: &Proofs,
        plan: &Plan,
    ) -> Vec<Finding> {
        let Proofs { campaign, draft, lists, inputs, digest, .. } = proofs;
        let is_own = |past: &&Past| past.id == *campaign;
        let others = self.campaigns.iter().filter(|past| !is_own(past) && past.begun);
        let everybody = plan.planned + plan.skipped().already_sent;
        history::check(&History {
            draft,
            campaign,
            digest: &digest.to_string(),
            subject: &inputs.subject(),
            people: (!lists.is_narrowed()).then_some(everybody),
            is_frozen: self.campaigns.iter().any(|past| is_own(&past)),
            earlier: others.map(earlier).collect(),
            tested: self
                .tested
                .as_ref()
                .map(|tested| history::Tested { digest: &tested.digest, at: tested.at }),
            cap: rate::cap(newsroom, plan, &self.sent),
            limits: newsroom.settings().check.limits,
            now: newsroom.clock().now(),
            zone: &newsroom.zone(),
        })
    }
}

fn earlier(past: &Past) -> Earlier<'_> {
    Earlier {
        id: &past.id,
        digest: &past.digest,
        subject: &past.subject,
        lists: &past.lists,
        people: (!past.narrowed).then_some(past.planned),
        at: past.frozen_at,
    }
}
