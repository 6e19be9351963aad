//! One simulated life of a campaign: runs that crash, fail, are stopped and begun again, until
//! everybody is settled. Definition X is looked at after each write to the ledger.

use std::{
    collections::{BTreeMap, BTreeSet},
    pin::pin,
    sync::atomic::{AtomicUsize, Ordering},
    task::{Context, Poll, Waker},
};

use super::{
    chance::Chance,
    fuse::{Asked, Fuse, FusedDial},
    weather::Weather,
};
use crate::{
    campaign::{
        status::Status,
        tests::{wire::Wire, *},
    },
    deliver::smtp::SmtpTransport,
    keys::PersonKey,
    ledger::{
        Settlement, Standing,
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
}

impl Tally {
    pub(super) fn add(&mut self, other: Self) {
        self.runs += other.runs;
        self.crashes += other.crashes;
        self.failures += other.failures;
        self.steps += other.steps;
        self.uncertain += other.uncertain;
    }
}

/// A campaign, its books, its server, and what is known without the books.
struct Life {
    chance: Chance,
    people: usize,
    office: Office,
    books: Faulty<SqliteLedger>,
    wire: Wire,
    fuse: Fuse,
    asked: Asked,
    doubts: Arc<AtomicUsize>,
    barred: Arc<Mutex<Barred>>,
    /// How often a person asked for somebody's message again.
    resent: Arc<Mutex<BTreeMap<PersonKey, usize>>>,
    breaches: Arc<Mutex<Vec<String>>>,
    steps: Arc<AtomicUsize>,
    /// What happened, for whoever has to understand a failure.
    story: Vec<String>,
}

/// Whoever was suppressed in time.
#[derive(Default)]
struct Barred {
    /// Before anybody had taken them in hand: the server must never hear of them.
    unheard: BTreeSet<PersonKey>,
    /// Before their mark: the server must never get their message.
    unsent: BTreeSet<PersonKey>,
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
        let doubts = Arc::new(AtomicUsize::new(weather.doubts));
        let mut story =
            vec![format!("{people} people, {:?}, {:#?}", office.course, weather.script)];
        story.push(format!("pipelining: {}", weather.pipelining));
        let forgets = weather.forgets;
        let mut wire = Wire::with(office.clock, |options| weather.set(options));
        if let Some(forgets) = forgets {
            story.push(format!("the server forgets what stands {forgets:?}"));
            wire.forget(forgets);
        }
        let each = 1 + u32::try_from(chance.below(8)).expect("a small number");
        wire.relay().messages_per_connection = each.try_into().expect("not 0");
        let life = Self {
            books: Faulty::new(office.ledger.clone()),
            chance,
            people,
            office,
            wire,
            fuse: Fuse::default(),
            asked: Asked::default(),
            doubts,
            barred: Arc::default(),
            resent: Arc::default(),
            breaches: Arc::default(),
            steps: Arc::default(),
            story,
        };
        life.watch_every_step().await;
        life
    }

    async fn live(&mut self) -> Result<Tally, String> {
        let mut tally = Tally::default();
        for _ in 0..self.chance.below(STORMY + 1) {
            self.trouble();
            self.run(&mut tally).await?;
            self.rest().await;
        }
        self.books.mend();
        self.fuse.light(None);
        for _ in 0..CALM {
            if let Fate::Ended(End::Finished) = self.run(&mut tally).await? {
                let books = self.office.books().await;
                tally.steps = self.steps.load(Ordering::SeqCst);
                tally.uncertain = usize::try_from(books.uncertain).expect("a few");
                return match books.open() {
                    0 => Ok(tally),
                    open => Err(format!("finished, and {open} are still to be made")),
                };
            }
            self.office.clock.sleep(Duration::from_mins(61)).await;
        }
        Err(format!("it does not end: {:?}", self.office.books().await))
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
        let person = self.person(&address(whom));
        let (ledger, wire) = (self.office.ledger.clone(), self.wire.clone());
        let (barred, asked) = (Arc::clone(&self.barred), Arc::clone(&self.asked));
        let meddling = async move {
            clock.sleep(moment).await;
            match deed {
                0 => drop(signal.send(Stop::Interrupted)),
                1 => drop(signal.send(Stop::Terminated)),
                2 => ledger.request_stop("note").await.unwrap(),
                3 => suppress(&ledger, &wire, &asked, &barred, person, clock.now()).await,
                _ => {}
            }
            std::future::pending::<()>().await;
        };
        let (wire, dial_fuse, asked) =
            (self.wire.clone(), self.fuse.clone(), Arc::clone(&self.asked));
        let transport = move || {
            let (pipes, fuse) = (wire.pipes.clone(), dial_fuse.clone());
            let dial = FusedDial { pipes, fuse, asked: Arc::clone(&asked) };
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
            self.doubts.fetch_add(self.office.course.connections, Ordering::SeqCst);
        }
        self.office.course.probe = matches!(fate, Fate::Ended(End::BreakerOpen { .. }));
        self.story.push(format!("{:?} {fate:?}, deed {deed} for p{whom}", clock.monotonic()));
        match self.breaches.lock().unwrap().as_slice() {
            [] => Ok(fate),
            breaches => Err(breaches.join("\n")),
        }
    }

    /// Time passes between two runs; somebody may be suppressed or settled meanwhile.
    async fn rest(&mut self) {
        let wait = *self.chance.pick(&[0, 1, 20, 90, 600, 3_000]);
        self.office.clock.sleep(Duration::from_mins(wait)).await;
        if self.chance.once_in(4) {
            let whom = address(self.chance.below(12));
            let person = self.person(&whom);
            let now = self.office.clock.now();
            let (ledger, wire) = (&self.office.ledger, &self.wire);
            suppress(ledger, wire, &self.asked, &self.barred, person, now).await;
            self.story.push(format!("{whom} is suppressed"));
        }
        if self.chance.once_in(4) {
            self.settle().await;
        }
    }

    /// Somebody looks into the server's log and settles what is uncertain; now and then they ask for
    /// a message again that had arrived.
    async fn settle(&mut self) {
        let (sender, standings) = std::sync::mpsc::channel();
        let each = move |standing: Standing| sender.send(standing).is_ok();
        self.office.ledger.deliveries("note", each).await.unwrap();
        let now = self.office.clock.now();
        for Standing { person, status, .. } in &standings {
            let is_person = |to: &String| self.person(to) == person;
            let settlement = match self.wire.accepted().iter().any(is_person) {
                _ if status != Status::Uncertain => continue,
                true if !self.chance.once_in(3) => Settlement::AssumeSent,
                _ => Settlement::Resend,
            };
            if settlement == Settlement::Resend {
                *self.resent.lock().unwrap().entry(person).or_default() += 1;
            }
            self.story.push(format!("{person:?} is settled: {settlement:?}"));
            let people = Some(vec![person]);
            self.office.ledger.settle("note", people, settlement, now).await.unwrap();
        }
    }

    fn person(&self, address: &str) -> PersonKey {
        self.office.keys.person(&Address::parse(address).unwrap())
    }

    /// Looks at definition X after each write that has been answered.
    async fn watch_every_step(&self) {
        let evidence = self.office.evidence(&self.wire, 0).await;
        let planned = evidence.planned;
        let (ledger, wire) = (self.office.ledger.clone(), self.wire.clone());
        let (doubts, barred) = (Arc::clone(&self.doubts), Arc::clone(&self.barred));
        let (resent, asked) = (Arc::clone(&self.resent), Arc::clone(&self.asked));
        let (found, steps) = (Arc::clone(&self.breaches), Arc::clone(&self.steps));
        let keys = Arc::clone(&self.office.keys);
        self.books.watch(move |step| {
            if !step.call.is_write() {
                return;
            }
            steps.fetch_add(1, Ordering::SeqCst);
            let key = |address: &String| keys.person(&Address::parse(address).unwrap());
            let evidence = Evidence {
                planned: planned.clone(),
                taken: wire.accepted().iter().map(key).collect(),
                contacted: asked.lock().unwrap().iter().map(key).collect(),
                suppressed: barred.lock().unwrap().unheard.clone(),
                resent: resent.lock().unwrap().clone(),
                doubts: doubts.load(Ordering::SeqCst),
            };
            let mut breaches = at_once(breaches(&ledger, "note", &evidence));
            for person in &evidence.taken {
                if barred.lock().unwrap().unsent.contains(person) {
                    breaches.push(format!("(f) {person:?} has it and was suppressed in time"));
                }
            }
            let at = |breach| format!("after {step:?}: {breach}");
            found.lock().unwrap().extend(breaches.into_iter().map(at));
        });
    }
}

/// Suppresses somebody, and notes what must not happen to them any more.
async fn suppress(
    ledger: &SqliteLedger,
    wire: &Wire,
    asked: &Asked,
    barred: &Mutex<Barred>,
    person: PersonKey,
    at: Timestamp,
) {
    let (sender, standings) = std::sync::mpsc::channel();
    ledger.deliveries("note", move |standing| sender.send(standing).is_ok()).await.unwrap();
    let standing = standings.iter().find(|standing| standing.person == person);
    let reason = SuppressionReason::Unsubscribed;
    ledger.suppress(Suppression { person, reason, at }).await.unwrap();
    let Some(Standing { status, .. }) = standing else { return };
    let keys = Keys::from(&Secret::from_bytes([7; 32]));
    let is_person = |to: &String| keys.person(&Address::parse(to).unwrap()) == person;
    let waits = matches!(status, Status::Planned | Status::Deferred { .. });
    let mut barred = barred.lock().unwrap();
    if waits && !asked.lock().unwrap().iter().any(is_person) {
        barred.unheard.insert(person);
    }
    // A lost message may have been taken before.
    if (waits || status == Status::Claimed) && !wire.accepted().iter().any(is_person) {
        barred.unsent.insert(person);
    }
}

/// The result of a future that has nothing to wait for.
fn at_once<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(done) => done,
        Poll::Pending => unreachable!("a ledger in memory answers at once"),
    }
}
