//! `announce correct`: tells those who have a campaign what has changed, and lets the others have it
//! as it is now.

use serde_json::{Value, json};

use super::super::{
    Exit, Fault, Global,
    amending::Revised,
    audience::Narrowing,
    changed::{Since, still},
    changes,
    followed::open,
    newsroom::Newsroom,
    notices::{self, Asked, tell},
    output,
    ready::Ready,
    runtime::block_on,
    sending,
    terminal::agree,
    terms::Terms,
    thread::{
        corrections, is_in_calendars, refuse_cancelled, refuse_overtaking, sent,
        unfinished_correction,
    },
};
use crate::{
    config::Templates,
    diagnostic::{Diagnostic, people},
    draft::{Draft, Stamp},
    ledger::{CampaignRecord, Ledger as _, Relation},
    notice::Notice,
};

/// Arguments of `announce correct`.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Arguments {
    /// The campaign that people have got
    #[arg(value_name = "ID")]
    campaign: String,

    /// Send this draft of yours to those who got it, in answer to it, and to nobody else
    #[arg(long, value_name = "DRAFT", conflicts_with_all = ["save", "no_notice"])]
    draft: Option<String>,

    /// Write the notice into drafts/ and send nothing: to edit, preview, approve or schedule it
    #[arg(long, conflicts_with_all = ["no_notice", "dry_run"])]
    save: bool,

    /// Tell nobody: only let those who have not got it yet have it as the draft is now
    #[arg(long)]
    no_notice: bool,

    #[command(flatten)]
    terms: Terms,
}

pub(in crate::cli) fn run(global: &Global, arguments: Arguments) -> Result<Exit, Fault> {
    let newsroom = Newsroom::open(global)?;
    let record = sent(&newsroom, &arguments.campaign)?;
    let correction = Correction { global, newsroom: &newsroom, record, arguments: &arguments };
    match &arguments.draft {
        Some(draft) => correction.in_own_words(draft),
        None => correction.of_changes(),
    }
}

struct Correction<'a> {
    global: &'a Global,
    newsroom: &'a Newsroom,
    record: CampaignRecord,
    arguments: &'a Arguments,
}

impl Correction<'_> {
    /// Sends a draft of the author's.
    fn in_own_words(&self, named: &str) -> Result<Exit, Fault> {
        let (newsroom, id) = (self.newsroom, &self.record.id);
        let templates = newsroom.templates()?;
        let file = newsroom.draft_text(named)?;
        let sent_draft = block_on(async {
            Ok(sending::frozen_inputs(&newsroom.ledger()?, &self.record).await?.draft)
        })?;
        if file.slug == *id || *file.source.name == *sent_draft {
            let message = format!("`{}` is what people have got", file.source.name);
            let hint = format!(
                "`announce correct {id}` tells them what has changed in it; your own words go into a \
                 draft of their own"
            );
            return Err(Fault::with_hint(Exit::Usage, message, hint));
        }
        if let Ok(draft) = Draft::parse(&file.slug, file.source.clone(), &templates.kinds)
            && let Some(other) = draft.front.follows.as_ref().filter(|other| other.value != *id)
        {
            let fault = Diagnostic::new(format!("it follows `{}`, not `{id}`", other.value));
            let hint = format!("`announce correct {}`, or mend the line", other.value);
            let fault = fault.at(&draft.source, other.span.clone()).hint(hint);
            return Err(Fault::refused(vec![fault]));
        }
        let stamp = Stamp { follows: Some(id.clone()), ..Stamp::default() };
        let stamped = stamp.on(&file.source).map_err(|fault| Fault::refused(vec![fault]))?;
        let draft = Draft::parse(&file.slug, stamped.clone(), &templates.kinds);
        let ready = self.ready(draft.map_err(Fault::refused)?, templates)?;
        self.arguments.terms.send(newsroom, self.global.presence(), ready, || {
            if stamped.text == file.source.text {
                return Ok(());
            }
            let written = newsroom.workspace().rewrite(&file, &stamped.text);
            written.map_err(|fault| Fault::new(Exit::TryAgain, fault))?;
            output::say(format!("written into {}: follows: {id}", file.source.name));
            Ok(())
        })
    }

    fn ready(&self, draft: Draft, templates: Templates) -> Result<Ready, Fault> {
        let (everybody, terms) = (Narrowing::default(), &self.arguments.terms);
        let (allowed, keep) = (terms.allowed()?, !terms.dry_run);
        Ready::prepare(self.newsroom, draft, templates, None, &everybody, &allowed, keep)
    }

    /// Looks for what has changed in the draft, and tells of it.
    fn of_changes(&self) -> Result<Exit, Fault> {
        let (newsroom, id) = (self.newsroom, &self.record.id);
        if let Some(follows) = &self.record.follows
            && follows.relation != Relation::FollowUp
        {
            let told = format!("`{id}` itself tells of a change of `{}`", follows.campaign);
            let hint = format!(
                "`announce correct {}` tells of another one; `--draft` says something to those who \
                 got `{id}`",
                follows.campaign
            );
            return Err(Fault::with_hint(Exit::Usage, told, hint));
        }
        let (inputs, received, open, thread, in_calendars) = block_on(async {
            let ledger = newsroom.ledger()?;
            let inputs = sending::frozen_inputs(&ledger, &self.record).await?;
            let (received, open) = (ledger.received(id).await?, open(&ledger, id).await?);
            let in_calendars = is_in_calendars(&ledger, &self.record).await?;
            Ok((inputs, received, open, ledger.thread(id).await?, in_calendars))
        })?;
        refuse_cancelled(id, id, &thread)?;
        if !notices::is_there(newsroom, &inputs.draft) {
            let message = format!("the draft of `{id}` is gone: nothing can have changed in it");
            let hint = "put it back, or send your own words with `--draft`";
            let fault = Diagnostic::new(message).in_file(inputs.draft).hint(hint);
            return Err(Fault::refused(vec![fault]));
        }
        let templates = newsroom.templates()?;
        let draft = newsroom.draft_at(&inputs.draft, &templates)?;
        let allowed = self.arguments.terms.allowed()?;
        let left = open.len() as u64;
        let revised = Revised::prepare(newsroom, &self.record, draft, open, &allowed)?;
        if revised.proofs.digest.to_string() == self.record.digest {
            return self.nothing_to_correct(&inputs.draft, left, &thread);
        }
        // Whoever has not had the last notice has the text before it still: the new notice says all
        // that has changed for them.
        let oldest = received.values().copied().min().unwrap_or(self.record.revision);
        let mut since = Since::read(newsroom, &revised.proofs, (id, self.record.revision))?;
        // Of one that has reached nobody nobody needs to be told.
        if let Some((notice, _)) = unfinished_correction(newsroom, id, &thread)? {
            let is_known =
                block_on(async { Ok(!newsroom.ledger()?.received(&notice).await?.is_empty()) })?;
            let all = Since::read(newsroom, &revised.proofs, (id, oldest))?;
            since = if is_known { all.and(since) } else { all };
        }
        let received = received.len() as u64;
        if !self.arguments.terms.json {
            output::say(format!("since `{id}` was sent:\n{}", changes::told(&since.placed)));
        }
        if received == 0 || self.arguments.no_notice {
            refuse_overtaking(newsroom, id, &thread)?;
            return self.revise_alone(revised, received, &since);
        }
        let front = &revised.proofs.exhibit.shape.front_matter;
        let event = front.get("event").and_then(Value::as_object);
        let Some(event) = event.filter(|_| !since.facts.is_empty()) else {
            return Err(self.needs_words(received, left));
        };
        let notice = Notice {
            follows: id,
            front,
            event,
            facts: &since.facts,
            cancelled: false,
            again: corrections(&thread, id).next().is_some(),
            calendar: in_calendars || front.get("calendar") != Some(&false.into()),
            because: None,
        };
        self.tell(&templates, &notice, &revised.proofs.inputs.language)
    }

    fn tell(
        &self,
        templates: &Templates,
        notice: &Notice<'_>,
        language: &str,
    ) -> Result<Exit, Fault> {
        let asked =
            Asked { save: self.arguments.save, terms: &self.arguments.terms, verb: "correct" };
        tell(self.global, self.newsroom, templates, notice, language, &asked)
    }

    fn nothing_to_correct(
        &self,
        draft: &str,
        left: u64,
        thread: &[CampaignRecord],
    ) -> Result<Exit, Fault> {
        let id = &self.record.id;
        self.document(0, left);
        output::say(format!("{draft} says what `{id}` says: there is nothing to correct"));
        if let Some((notice, open)) = unfinished_correction(self.newsroom, id, thread)? {
            output::say(format!("{} to hear of what has changed", still(open)));
            output::say(format!("next: announce resume {notice}"));
            return Ok(Exit::TryAgain);
        }
        output::say(match left {
            1.. => format!("next: announce resume {id}"),
            0 => format!("next: edit {draft}, or say something else with `--draft`"),
        });
        Ok(Exit::Done)
    }

    /// Nobody is told: nobody has it, or that is what was asked for.
    fn revise_alone(&self, revised: Revised, received: u64, since: &Since) -> Result<Exit, Fault> {
        let (id, terms) = (&self.record.id, &self.arguments.terms);
        let vital = since.facts.iter().find(|fact| fact.aspect.is_vital());
        if let Some(fact) = vital.filter(|_| received > 0) {
            let aspect = fact.aspect.to_string().to_lowercase();
            let message = format!("{} would not hear of the new {aspect}", people(received));
            let hint = format!("`announce correct {id}` without `--no-notice` tells them");
            return Err(Fault::with_hint(Exit::Refused, message, hint));
        }
        let left = revised.plan.planned;
        output::say(match received {
            0 => format!("nobody has got it yet: {} to get it as it is now", still(left)),
            _ => format!(
                "{} {} it as it was, and {} told nothing; {} to get it as it is now",
                people(received),
                if received == 1 { "has" } else { "have" },
                if received == 1 { "is" } else { "are" },
                still(left)
            ),
        });
        revised.pass(&terms.allowed()?)?;
        if terms.dry_run {
            output::say("nothing was changed\nnext: the same without `--dry-run`");
            return Ok(Exit::Done);
        }
        if !terms.is_agreed() {
            agree(self.global.presence(), "Let them have it as it is now?", "--dry-run")?;
        }
        sending::revise(self.newsroom, &self.record, revised)?;
        self.document(since.placed.len(), left);
        output::say(match left {
            0 => format!("next: announce status {id}"),
            _ => format!("next: announce resume {id}"),
        });
        Ok(Exit::Done)
    }

    /// What became of it, for programs: no mail is sent that could be counted.
    fn document(&self, changes: usize, rest: u64) {
        if self.arguments.terms.json {
            output::result(json!({
                "schema": 1, "campaign": self.record.id, "changes": changes, "rest": rest,
            }));
        }
    }

    fn needs_words(&self, received: u64, left: u64) -> Fault {
        let id = &self.record.id;
        let message = format!(
            "only the text has changed: what to say about that to {} is yours to write",
            people(received)
        );
        let rest = match left {
            0 => String::new(),
            _ => format!(
                "; `--no-notice` tells nobody, and only those who have not got it ({}) get it as it \
                 is now",
                people(left)
            ),
        };
        let hint = format!(
            "write it as a draft: `announce correct {id} --draft DRAFT` sends it to them{rest}"
        );
        Fault::with_hint(Exit::Refused, message, hint)
    }
}
