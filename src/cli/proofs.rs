//! A draft on its way to its readers: expanded for its lists, and every copy read. What `check` tells
//! and what `send` needs to know come from here.

use std::{collections::HashSet, sync::Arc};

use jiff::Timestamp;

use super::{Exit, Fault, audience::Lists, newsroom::Newsroom};
use crate::{
    approval::Exhibit,
    audience::SkipReason,
    campaign::{Desk, Digest, Inputs, Plan, Prepared, Press, Thread, plan},
    check::copy,
    clock::Clock as _,
    config::Templates,
    diagnostic::{Diagnostic, Source},
    draft::Draft,
    keys::{Keys, PersonKey},
    render::Proof,
};

/// A draft expanded for its lists.
pub(super) struct Proofs {
    pub(super) campaign: String,
    pub(super) draft: Draft,
    pub(super) templates: Templates,
    pub(super) lists: Lists,
    pub(super) inputs: Inputs,
    /// The mail for everybody at once.
    pub(super) proof: Proof,
    pub(super) digest: Digest,
    /// What somebody approves.
    pub(super) exhibit: Exhibit,
    pub(super) press: Press,
    pub(super) keys: Arc<Keys>,
}

impl Proofs {
    /// Opens the lists and expands the templates.
    pub(super) fn new(
        newsroom: &Newsroom,
        draft: Draft,
        templates: Templates,
        campaign: String,
        lists: Lists,
        keys: Arc<Keys>,
    ) -> Result<Self, Fault> {
        let Prepared { mut inputs, digest, exhibit } =
            newsroom.prepare(&draft, &templates, lists.files())?;
        let proof = newsroom.proof(&draft, &templates, lists.files(), &inputs)?;
        inputs.thread = newsroom.thread_of(&campaign, &digest.to_string(), lists.followed())?;
        not_before(&mut inputs, lists.followed().and_then(|followed| followed.since));
        let press = press(&campaign, &inputs, &keys)?;
        Ok(Self { campaign, draft, templates, lists, inputs, proof, digest, exhibit, press, keys })
    }

    /// Walks the audience and reads every copy; `attempted` and `open` are what an earlier send of
    /// the campaign has behind it and before it.
    pub(super) fn plan(
        &self,
        newsroom: &Newsroom,
        attempted: &HashSet<PersonKey>,
        open: &HashSet<PersonKey>,
    ) -> Result<Plan, Fault> {
        let named = self.lists.named();
        let columns = self.lists.files().iter().flat_map(|(_, columns)| columns.iter().cloned());
        let columns: Vec<String> = columns.collect();
        let limited: Vec<String> = newsroom.settings().pace.domains.keys().cloned().collect();
        let desk = Desk {
            press: &self.press,
            lists: &named,
            attempted,
            open,
            received: &self.lists.received(),
            limited_domains: &limited,
            sources: &self.sources(),
            reader: &copy::Reader::new(&self.inputs.expanded, &columns),
            limits: newsroom.settings().check.limits,
            now: newsroom.clock().now(),
        };
        let plan = plan(self.lists.walk(&self.keys, 0)?, &desk).map_err(Fault::refused)?;
        Ok(plan.without(SkipReason::Gone, self.lists.gone()))
    }

    /// The same as another revision of its campaign.
    pub(super) fn in_thread(
        mut self,
        thread: Thread,
        since: Option<Timestamp>,
    ) -> Result<Self, Fault> {
        self.inputs.thread = thread;
        not_before(&mut self.inputs, since);
        self.press = press(&self.campaign, &self.inputs, &self.keys)?;
        Ok(self)
    }

    /// Texts of which a finding may show a line.
    pub(super) fn sources(&self) -> Vec<Source> {
        [&self.draft.source].into_iter().chain(self.templates.set.files.values()).cloned().collect()
    }
}

/// The stamps of a calendar entry never go back, however its event is moved.
fn not_before(inputs: &mut Inputs, since: Option<Timestamp>) {
    if let (Some(entry), Some(since)) = (&mut inputs.calendar, since) {
        entry.since = entry.since.max(since);
    }
}

/// What is wrong with a plan for nobody.
pub(super) fn nobody(plan: &Plan) -> Option<Diagnostic> {
    let skipped = plan.skipped();
    if plan.planned > 0 || skipped.already_sent > 0 {
        return None;
    }
    let words = skipped.in_words();
    let fault = Diagnostic::new(match words.is_empty() {
        true => "nobody is on the lists".to_owned(),
        false => format!("nobody would get it: {words}"),
    });
    let hint = "`announce lists` shows who is there; look at `where` and `exclude` too";
    Some(fault.hint(hint).rule("M10/empty"))
}

/// Compiles a campaign's inputs.
pub(super) fn press(campaign: &str, inputs: &Inputs, keys: &Arc<Keys>) -> Result<Press, Fault> {
    Press::new(campaign, inputs, Arc::clone(keys)).map_err(|error| {
        let fault = Diagnostic::new(error.to_string()).in_file("announce.toml");
        Fault::new(Exit::Configuration, fault)
    })
}
