//! The fault table over the wire: what the server or the clock does, and what a whole run makes of
//! it. Definition X is judged after each.

mod along;
mod asking;
mod clock;
mod dot;
mod groups;
mod lost;
mod opening;
mod pace;
mod reaching;
mod slow;
mod zones;

use super::{wire::Wire, *};
use crate::{
    ledger::LogEntry,
    sandbox::{Act, Event as Seen, Rule, Script},
};

/// A campaign for so many people, and a server that plays these rules.
async fn stage(people: usize, rules: impl IntoIterator<Item = Rule>) -> (Office, Wire) {
    let office = Office::open(people).await;
    let wire = Wire::new(office.clock, rules.into_iter().fold(Script::new(), Script::rule));
    (office, wire)
}

/// Says this and closes, as a server does that says 421 (RFC 5321 §3.8).
fn farewell(line: &str) -> [Act; 2] {
    [Act::reply(line), Act::Close]
}

impl Wire {
    /// When a `RCPT` named this person.
    fn asked(&self, number: usize) -> Vec<Duration> {
        let is = |seen: &Seen| matches!(seen, Seen::Recipient(to) if *to == address(number));
        let entries = self.journal.entries();
        entries.iter().filter(|entry| is(&entry.event)).map(|entry| entry.at).collect()
    }
}

impl Office {
    /// A run that waits for retries of the next quarter of an hour, as on a terminal.
    async fn send_patiently(&mut self, wire: &Wire) -> End {
        self.course.patience = Duration::from_mins(15);
        self.send_over(wire).await.unwrap()
    }

    /// All tries that are written down.
    async fn tries(&self) -> Vec<LogEntry> {
        let tries = Arc::new(Mutex::new(Vec::new()));
        let into = Arc::clone(&tries);
        let each = move |entry| {
            into.lock().unwrap().push(entry);
            true
        };
        self.ledger.log(LogFilter::default(), each).await.unwrap();
        std::mem::take(&mut *tries.lock().unwrap())
    }

    /// How long the run waited for lost connections, each time.
    fn waits(&self) -> Vec<u64> {
        let wait = |event: &Event| match event {
            Event::Reconnecting { wait, .. } => Some(wait.as_secs()),
            _ => None,
        };
        self.events.iter().filter_map(wait).collect()
    }

    /// Fails if anybody was tried, marked or suppressed.
    #[track_caller]
    fn is_untouched(&self, people: u64) -> impl Future<Output = ()> {
        let caller = std::panic::Location::caller();
        async move {
            let books = self.books().await;
            assert_eq!((books.pending, books.planned()), (people, people), "{caller}");
            assert_eq!(self.tries().await, [], "{caller}");
            assert!(self.ledger.suppressed().await.unwrap().is_empty(), "{caller}");
        }
    }
}

/// The failure that ended a run for which nobody can be mailed until somebody mends it.
#[track_caller]
fn misconfigured(end: End) -> Failure {
    match end {
        End::Misconfigured(failure) => failure,
        other => panic!("ended as {other:?}"),
    }
}

/// The failure that ended a run whose server is away.
#[track_caller]
fn unreachable(end: End) -> Failure {
    match end {
        End::Unreachable(failure) => failure,
        other => panic!("ended as {other:?}"),
    }
}
