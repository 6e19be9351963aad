//! A turn of one campaign, and what all turns have come to.

use super::{
    super::{Fault, ending::Ending, progress::Progress, rate, receipt, terminal::Presence},
    Queue,
    rest::rest,
    share,
    work::Work,
};
use crate::{
    campaign::{End, Inputs, REFUSED, Reporter, Silent, Skipped, Summary},
    clock::Clock as _,
    ledger::{Books, CampaignRecord, CampaignState, Ledger as _, SqliteLedger},
};

/// A campaign that a dispatch has in hand.
pub(super) struct Open {
    pub(super) record: CampaignRecord,
    /// Unless they are damaged.
    pub(super) inputs: Option<Inputs>,
    pub(super) before: Books,
    pub(super) left_out: Skipped,
    /// Why it goes no further now.
    pub(super) end: Option<End>,
    /// Nothing more is done with it.
    pub(super) is_done: bool,
}

impl Work<'_> {
    /// The campaigns that have something to do now.
    pub(super) fn able(&mut self) -> Result<Vec<usize>, Fault> {
        let Some(office) = &self.office else { return Ok(Vec::new()) };
        let mut able = Vec::new();
        for (at, open) in self.open.iter_mut().enumerate().filter(|(_, open)| !open.is_done) {
            let id = &open.record.id;
            let (record, rests) = self.runtime.block_on(async {
                let record = office.ledger.campaign(id).await?;
                Ok::<_, Fault>((record, rest(self.newsroom, &office.ledger, id).await?))
            })?;
            // Somebody may have stopped it while another had its turn.
            open.is_done = record.is_none_or(|record| record.state != CampaignState::Running);
            match rests {
                None if !open.is_done => able.push(at),
                rests => open.end = rests.or_else(|| open.end.take()),
            }
        }
        Ok(able)
    }

    /// A turn of one campaign, while so many have something to send.
    pub(super) fn turn(&mut self, at: usize, campaigns: usize) -> Result<(), Fault> {
        let Self { newsroom, open, office: Some(office), .. } = self else { return Ok(()) };
        let open = &mut open[at];
        let Some(inputs) = &open.inputs else { return Ok(()) };
        let (id, clock) = (open.record.id.clone(), newsroom.clock());
        newsroom.note(&mut self.lock, &format!("dispatch {id}"))?;
        let mut course = rate::course(newsroom, None, Presence::Unattended, true, inputs.deadline);
        let mut progress = Progress::new(self.presence, newsroom.zone());
        let mut silent = Silent;
        let reporter: &mut dyn Reporter =
            if self.account.is_verbose { &mut progress } else { &mut silent };
        let ended = self.runtime.block_on(async {
            course.turn = Some(share::turn(newsroom, &office.ledger, campaigns).await?);
            // What refuses the mail of one campaign may refuse that of another.
            let refused = CampaignState::Paused(REFUSED.to_owned());
            let campaigns = office.ledger.campaigns().await?;
            course.probe = campaigns.iter().any(|record| record.state == refused);
            let end = office.run(&open.record, inputs, &course, reporter).await??;
            if end == End::Finished {
                // Also where it was before: now nobody is left at its time either.
                office.ledger.set_state(&id, CampaignState::Finished, clock.now()).await?;
            }
            Ok(end)
        });
        drop(progress);
        match ended {
            Ok(end) => {
                open.is_done =
                    !matches!(end, End::TurnOver | End::Deferred { .. } | End::Capped { .. });
                self.is_over =
                    matches!(end, End::Interrupted | End::Unreachable(_) | End::Misconfigured(_));
                open.end = Some(end);
            }
            Err(fault) => {
                open.is_done = true;
                self.trouble(&id, &fault);
            }
        }
        Ok(())
    }

    /// Settles each campaign in the account, and leaves nothing open.
    pub(super) fn close(mut self) -> Result<(), Fault> {
        let opened = std::mem::take(&mut self.open);
        if let Some(office) = self.office.take() {
            let ledger = office.ledger.clone();
            let settled = opened.iter().try_for_each(|open| self.settle(open, &ledger));
            self.runtime.block_on(office.close());
            settled?;
        }
        if let Ok(queue) = Queue::read(self.newsroom) {
            queue.forget_others(self.newsroom, &mut self.memory);
        }
        self.memory.save()
    }

    fn settle(&mut self, open: &Open, ledger: &SqliteLedger) -> Result<(), Fault> {
        let Open { record, before, left_out, end, .. } = open;
        let Some(end) = end else { return Ok(()) };
        let books = async { Ok::<_, Fault>(ledger.books(&record.id).await?) };
        let after = self.runtime.block_on(books)?;
        receipt::write(self.newsroom, record, &after, ledger)?;
        let summary = Summary::of_run(&record.id, &record.digest, before, &after, *left_out);
        let ending =
            Ending { newsroom: self.newsroom, id: &record.id, summary: &summary, after: &after };
        let mut fault = ending.fault(end);
        let mut is_news = false;
        match (end, &mut fault) {
            (End::Unreachable(failure), Some(fault)) => {
                // Nothing needs to be typed: the next dispatch tries again.
                fault.diagnostics.iter_mut().for_each(|diagnostic| diagnostic.hint = None);
                // What the server says may have a number of its own each time.
                let code = failure.reply.as_ref().map(|reply| reply.code);
                let mark = format!("{:?} {code:?} {}", failure.stage, failure.reason);
                is_news = self.memory.note(&record.id, &mark);
            }
            (_, Some(_)) => is_news = true,
            (_, None) => self.memory.forget(&record.id),
        }
        self.account.campaign(&ending, end, fault.as_ref(), is_news);
        Ok(())
    }
}
