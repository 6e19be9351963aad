//! What `send` and `resume` share: freeze, run, books, exit code.

use std::sync::Arc;

use super::{
    Exit, Fault,
    ending::{Ending, unknown},
    interrupt,
    newsroom::Newsroom,
    output,
    plan_text::{books, rows},
    progress::Progress,
    proofs::press,
    rate,
    ready::Ready,
    receipt,
    relay::Relay,
    runtime::block_on_all_cores,
    terminal::Presence,
};
use crate::{
    campaign::{
        Course, End, Event, Inputs, REFUSED, Reporter as _, Run, Skipped, Summary, recipients,
    },
    clock::Clock as _,
    diagnostic::count,
    keys::Keys,
    ledger::{Books, CampaignRecord, CampaignState, Frozen, Ledger as _, SqliteLedger},
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
        let ledger = newsroom.ledger()?;
        let (keys, left_out) = (Arc::clone(&ready.keys), ready.plan.skipped());
        newsroom.begin_run(&ledger, &keys).await?;
        let record = freeze(newsroom, ready, &ledger).await?;
        // Of a campaign that was frozen before, its own inputs: a retry says the same.
        let inputs = frozen_inputs(&ledger, &record).await?;
        let office = Office { newsroom, ledger: &ledger, keys, manner, has_read_lists: true };
        office.send(&record, &inputs, left_out).await
    })
}

/// Stores what was planned; refuses when a list, or what is known of its people, has changed.
/// Nothing of what was planned with is left when it returns.
async fn freeze(
    newsroom: &Newsroom,
    ready: Ready,
    ledger: &SqliteLedger,
) -> Result<CampaignRecord, Fault> {
    let frozen = Frozen {
        id: ready.campaign.clone(),
        digest: ready.digest.to_string(),
        subject: ready.inputs.subject(),
        lists: ready.lists.named().iter().map(|(name, _)| name.to_string()).collect(),
        narrowed: ready.lists.is_narrowed(),
        passed_over: ready.verdict.passed_over.iter().map(ToString::to_string).collect(),
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
        ready.plan.snapshot,
    );
    Ok(ledger.freeze(frozen, people).await?)
}

/// Goes on with a campaign from what the ledger has of it.
pub(super) async fn resume(
    newsroom: &Newsroom,
    id: &str,
    manner: impl FnOnce(&Inputs) -> Manner,
) -> Result<Exit, Fault> {
    let ledger = newsroom.existing_ledger()?;
    let _lock = newsroom.lock(&format!("resume {id}"))?;
    let keys = newsroom.existing_keys()?;
    // First: an older ledger may not know the campaign.
    newsroom.begin_run(&ledger, &keys).await?;
    let Some(record) = ledger.campaign(id).await? else {
        return Err(newsroom.unknown_campaign(&ledger, id).await);
    };
    let inputs = frozen_inputs(&ledger, &record).await?;
    let mut manner = manner(&inputs);
    manner.course.probe = record.state == CampaignState::Paused(REFUSED.to_owned());
    let office = Office { newsroom, ledger: &ledger, keys, manner: &manner, has_read_lists: false };
    office.send(&record, &inputs, Skipped::default()).await
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

struct Office<'a> {
    newsroom: &'a Newsroom,
    ledger: &'a SqliteLedger,
    keys: Arc<Keys>,
    manner: &'a Manner,
    /// `resume` knows no more than whom it still had to send to.
    has_read_lists: bool,
}

impl Office<'_> {
    async fn send(
        &self,
        record: &CampaignRecord,
        inputs: &Inputs,
        left_out: Skipped,
    ) -> Result<Exit, Fault> {
        let clock = self.newsroom.clock();
        let before = self.ledger.books(&record.id).await?;
        receipt::write(self.newsroom, record, &before, self.ledger)?;
        let mut progress = Progress::new(self.manner.presence, self.newsroom.zone());
        let recovered = self.ledger.recover(clock.now()).await?;
        progress.report(&Event::Recovered(recovered));
        let end = if self.ledger.books(&record.id).await?.open() == 0 {
            self.close(record).await?;
            End::Finished
        } else {
            let press = press(&record.id, inputs, &self.keys)?;
            let relay = Relay::open(self.newsroom).await?;
            let mut pace = rate::pace(self.newsroom, self.ledger).await?;
            let stop = interrupt::listen().map_err(Fault::io)?;
            let run = Run {
                campaign: record,
                course: &self.manner.course,
                ledger: self.ledger,
                clock: &clock,
                pace: &mut pace,
                press: &press,
                transport: || relay.transport(clock),
                stop,
                reporter: &mut progress,
            };
            let ended = run.drive().await;
            relay.close().await;
            match ended {
                Ok(end) => end,
                Err(error) => {
                    drop(progress);
                    self.tell_books(record, &before, left_out).await;
                    return Err(error.into());
                }
            }
        };
        let given_up = progress.given_up;
        drop(progress);
        if given_up > 0 {
            output::say(format!(
                "{} given up: the server put them off for as long as it made sense",
                count(given_up, "delivery")
            ));
        }
        let after = self.ledger.books(&record.id).await?;
        self.tell(record, &end, &before, &after, left_out)
    }

    /// The books as far as they can be read: the ledger may be what has failed.
    async fn tell_books(&self, record: &CampaignRecord, before: &Books, left_out: Skipped) {
        if let Ok(after) = self.ledger.books(&record.id).await {
            let summary = Summary::of_run(&record.id, &record.digest, before, &after, left_out);
            self.show(&summary);
        }
    }

    fn show(&self, summary: &Summary) {
        output::result(match (self.manner.json, self.has_read_lists) {
            (true, _) => summary.json(),
            (false, true) => format!("{}\n{}", books(summary), rows(summary)),
            (false, false) => books(summary),
        });
    }

    /// A campaign with nothing left to do is finished, if it is not yet.
    async fn close(&self, record: &CampaignRecord) -> Result<(), Fault> {
        if record.state != CampaignState::Finished {
            let now = self.newsroom.clock().now();
            self.ledger.set_state(&record.id, CampaignState::Finished, now).await?;
        }
        Ok(())
    }

    fn tell(
        &self,
        record: &CampaignRecord,
        end: &End,
        before: &Books,
        after: &Books,
        left_out: Skipped,
    ) -> Result<Exit, Fault> {
        let summary = Summary::of_run(&record.id, &record.digest, before, after, left_out);
        debug_assert!(summary.balances(), "{summary:?}");
        self.show(&summary);
        if !self.manner.json && summary.planned == 0 && *end == End::Finished {
            output::say("there was nobody left to send to: the campaign is finished");
            if after.rejected > 0 {
                let rejected = count(after.rejected, "delivery");
                output::say(format!("{rejected} rejected earlier: they are not tried again"));
            }
        }
        receipt::write(self.newsroom, record, after, self.ledger)?;
        if after.uncertain > 0 {
            output::say(unknown(&record.id, after.uncertain));
        }
        if self.newsroom.rehearses() {
            output::say("nothing left this machine: the mail is in .announce/sandbox/");
        }
        let ending = Ending { newsroom: self.newsroom, id: &record.id, summary: &summary, after };
        let (exit, next) = ending.told(end)?;
        output::say(format!("next: {next}"));
        Ok(exit)
    }
}
