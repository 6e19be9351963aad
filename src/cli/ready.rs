//! A draft made ready: expanded, its audience walked, every copy checked. From here a plan is
//! shown or a campaign is sent.

use std::{collections::HashSet, sync::Arc};

use super::{
    Exit, Fault,
    amending::Amends,
    approvals::Standing,
    audience::{Lists, Narrowing},
    changed::changed,
    checks::{self, verdict},
    memory::Memory,
    newsroom::Newsroom,
    proofs::Proofs,
    receipt,
    state::Known,
    thread::{refuse_cancelled, refuse_overtaking},
};
use crate::{
    approval::Exhibit,
    campaign::{Digest, Inputs, Plan, Press},
    check::{Rule, Verdict},
    config::{Templates, is_slug},
    diagnostic::people,
    draft::Draft,
    keys::{Keys, PersonKey},
    ledger::{Follows, Relation},
};

/// Everything a send needs to know before it asks.
pub(super) struct Ready {
    pub(super) campaign: String,
    pub(super) draft: Draft,
    pub(super) inputs: Inputs,
    pub(super) digest: Digest,
    /// What it was made from, for people.
    pub(super) exhibit: Exhibit,
    pub(super) keys: Arc<Keys>,
    pub(super) press: Press,
    pub(super) lists: Lists,
    pub(super) attempted: HashSet<PersonKey>,
    pub(super) memory: Memory,
    pub(super) plan: Plan,
    pub(super) verdict: Verdict,
    /// Whether somebody has approved it, where that is needed.
    pub(super) approval: Standing,
    /// What it does to the campaign that it follows.
    pub(super) amends: Option<Amends>,
}

impl Ready {
    /// Makes and checks every copy. Without `keep` no state is made where there was none.
    pub(super) fn prepare(
        newsroom: &Newsroom,
        draft: Draft,
        templates: Templates,
        campaign: Option<String>,
        narrowing: &Narrowing,
        allowed: &[&'static Rule],
        keep: bool,
    ) -> Result<Self, Fault> {
        let campaign = match campaign {
            Some(id) => campaign_id(id)?,
            None => draft.slug.clone(),
        };
        let keys = newsroom.keys(keep)?;
        let receipt = receipt::read(newsroom, &campaign)?;
        let mut known = newsroom.known(&campaign, &keys)?;
        let suppressed = std::mem::take(&mut known.suppressed);
        let lists = Lists::open(newsroom, &draft, narrowing, &keys, suppressed)?;
        let proofs = Proofs::new(newsroom, draft, templates, campaign.clone(), lists, keys)?;
        let digest = &proofs.digest;
        let begins_rehearsal = newsroom.begins_rehearsal(&campaign, digest)?;
        if begins_rehearsal {
            refuse_to_forget(&proofs, &known)?;
            known = Known::default();
        }
        if let Some(record) = &known.record
            && record.digest != digest.to_string()
        {
            return Err(changed(newsroom, &proofs, record)?);
        }
        let follows = proofs.lists.followed().map(|followed| followed.follows.clone());
        let thread = match (proofs.lists.followed(), &known.record) {
            (Some(followed), _) => followed.thread.clone(),
            (None, Some(record)) => newsroom.thread(&record.id)?,
            (None, None) => Vec::new(),
        };
        match follows {
            Some(follows) if campaign != proofs.draft.slug => return Err(renamed(&follows)),
            Some(follows) if follows.relation == Relation::FollowUp => {}
            Some(follows) => refuse_cancelled(&campaign, &follows.campaign, &thread)?,
            None => refuse_cancelled(&campaign, &campaign, &thread)?,
        }
        receipt::check(receipt.as_deref(), &campaign, &known)?;
        let Known { attempted, open, .. } = known;
        let plan = proofs.plan(newsroom, &attempted, &open)?;
        let others = open.len() as u64 - plan.waiting;
        if others > 0 {
            // Running the campaign would mail them too, and nobody has confirmed that.
            let people = people(others);
            let message =
                format!("{people} of an earlier send of `{campaign}` would not get it by this one");
            let hint = format!(
                "`announce resume {campaign}` sends it to them first, as frozen; whoever is not to \
                 get it: `announce suppress add ADDRESS`"
            );
            return Err(Fault::with_hint(Exit::Refused, message, hint));
        }
        let memory = Memory::read(newsroom, &proofs.draft.slug)?;
        let now = checks::now(newsroom, &proofs.draft, proofs.lists.followed());
        // To nobody nothing goes out that could be wrong: whoever was meant has it.
        let is_done = plan.planned == 0 && plan.skipped().already_sent > 0;
        let approval = match is_done {
            true => Standing::default(),
            false => Standing::of(newsroom, &proofs)?,
        };
        // Whoever approved it has allowed these errors for all who send it.
        let allowed = [allowed, &approval.allowed()].concat();
        let verdict = match is_done {
            true => Verdict::default(),
            false => verdict(newsroom, &proofs, &plan, &memory, now, &allowed),
        };
        let amends = match proofs.lists.followed() {
            Some(followed) => Amends::of(newsroom, followed, &allowed)?,
            None => None,
        };
        if let (Some(followed), Some(Amends::Revise(_))) = (proofs.lists.followed(), &amends)
            && followed.follows.relation == Relation::FollowUp
        {
            refuse_overtaking(newsroom, &followed.follows.campaign, &thread)?;
        }
        let Proofs { campaign, draft, lists, inputs, digest, exhibit, press, keys, .. } = proofs;
        Ok(Self {
            campaign,
            draft,
            inputs,
            digest,
            exhibit,
            keys,
            press,
            lists,
            attempted,
            memory,
            plan,
            verdict,
            approval,
            amends,
        })
    }

    /// Ids of the rules whose errors are passed over, those of a changed text among them.
    pub(super) fn passed_over(&self) -> Vec<String> {
        let revised = match &self.amends {
            Some(Amends::Revise(revised)) => Some(&revised.verdict),
            _ => None,
        };
        let mut ids: Vec<String> = [Some(&self.verdict), revised]
            .into_iter()
            .flatten()
            .flat_map(|verdict| verdict.passed_over.iter().map(ToString::to_string))
            .collect();
        ids.sort();
        ids.dedup();
        ids
    }

    /// Tells what matters before a send, and refuses what may not go out.
    pub(super) fn pass(&self, allowed: &[&'static Rule]) -> Result<(), Fault> {
        checks::pass(&self.verdict, allowed)?;
        self.approval.pass()?;
        match &self.amends {
            Some(Amends::Revise(revised)) => revised.pass(allowed),
            _ => Ok(()),
        }
    }
}

/// Why a follow-up is not sent under another name: it would go to the same people again.
fn renamed(follows: &Follows) -> Fault {
    let message = format!("a follow-up of `{}` keeps the name of its draft", follows.campaign);
    Fault::with_hint(Exit::Usage, message, "leave `--as` out, or copy the draft")
}

/// Refuses to rehearse a follow-up anew with another text: the rehearsal that it follows would be
/// forgotten with its own.
fn refuse_to_forget(proofs: &Proofs, known: &Known) -> Result<(), Fault> {
    let (Some(followed), Some(_)) = (proofs.lists.followed(), &known.record) else {
        return Ok(());
    };
    let (id, first) = (&proofs.campaign, &followed.follows.campaign);
    let message = format!("`{id}` has been rehearsed with another text");
    let hint = format!("rehearse `{first}` anew, and then this: `announce send {first}`");
    Err(Fault::with_hint(Exit::Refused, message, hint))
}

/// A name for `--as`: it names files too.
fn campaign_id(id: String) -> Result<String, Fault> {
    if is_slug(&id) && !id.contains('~') {
        return Ok(id);
    }
    let hint = "up to 100 of the letters a-z, digits, `.`, `_` and `-`, a letter or digit first";
    Err(Fault::with_hint(Exit::Usage, "`--as` is not a name for a campaign", hint))
}
