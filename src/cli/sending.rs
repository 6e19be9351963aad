//! What `send` and `resume` share: freeze, run, books, exit code.

use std::sync::Arc;

use super::{
    Exit, Fault,
    amending::{Amends, Revised},
    ending::{Ending, unknown},
    followed::{open, went_on},
    newsroom::Newsroom,
    office::Office,
    output,
    plan_text::{books, rows},
    progress::Progress,
    ready::Ready,
    receipt,
    runtime::{block_on, block_on_all_cores},
    terminal::Presence,
};
use crate::{
    campaign::{Course, End, Inputs, REFUSED, Reporter, Silent, Skipped, Summary, recipients},
    clock::Clock as _,
    diagnostic::count,
    ledger::{
        Books, CampaignRecord, CampaignState, Error, Follows, Frozen, Ledger as _, Recipients,
        SqliteLedger,
    },
};

/// How `send` and `resume` were asked to go about it.
pub(super) struct Manner {
    pub(super) course: Course,
    pub(super) presence: Presence,
    pub(super) json: bool,
}

/// Freezes what was planned, then sends it.
pub(super) fn send(newsroom: &Newsroom, ready: Ready, manner: &Manner) -> Result<Exit, Fault> {
    let _lock = newsroom.lock(&format!("send {}", ready.campaign))?;
    // While somebody thought about the plan, a colleague may have sent the same.
    let digest = ready.digest.to_string();
    if let Some(other) = ready.memory.sent_since(newsroom, &ready.campaign, &digest)? {
        let message = format!("the same mail has just been sent as `{other}`: nothing was sent");
        let hint = format!("look at it with `announce status {other}`");
        return Err(Fault::with_hint(Exit::Refused, message, hint));
    }
    // Again under the lock: another rehearsal may have begun meanwhile.
    if newsroom.begins_rehearsal(&ready.campaign, &ready.digest)? {
        newsroom.begin_rehearsal(&ready.campaign)?;
    }
    block_on_all_cores(async {
        let (keys, left_out) = (Arc::clone(&ready.keys), ready.plan.skipped());
        let mut office = Office::open(newsroom, newsroom.ledger()?, keys).await?;
        ready.approval.still_holds(newsroom, &ready.draft.slug).await?;
        let mut progress = Progress::new(manner.presence, newsroom.zone());
        let record = &freeze(&mut office, ready, &mut progress).await?;
        drop(progress);
        // Of a campaign that was frozen before, its own inputs: a retry says the same.
        let inputs = frozen_inputs(&office.ledger, record).await?;
        let rest = match &record.follows {
            Some(Follows { campaign, .. }) if office.ledger.books(campaign).await?.open() > 0 => {
                Some(campaign.clone())
            }
            _ => None,
        };
        let telling = Telling { newsroom, manner, record, has_read_lists: true, left_out, rest };
        telling.send(office, &inputs).await
    })
}

/// Stores what was planned; refuses when a list, or what is known of its people, has changed.
/// Nothing of what was planned with is left when it returns. What a follow-up does to its campaign is
/// done with it, or neither is.
pub(super) async fn freeze(
    office: &mut Office<'_>,
    ready: Ready,
    reporter: &mut dyn Reporter,
) -> Result<CampaignRecord, Fault> {
    let (newsroom, ledger) = (office.newsroom, office.ledger.clone());
    if let Some(followed) = ready.lists.followed() {
        // Whoever an earlier run left in doubt is told too.
        office.recover(reporter).await?;
        followed.still_stands(&ledger).await?;
    }
    let follows = ready.lists.followed().map(|followed| followed.follows.clone());
    let frozen = Frozen {
        id: ready.campaign.clone(),
        digest: ready.digest.to_string(),
        subject: ready.inputs.subject(),
        exhibit: ready.exhibit.to_bytes(),
        sequence: ready.inputs.thread.sequence,
        follows: follows.clone(),
        lists: ready.lists.named().iter().map(|(name, _)| name.to_string()).collect(),
        narrowed: ready.lists.is_narrowed(),
        passed_over: ready.passed_over(),
        inputs: ready.inputs.to_bytes(),
        at: newsroom.clock().now(),
        skipped: ready.plan.skipped,
        rows: ready.plan.rows,
    };
    let people = recipients(
        ready.lists.walk(&ready.keys, ready.plan.rows)?,
        ready.press,
        ready.lists.named(),
        ready.attempted,
        ready.lists.received(),
        ready.plan.snapshot,
    );
    let (Some(amends), Some(follows)) = (ready.amends, follows) else {
        return Ok(ledger.freeze(frozen, people).await?);
    };
    let (id, amended) = (frozen.id.clone(), follows.campaign);
    let notice: (Frozen, Recipients) = (frozen, Box::new(people));
    ledger.amend(&amended, amends.into_amendment()?, Some(notice), newsroom.clock().now()).await?;
    for id in [&amended, &id] {
        // The digest of the one has changed, the other is new.
        if let Some(record) = ledger.campaign(id).await? {
            receipt::write(newsroom, &record, &ledger.books(id).await?, &ledger)?;
        }
    }
    Ok(ledger.campaign(&id).await?.ok_or(Error::UnknownCampaign(id))?)
}

/// Lets those who are still to get a campaign have another text, and tells nobody.
pub(super) fn revise(
    newsroom: &Newsroom,
    record: &CampaignRecord,
    revised: Revised,
) -> Result<(), Fault> {
    let id = &record.id;
    let _lock = newsroom.lock(&format!("correct {id}"))?;
    block_on(async {
        let ledger = newsroom.ledger()?;
        let mut office = Office::open(newsroom, ledger.clone(), newsroom.existing_keys()?).await?;
        office.recover(&mut Silent).await?;
        let is_same = ledger.campaign(id).await?.is_some_and(|now| now.revision == record.revision);
        if !is_same || open(&ledger, id).await? != revised.open {
            return Err(went_on(id));
        }
        let amendment = Amends::Revise(Box::new(revised)).into_amendment()?;
        ledger.amend(id, amendment, None, newsroom.clock().now()).await?;
        if let Some(record) = ledger.campaign(id).await? {
            receipt::write(newsroom, &record, &ledger.books(id).await?, &ledger)?;
        }
        Ok(())
    })
}

/// Goes on with a campaign from what the ledger has of it.
pub(super) async fn resume(
    newsroom: &Newsroom,
    id: &str,
    manner: impl FnOnce(&Inputs) -> Manner,
) -> Result<Exit, Fault> {
    let ledger = newsroom.existing_ledger()?;
    let _lock = newsroom.lock(&format!("resume {id}"))?;
    // First: an older ledger may not know the campaign.
    let office = Office::open(newsroom, ledger, newsroom.existing_keys()?).await?;
    let Some(record) = office.ledger.campaign(id).await? else {
        return Err(newsroom.unknown_campaign(&office.ledger, id).await);
    };
    let inputs = frozen_inputs(&office.ledger, &record).await?;
    let mut manner = manner(&inputs);
    manner.course.probe = record.state == CampaignState::Paused(REFUSED.to_owned());
    let telling = Telling {
        newsroom,
        manner: &manner,
        record: &record,
        has_read_lists: false,
        left_out: Skipped::default(),
        rest: None,
    };
    telling.send(office, &inputs).await
}

pub(super) async fn frozen_inputs(
    ledger: &SqliteLedger,
    record: &CampaignRecord,
) -> Result<Inputs, Fault> {
    let inputs = ledger.inputs(&record.id, record.revision).await?;
    Inputs::from_bytes(&inputs).map_err(|error| {
        let hint = "restore the ledger from its backup";
        Fault::with_hint(Exit::Configuration, error.to_string(), hint)
    })
}

/// A run as a person hears of it.
struct Telling<'a> {
    newsroom: &'a Newsroom,
    manner: &'a Manner,
    record: &'a CampaignRecord,
    /// `resume` knows no more than whom it still had to send to.
    has_read_lists: bool,
    left_out: Skipped,
    /// A campaign that it follows and that some are still to get.
    rest: Option<String>,
}

impl Telling<'_> {
    /// Sends it, and tells what became of it.
    async fn send(&self, mut office: Office<'_>, inputs: &Inputs) -> Result<Exit, Fault> {
        let (id, ledger) = (&self.record.id, office.ledger.clone());
        let before = ledger.books(id).await?;
        let mut progress = Progress::new(self.manner.presence, self.newsroom.zone());
        let ended = office.run(self.record, inputs, &self.manner.course, &mut progress).await;
        office.close().await;
        let given_up = progress.given_up;
        drop(progress);
        let end = match ended? {
            Ok(end) => end,
            Err(error) => {
                self.tell_books(&ledger, &before).await;
                return Err(error.into());
            }
        };
        if given_up > 0 {
            output::say(format!(
                "{} given up: the server put them off for as long as it made sense",
                count(given_up, "delivery")
            ));
        }
        let after = ledger.books(id).await?;
        self.tell(&ledger, &end, &before, &after)
    }

    /// The books as far as they can be read: the ledger may be what has failed.
    async fn tell_books(&self, ledger: &SqliteLedger, before: &Books) {
        if let Ok(after) = ledger.books(&self.record.id).await {
            self.show(&self.summary(before, &after));
        }
    }

    fn summary(&self, before: &Books, after: &Books) -> Summary {
        Summary::of_run(&self.record.id, &self.record.digest, before, after, self.left_out)
    }

    fn show(&self, summary: &Summary) {
        output::result(match (self.manner.json, self.has_read_lists) {
            (true, _) => summary.json(),
            (false, true) => format!("{}\n{}", books(summary), rows(summary)),
            (false, false) => books(summary),
        });
    }

    fn tell(
        &self,
        ledger: &SqliteLedger,
        end: &End,
        before: &Books,
        after: &Books,
    ) -> Result<Exit, Fault> {
        let record = self.record;
        let summary = self.summary(before, after);
        debug_assert!(summary.balances(), "{summary:?}");
        self.show(&summary);
        if !self.manner.json && summary.planned == 0 && *end == End::Finished {
            output::say(match record.called_off {
                true => "it is sent to nobody any more: what it says does not hold",
                false => "there was nobody left to send to: the campaign is finished",
            });
            if after.rejected > 0 {
                let rejected = count(after.rejected, "delivery");
                output::say(format!("{rejected} rejected earlier: they are not tried again"));
            }
        }
        receipt::write(self.newsroom, record, after, ledger)?;
        if after.uncertain > 0 {
            output::say(unknown(&record.id, after.uncertain));
        }
        if self.newsroom.rehearses() {
            output::say("nothing left this machine: the mail is in .announce/sandbox/");
        }
        let ending = Ending { newsroom: self.newsroom, id: &record.id, summary: &summary, after };
        let (exit, next) = ending.told(end)?;
        let next = match &self.rest {
            Some(rest) if *end == End::Finished && after.uncertain == 0 => {
                format!("announce resume {rest}")
            }
            _ => next,
        };
        output::say(format!("next: {next}"));
        Ok(exit)
    }
}
