//! What was planned, tried and done, durable before it matters.
//!
//! Owns: campaigns, deliveries, attempts, suppressions; the protocol claim → committing → outcome.
//! Does not know: lettre, rendering, printing, addresses. People are [`PersonKey`]s; what is
//! sealed stays sealed here.

mod record;

pub use record::{
    Attempt, AttemptStatus, Books, CampaignRecord, CampaignState, Claimed, Delivery, Error, Frozen,
    LogEntry, LogFilter, Recipient, Recovered, Suppression, SuppressionReason,
};

use std::{collections::HashSet, future::Future, time::Duration};

use jiff::Timestamp;

use crate::keys::PersonKey;

/// The books. One value is shared by all workers of a run; commits of workers that wait at the
/// same time share one fsync.
pub trait Ledger: Clone + Send + Sync + 'static {
    /// The campaign of this id, newest revision, or none.
    fn campaign(
        &self,
        id: &str,
    ) -> impl Future<Output = Result<Option<CampaignRecord>, Error>> + Send;

    /// All campaigns, oldest first.
    fn campaigns(&self) -> impl Future<Output = Result<Vec<CampaignRecord>, Error>> + Send;

    /// Stores inputs and recipients of a new campaign in one transaction: all of it or nothing.
    /// With an id that exists and the same digest it adds people who have no row yet.
    /// An error from the iterator rolls everything back and is returned as [`Error::Aborted`].
    fn freeze(
        &self,
        frozen: Frozen,
        recipients: impl Iterator<Item = Result<Recipient, Error>> + Send + 'static,
    ) -> impl Future<Output = Result<CampaignRecord, Error>> + Send;

    /// People who already have a row in this campaign in any state but planned or deferred
    /// (`already_sent`), for planning.
    fn attempted(&self, id: &str)
    -> impl Future<Output = Result<HashSet<PersonKey>, Error>> + Send;

    /// Everybody suppressed, for planning.
    fn suppressed(&self) -> impl Future<Output = Result<HashSet<PersonKey>, Error>> + Send;

    /// Puts one person on the suppression list (the first reason stays).
    fn suppress(&self, suppression: Suppression) -> impl Future<Output = Result<(), Error>> + Send;

    /// After a crash: claimed → planned, committing → uncertain. Called once, under the lock,
    /// before the first claim.
    fn recover(&self, now: Timestamp) -> impl Future<Output = Result<Recovered, Error>> + Send;

    /// Moves a campaign to another state. `finished` is only reached when nothing is planned,
    /// claimed, committing or deferred.
    fn set_state(
        &self,
        id: &str,
        state: CampaignState,
        now: Timestamp,
    ) -> impl Future<Output = Result<(), Error>> + Send;

    /// Takes up to `limit` deliveries that are planned, or deferred and due at `now`, oldest
    /// first, suppression checked again in the same transaction (a person suppressed meanwhile
    /// becomes skipped). Durable before it returns.
    fn claim(
        &self,
        id: &str,
        limit: usize,
        now: Timestamp,
    ) -> impl Future<Output = Result<Vec<Claimed>, Error>> + Send;

    /// The mark: claimed → committing, on disk (`synchronous=FULL`) when this returns.
    fn commit(
        &self,
        delivery: Delivery,
        now: Timestamp,
    ) -> impl Future<Output = Result<(), Error>> + Send;

    /// Records a try and its effect on the delivery, in one transaction. Seals are erased when
    /// the new status is accepted, rejected or skipped.
    fn finish(
        &self,
        delivery: Delivery,
        attempt: Attempt,
    ) -> impl Future<Output = Result<(), Error>> + Send;

    /// Gives claimed deliveries back untried: claimed → planned.
    fn release(&self, deliveries: Vec<Delivery>) -> impl Future<Output = Result<(), Error>> + Send;

    /// The books of a campaign as they stand.
    fn books(&self, id: &str) -> impl Future<Output = Result<Books, Error>> + Send;

    /// When the next deferred delivery of a campaign is due.
    fn next_due(&self, id: &str) -> impl Future<Output = Result<Option<Timestamp>, Error>> + Send;

    /// Times of the tries in the last `window` that count against a cap (accepted, uncertain,
    /// tests), oldest first.
    fn sent_within(
        &self,
        window: Duration,
        now: Timestamp,
    ) -> impl Future<Output = Result<Vec<Timestamp>, Error>> + Send;

    /// Records a test mail, which counts against the caps but belongs to no campaign.
    fn record_test(&self, attempt: Attempt) -> impl Future<Output = Result<(), Error>> + Send;

    /// The delivery log, oldest first, handed to `each` row by row; `each` returns false to end.
    fn log(
        &self,
        filter: LogFilter,
        each: impl FnMut(LogEntry) -> bool + Send + 'static,
    ) -> impl Future<Output = Result<(), Error>> + Send;
}
