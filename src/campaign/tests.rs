//! The loop on a paused clock, against a relay that is told what to answer.

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    sync::{Arc, Mutex},
    time::Duration,
};

use jiff::{Timestamp, tz::TimeZone};
use tokio::sync::watch;

use super::{
    Addressee, Course, End, Error, Event, Inputs, Materials, Press, Reporter, Run, Stop, prepare,
};
use crate::{
    audience::Address,
    clock::{Clock, FixedStartClock},
    compose::{self, Envelope, Unsubscribe},
    deliver::{Failure, Limit, Mark, Outcome, Pace, Reply, Scope, Stage, Transport},
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
}

/// A relay that notes whom it took mail for, and answers as it is told.
#[derive(Clone, Default)]
struct Relay {
    answers: Arc<Mutex<HashMap<String, VecDeque<Answer>>>>,
    accepted: Arc<Mutex<Vec<String>>>,
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
    async fn send(&mut self, envelope: &Envelope, _: &[u8], mark: impl Mark) -> Outcome {
        let answer = {
            let mut answers = self.answers.lock().unwrap();
            let queue = answers.get_mut(&envelope.to).or(None);
            queue.and_then(VecDeque::pop_front).unwrap_or(Answer::Accept)
        };
        let failure = |scope, code| Failure {
            stage: Stage::Rcpt,
            reply: Some(Reply::new(code, "as told")),
            reason: "as told".to_owned(),
            scope,
        };
        match answer {
            Answer::Fail(Ended::Deferred, scope, code) => Outcome::Deferred(failure(scope, code)),
            Answer::Fail(Ended::Rejected, scope, code) => Outcome::Rejected(failure(scope, code)),
            Answer::Fail(Ended::NotTried, scope, code) => Outcome::NotTried(failure(scope, code)),
            Answer::Fail(Ended::Uncertain, scope, code) => {
                mark.commit().await.unwrap();
                Outcome::Uncertain(failure(scope, code))
            }
            Answer::Accept => match mark.commit().await {
                Ok(()) => {
                    self.accepted.lock().unwrap().push(envelope.to.clone());
                    Outcome::Accepted(Reply::new(250, "2.0.0 Ok: queued as 4711"))
                }
                Err(_) => Outcome::NotTried(failure(Scope::Connection, 451)),
            },
        }
    }

    async fn close(&mut self) {}
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
    clock: FixedStartClock,
    ledger: SqliteLedger,
    keys: Arc<Keys>,
    inputs: Inputs,
    relay: Relay,
    course: Course,
    limits: Vec<Limit>,
    events: Vec<Event>,
}

fn inputs() -> Inputs {
    let file = |name: &str, text: &str| (name.to_owned(), Source::new(name, text));
    let kind = Kind::parse(
        "note",
        Source::new("kind.toml", "description = \"a note\"\n"),
        Source::new("draft.md", "---\nkind: note\nsubject: [[title]]\nlists: [[lists]]\n---\n"),
    );
    let kinds = Kinds::from([("note".to_owned(), kind.unwrap())]);
    let draft = Draft::parse("note", Source::new("drafts/note.md", DRAFT), &kinds).unwrap();
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
            address: address.clone(),
            domain: domain.clone(),
            language: "en".to_owned(),
            ..render::Sender::default()
        },
        from: &compose::Sender { name: "Group".to_owned(), address, reply_to: None, domain },
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
        let start: Timestamp = "2026-12-03T09:00:00Z".parse().unwrap();
        let office = Self {
            clock: FixedStartClock::new(start),
            ledger: SqliteLedger::in_memory().unwrap(),
            keys: Arc::new(Keys::from(&Secret::from_bytes([7; 32]))),
            inputs: inputs(),
            relay: Relay::default(),
            course: Course {
                connections: 4,
                limit: None,
                caps: Vec::new(),
                deadline: None,
                patience: Duration::ZERO,
                suppresses: true,
            },
            limits: vec!["1000/s".parse().unwrap()],
            events: Vec::new(),
        };
        let keys = Arc::clone(&office.keys);
        let recipients = (0..people).map(move |number| {
            let address = Address::parse(&address(number)).unwrap();
            let person = keys.person(&address);
            let addressee = Addressee::new(address.envelope(), 0, vec![format!("P{number}")]);
            let sealed = keys.seal(person.as_bytes(), &addressee.to_bytes()).unwrap();
            Ok(Recipient { person, sealed })
        });
        let frozen = Frozen {
            id: "note".to_owned(),
            digest: "d".repeat(64),
            inputs: office.inputs.to_bytes(),
            at: start,
            skipped: BTreeMap::new(),
            rows: people as u64,
        };
        office.ledger.freeze(frozen, recipients).await.unwrap();
        office
    }

    async fn run(&mut self) -> Result<End, Error> {
        let (_sender, stop) = watch::channel(Stop::No);
        self.run_until(stop).await
    }

    async fn run_until(&mut self, stop: watch::Receiver<Stop>) -> Result<End, Error> {
        let campaign = self.ledger.campaign("note").await.unwrap().unwrap();
        self.ledger.recover(self.clock.now()).await.unwrap();
        let press = Press::new("note", &self.inputs, Arc::clone(&self.keys)).unwrap();
        let mut pace = Pace::new(&self.limits, &BTreeMap::new(), self.clock, None);
        let mut notes = Notes::default();
        let relay = self.relay.clone();
        let run = Run {
            campaign: &campaign,
            course: &self.course,
            ledger: &self.ledger,
            clock: &self.clock,
            pace: &mut pace,
            press: &press,
            transport: || relay.clone(),
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

    async fn state(&self) -> CampaignState {
        self.ledger.campaign("note").await.unwrap().unwrap().state
    }
}

fn address(number: usize) -> String {
    format!("p{number}@one.example")
}

fn policy() -> Answer {
    Answer::Fail(Ended::Rejected, Scope::Sender, 550)
}

#[tokio::test(start_paused = true)]
async fn everybody_is_mailed_once_and_the_campaign_is_finished() {
    let mut office = Office::open(100).await;
    assert_eq!(office.run().await.unwrap(), End::Finished);
    let mut everybody: Vec<String> = (0..100).map(address).collect();
    everybody.sort();
    assert_eq!(office.relay.accepted(), everybody);
    assert_eq!(office.books().await.accepted, 100);
    assert_eq!(office.state().await, CampaignState::Finished);
}

#[tokio::test(start_paused = true)]
async fn a_second_run_of_a_finished_campaign_mails_nobody() {
    let mut office = Office::open(3).await;
    office.run().await.unwrap();
    assert_eq!(office.run().await.unwrap(), End::Finished);
    assert_eq!(office.relay.accepted().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_limit_pauses_with_the_rest_planned() {
    let mut office = Office::open(10).await;
    office.course.limit = Some(4);
    assert_eq!(office.run().await.unwrap(), End::Limited);
    let books = office.books().await;
    assert_eq!((books.accepted, books.pending), (4, 6));
    assert_eq!(office.state().await, CampaignState::Paused("limit reached".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn a_deferred_person_is_told_when_and_is_tried_again_after_five_minutes() {
    let mut office = Office::open(2).await;
    let later = Answer::Fail(Ended::Deferred, Scope::Person { suppress: false }, 450);
    office.relay.tell(&address(1), &[later]);
    let began = office.clock.now();
    let End::Deferred { until } = office.run().await.unwrap() else { panic!("not deferred") };
    let wait = until.duration_since(began).as_secs();
    assert!((300..302).contains(&wait), "{wait}");
    office.course.patience = Duration::from_mins(15);
    assert_eq!(office.run().await.unwrap(), End::Finished);
    assert_eq!(office.books().await.accepted, 2);
    assert!(office.events.iter().any(|event| matches!(event, Event::Waiting { deferred: 1, .. })));
}

#[tokio::test(start_paused = true)]
async fn a_limit_or_a_cap_that_is_used_up_ends_the_run_though_somebody_is_due() {
    let mut office = Office::open(1).await;
    let later = Answer::Fail(Ended::Deferred, Scope::Person { suppress: false }, 450);
    office.relay.tell(&address(0), &[later]);
    office.course.patience = Duration::from_mins(15);
    office.course.limit = Some(1);
    assert_eq!(office.run().await.unwrap(), End::Limited);
    assert_eq!(office.books().await.deferred, 1);
}

#[tokio::test(start_paused = true)]
async fn five_refusals_about_us_pause_the_campaign_and_spare_the_rest() {
    let mut office = Office::open(100).await;
    office.course.connections = 1;
    (0..100).for_each(|number| office.relay.tell(&address(number), &[policy()]));
    assert!(matches!(office.run().await.unwrap(), End::BreakerOpen { .. }));
    let books = office.books().await;
    assert_eq!((books.rejected, books.pending), (5, 95));
    assert!(matches!(office.state().await, CampaignState::Paused(_)));
    assert!(office.ledger.suppressed().await.unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_dead_address_is_suppressed_and_costs_nobody_else() {
    let mut office = Office::open(10).await;
    let dead = Answer::Fail(Ended::Rejected, Scope::Person { suppress: true }, 550);
    office.relay.tell(&address(3), &[dead]);
    assert_eq!(office.run().await.unwrap(), End::Finished);
    let books = office.books().await;
    assert_eq!((books.accepted, books.rejected), (9, 1));
    assert_eq!(office.ledger.suppressed().await.unwrap().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_rehearsal_suppresses_nobody() {
    let mut office = Office::open(1).await;
    office.course.suppresses = false;
    let dead = Answer::Fail(Ended::Rejected, Scope::Person { suppress: true }, 550);
    office.relay.tell(&address(0), &[dead]);
    office.run().await.unwrap();
    assert!(office.ledger.suppressed().await.unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn refused_credentials_stop_the_run_with_nobody_marked() {
    let mut office = Office::open(10).await;
    let refused = Answer::Fail(Ended::NotTried, Scope::Setup, 535);
    (0..10).for_each(|number| office.relay.tell(&address(number), std::slice::from_ref(&refused)));
    assert!(matches!(office.run().await.unwrap(), End::Misconfigured(_)));
    let books = office.books().await;
    assert_eq!((books.pending, books.rejected), (10, 0));
    let tries = Arc::new(Mutex::new(0));
    let count = Arc::clone(&tries);
    let each = move |_| {
        *count.lock().unwrap() += 1;
        true
    };
    office.ledger.log(LogFilter::default(), each).await.unwrap();
    assert_eq!(*tries.lock().unwrap(), 0, "nobody was tried");
}

#[tokio::test(start_paused = true)]
async fn a_server_that_was_never_reached_ends_the_run_at_once() {
    let mut office = Office::open(5).await;
    let down = Answer::Fail(Ended::NotTried, Scope::Connection, 421);
    (0..5).for_each(|number| office.relay.tell(&address(number), &vec![down.clone(); 9]));
    assert!(matches!(office.run().await.unwrap(), End::Unreachable(_)));
    assert_eq!(office.books().await.pending, 5);
    assert_eq!(office.state().await, CampaignState::Running, "dispatch may go on");
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_breaks_in_between_is_tried_again() {
    let mut office = Office::open(5).await;
    office.course.connections = 1;
    let broken = Answer::Fail(Ended::NotTried, Scope::Connection, 421);
    office.relay.tell(&address(2), &[broken.clone(), broken]);
    assert_eq!(office.run().await.unwrap(), End::Finished);
    assert_eq!(office.books().await.accepted, 5);
    let waits = office.events.iter().filter(|e| matches!(e, Event::Reconnecting { .. })).count();
    assert_eq!(waits, 2);
}

#[tokio::test(start_paused = true)]
async fn a_lost_reply_is_uncertain_and_is_not_sent_again() {
    let mut office = Office::open(3).await;
    let lost = Answer::Fail(Ended::Uncertain, Scope::Connection, 421);
    office.relay.tell(&address(1), &[lost]);
    assert_eq!(office.run().await.unwrap(), End::Finished);
    assert_eq!(office.run().await.unwrap(), End::Finished);
    let books = office.books().await;
    assert_eq!((books.accepted, books.uncertain), (2, 1));
    assert_eq!(office.relay.accepted().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_daily_cap_ends_the_run_and_says_when_there_is_room_again() {
    let mut office = Office::open(5).await;
    office.course.caps = vec!["3/day".parse().unwrap()];
    let End::Capped { until } = office.run().await.unwrap() else { panic!("not capped") };
    assert_eq!(office.books().await.accepted, 3);
    let hours = until.duration_since(office.clock.now()).as_hours();
    assert!((23..=24).contains(&hours), "{hours}");
    assert_eq!(office.state().await, CampaignState::Running);
    assert!(matches!(office.run().await.unwrap(), End::Capped { .. }), "over restarts too");
    assert_eq!(office.books().await.accepted, 3);
}

#[tokio::test(start_paused = true)]
async fn the_pace_holds_for_all_connections_together() {
    let mut office = Office::open(101).await;
    office.limits = vec!["50/s".parse().unwrap()];
    let began = office.clock.monotonic();
    office.run().await.unwrap();
    let took = office.clock.monotonic().saturating_sub(began).as_secs_f64();
    assert!((1.99..2.05).contains(&took), "{took}");
}

#[tokio::test(start_paused = true)]
async fn a_signal_begins_nothing_new_and_gives_back_what_was_claimed() {
    let mut office = Office::open(50).await;
    let (signal, mut stop) = watch::channel(Stop::No);
    signal.send_replace(Stop::Interrupted);
    stop.mark_changed();
    assert_eq!(office.run_until(stop).await.unwrap(), End::Interrupted);
    let books = office.books().await;
    assert_eq!(books.accepted + books.pending, 50);
    assert!(books.pending > 0, "{books:?}");
    assert_eq!(office.state().await, CampaignState::Paused("interrupted".to_owned()));
    assert_eq!(office.run().await.unwrap(), End::Finished);
    assert_eq!(office.relay.accepted().len(), 50);
}

#[tokio::test(start_paused = true)]
async fn a_stop_from_another_terminal_is_heard() {
    let mut office = Office::open(300).await;
    office.limits = vec!["50/s".parse().unwrap()];
    let ledger = office.ledger.clone();
    let clock = office.clock;
    let asking = async {
        clock.sleep(Duration::from_secs(2)).await;
        ledger.request_stop("note").await.unwrap();
    };
    let (end, ()) = tokio::join!(office.run(), asking);
    assert_eq!(end.unwrap(), End::Stopped);
    let books = office.books().await;
    assert!((90..=200).contains(&books.accepted), "{books:?}");
}

#[tokio::test(start_paused = true)]
async fn somebody_suppressed_in_mid_run_is_not_mailed() {
    let mut office = Office::open(3).await;
    let person = office.keys.person(&Address::parse(&address(2)).unwrap());
    let reason = SuppressionReason::Unsubscribed;
    let at = office.clock.now();
    office.ledger.suppress(Suppression { person, reason, at }).await.unwrap();
    assert_eq!(office.run().await.unwrap(), End::Finished);
    assert_eq!(office.relay.accepted(), [address(0), address(1)]);
}

#[test]
fn frozen_inputs_read_back_whole_and_damage_is_noticed() {
    let mut inputs = inputs();
    inputs.attachments.push(compose::Attachment {
        file_name: "programme.pdf".to_owned(),
        media_type: "application/pdf".to_owned(),
        bytes: vec![0, 255, 13, 10],
    });
    let bytes = inputs.to_bytes();
    assert!(Inputs::from_bytes(&bytes).is_ok_and(|read| read == inputs));
    assert!(Inputs::from_bytes(&bytes[..bytes.len() - 1]).is_err());
    assert!(Inputs::from_bytes(&[bytes.as_slice(), b"x"].concat()).is_err());
}
