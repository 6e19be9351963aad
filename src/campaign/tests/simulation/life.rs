//! One simulated life of a campaign: runs that crash, fail, are stopped and begun again, until
//! everybody is settled. Definition X is looked at after each write to the ledger.

use super::{
    chance::Chance,
    fuse::{Fuse, FusedDial},
    weather::Weather,
    witness::Witness,
};
use crate::{
    campaign::{
        status::Status,
        tests::{wire::Wire, *},
    },
    deliver::smtp::SmtpTransport,
    ledger::{
        self, Settlement, Standing,
        faulty::{Faulty, How, io_error},
    },
};

/// Runs under faults, at the most, before the weather clears.
const STORMY: usize = 6;
/// Runs that must do to settle everybody once it has.
const CALM: usize = 60;

/// What came of a life.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tally {
    pub(super) runs: usize,
    pub(super) crashes: usize,
    pub(super) failures: usize,
    pub(super) steps: usize,
    pub(super) uncertain: usize,
    pub(super) changes: usize,
}

impl Tally {
    pub(super) fn add(&mut self, other: Self) {
        self.runs += other.runs;
        self.crashes += other.crashes;
        self.failures += other.failures;
        self.steps += other.steps;
        self.uncertain += other.uncertain;
        self.changes += other.changes;
    }
}

/// A campaign and what follows it, its books, its server, and who looks on.
pub(super) struct Life {
    pub(super) chance: Chance,
    pub(super) people: usize,
    pub(super) office: Office,
    pub(super) books: Faulty<SqliteLedger>,
    pub(super) fuse: Fuse,
    pub(super) witness: Witness,
    wire: Wire,
    /// What happened, for whoever has to understand a failure.
    pub(super) story: Vec<String>,
}

/// How a run ended, seen from outside.
#[derive(Debug)]
enum Fate {
    Ended(End),
    Failed(Error),
    Died,
}

/// Lives the life of a seed; fails with its story when definition X did not hold.
pub(super) async fn live(seed: u64) -> Result<Tally, String> {
    let mut life = Life::begin(seed).await;
    let tally = life.live().await;
    tally.map_err(|what| format!("seed {seed}: {what}\n{}", life.story.join("\n")))
}

impl Life {
    async fn begin(seed: u64) -> Self {
        let mut chance = Chance::new(seed);
        let people = 1 + chance.below(12);
        let mut office = Office::open(people).await;
        office.course.connections = 1 + chance.below(4);
        office.course.ahead = 1 + chance.below(2 * people);
        if chance.once_in(6) {
            office.course.patience = Duration::from_mins(15);
        }
        // Only without a limit do messages travel behind one another.
        let limits: &[&[&str]] = &[&[], &[], &[], &["1000/s"], &["20/s"], &["1/s"], &["10/min"]];
        office.limits = chance.pick(limits).iter().map(|limit| limit.parse().unwrap()).collect();
        let weather = Weather::of(&mut chance, people);
        let witness = Witness::of(&office);
        witness.known().doubts = weather.doubts;
        let mut story =
            vec![format!("{people} people, {:?}, {:#?}", office.course, weather.script)];
        story.push(format!("pipelining: {}", weather.pipelining));
        let forgets = weather.forgets;
        let mut wire = Wire::with(office.clock, |options| {
            weather.set(options);
            witness.post.collect(options);
        });
        if let Some(forgets) = forgets {
            story.push(format!("the server forgets what stands {forgets:?}"));
            wire.forget(forgets);
        }
        let each = 1 + u32::try_from(chance.below(8)).expect("a small number");
        wire.relay().messages_per_connection = each.try_into().expect("not 0");
        let everybody: Vec<_> = (0..people).map(|n| witness.person(&address(n))).collect();
        witness.post.expect(&office.keys, ("note", 1), everybody.iter().copied());
        witness.known().campaigns.insert("note".to_owned(), everybody.into_iter().collect());
        let books = Faulty::new(office.ledger.clone());
        witness.watch(&books);
        Self { chance, people, office, books, fuse: Fuse::default(), witness, wire, story }
    }

    async fn live(&mut self) -> Result<Tally, String> {
        let mut tally = Tally::default();
        for _ in 0..self.chance.below(STORMY + 1) {
            self.trouble();
            if self.take_up().await {
                self.run(&mut tally).await?;
            }
            self.rest().await;
        }
        self.books.mend();
        self.fuse.light(None);
        for _ in 0..CALM {
            if !self.take_up().await {
                return self.settled(tally).await;
            }
            if !matches!(self.run(&mut tally).await?, Fate::Ended(End::Finished)) {
                self.office.clock.sleep(Duration::from_mins(61)).await;
            }
        }
        Err(format!("it does not end: {:?}", self.office.books().await))
    }

    /// Chooses one of the campaigns that have somebody to be sent to, if there is one.
    async fn take_up(&mut self) -> bool {
        let mut open = Vec::new();
        for campaign in self.office.ledger.campaigns().await.unwrap() {
            if self.office.ledger.books(&campaign.id).await.unwrap().open() > 0 {
                open.push(campaign.id);
            }
        }
        if !open.is_empty() {
            self.office.campaign = self.chance.pick(&open).clone();
        }
        !open.is_empty()
    }

    /// Nobody is left, in any campaign.
    async fn settled(&mut self, mut tally: Tally) -> Result<Tally, String> {
        let now = self.office.clock.now();
        for campaign in self.office.ledger.campaigns().await.unwrap() {
            let finished = CampaignState::Finished;
            self.office.ledger.set_state(&campaign.id, finished, now).await.unwrap();
            let uncertain = self.office.ledger.books(&campaign.id).await.unwrap().uncertain;
            tally.uncertain += usize::try_from(uncertain).expect("a few");
        }
        let known = self.witness.known();
        (tally.steps, tally.changes) = (known.steps, known.changes.len());
        Ok(tally)
    }

    /// Decides what befalls the next run.
    fn trouble(&mut self) {
        let dies = self.chance.once_in(2).then(|| self.chance.below(5 + 9 * self.people));
        self.fuse.light(dies);
        let fails = self.chance.once_in(4).then(|| self.books.writes() + self.chance.below(40));
        let unheard = self.chance.once_in(2);
        self.story.push(format!("dies after {dies:?} operations, write {fails:?} fails"));
        let fuse = self.fuse.clone();
        self.books.plan(move |step| {
            if step.call.is_write() && fuse.burn() {
                return Some(How::Hangs);
            }
            let failing = fails == Some(step.write) && step.call.is_write();
            failing.then(|| match unheard {
                true => How::Unheard(io_error()),
                false => How::Refused(io_error()),
            })
        });
        if self.chance.once_in(4) {
            self.wire.refuse_connections(1 + u32::try_from(self.chance.below(4)).unwrap());
        }
    }

    async fn run(&mut self, tally: &mut Tally) -> Result<Fate, String> {
        let (signal, stop) = watch::channel(Stop::No);
        let (clock, books, fuse) = (self.office.clock, self.books.clone(), self.fuse.clone());
        let moment = Duration::from_millis(self.chance.below(3_000) as u64);
        let deed = self.chance.below(10);
        let whom = self.chance.below(12);
        let id = self.office.campaign.clone();
        let (ledger, witness) = (self.office.ledger.clone(), self.witness.clone());
        let meddling = async move {
            clock.sleep(moment).await;
            match deed {
                0 => drop(signal.send(Stop::Interrupted)),
                1 => drop(signal.send(Stop::Terminated)),
                2 => ledger.request_stop(&id).await.unwrap(),
                3 => witness.suppress(witness.person(&address(whom)), clock.now()).await,
                _ => {}
            }
            std::future::pending::<()>().await;
        };
        let (wire, dial_fuse) = (self.wire.clone(), self.fuse.clone());
        let (id, asked) = (self.office.campaign.clone(), Arc::clone(&self.witness.asked));
        let transport = move || {
            let (pipes, fuse, asked) = (wire.pipes.clone(), dial_fuse.clone(), asked.clone());
            let dial = FusedDial { campaign: id.clone(), pipes, fuse, asked };
            SmtpTransport::over(Arc::clone(&wire.relay), clock, dial)
        };
        let fate = tokio::select! {
            ended = self.office.run_over(&books, transport, stop) => match ended {
                Ok(end) => Fate::Ended(end),
                Err(error) => Fate::Failed(error),
            },
            () = fuse.burnt() => Fate::Died,
            () = meddling => unreachable!("it waits for ever"),
        };
        tally.runs += 1;
        match &fate {
            Fate::Died => tally.crashes += 1,
            Fate::Failed(Error::Ledger(_)) => tally.failures += 1,
            Fate::Failed(error) => return Err(format!("the run failed: {error}")),
            Fate::Ended(_) => {}
        }
        if !matches!(fate, Fate::Ended(_)) {
            // What was on the wire cannot be known.
            self.witness.known().doubts += self.office.course.connections;
        }
        self.office.course.probe = matches!(fate, Fate::Ended(End::BreakerOpen { .. }));
        let id = &self.office.campaign;
        self.story.push(format!("{:?} {id} {fate:?}, deed {deed} for p{whom}", clock.monotonic()));
        match self.witness.known().breaches.as_slice() {
            [] => Ok(fate),
            breaches => Err(breaches.join("\n")),
        }
    }

    /// Time passes between two runs. Meanwhile somebody may be suppressed or settled, and the text
    /// may change.
    async fn rest(&mut self) {
        let wait = *self.chance.pick(&[0, 1, 20, 90, 600, 3_000]);
        self.office.clock.sleep(Duration::from_mins(wait)).await;
        if self.chance.once_in(4) {
            let whom = address(self.chance.below(12));
            let person = self.witness.person(&whom);
            self.witness.suppress(person, self.office.clock.now()).await;
            self.story.push(format!("{whom} is suppressed"));
        }
        if self.chance.once_in(4) {
            self.settle().await;
        }
        if self.chance.once_in(4) {
            self.change().await;
        }
    }

    /// Somebody looks into the server's log and settles what is uncertain; now and then they ask for
    /// a message again that had arrived. Nobody can have one again that was corrected since.
    async fn settle(&mut self) {
        let now = self.office.clock.now();
        for campaign in self.office.ledger.campaigns().await.unwrap() {
            let id = campaign.id;
            for Standing { person, status, revision, .. } in self.witness.standings(&id).await {
                let settlement = match self.witness.has(&id, person) {
                    _ if status != Status::Uncertain => continue,
                    true if !self.chance.once_in(3) => Settlement::AssumeSent,
                    _ => Settlement::Resend,
                };
                let people = Some(vec![person]);
                let settled = self.office.ledger.settle(&id, people, settlement, now).await;
                self.story.push(format!("{person:?} of {id}: {settlement:?}, {settled:?}"));
                let outdated = campaign.called_off || revision < campaign.revision;
                if settlement == Settlement::Resend && outdated {
                    assert_eq!(settled, Err(ledger::Error::Outdated(id.clone())));
                    continue;
                }
                settled.unwrap();
                if settlement == Settlement::Resend {
                    *self.witness.known().resent.entry((id.clone(), person)).or_default() += 1;
                }
            }
        }
    }
}
