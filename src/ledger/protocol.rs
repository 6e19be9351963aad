//! The seam: what a ledger does for the rest of the program.

use std::{
    collections::{HashMap, HashSet},
    future::Future,
    time::Duration,
};

use jiff::Timestamp;

use super::{
    Amendment, Approval, Attempt, Books, CampaignRecord, CampaignState, Claimed, Delivery, Error,
    Frozen, LogEntry, LogFilter, PassedOver, Past, Recipient, Recipients, Recovered, Settlement,
    Standing, Suppression, Tested,
};
use crate::{audience::SkipReason, keys::PersonKey};

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

    /// What a revision of a campaign is made of, as it was frozen.
    fn inputs(
        &self,
        id: &str,
        revision: u32,
    ) -> impl Future<Output = Result<Vec<u8>, Error>> + Send;

    /// Stores inputs and recipients of a new campaign in one transaction: all of it or nothing.
    /// Whoever has been suppressed since the plan is refused and counted as skipped. Unless
    /// `rows` is the sum of the planned and the skipped, nothing is stored ([`Error::Aborted`]).
    ///
    /// A new correction takes the place of the corrections before it of the same campaign: they are
    /// called off, since what they say holds no longer.
    ///
    /// With an id that exists and the same digest it adds people who have no row yet, and leaves
    /// the others and what was counted as skipped alone; lists and checks passed over add to those
    /// of before. Another digest is [`Error::OtherDigest`], and a campaign that was called off is
    /// [`Error::CalledOff`]. An error from the iterator rolls everything back and is returned as it
    /// is.
    fn freeze(
        &self,
        frozen: Frozen,
        recipients: impl Iterator<Item = Result<Recipient, Error>> + Send + 'static,
    ) -> impl Future<Output = Result<CampaignRecord, Error>> + Send;

    /// Changes what a campaign says, or calls it off, for all who have not got it: planned and
    /// deferred. In the same transaction it freezes `notice`, as [`Ledger::freeze`] does, for those
    /// who have: nobody is told of a change while somebody else is still to be told the old. All of
    /// it or nothing; an error from either stream is returned as it is.
    ///
    /// A [`Amendment::Revise`] adds a revision, which is in force from then on. Whoever is among its
    /// people is sealed anew for it, and is dated anew: it is another message. Whoever was due later
    /// still is. Somebody among them who is not open is an [`Error::Aborted`]: nobody is added, and
    /// nobody gets both texts. The other open ones are skipped, as suppressed or as gone. What is
    /// left open pauses the campaign; with nobody left it is finished.
    ///
    /// With [`Amendment::CallOff`] everybody open is skipped, as suppressed or as cancelled, and
    /// the campaign goes to nobody any more, ever: [`CampaignRecord::called_off`]. Freezing it again
    /// or amending it is [`Error::CalledOff`].
    ///
    /// A change without a notice leaves the corrections before it alone. With a campaign that is
    /// called off everything that follows it is, but for the notice.
    ///
    /// Somebody who is uncertain and whom a person has decided to mail again is open: they get the
    /// new text, and no notice.
    ///
    /// Called under the lock, when no run is at work and what the last one left has been
    /// recovered; somebody still held is an [`Error::Aborted`].
    fn amend(
        &self,
        id: &str,
        amendment: Amendment,
        notice: Option<(Frozen, Recipients)>,
        now: Timestamp,
    ) -> impl Future<Output = Result<(), Error>> + Send;

    /// Everybody who may have this campaign, with the revision that they have: accepted, uncertain,
    /// or marked and not recovered yet. Looks at no other campaign.
    fn received(
        &self,
        id: &str,
    ) -> impl Future<Output = Result<HashMap<PersonKey, u32>, Error>> + Send;

    /// The campaigns that belong together with this one, itself among them: the one that began the
    /// thread and all that follow it or each other, oldest first. None, when there is no such
    /// campaign.
    fn thread(&self, id: &str) -> impl Future<Output = Result<Vec<CampaignRecord>, Error>> + Send;

    /// What shaped a revision of a campaign, as it was frozen.
    fn exhibit(
        &self,
        id: &str,
        revision: u32,
    ) -> impl Future<Output = Result<Vec<u8>, Error>> + Send;

    /// Everybody with a row in this campaign, whatever became of it (`exclude: campaign:ID`).
    fn people(&self, id: &str) -> impl Future<Output = Result<HashSet<PersonKey>, Error>> + Send;

    /// People who already have a row in this campaign in any state but planned, claimed (planned
    /// again after a crash) or deferred: `already_sent`, for planning. Nobody, when there is no such campaign yet.
    fn attempted(&self, id: &str)
    -> impl Future<Output = Result<HashSet<PersonKey>, Error>> + Send;

    /// Everybody suppressed, for planning.
    fn suppressed(&self) -> impl Future<Output = Result<HashSet<PersonKey>, Error>> + Send;

    /// The suppression list, oldest first.
    fn suppressions(&self) -> impl Future<Output = Result<Vec<Suppression>, Error>> + Send;

    /// Puts people on the suppression list, all of them or nobody, and says how many were not on
    /// it (the first reason and date stay).
    fn suppress_all(
        &self,
        suppressions: Vec<Suppression>,
    ) -> impl Future<Output = Result<u64, Error>> + Send;

    /// Puts one person on the suppression list, where they are not on it.
    fn suppress(&self, suppression: Suppression) -> impl Future<Output = Result<(), Error>> + Send {
        async move { self.suppress_all(vec![suppression]).await.map(drop) }
    }

    /// Whether one person is suppressed now, by whatever process: asked before each message, so it
    /// answers at once.
    fn is_suppressed(&self, person: PersonKey) -> impl Future<Output = Result<bool, Error>> + Send;

    /// Takes one person off the suppression list; false when nobody was on it.
    fn unsuppress(&self, person: PersonKey) -> impl Future<Output = Result<bool, Error>> + Send;

    /// After a crash: claimed → planned, committing → uncertain. Called once, under the lock,
    /// before the first claim. What became uncertain is in the log and counts against the caps.
    ///
    /// Nobody is due later than [`LONGEST_PAUSE`](crate::deliver::LONGEST_PAUSE) from `now`:
    /// whoever is was deferred by a clock that was wrong, and is due then.
    fn recover(&self, now: Timestamp) -> impl Future<Output = Result<Recovered, Error>> + Send;

    /// Moves a campaign to another state; any but `running` answers a request to stop. `finished` is only
    /// reached when nothing is planned, claimed, committing or deferred ([`Error::Unfinished`]).
    fn set_state(
        &self,
        id: &str,
        state: CampaignState,
        now: Timestamp,
    ) -> impl Future<Output = Result<(), Error>> + Send;

    /// Asks the run that sends this campaign, in whatever process, to stop.
    fn request_stop(&self, id: &str) -> impl Future<Output = Result<(), Error>> + Send;

    /// Whether somebody has asked for a stop since the state last changed.
    fn stop_requested(&self, id: &str) -> impl Future<Output = Result<bool, Error>> + Send;

    /// Takes up to `limit` deliveries that are planned, or deferred and due at `now` (these
    /// first), suppression checked again in the same transaction (a person suppressed meanwhile
    /// becomes skipped). Fewer than `limit` means that there are no more. Durable before it
    /// returns. Everybody who is open is to get the revision in force.
    fn claim(
        &self,
        id: &str,
        limit: usize,
        now: Timestamp,
    ) -> impl Future<Output = Result<Vec<Claimed>, Error>> + Send;

    /// The mark: claimed → committing, on disk (`synchronous=FULL`) when this returns.
    /// [`Error::Suppressed`] when the person has been suppressed since the claim: the body must
    /// not be sent.
    ///
    /// `began` is when this try began. If it is the first, that is the `Date` in the bytes about
    /// to be sent and is kept as [`Claimed::first_attempt_at`]: after a crash only the mark can
    /// tell.
    fn commit(
        &self,
        delivery: Delivery,
        began: Timestamp,
    ) -> impl Future<Output = Result<(), Error>> + Send;

    /// Records a try and its effect on the delivery, in one transaction. Seals are erased when
    /// the new status is accepted or rejected.
    fn finish(
        &self,
        delivery: Delivery,
        attempt: Attempt,
    ) -> impl Future<Output = Result<(), Error>> + Send;

    /// [`Ledger::finish`] of one delivery and [`Ledger::commit`] of the next, in this order and in
    /// one transaction where the ledger can. The inner result is that of the mark; without the
    /// record there is no mark, so that a connection never has two deliveries committing.
    fn finish_and_commit(
        &self,
        delivery: Delivery,
        attempt: Attempt,
        next: Delivery,
        began: Timestamp,
    ) -> impl Future<Output = Result<Result<(), Error>, Error>> + Send {
        async move {
            self.finish(delivery, attempt).await?;
            Ok(self.commit(next, began).await)
        }
    }

    /// Leaves a claimed delivery out for good, and erases its seal. That is no try: the log is
    /// silent.
    fn skip(
        &self,
        delivery: Delivery,
        reason: SkipReason,
    ) -> impl Future<Output = Result<(), Error>> + Send;

    /// Gives claimed deliveries back untried: claimed → planned.
    fn release(&self, deliveries: Vec<Delivery>) -> impl Future<Output = Result<(), Error>> + Send;

    /// Settles uncertain deliveries as a person decided, all of a campaign or those of `people`,
    /// and says how many. Somebody who is not uncertain makes it an error that changes nothing, and
    /// so does somebody to mail again with a text that was corrected or called off since
    /// ([`Error::Outdated`]).
    /// The log shows each decision beside the tries; it counts against no cap. A finished campaign
    /// with somebody to mail again is paused until it is resumed.
    fn settle(
        &self,
        id: &str,
        people: Option<Vec<PersonKey>>,
        settlement: Settlement,
        now: Timestamp,
    ) -> impl Future<Output = Result<u64, Error>> + Send;

    /// The books of a campaign as they stand.
    fn books(&self, id: &str) -> impl Future<Output = Result<Books, Error>> + Send;

    /// Everybody with a row in this campaign and where they stand, in the order of the freeze,
    /// handed to `each` row by row; `each` returns false to end.
    fn deliveries(
        &self,
        id: &str,
        each: impl FnMut(Standing) -> bool + Send + 'static,
    ) -> impl Future<Output = Result<(), Error>> + Send;

    /// When the next deferred delivery of a campaign is due.
    fn next_due(&self, id: &str) -> impl Future<Output = Result<Option<Timestamp>, Error>> + Send;

    /// Times of the tries in the last `window` that count against a cap (accepted, uncertain,
    /// tests), oldest first.
    fn sent_within(
        &self,
        window: Duration,
        now: Timestamp,
    ) -> impl Future<Output = Result<Vec<Timestamp>, Error>> + Send;

    /// Records a test mail, which counts against the caps but belongs to no campaign. `campaign` is
    /// the id that its draft would be sent under, `digest` what it showed.
    fn record_test(
        &self,
        person: PersonKey,
        attempt: Attempt,
        campaign: &str,
        digest: &str,
    ) -> impl Future<Output = Result<(), Error>> + Send;

    /// The last test mail for this id that was accepted.
    fn last_test(
        &self,
        campaign: &str,
    ) -> impl Future<Output = Result<Option<Tested>, Error>> + Send;

    /// All campaigns as later ones are compared with them, oldest first. Looks at no delivery but
    /// those in hand.
    fn past(&self) -> impl Future<Output = Result<Vec<Past>, Error>> + Send;

    /// Checks that were passed over when this campaign was frozen or added to, oldest first.
    fn passed_over(&self, id: &str) -> impl Future<Output = Result<Vec<PassedOver>, Error>> + Send;

    /// Adds somebody's word about a draft. Those of before stay.
    fn record_approval(&self, approval: Approval)
    -> impl Future<Output = Result<(), Error>> + Send;

    /// The newest word about the draft of this slug.
    fn approval(&self, draft: &str)
    -> impl Future<Output = Result<Option<Approval>, Error>> + Send;

    /// The approval of this digest that held at that time, of whatever draft.
    fn approval_of(
        &self,
        digest: &str,
        at: Timestamp,
    ) -> impl Future<Output = Result<Option<Approval>, Error>> + Send;

    /// The delivery log, oldest first, handed to `each` row by row; `each` returns false to end.
    fn log(
        &self,
        filter: LogFilter,
        each: impl FnMut(LogEntry) -> bool + Send + 'static,
    ) -> impl Future<Output = Result<(), Error>> + Send;
}
