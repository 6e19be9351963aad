//! Sends what is due and goes on with what is unfinished, turn by turn, until nothing can be done
//! now. What becomes due meanwhile joins in. A draft is made ready and frozen when its first turn
//! comes: until then it can be taken back, and is held against what has gone out by then.

use std::{collections::HashMap, sync::Arc, time::Duration};

use tokio::{runtime::Runtime, sync::watch};

use super::{
    super::{
        Exit, Fault, interrupt, newsroom::Newsroom, office::Office, runtime::all_cores, sending,
        terminal::Presence,
    },
    Account, Hold, Place, Queue, Scheduled, Why,
    hold::ready,
    home,
    memory::Memory,
    tick::Tick,
    turn::Open,
};
use crate::{
    campaign::{Silent, Skipped, Stop},
    clock::Clock as _,
    keys::Keys,
    ledger::{CampaignRecord, Ledger as _, RunLock},
};

/// A draft that was held is looked at again after this time, in the same dispatch.
const PAUSE: Duration = Duration::from_mins(2);

/// A dispatch at work, with the right to be.
pub(super) struct Work<'a> {
    pub(super) newsroom: &'a Newsroom,
    pub(super) presence: Presence,
    pub(super) lock: RunLock,
    pub(super) memory: Memory,
    pub(super) account: &'a mut Account,
    /// Campaigns that were begun or gone on with.
    pub(super) open: Vec<Open>,
    /// When drafts were held that are due.
    held: HashMap<String, Duration>,
    /// What ended a turn would end all others too.
    pub(super) is_over: bool,
    stop: watch::Receiver<Stop>,
    pub(super) office: Option<Office<'a>>,
    pub(super) runtime: Runtime,
}

/// What has something to send.
enum Job {
    /// A campaign, by its place among the open ones.
    GoOn(usize),
    /// A draft that is due.
    Start(Box<Scheduled>),
}

impl<'a> Work<'a> {
    pub(super) fn new(
        newsroom: &'a Newsroom,
        presence: Presence,
        lock: RunLock,
        account: &'a mut Account,
    ) -> Result<Self, Fault> {
        let runtime = all_cores()?;
        let stop = runtime.block_on(async { interrupt::listen().map_err(Fault::io) })?;
        Ok(Self {
            newsroom,
            presence,
            lock,
            memory: Memory::read(newsroom),
            account,
            open: Vec::new(),
            held: HashMap::new(),
            is_over: false,
            stop,
            office: None,
            runtime,
        })
    }

    /// Does it all, and notes in the account what became of it.
    pub(super) fn work(mut self) -> Result<(), Fault> {
        match self.rounds() {
            Ok(()) => self.memory.forget(""),
            Err(fault) => self.trouble("", &fault),
        }
        self.close()
    }

    fn rounds(&mut self) -> Result<(), Fault> {
        let mut goes_on = true;
        while goes_on && !self.is_over {
            let queue = Queue::read(self.newsroom)?;
            self.suspect_clock(&queue)?;
            let jobs = self.jobs(queue)?;
            goes_on = false;
            let campaigns = jobs.len();
            for (done, job) in jobs.into_iter().enumerate() {
                self.hear();
                if !self.is_over {
                    goes_on |= self.work_on(job, campaigns - done)?;
                }
            }
        }
        Ok(())
    }

    /// Hears a signal that has come between two turns.
    fn hear(&mut self) {
        if *self.stop.borrow() != Stop::No {
            self.is_over = true;
            self.account.end_with(Exit::Interrupted);
        }
    }

    /// Whether it had a turn.
    fn work_on(&mut self, job: Job, campaigns: usize) -> Result<bool, Fault> {
        let at = match job {
            Job::GoOn(at) => Some(at),
            Job::Start(draft) => self.start(&draft)?,
        };
        if let Some(at) = at {
            self.turn(at, campaigns)?;
        }
        Ok(at.is_some())
    }

    /// Notes the drafts that are due only because the clock was put forward.
    fn suspect_clock(&mut self, queue: &Queue) -> Result<(), Fault> {
        let tick = Tick::take(self.newsroom);
        if let Some(expected) = tick.expected {
            let now = self.newsroom.clock().now();
            let due = queue.drafts.iter().filter(|draft| draft.place(now, false) == Place::Due);
            for (slug, due) in due.filter_map(|draft| Some((&draft.slug, draft.due?))) {
                if due.at > expected {
                    self.memory.suspect(slug, due.at);
                }
            }
            self.memory.save()?;
        }
        if let Some(fault) = tick.warning(self.newsroom, queue) {
            self.account.trouble(&fault, true);
        }
        tick.keep(self.newsroom);
        Ok(())
    }

    /// Everything that has something to send now; tells what waits for a person.
    fn jobs(&mut self, queue: Queue) -> Result<Vec<Job>, Fault> {
        let (now, rehearses) = (self.newsroom.clock().now(), self.newsroom.rehearses());
        let is_due = |draft: &Scheduled| draft.place(now, rehearses) == Place::Due;
        let has_work = queue.unfinished().next().is_some() || queue.drafts.iter().any(is_due);
        if has_work && self.office.is_none() {
            home::check(self.newsroom)?;
        }
        for record in queue.unfinished() {
            if !self.open.iter().any(|open| open.record.id == record.id) {
                self.office(None)?;
                self.open(record.clone(), Skipped::default())?;
            }
        }
        let mut jobs: Vec<Job> = self.able()?.into_iter().map(Job::GoOn).collect();
        for draft in queue.drafts {
            let held = match draft.place(now, rehearses) {
                Place::Late => draft.due.map(|due| Hold::late(self.newsroom, &draft.slug, due)),
                Place::Unclear => draft.unreadable.as_ref().map(Hold::unreadable),
                Place::Due if !self.has_failed(&draft.slug) => {
                    jobs.push(Job::Start(Box::new(draft)));
                    continue;
                }
                _ => None,
            };
            if let Some(hold) = held {
                self.hold(&draft, &hold);
            }
        }
        Ok(jobs)
    }

    /// Whether it was held just now, or could not be begun.
    fn has_failed(&self, slug: &str) -> bool {
        let now = self.newsroom.clock().monotonic();
        let is_held = self.held.get(slug).is_some_and(|at| now.saturating_sub(*at) < PAUSE);
        is_held || self.open.iter().any(|open| open.record.id == slug && open.is_done)
    }

    fn hold(&mut self, draft: &Scheduled, hold: &Hold) {
        let is_news = self.memory.note(&draft.slug, &hold.known_as(draft));
        self.account.hold(&draft.slug, hold, is_news);
    }

    /// Freezes a draft that is due, unless something holds it; its place among the open campaigns.
    fn start(&mut self, draft: &Scheduled) -> Result<Option<usize>, Fault> {
        // Whoever takes it out of the schedule from here on hears that it is being sent.
        self.newsroom.note(&mut self.lock, &format!("dispatch {}", draft.slug))?;
        if !draft.is_unchanged(self.newsroom) {
            return Ok(None);
        }
        self.newsroom.keys_under(&self.lock)?;
        match self.freeze(draft)? {
            Ok(place) => Ok(place),
            Err(hold) => {
                self.newsroom.note(&mut self.lock, "dispatch")?;
                self.held.insert(draft.slug.clone(), self.newsroom.clock().monotonic());
                self.hold(draft, &hold);
                Ok(None)
            }
        }
    }

    fn freeze(&mut self, draft: &Scheduled) -> Result<Result<Option<usize>, Hold>, Fault> {
        let newsroom = self.newsroom;
        if let Some(due) = draft.due
            && self.memory.due_by_clock(&draft.slug) == Some(due.at)
        {
            return Ok(Err(Hold::by_clock(newsroom, &draft.slug, due)));
        }
        if newsroom.rehearses() && draft.campaign.is_some() {
            // It is rehearsed anew, which only the first of a dispatch can be.
            if self.office.is_some() {
                return Ok(Ok(None));
            }
            newsroom.begin_rehearsal(&draft.slug)?;
        }
        let ready = match ready(newsroom, draft) {
            Ok(ready) => ready,
            Err(hold) => return Ok(Err(hold)),
        };
        // Somebody may have taken it back while its copies were made.
        if !draft.is_unchanged(newsroom) {
            return Ok(Ok(None));
        }
        if self.office.is_none() && newsroom.rehearses() {
            newsroom.begin_rehearsal(&ready.campaign)?;
        }
        let left_out = ready.plan.skipped();
        self.office(Some(Arc::clone(&ready.keys)))?;
        let Some(office) = &mut self.office else { return Ok(Ok(None)) };
        let frozen = self.runtime.block_on(async {
            ready.approval.still_holds(newsroom, &ready.draft.slug).await?;
            sending::freeze(office, ready, &mut Silent).await
        });
        match frozen {
            Ok(record) => Ok(Ok(self.open(record, left_out)?)),
            Err(fault) => Ok(Err(Hold::new(Why::Fault, &fault))),
        }
    }

    /// The office, opened when it is first needed.
    fn office(&mut self, keys: Option<Arc<Keys>>) -> Result<&mut Office<'a>, Fault> {
        if let Some(office) = self.office.take() {
            return Ok(self.office.insert(office));
        }
        let (newsroom, stop) = (self.newsroom, self.stop.clone());
        let keys = keys.map_or_else(|| newsroom.existing_keys(), Ok)?;
        let office = async { Office::open(newsroom, newsroom.ledger()?, keys).await };
        Ok(self.office.insert(self.runtime.block_on(office)?.stopped_by(stop)))
    }

    /// Takes a campaign up; its place among the open ones, unless it cannot be read.
    fn open(&mut self, record: CampaignRecord, left_out: Skipped) -> Result<Option<usize>, Fault> {
        let Some(office) = &self.office else { return Ok(None) };
        let read = self.runtime.block_on(async {
            let inputs = sending::frozen_inputs(&office.ledger, &record).await;
            Ok::<_, Fault>((inputs, office.ledger.books(&record.id).await?))
        });
        let (inputs, before) = read?;
        let (inputs, fault) = match inputs {
            Ok(inputs) => (Some(inputs), None),
            Err(fault) => (None, Some(fault)),
        };
        let id = record.id.clone();
        self.open.retain(|open| open.record.id != id);
        self.open.push(Open {
            record,
            before,
            left_out,
            end: None,
            is_done: inputs.is_none(),
            inputs,
        });
        if let Some(fault) = fault {
            self.trouble(&id, &fault);
            return Ok(None);
        }
        Ok(Some(self.open.len() - 1))
    }

    /// Tells of something that is wrong with a campaign, or with everything.
    pub(super) fn trouble(&mut self, about: &str, fault: &Fault) {
        let fault = match about {
            "" => fault.clone(),
            id => fault.about(id),
        };
        let text = fault.texts().collect::<Vec<_>>().join("\n");
        let is_news = self.memory.note(about, &text);
        self.account.trouble(&fault, is_news);
    }
}
