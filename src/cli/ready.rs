//! A draft made ready: expanded, its audience walked, every copy checked. From here a plan is
//! shown or a campaign is sent.

use std::{collections::HashSet, sync::Arc};

use super::{
    Exit, Fault,
    audience::{Lists, Narrowing},
    newsroom::Newsroom,
};
use crate::{
    campaign::{Desk, Digest, Inputs, Plan, Prepared, Press, plan},
    clock::Clock as _,
    diagnostic::Diagnostic,
    draft::Draft,
    keys::{Keys, PersonKey},
};

/// Everything a send needs to know before it asks.
pub(super) struct Ready {
    pub(super) campaign: String,
    pub(super) draft: Draft,
    pub(super) inputs: Inputs,
    pub(super) digest: Digest,
    pub(super) keys: Arc<Keys>,
    pub(super) press: Press,
    pub(super) lists: Lists,
    pub(super) attempted: HashSet<PersonKey>,
    pub(super) plan: Plan,
    pub(super) begins_rehearsal: bool,
}

impl Ready {
    /// Makes and checks every copy. Without `keep` nothing is written anywhere.
    pub(super) fn prepare(
        newsroom: &Newsroom,
        draft: Draft,
        campaign: Option<String>,
        narrowing: &Narrowing,
        keep: bool,
    ) -> Result<Self, Fault> {
        let campaign = campaign.unwrap_or_else(|| draft.slug.clone());
        let keys = newsroom.keys(keep)?;
        let known = newsroom.known_people(&campaign)?;
        let attempted = known.attempted.clone();
        let lists = Lists::open(newsroom, &draft, narrowing, &keys, known)?;
        let Prepared { inputs, digest } = newsroom.prepare(&draft, lists.files())?;
        let press = press(&campaign, &inputs, &keys)?;
        let begins_rehearsal = newsroom.begins_rehearsal(&campaign, &digest)?;
        let attempted = if begins_rehearsal { HashSet::new() } else { attempted };
        let plan = {
            let named = lists.named();
            let limited: Vec<String> = newsroom.settings().pace.domains.keys().cloned().collect();
            let desk = Desk {
                press: &press,
                lists: &named,
                attempted: &attempted,
                limited_domains: &limited,
                sources: &newsroom.sources(&draft),
                now: newsroom.clock().now(),
            };
            plan(lists.walk(&keys)?, &desk).map_err(Fault::refused)?
        };
        if plan.planned == 0 && attempted.is_empty() {
            let words = plan.skipped().in_words();
            let fault = Diagnostic::new(match words.is_empty() {
                true => "nobody is on the lists".to_owned(),
                false => format!("nobody would get it: {words}"),
            });
            let hint = "`announce lists` shows who is there; look at `where` and `exclude` too";
            return Err(Fault::new(Exit::Refused, fault.hint(hint)));
        }
        Ok(Self {
            campaign,
            draft,
            inputs,
            digest,
            keys,
            press,
            lists,
            attempted,
            plan,
            begins_rehearsal,
        })
    }
}

/// Compiles a campaign's inputs.
pub(super) fn press(campaign: &str, inputs: &Inputs, keys: &Arc<Keys>) -> Result<Press, Fault> {
    Press::new(campaign, inputs, Arc::clone(keys)).map_err(|error| {
        let fault = Diagnostic::new(error.to_string()).in_file("announce.toml");
        Fault::new(Exit::Configuration, fault)
    })
}
