//! A campaign on a paused clock, and a relay that is told what to answer.

mod amending;
mod books_fail;
mod definition_x;
mod faults;
mod plan;
mod power_loss;
pub(crate) mod reliability;
mod retries;
mod run;
mod simulation;
mod wire;

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    pin::pin,
    sync::{Arc, LazyLock, Mutex},
    task::{Context, Poll, Waker},
    time::Duration,
};

use jiff::{Timestamp, tz::TimeZone};
use tokio::sync::watch;

use definition_x::{Evidence, breaches};
use reliability::found;

use super::{
    Addressee, Course, End, Error, Event, Inputs, Materials, Press, Reporter, Run, Stop, prepare,
};
use crate::{
    audience::{Address, SkipReason},
    clock::{Clock, FixedStartClock},
    compose::{self, Envelope, Unsubscribe},
    deliver::{Failure, Limit, Outcome, Pace, Reply, Scope, Stage, Transport},
    diagnostic::{Diagnostic, Source},
    draft::{Draft, Kind, Kinds},
    keys::{Keys, Secret},
    ledger::{
        Books, CampaignState, Frozen, Ledger, LogFilter, Recipient, SqliteLedger, Suppression,
        SuppressionReason,
    },
    render::{self, ListColumns, TemplateSet},
};

const DRAFT: &str =
    "---\nkind: note\nsubject: For {{name}}\nlists: [members]\n---\nDear {{name}},\n";

/// What the relay does with the next message to somebody; accepting is the default.
#[derive(Clone, Debug)]
enum Answer {
    Accept,
    Fail(Ended, Scope, u16),
}

#[derive(Clone, Copy, Debug)]
enum Ended {
    Deferred,
    Rejected,
    Uncertain,
    NotTried,
    /// Hangs up at RCPT.
    Dropped,
    /// A fault of ours.
    Panic,
}

/// A relay that notes whom it took mail for, and answers as it is told.
#[derive(Clone)]
struct Relay {
    answers: Arc<Mutex<HashMap<String, VecDeque<Answer>>>>,
    accepted: Arc<Mutex<Vec<String>>>,
    /// Whom it was asked about.
    contacted: Arc<Mutex<Vec<String>>>,
    /// Connections that are opened; the next ones are refused.
    connections: Arc<Mutex<usize>>,
    asked: Option<(String, Answer)>,
}

impl Default for Relay {
    fn default() -> Self {
        Self {
            answers: Arc::default(),
            accepted: Arc::default(),
            contacted: Arc::default(),
            connections: Arc::new(Mutex::new(usize::MAX)),
            asked: None,
        }
    }
}

impl Relay {
    fn tell(&self, to: &str, answers: &[Answer]) {
        self.answers.lock().unwrap().insert(to.to_owned(), answers.iter().cloned().collect());
    }

    fn accepted(&self) -> Vec<String> {
        let mut accepted = self.accepted.lock().unwrap().clone();
        accepted.sort();
        accepted
    }
}

impl Transport for Relay {
    async fn ready(&mut self) -> Result<(), Failure> {
        let mut left = self.connections.lock().unwrap();
        *left = left.checked_sub(1).ok_or_else(|| Failure {
            stage: Stage::Connect,
            reply: None,
            reason: "refused".to_owned(),
            scope: Scope::Connection,
        })?;
        Ok(())
    }

    async fn ask(&mut self, envelope: &Envelope, _: &[u8]) -> Result<(), Outcome> {
        self.contacted.lock().unwrap().push(envelope.to.clone());
        let answer = {
            let mut answers = self.answers.lock().unwrap();
            let queue = answers.get_mut(&envelope.to).or(None);
            queue.and_then(VecDeque::pop_front).unwrap_or(Answer::Accept)
        };
        match answer {
            Answer::Fail(Ended::Deferred, scope, code) => {
                Err(Outcome::Deferred(told(Stage::Rcpt, scope, code)))
            }
            Answer::Fail(Ended::Rejected, scope, code) => {
                Err(Outcome::Rejected(told(Stage::Rcpt, scope, code)))
            }
            Answer::Fail(Ended::NotTried, scope, code) => {
                Err(Outcome::NotTried(told(Stage::Mail, scope, code)))
            }
            Answer::Fail(Ended::Dropped, scope, code) => {
                Err(Outcome::NotTried(told(Stage::Rcpt, scope, code)))
            }
            Answer::Fail(Ended::Panic, ..) => panic!("a fault of ours"),
            Answer::Fail(Ended::Uncertain, ..) | Answer::Accept => {
                self.asked = Some((envelope.to.clone(), answer));
                Ok(())
            }
        }
    }

    async fn hand_over(&mut self, _: Option<(&Envelope, &[u8])>) -> Outcome {
        match self.asked.take() {
            Some((to, Answer::Accept)) => {
                self.accepted.lock().unwrap().push(to);
                Outcome::Accepted(Reply::new(250, "2.0.0 Ok: queued as 4711"))
            }
            Some((_, Answer::Fail(_, scope, code))) => {
                Outcome::Uncertain(told(Stage::Rcpt, scope, code))
            }
            None => panic!("no message was asked about"),
        }
    }

    async fn close(&mut self) {}
}

fn told(stage: Stage, scope: Scope, code: u16) -> Failure {
    let reply = Some(Reply::new(code, "as told"));
    Failure { stage, reply, reason: "as told".to_owned(), scope }
}

#[derive(Default)]
struct Notes(Vec<Event>);

impl Reporter for Notes {
    fn report(&mut self, event: &Event) {
        self.0.push(event.clone());
    }
}

/// A frozen campaign for people called `p0@one.example` and so on.
struct Office {
    /// What is sent.
    campaign: String,
    clock: FixedStartClock,
    ledger: SqliteLedger,
    keys: Arc<Keys>,
    inputs: Inputs,
    relay: Relay,
    course: Course,
    limits: Vec<Limit>,
    domains: BTreeMap<String, Limit>,
    events: Vec<Event>,
    /// Deliveries that may be uncertain.
    doubts: usize,
}

/// Made once: expanding them takes most of a short test's time.
static INPUTS: LazyLock<Inputs> = LazyLock::new(inputs);

fn kinds() -> Kinds {
    let kind = Kind::parse(
        "note",
        Source::new("kind.toml", "description = \"a note\"\n"),
        Source::new("draft.md", "---\nkind: note\nsubject: [[title]]\nlists: [[lists]]\n---\n"),
    );
    Kinds::from([("note".to_owned(), kind.unwrap())])
}

fn inputs() -> Inputs {
    let file = |name: &str, text: &str| (name.to_owned(), Source::new(name, text));
    let draft = Draft::parse("note", Source::new("drafts/note.md", DRAFT), &kinds()).unwrap();
    let files = BTreeMap::from([
        file("layout.html.hbs", "<html><head></head><body>{{{content}}}</body></html>"),
        file("layout.text.hbs", "{{{content}}}"),
        file("note/html.hbs", "{{{body}}}<a href=\"{{links.unsubscribe}}\">leave</a>"),
        file("note/text.hbs", "{{{body}}}{{links.unsubscribe}}"),
    ]);
    let lists = [ListColumns {
        name: "members".to_owned(),
        file: "lists/members.csv".to_owned(),
        columns: vec!["email".to_owned(), "name".to_owned()],
    }];
    let address = "news@group.example".to_owned();
    let domain = "group.example".to_owned();
    let none = |_: &str| -> Result<Vec<u8>, Diagnostic> { Err(Diagnostic::new("no files")) };
    let materials = Materials {
        draft: &draft,
        templates: &TemplateSet { files },
        optional: &[],
        sender: &render::Sender {
            name: "Group".to_owned(),
            address,
            domain,
            language: "en".to_owned(),
            ..render::Sender::default()
        },
        unsubscribe: &Unsubscribe { mailto: Some("off@group.example".to_owned()), url: None },
        bounces: None,
        lists: &lists,
        titles: &["You asked for it.".to_owned()],
        zone: &TimeZone::UTC,
        read: &none,
    };
    prepare(&materials).map_err(|faults| format!("{faults:?}")).unwrap().inputs
}

impl Office {
    async fn open(people: usize) -> Self {
        Self::open_for((0..people).collect()).await
    }

    async fn open_for(people: Vec<usize>) -> Self {
        let office = Self::on(SqliteLedger::in_memory().unwrap());
        office.freeze(people).await;
        office
    }

    /// A campaign for people of these addresses and names.
    async fn open_to(people: Vec<(String, String)>) -> Self {
        let office = Self::on(SqliteLedger::in_memory().unwrap());
        office.freeze_to(people).await;
        office
    }

    /// An office that goes by these books.
    fn on(ledger: SqliteLedger) -> Self {
        Self {
            campaign: "note".to_owned(),
            clock: FixedStartClock::new("2026-12-03T09:00:00Z".parse().unwrap()),
            ledger,
            keys: Arc::new(Keys::from(&Secret::from_bytes([7; 32]))),
            inputs: INPUTS.clone(),
            relay: Relay::default(),
            course: Course {
                connections: 4,
                ahead: 64,
                limit: None,
                turn: None,
                caps: Vec::new(),
                deadline: None,
                probe: false,
                patience: Duration::ZERO,
                suppresses: true,
            },
            limits: vec!["1000/s".parse().unwrap()],
            domains: BTreeMap::new(),
            events: Vec::new(),
            doubts: 0,
        }
    }

    async fn freeze(&self, people: Vec<usize>) {
        let people = people.into_iter().map(|number| (address(number), format!("P{number}")));
        self.freeze_to(people.collect()).await;
    }

    async fn freeze_to(&self, people: Vec<(String, String)>) {
        let frozen = self.frozen("note", &self.inputs, people.len() as u64);
        let keys = Arc::clone(&self.keys);
        let recipients = people.into_iter().map(move |(address, name)| {
            let address = Address::parse(&address).unwrap();
            Ok(recipient(&keys, Addressee::new(address.envelope(), 0, vec![name])))
        });
        self.ledger.freeze(frozen, recipients).await.unwrap();
    }

    fn frozen(&self, id: &str, inputs: &Inputs, rows: u64) -> Frozen {
        Frozen {
            id: id.to_owned(),
            digest: "d".repeat(64),
            inputs: inputs.to_bytes(),
            subject: "A note".to_owned(),
            exhibit: b"exhibit".to_vec(),
            sequence: 0,
            follows: None,
            lists: vec!["members".to_owned()],
            narrowed: false,
            passed_over: Vec::new(),
            at: self.clock.now(),
            skipped: BTreeMap::new(),
            rows,
        }
    }

    async fn run(&mut self) -> Result<End, Error> {
        let (_sender, stop) = watch::channel(Stop::No);
        self.run_until(stop).await
    }

    async fn run_until(&mut self, stop: watch::Receiver<Stop>) -> Result<End, Error> {
        let (ledger, relay) = (self.ledger.clone(), self.relay.clone());
        self.run_over(&ledger, || relay.clone(), stop).await
    }

    /// A run as `send` and `resume` make it, with these books and connections.
    async fn run_over<L: Ledger, T: Transport + 'static>(
        &mut self,
        ledger: &L,
        transport: impl Fn() -> T,
        stop: watch::Receiver<Stop>,
    ) -> Result<End, Error> {
        self.run_by(&self.clock.clone(), ledger, transport, stop).await
    }

    /// The same by another clock.
    async fn run_by<C: Clock, L: Ledger, T: Transport + 'static>(
        &mut self,
        clock: &C,
        ledger: &L,
        transport: impl Fn() -> T,
        stop: watch::Receiver<Stop>,
    ) -> Result<End, Error> {
        let campaign = ledger.campaign(&self.campaign).await?.expect("it is frozen");
        ledger.recover(clock.now()).await?;
        let inputs = ledger.inputs(&campaign.id, campaign.revision).await?;
        let inputs = Inputs::from_bytes(&inputs).expect("as they were frozen");
        let press = Press::new(&campaign.id, &inputs, Arc::clone(&self.keys)).unwrap();
        let mut pace = Pace::new(&self.limits, &self.domains, clock.clone(), None);
        let mut notes = Notes::default();
        let run = Run {
            campaign: &campaign,
            course: &self.course,
            ledger,
            clock,
            pace: &mut pace,
            press: &press,
            transport,
            stop,
            reporter: &mut notes,
        };
        let end = run.drive().await;
        self.events = notes.0;
        end
    }

    async fn books(&self) -> Books {
        self.ledger.books("note").await.unwrap()
    }

    /// What breaks definition X, going by what the relay took.
    async fn breaches(&self) -> Vec<String> {
        let key = |address: &String| self.keys.person(&Address::parse(address).unwrap());
        let evidence = Evidence {
            planned: self.ledger.people("note").await.unwrap().into_iter().collect(),
            taken: self.relay.accepted().iter().map(key).collect(),
            contacted: self.relay.contacted.lock().unwrap().iter().map(key).collect(),
            doubts: self.doubts,
            ..Evidence::default()
        };
        breaches(&self.ledger, "note", &evidence).await
    }

    async fn state(&self) -> CampaignState {
        self.ledger.campaign("note").await.unwrap().unwrap().state
    }
}

fn recipient(keys: &Keys, addressee: Addressee) -> Recipient {
    let person = keys.person(&Address::parse(addressee.address()).unwrap());
    let sealed = keys.seal(person.as_bytes(), &addressee.to_bytes()).unwrap();
    Recipient { person, sealed }
}

fn address(number: usize) -> String {
    let domain = if number < 1_000 { "one.example" } else { "slow.example" };
    format!("p{number}@{domain}")
}

fn policy() -> Answer {
    Answer::Fail(Ended::Rejected, Scope::Sender, 550)
}

/// The result of a future that has nothing to wait for.
fn at_once<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(done) => done,
        Poll::Pending => unreachable!("a ledger in memory answers at once"),
    }
}
