//! What becomes of those who have not got a campaign yet, when a follow-up says that something has
//! changed: they are to get what holds now, and no correction of what they never read.

use std::collections::HashSet;

use super::{
    Exit, Fault,
    approvals::Standing,
    audience::{Lists, Narrowing},
    changed::Since,
    checks::{self, verdict},
    followed::Followed,
    memory::Memory,
    newsroom::Newsroom,
    proofs::Proofs,
};
use crate::{
    audience::SkipReason,
    campaign::{Plan, recipients},
    check::{Rule, Verdict},
    diagnostic::people,
    draft::Draft,
    keys::PersonKey,
    ledger::{Amendment, CampaignRecord, Relation, Revision},
};

/// What is done to the campaign that a draft follows.
pub(super) enum Amends {
    /// It has another text from now on.
    Revise(Box<Revised>),
    /// Nobody gets it any more.
    CallOff,
}

/// The new text of a campaign, for those who are still to get it.
pub(super) struct Revised {
    /// Those who were still to get it when this was made.
    pub(super) open: HashSet<PersonKey>,
    pub(super) proofs: Proofs,
    pub(super) plan: Plan,
    pub(super) verdict: Verdict,
    pub(super) approval: Standing,
}

impl Amends {
    /// What the draft that follows a campaign means for it. A text that is as it was frozen, or
    /// gone, is left alone.
    pub(super) fn of(
        newsroom: &Newsroom,
        followed: &Followed,
        allowed: &[&'static Rule],
    ) -> Result<Option<Self>, Fault> {
        if followed.follows.relation == Relation::Cancellation {
            return Ok(Some(Self::CallOff));
        }
        let is_plain = followed.follows.relation == Relation::FollowUp;
        let is_there = newsroom.workspace().root().join(&followed.draft).exists();
        // All have it: what its draft says by now is nothing to a plain message.
        if !is_there || is_plain && followed.open.is_empty() {
            return Ok(None);
        }
        let templates = newsroom.templates()?;
        let original = newsroom.draft_at(&followed.draft, &templates)?;
        let revised =
            Revised::prepare(newsroom, &followed.record, original, followed.open.clone(), allowed)?;
        if revised.proofs.digest.to_string() == followed.record.digest {
            return Ok(None);
        }
        if is_plain && !followed.received.is_empty() {
            refuse_silence(newsroom, &revised, &followed.record)?;
        }
        Ok(Some(Self::Revise(Box::new(revised))))
    }
}

/// Refuses to give the others another day, time or place while those who have the old one would hear
/// nothing of it from a plain message.
fn refuse_silence(
    newsroom: &Newsroom,
    revised: &Revised,
    record: &CampaignRecord,
) -> Result<(), Fault> {
    let id = &record.id;
    let since = Since::read(newsroom, &revised.proofs, (id, record.revision))?;
    let Some(fact) = since.facts.iter().find(|fact| fact.aspect.is_vital()) else { return Ok(()) };
    let aspect = fact.aspect.to_string().to_lowercase();
    let name = &revised.proofs.draft.source.name;
    let message = format!("{name} has another {aspect} by now, and those who have it do not know");
    let hint = format!("`announce correct {id}` tells them: then this can follow");
    Err(Fault::with_hint(Exit::Refused, format!("{message}: nothing was sent"), hint))
}

impl Revised {
    /// Makes and checks the copies of those who are still to get the campaign.
    pub(super) fn prepare(
        newsroom: &Newsroom,
        record: &CampaignRecord,
        draft: Draft,
        open: HashSet<PersonKey>,
        allowed: &[&'static Rule],
    ) -> Result<Self, Fault> {
        let keys = newsroom.existing_keys()?;
        let templates = newsroom.templates()?;
        let everybody = Narrowing::default();
        let suppressed = newsroom.suppressed()?;
        let lists = Lists::open(newsroom, &draft, &everybody, &keys, suppressed)?;
        let (lists, left) = (lists.only(open.clone()), open.len() as u64);
        let proofs = Proofs::new(newsroom, draft, templates, record.id.clone(), lists, keys)?
            .in_thread(newsroom.thread_of_revision(record)?, newsroom.since_of(record)?)?;
        let plan = proofs.plan(newsroom, &HashSet::new(), &open)?;
        let gone = left.saturating_sub(plan.planned + plan.skipped().total());
        let plan = plan.without(SkipReason::Gone, gone);
        let approval = Standing::of(newsroom, &proofs)?;
        let allowed = [allowed, &approval.allowed()].concat();
        let memory = Memory::default();
        let now = checks::now(newsroom, &proofs.draft, proofs.lists.followed());
        let verdict = match plan.planned {
            0 => Verdict::default(),
            _ => verdict(newsroom, &proofs, &plan, &memory, now, &allowed),
        };
        Ok(Self { open, proofs, plan, verdict, approval })
    }

    /// Refuses what may not go out.
    pub(super) fn pass(&self, allowed: &[&'static Rule]) -> Result<(), Fault> {
        checks::pass(&self.verdict, allowed)?;
        self.approval.pass()
    }
}

impl Amends {
    /// What it means for those who have not got the campaign: `id` is its name, `draft` the path of
    /// its draft. Nothing, where all have it.
    pub(super) fn words(amends: Option<&Self>, followed: &Followed) -> Option<String> {
        let (id, left) = (&followed.follows.campaign, followed.open.len() as u64);
        let have = if left == 1 { "has" } else { "have" };
        let they = match amends {
            _ if left == 0 => return None,
            Some(Self::Revise(revised)) => {
                let left_out = revised.plan.skipped();
                let but = match left_out.total() {
                    0 => String::new(),
                    _ => format!(" ({})", left_out.in_words()),
                };
                format!("`announce resume {id}` sends it to them as it is now, and not this{but}")
            }
            Some(Self::CallOff) => "they hear nothing of it any more".to_owned(),
            None => format!(
                "`announce resume {id}` sends it to them; if they are to get something different, \
                 mend {} first",
                followed.draft
            ),
        };
        Some(format!("{} {have} not got `{id}` yet: {they}", people(left)))
    }

    /// The same as the ledger takes it.
    pub(super) fn into_amendment(self) -> Result<Amendment, Fault> {
        let revised = match self {
            Self::CallOff => return Ok(Amendment::CallOff),
            Self::Revise(revised) => *revised,
        };
        let Revised { proofs, plan, .. } = revised;
        let Proofs { lists, inputs, digest, exhibit, press, keys, .. } = proofs;
        let revision = Revision {
            digest: digest.to_string(),
            subject: inputs.subject(),
            inputs: inputs.to_bytes(),
            exhibit: exhibit.to_bytes(),
            sequence: inputs.thread.sequence,
        };
        let people = recipients(
            lists.walk(&keys, plan.rows)?,
            press,
            lists.named(),
            HashSet::new(),
            lists.received(),
            plan.snapshot,
        );
        Ok(Amendment::Revise(revision, Box::new(people)))
    }
}
