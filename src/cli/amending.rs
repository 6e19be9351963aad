//! What becomes of those who have not got a campaign yet, when a follow-up says that something has
//! changed: they are to get what holds now, and no correction of what they never read.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::{
    Fault,
    approvals::Standing,
    audience::{Lists, Narrowing},
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
    diagnostic::{Diagnostic, people},
    draft::Draft,
    keys::PersonKey,
    ledger::{Amendment, CampaignRecord, Relation, Revision},
    notice::facts,
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
        draft: &Draft,
        allowed: &[&'static Rule],
    ) -> Result<Option<Self>, Fault> {
        if followed.follows.relation == Relation::Cancellation {
            return Ok(Some(Self::CallOff));
        }
        let templates = newsroom.templates()?;
        if !newsroom.workspace().root().join(&followed.draft).exists() {
            return Ok(None);
        }
        let original = newsroom.draft_at(&followed.draft, &templates)?;
        if followed.follows.relation == Relation::Correction {
            agrees(draft, &original)?;
        }
        let revised =
            Revised::prepare(newsroom, &followed.record, original, followed.open.clone(), allowed)?;
        let is_other = revised.proofs.digest.to_string() != followed.record.digest;
        Ok(is_other.then(|| Self::Revise(Box::new(revised))))
    }
}

/// Refuses a correction that says another day, time or place than the announcement does by now.
fn agrees(correction: &Draft, original: &Draft) -> Result<(), Fault> {
    let none = Value::Object(Map::new());
    let event = |draft: &Draft| draft.front.fields.get("event").unwrap_or(&none).clone();
    let facts = facts(&event(correction), &event(original), "en");
    let Some(fact) = facts.into_iter().find(|fact| fact.aspect.is_vital()) else { return Ok(()) };
    let or_nothing = |value: Option<String>| value.unwrap_or_else(|| "nothing".to_owned());
    let message = format!(
        "its {} is `{}`, and `{}` says `{}`",
        fact.aspect.to_string().to_lowercase(),
        or_nothing(fact.was),
        original.source.name,
        or_nothing(fact.is),
    );
    let hint = "both have to say what holds now: mend the one that does not, or take a saved notice \
                away to have a new one";
    let fault = Diagnostic::new(message).in_file(correction.source.name.clone());
    Err(Fault::refused(vec![fault.hint(hint)]))
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
            .in_thread(newsroom.thread_of_revision(record)?)?;
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
            Some(Self::Revise(_)) => {
                format!("`announce resume {id}` sends it to them as it is now, and not this")
            }
            Some(Self::CallOff) => "they hear nothing of it any more".to_owned(),
            None => format!(
                "`announce resume {id}` sends it to them as it was; what should be other for them is \
                 to be mended in {} first",
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
