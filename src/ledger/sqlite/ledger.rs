//! The seam: every call becomes one job on the writer's thread or one read beside it.

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use jiff::Timestamp;

use super::{
    SqliteLedger, amend, approval, campaign, delivery, freeze, past, query, settle, thread,
};
use crate::{
    audience::SkipReason,
    keys::PersonKey,
    ledger::{
        Amendment, Approval, Attempt, AttemptStatus, Books, CampaignRecord, CampaignState, Claimed,
        Delivery, Error, Frozen, Ledger, LogEntry, LogFilter, PassedOver, Past, Recipient,
        Recipients, Recovered, Settlement, Standing, Suppression, Tested,
    },
};

impl Ledger for SqliteLedger {
    async fn campaign(&self, id: &str) -> Result<Option<CampaignRecord>, Error> {
        let id = id.to_owned();
        self.queue.read(move |connection| query::campaign(connection, &id)).await
    }

    async fn campaigns(&self) -> Result<Vec<CampaignRecord>, Error> {
        self.queue.read(query::campaigns).await
    }

    async fn inputs(&self, id: &str, revision: u32) -> Result<Vec<u8>, Error> {
        let id = id.to_owned();
        self.queue.read(move |connection| query::inputs(connection, &id, revision)).await
    }

    async fn freeze(
        &self,
        frozen: Frozen,
        recipients: impl Iterator<Item = Result<Recipient, Error>> + Send + 'static,
    ) -> Result<CampaignRecord, Error> {
        self.queue.write(move |connection| freeze::freeze(connection, frozen, recipients)).await
    }

    async fn amend(
        &self,
        id: &str,
        amendment: Amendment,
        notice: Option<(Frozen, Recipients)>,
        now: Timestamp,
    ) -> Result<(), Error> {
        let id = id.to_owned();
        let amend = move |connection: &_| amend::amend(connection, &id, amendment, notice, now);
        self.queue.write(amend).await
    }

    async fn received(&self, id: &str) -> Result<HashMap<PersonKey, u32>, Error> {
        let id = id.to_owned();
        self.queue.read(move |connection| thread::received(connection, &id)).await
    }

    async fn thread(&self, id: &str) -> Result<Vec<CampaignRecord>, Error> {
        let id = id.to_owned();
        self.queue.read(move |connection| thread::thread(connection, &id)).await
    }

    async fn exhibit(&self, id: &str, revision: u32) -> Result<Vec<u8>, Error> {
        let id = id.to_owned();
        self.queue.read(move |connection| thread::exhibit(connection, &id, revision)).await
    }

    async fn people(&self, id: &str) -> Result<HashSet<PersonKey>, Error> {
        let id = id.to_owned();
        self.queue.read(move |connection| query::people(connection, &id)).await
    }

    async fn attempted(&self, id: &str) -> Result<HashSet<PersonKey>, Error> {
        let id = id.to_owned();
        self.queue.read(move |connection| query::attempted(connection, &id)).await
    }

    async fn suppressed(&self) -> Result<HashSet<PersonKey>, Error> {
        self.queue.read(query::suppressed).await
    }

    async fn suppressions(&self) -> Result<Vec<Suppression>, Error> {
        self.queue.read(query::suppressions).await
    }

    async fn suppress_all(&self, suppressions: Vec<Suppression>) -> Result<u64, Error> {
        self.queue
            .write(move |connection| {
                suppressions.into_iter().try_fold(0, |added, suppression| {
                    Ok(added + u64::from(delivery::suppress(connection, suppression)?))
                })
            })
            .await
    }

    async fn is_suppressed(&self, person: PersonKey) -> Result<bool, Error> {
        self.queue.glance(|connection| query::is_suppressed(connection, person))
    }

    async fn unsuppress(&self, person: PersonKey) -> Result<bool, Error> {
        self.queue.write(move |connection| campaign::unsuppress(connection, person)).await
    }

    async fn recover(&self, now: Timestamp) -> Result<Recovered, Error> {
        self.queue.write(move |connection| delivery::recover(connection, now)).await
    }

    async fn set_state(&self, id: &str, state: CampaignState, now: Timestamp) -> Result<(), Error> {
        let id = id.to_owned();
        self.queue.write(move |connection| campaign::set_state(connection, &id, &state, now)).await
    }

    async fn request_stop(&self, id: &str) -> Result<(), Error> {
        let id = id.to_owned();
        self.queue.write(move |connection| campaign::request_stop(connection, &id)).await
    }

    async fn stop_requested(&self, id: &str) -> Result<bool, Error> {
        self.queue.glance(|connection| query::stop_requested(connection, id))
    }

    async fn claim(&self, id: &str, limit: usize, now: Timestamp) -> Result<Vec<Claimed>, Error> {
        self.sound()?;
        let (run, id) = (self.run(), id.to_owned());
        self.queue.step(move |connection| delivery::claim(connection, run, &id, limit, now)).await
    }

    async fn commit(&self, delivery: Delivery, began: Timestamp) -> Result<(), Error> {
        self.sound()?;
        let run = self.run();
        self.queue.step(move |connection| delivery::commit(connection, run, delivery, began)).await
    }

    async fn finish(&self, delivery: Delivery, attempt: Attempt) -> Result<(), Error> {
        let run = self.run();
        self.queue
            .step(move |connection| delivery::finish(connection, run, delivery, &attempt))
            .await
    }

    async fn finish_and_commit(
        &self,
        delivery: Delivery,
        attempt: Attempt,
        next: Delivery,
        began: Timestamp,
    ) -> Result<Result<(), Error>, Error> {
        let (run, sound) = (self.run(), self.sound());
        self.queue
            .step(move |connection| {
                delivery::finish(connection, run, delivery, &attempt)?;
                // A mark that fails leaves nothing behind, so the record stands.
                Ok(sound.and_then(|()| delivery::commit(connection, run, next, began)))
            })
            .await
    }

    async fn skip(&self, delivery: Delivery, reason: SkipReason) -> Result<(), Error> {
        let run = self.run();
        self.queue.step(move |connection| delivery::skip(connection, run, delivery, reason)).await
    }

    async fn release(&self, deliveries: Vec<Delivery>) -> Result<(), Error> {
        let run = self.run();
        self.queue.write(move |connection| delivery::release(connection, run, deliveries)).await
    }

    async fn settle(
        &self,
        id: &str,
        people: Option<Vec<PersonKey>>,
        settlement: Settlement,
        now: Timestamp,
    ) -> Result<u64, Error> {
        let id = id.to_owned();
        self.queue
            .write(move |connection| settle::settle(connection, &id, people, settlement, now))
            .await
    }

    async fn books(&self, id: &str) -> Result<Books, Error> {
        let id = id.to_owned();
        self.queue.read(move |connection| query::books(connection, &id)).await
    }

    async fn deliveries(
        &self,
        id: &str,
        each: impl FnMut(Standing) -> bool + Send + 'static,
    ) -> Result<(), Error> {
        let id = id.to_owned();
        self.queue.read(move |connection| query::deliveries(connection, &id, each)).await
    }

    async fn next_due(&self, id: &str) -> Result<Option<Timestamp>, Error> {
        let id = id.to_owned();
        self.queue.read(move |connection| query::next_due(connection, &id)).await
    }

    async fn sent_within(&self, window: Duration, now: Timestamp) -> Result<Vec<Timestamp>, Error> {
        self.queue.read(move |connection| query::sent_within(connection, window, now)).await
    }

    async fn record_test(
        &self,
        person: PersonKey,
        attempt: Attempt,
        campaign: &str,
        digest: &str,
    ) -> Result<(), Error> {
        let (campaign, digest) = (campaign.to_owned(), digest.to_owned());
        self.queue
            .step(move |connection| {
                let whose = delivery::Whose::Tester(person);
                delivery::append(connection, whose, 1, AttemptStatus::Test, &attempt)?;
                past::note_test(connection, &attempt, &campaign, &digest)
            })
            .await
    }

    async fn last_test(&self, campaign: &str) -> Result<Option<Tested>, Error> {
        let campaign = campaign.to_owned();
        self.queue.read(move |connection| past::last_test(connection, &campaign)).await
    }

    async fn past(&self) -> Result<Vec<Past>, Error> {
        self.queue.read(past::past).await
    }

    async fn passed_over(&self, id: &str) -> Result<Vec<PassedOver>, Error> {
        let id = id.to_owned();
        self.queue.read(move |connection| past::passed_over(connection, &id)).await
    }

    async fn record_approval(&self, approval: Approval) -> Result<(), Error> {
        self.queue.write(move |connection| approval::record(connection, &approval)).await
    }

    async fn approval(&self, draft: &str) -> Result<Option<Approval>, Error> {
        let draft = draft.to_owned();
        self.queue.read(move |connection| approval::newest(connection, &draft)).await
    }

    async fn approval_of(&self, digest: &str, at: Timestamp) -> Result<Option<Approval>, Error> {
        let digest = digest.to_owned();
        self.queue.read(move |connection| approval::of_digest(connection, &digest, at)).await
    }

    async fn log(
        &self,
        filter: LogFilter,
        each: impl FnMut(LogEntry) -> bool + Send + 'static,
    ) -> Result<(), Error> {
        self.queue.read(move |connection| query::log(connection, &filter, each)).await
    }
}
