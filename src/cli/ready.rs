//! A draft made ready: expanded, its audience walked, every copy checked. From here a plan is
//! shown or a campaign is sent.

use std::{collections::HashSet, sync::Arc};

use super::{
    Exit, Fault,
    audience::{Lists, Narrowing},
    newsroom::Newsroom,
    receipt,
    state::Known,
};
use crate::{
    campaign::{Desk, Digest, Inputs, Plan, Prepared, Press, plan},
    clock::Clock as _,
    config::{Templates, is_slug},
    diagnostic::{Diagnostic, Source, people},
    draft::Draft,
    keys::{Keys, PersonKey},
    ledger,
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
}

impl Ready {
    /// Makes and checks every copy. Without `keep` no state is made where there was none.
    pub(super) fn prepare(
        newsroom: &Newsroom,
        draft: Draft,
        templates: &Templates,
        campaign: Option<String>,
        narrowing: &Narrowing,
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
        let Prepared { inputs, digest } = newsroom.prepare(&draft, templates, lists.files())?;
        let press = press(&campaign, &inputs, &keys)?;
        let begins_rehearsal = newsroom.begins_rehearsal(&campaign, &digest)?;
        if begins_rehearsal {
            known = Known::default();
        }
        if let Some(record) = &known.record
            && record.digest != digest.to_string()
        {
            return Err(ledger::Error::OtherDigest(campaign).into());
        }
        receipt::check(receipt.as_deref(), &campaign, &known)?;
        let Known { attempted, open, .. } = known;
        let plan = {
            let named = lists.named();
            let limited: Vec<String> = newsroom.settings().pace.domains.keys().cloned().collect();
            // An error may show a line of them.
            let sources = templates.set.files.values().chain([&draft.source]);
            let sources: Vec<Source> = sources.cloned().collect();
            let desk = Desk {
                press: &press,
                lists: &named,
                attempted: &attempted,
                open: &open,
                limited_domains: &limited,
                sources: &sources,
                now: newsroom.clock().now(),
            };
            plan(lists.walk(&keys, 0)?, &desk).map_err(Fault::refused)?
        };
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
        if plan.planned == 0 && plan.skipped().already_sent == 0 {
            let words = plan.skipped().in_words();
            let fault = Diagnostic::new(match words.is_empty() {
                true => "nobody is on the lists".to_owned(),
                false => format!("nobody would get it: {words}"),
            });
            let hint = "`announce lists` shows who is there; look at `where` and `exclude` too";
            return Err(Fault::new(Exit::Refused, fault.hint(hint)));
        }
        Ok(Self { campaign, draft, inputs, digest, keys, press, lists, attempted, plan })
    }
}

/// A name for `--as`: it names files too.
fn campaign_id(id: String) -> Result<String, Fault> {
    if is_slug(&id) {
        return Ok(id);
    }
    let hint = "up to 100 of the letters a-z, digits, `.`, `_` and `-`, a letter or digit first";
    Err(Fault::with_hint(Exit::Usage, "`--as` is not a name for a campaign", hint))
}

/// Compiles a campaign's inputs.
pub(super) fn press(campaign: &str, inputs: &Inputs, keys: &Arc<Keys>) -> Result<Press, Fault> {
    Press::new(campaign, inputs, Arc::clone(keys)).map_err(|error| {
        let fault = Diagnostic::new(error.to_string()).in_file("announce.toml");
        Fault::new(Exit::Configuration, fault)
    })
}
