//! Where campaigns are run from: the books, the way to the server, the pace. One office serves all
//! campaigns of a process, so that they share one pace.

use std::sync::Arc;

use tokio::sync::watch;

use super::{Fault, interrupt, newsroom::Newsroom, proofs::press, rate, receipt, relay::Relay};
use crate::{
    campaign::{Course, End, Error, Event, Inputs, Reporter, Run, Stop},
    clock::{Clock as _, SystemClock},
    deliver::Pace,
    keys::Keys,
    ledger::{CampaignRecord, CampaignState, Ledger as _, SqliteLedger},
};

/// An office with its books open, under the lock.
pub(super) struct Office<'a> {
    pub(super) newsroom: &'a Newsroom,
    pub(super) ledger: SqliteLedger,
    pub(super) keys: Arc<Keys>,
    /// Whether what an earlier run left has been settled.
    has_recovered: bool,
    /// What it is told to stop by, unless it listens itself.
    stop: Option<watch::Receiver<Stop>>,
    /// Opened when there is something to send.
    way: Option<Way>,
}

/// The way out.
struct Way {
    relay: Relay,
    pace: Pace<SystemClock>,
    stop: watch::Receiver<Stop>,
}

impl<'a> Office<'a> {
    /// Counts a run on these books. Needs the runtime that everything of it is driven by.
    pub(super) async fn open(
        newsroom: &'a Newsroom,
        ledger: SqliteLedger,
        keys: Arc<Keys>,
    ) -> Result<Self, Fault> {
        newsroom.begin_run(&ledger, &keys).await?;
        Ok(Self { newsroom, ledger, keys, has_recovered: false, stop: None, way: None })
    }

    /// Goes by a signal that somebody else listens for.
    pub(super) fn stopped_by(self, stop: watch::Receiver<Stop>) -> Self {
        Self { stop: Some(stop), ..self }
    }

    /// Sends a campaign, or goes on with it, and says why that ended; the inner error is one of a run
    /// that had begun. Its receipt is written first.
    pub(super) async fn run(
        &mut self,
        record: &CampaignRecord,
        inputs: &Inputs,
        course: &Course,
        reporter: &mut dyn Reporter,
    ) -> Result<Result<End, Error>, Fault> {
        let clock = self.newsroom.clock();
        let books = self.ledger.books(&record.id).await?;
        receipt::write(self.newsroom, record, &books, &self.ledger)?;
        self.recover(reporter).await?;
        if self.ledger.books(&record.id).await?.open() == 0 {
            // A campaign with nothing left to do is finished, if it is not yet.
            if record.state != CampaignState::Finished {
                self.ledger.set_state(&record.id, CampaignState::Finished, clock.now()).await?;
            }
            return Ok(Ok(End::Finished));
        }
        let press = press(&record.id, inputs, &self.keys)?;
        let ledger = self.ledger.clone();
        let way = match self.way.take() {
            Some(way) => way,
            None => Way::open(self.newsroom, &ledger, self.stop.clone()).await?,
        };
        let Way { relay, pace, stop } = self.way.insert(way);
        let run = Run {
            campaign: record,
            course,
            ledger: &ledger,
            clock: &clock,
            pace,
            press: &press,
            transport: || relay.transport(clock),
            stop: stop.clone(),
            reporter,
        };
        Ok(run.drive().await)
    }

    /// Settles what an earlier run left in the middle, once.
    pub(super) async fn recover(&mut self, reporter: &mut dyn Reporter) -> Result<(), Fault> {
        if !self.has_recovered {
            let recovered = self.ledger.recover(self.newsroom.clock().now()).await?;
            reporter.report(&Event::Recovered(recovered));
            self.has_recovered = true;
        }
        Ok(())
    }

    /// Leaves nothing unwritten.
    pub(super) async fn close(self) {
        if let Some(way) = self.way {
            way.relay.close().await;
        }
    }
}

impl Way {
    async fn open(
        newsroom: &Newsroom,
        ledger: &SqliteLedger,
        stop: Option<watch::Receiver<Stop>>,
    ) -> Result<Self, Fault> {
        Ok(Self {
            relay: Relay::open(newsroom).await?,
            pace: rate::pace(newsroom, ledger).await?,
            stop: stop.map_or_else(interrupt::listen, Ok).map_err(Fault::io)?,
        })
    }
}
