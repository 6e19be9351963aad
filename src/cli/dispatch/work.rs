//! Sends what is due and goes on with what is unfinished, turn by turn, until nothing can be done
//! now. What becomes due meanwhile joins in.

use std::sync::Arc;

use tokio::runtime::Runtime;

use super::{
    super::{
        Fault, ending::Ending, newsroom::Newsroom, office::Office, progress::Progress, rate,
        receipt, runtime::all_cores, sending, terminal::Presence,
    },
    Account, Hold, Place, Queue, Scheduled, Why,
    hold::ready,
    home,
    memory::Memory,
    rest::rest,
    share,
    tick::Tick,
};
use crate::{
    campaign::{End, Inputs, REFUSED, Reporter, Silent, Skipped, Summary},
    clock::Clock as _,
    keys::Keys,
    ledger::{Books, CampaignRecord, CampaignState, Ledger as _, RunLock},
};

/// A campaign that this dispatch has in hand.
struct Open {
    record: CampaignRecord,
    inputs: Inputs,
    before: Books,
    left_out: Skipped,
    /// Why it goes no further now.
    end: Option<End>,
    /// Nothing more is done with it.
    is_done: bool,
}

/// A dispatch at work, with the right to be.
pub(super) struct Work<'a> {
    newsroom: &'a Newsroom,
    presence: Presence,
    lock: RunLock,
    memory: Memory,
    account: &'a mut Account,
    open: Vec<Open>,
    /// What ended a turn would end all others too.
    is_over: bool,
    office: Option<Office<'a>>,
    runtime: Runtime,
}

impl<'a> Work<'a> {
    pub(super) fn new(
        newsroom: &'a Newsroom,
        presence: Presence,
        lock: RunLock,
        account: &'a mut Account,
    ) -> Result<Self, Fault> {
        Ok(Self {
            newsroom,
            presence,
            lock,
            memory: Memory::read(newsroom),
            account,
            open: Vec::new(),
            is_over: false,
            office: None,
            runtime: all_cores()?,
        })
    }

    /// Does it all, and notes in the account what became of it.
    pub(super) fn work(mut self) -> Result<(), Fault> {
        if let Err(fault) = self.rounds() {
            self.trouble("", &fault);
        }
        self.close()
    }

    fn rounds(&mut self) -> Result<(), Fault> {
        while !self.is_over {
            let queue = Queue::read(self.newsroom)?;
            self.suspect_clock(&queue)?;
            self.take_up(&queue)?;
            let able = self.able()?;
            if able.is_empty() {
                break;
            }
            for (done, at) in able.iter().enumerate() {
                if !self.is_over {
                    self.turn(*at, able.len() - done)?;
                }
            }
        }
        Ok(())
    }

    /// Notes the drafts that are due only because the clock was put forward.
    fn suspect_clock(&mut self, queue: &Queue) -> Result<(), Fault> {
        let tick = Tick::take(self.newsroom);
        let now = self.newsroom.clock().now();
        if let Some(expected) = tick.expected {
            let due = queue.drafts.iter().filter(|draft| draft.place(now, false) == Place::Due);
            for (slug, due) in due.filter_map(|draft| Some((&draft.slug, draft.due?))) {
                if due.at > expected {
                    self.memory.suspect(slug, due.at, now);
                }
            }
            self.memory.write()?;
        }
        if let Some(fault) = tick.warning(self.newsroom, queue) {
            let text = fault.texts().collect::<Vec<_>>().join("\n");
            self.account.trouble(text, fault.exit, true);
        }
        tick.keep(self.newsroom);
        Ok(())
    }

    /// Freezes what is due and takes up what is unfinished.
    fn take_up(&mut self, queue: &Queue) -> Result<(), Fault> {
        let (now, rehearses) = (self.newsroom.clock().now(), self.newsroom.rehearses());
        let unfinished: Vec<&CampaignRecord> = queue.unfinished().collect();
        let due = |draft: &Scheduled| draft.place(now, rehearses) == Place::Due;
        if self.office.is_none() && (!unfinished.is_empty() || queue.drafts.iter().any(due)) {
            home::check(self.newsroom)?;
        }
        for record in unfinished {
            if !self.open.iter().any(|open| open.record.id == record.id) {
                self.office(None)?;
                self.open(record.clone(), Skipped::default())?;
            }
        }
        for draft in &queue.drafts {
            let held = match draft.place(now, rehearses) {
                Place::Due => self.start(draft)?,
                Place::Late => draft.due.map(|due| Hold::late(self.newsroom, &draft.slug, due)),
                Place::Unclear => draft.unreadable.as_ref().map(Hold::unreadable),
                Place::NotReady | Place::Ahead | Place::Begun => None,
            };
            if let Some(hold) = held {
                let is_news = self.memory.note(&draft.slug, &hold.mark, now);
                self.account.hold(&draft.slug, &hold, is_news);
            }
        }
        Ok(())
    }

    /// Freezes a draft that is due, unless something holds it.
    fn start(&mut self, draft: &Scheduled) -> Result<Option<Hold>, Fault> {
        if let Some(due) = draft.due
            && self.memory.due_by_clock(&draft.slug) == Some(due.at)
        {
            return Ok(Some(Hold::by_clock(self.newsroom, &draft.slug, due)));
        }
        self.newsroom.keys_under(&self.lock)?;
        // Whoever takes it out of the schedule from here on hears that it is being sent.
        self.newsroom.note(&mut self.lock, &format!("dispatch {}", draft.slug))?;
        let ready = match ready(self.newsroom, draft) {
            Ok(ready) => ready,
            Err(hold) => {
                self.newsroom.note(&mut self.lock, "dispatch")?;
                return Ok(Some(hold));
            }
        };
        if !draft.is_unchanged(self.newsroom) {
            self.newsroom.note(&mut self.lock, "dispatch")?;
            return Ok(None);
        }
        if self.office.is_none() && self.newsroom.rehearses() {
            self.newsroom.begin_rehearsal(&ready.campaign)?;
        }
        let (newsroom, left_out) = (self.newsroom, ready.plan.skipped());
        let ledger = self.office(Some(Arc::clone(&ready.keys)))?.ledger.clone();
        match self.runtime.block_on(sending::freeze(newsroom, ready, &ledger)) {
            Ok(record) => self.open(record, left_out).map(|()| None),
            Err(fault) => Ok(Some(Hold::new(Why::Fault, &fault))),
        }
    }

    /// The office, opened when it is first needed.
    fn office(&mut self, keys: Option<Arc<Keys>>) -> Result<&mut Office<'a>, Fault> {
        if let Some(office) = self.office.take() {
            return Ok(self.office.insert(office));
        }
        let newsroom = self.newsroom;
        let keys = keys.map_or_else(|| newsroom.existing_keys(), Ok)?;
        let office = async { Office::open(newsroom, newsroom.ledger()?, keys).await };
        Ok(self.office.insert(self.runtime.block_on(office)?))
    }

    fn open(&mut self, record: CampaignRecord, left_out: Skipped) -> Result<(), Fault> {
        let Some(office) = &self.office else { return Ok(()) };
        let (inputs, before) = self.runtime.block_on(async {
            let inputs = sending::frozen_inputs(&office.ledger, &record).await?;
            Ok::<_, Fault>((inputs, office.ledger.books(&record.id).await?))
        })?;
        self.open.push(Open { record, inputs, before, left_out, end: None, is_done: false });
        Ok(())
    }

    /// The campaigns that have something to do now.
    fn able(&mut self) -> Result<Vec<usize>, Fault> {
        let Some(office) = &self.office else { return Ok(Vec::new()) };
        let mut able = Vec::new();
        for (at, open) in self.open.iter_mut().enumerate().filter(|(_, open)| !open.is_done) {
            let rest = rest(self.newsroom, &office.ledger, &open.record.id);
            match self.runtime.block_on(rest)? {
                None => able.push(at),
                rests => open.end = rests,
            }
        }
        Ok(able)
    }

    /// A turn of one campaign, while so many have something to send.
    fn turn(&mut self, at: usize, campaigns: usize) -> Result<(), Fault> {
        let Self { newsroom, open, office: Some(office), .. } = self else { return Ok(()) };
        let open = &mut open[at];
        newsroom.note(&mut self.lock, &format!("dispatch {}", open.record.id))?;
        let mut course =
            rate::course(newsroom, None, Presence::Unattended, true, open.inputs.deadline);
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
            office.run(&open.record, &open.inputs, &course, reporter).await
        });
        drop(progress);
        match ended.and_then(|ended| Ok(ended?)) {
            Ok(end) => {
                open.is_done =
                    !matches!(end, End::TurnOver | End::Deferred { .. } | End::Capped { .. });
                self.is_over =
                    matches!(end, End::Interrupted | End::Unreachable(_) | End::Misconfigured(_));
                open.end = Some(end);
            }
            Err(fault) => {
                open.is_done = true;
                self.is_over = true;
                let id = open.record.id.clone();
                self.trouble(&id, &fault);
            }
        }
        Ok(())
    }

    /// Tells of something that is wrong with a campaign, or with everything.
    fn trouble(&mut self, about: &str, fault: &Fault) {
        let text = fault.texts().collect::<Vec<_>>().join("\n");
        let is_news = self.memory.note(about, &text, self.newsroom.clock().now());
        self.account.trouble(text, fault.exit, is_news);
    }

    /// Settles each campaign in the account, and leaves nothing open.
    fn close(mut self) -> Result<(), Fault> {
        let opened = std::mem::take(&mut self.open);
        if let Some(office) = self.office.take() {
            let ledger = office.ledger.clone();
            for open in &opened {
                self.settle(open, &ledger)?;
            }
            self.runtime.block_on(office.close());
        }
        self.memory.save()
    }

    fn settle(&mut self, open: &Open, ledger: &crate::ledger::SqliteLedger) -> Result<(), Fault> {
        let Open { record, before, left_out, end, .. } = open;
        let after =
            self.runtime.block_on(async { Ok::<_, Fault>(ledger.books(&record.id).await?) })?;
        receipt::write(self.newsroom, record, &after, ledger)?;
        let summary = Summary::of_run(&record.id, &record.digest, before, &after, *left_out);
        let Some(end) = end else { return Ok(()) };
        let ending =
            Ending { newsroom: self.newsroom, id: &record.id, summary: &summary, after: &after };
        let fault = ending.fault(end);
        let text = fault.iter().flat_map(Fault::texts).collect::<Vec<_>>().join("\n");
        let now = self.newsroom.clock().now();
        let is_news = fault.is_some() && self.memory.note(&record.id, &text, now);
        self.account.campaign(
            &ending,
            end,
            fault.as_ref().map(|fault| (text, fault.exit)),
            is_news,
        );
        Ok(())
    }
}
