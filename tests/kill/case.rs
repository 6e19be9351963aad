//! One campaign that is killed up to three times, and gone on with until it is done.

use std::path::PathBuf;

use announce::{
    keys::Secret,
    ledger::SqliteLedger,
    sandbox::{Event, Store},
};
use tempfile::TempDir;

use crate::{
    judge::{Verdict, copy_ledger, judge},
    kill::{Ended, Kill},
    server::Relay,
    tally::Tally,
    workspace::Workspace,
};

pub(crate) const CONNECTIONS: usize = 4;
/// Kills a campaign, at the most.
pub(crate) const KILLS: usize = 3;

/// A newsroom, its server, and what is known of both.
pub(crate) struct Case {
    workspace: Workspace,
    relay: Relay,
    people: Vec<String>,
    /// Connections that were open when a run was killed.
    doubts: usize,
    uncertain: usize,
    tally: Tally,
    is_scheduled: bool,
}

/// How the first run of a case ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum First {
    /// By itself.
    Passed,
    /// Killed before the campaign was frozen.
    KilledEarly,
    /// Killed after that.
    KilledLate,
}

impl Case {
    /// A letter to so many people, never sent.
    pub(crate) fn new(people: usize) -> Self {
        let relay = Relay::start(|options| options.store = Store::Discard);
        let workspace =
            Workspace::with_server(&relay.url(), &format!("connections = {CONNECTIONS}"));
        workspace.edit("announce.toml", "limit = \"1000/s\"", "");
        let people: Vec<String> = (0..people).map(|n| format!("p{n}@one.example")).collect();
        let rows: Vec<(&str, &str)> = people.iter().map(|email| (&**email, "Ann")).collect();
        workspace.members(&rows);
        Self {
            workspace,
            relay,
            people,
            doubts: 0,
            uncertain: 0,
            tally: Tally::default(),
            is_scheduled: false,
        }
    }

    /// With a secret and an empty ledger: only one thread of the program writes to it then.
    pub(crate) fn with_ledger(self) -> Self {
        let path = self.path("ledger.db");
        let made = self.relay.runtime.block_on(async { SqliteLedger::open(&path).map(drop) });
        made.expect("a ledger");
        Secret::create(&self.path("secret")).expect("a secret");
        self
    }

    /// With the letter due, and whatever is done done by cron's command.
    pub(crate) fn scheduled(mut self) -> Self {
        let due = "\nstatus: ready\nsend_at: 2020-01-01 09:00\nlate_after: 900000h\n---\nDear";
        self.workspace.edit("drafts/letter.md", "\n---\nDear", due);
        self.is_scheduled = true;
        self
    }

    /// Sends the letter, killed where `next` says. It is told how many people are left, and
    /// asked three times at the most; then a run goes on to the end.
    pub(crate) fn play(mut self, mut next: impl FnMut(usize) -> Kill) -> (First, Tally) {
        let mut story = Vec::new();
        let (mut first, mut frozen) = (First::Passed, false);
        for round in 0..=KILLS {
            let left = self.people.len() - self.relay.journal.accepted().len();
            let kill = if round < KILLS { next(left) } else { Kill::Never };
            let verb = self.verb(frozen, round);
            story.push(format!("{} {kill:?}", verb.join(" ")));
            let opened = self.relay.journal.connections();
            let command = self.workspace.command("", verb, &[]);
            let ended = kill.run(command, &self.relay.journal);
            wait_for_server(&self.relay);
            if ended == Ended::Killed {
                let opened = self.relay.journal.connections() - opened;
                self.doubts += opened.min(CONNECTIONS);
                self.tally.kills += 1;
                frozen |= self.look(&story);
                if round == 0 {
                    first = if frozen { First::KilledLate } else { First::KilledEarly };
                }
            } else {
                assert!(matches!(ended, Ended::Exit(0 | 3)), "{ended:?} of {story:#?}");
                break;
            }
        }
        self.close(&story);
        (first, self.tally)
    }

    /// What a person would do: send again, which goes on, or resume what is frozen. Cron does the
    /// same each minute.
    fn verb(&self, frozen: bool, round: usize) -> &'static [&'static str] {
        if self.is_scheduled {
            &["dispatch"]
        } else if frozen && (round + self.doubts) % 2 == 1 {
            &["resume", "letter"]
        } else {
            &["send", "letter", "--yes"]
        }
    }

    /// Judges what a killed run left; whether the campaign is frozen.
    fn look(&mut self, story: &[String]) -> bool {
        let copy = TempDir::new().expect("a folder");
        copy_ledger(&self.path(""), copy.path()).expect("a copy");
        let Some(verdict) = self.judge(copy.path().to_owned()) else {
            let contacted = self.relay.journal.contacted();
            assert!(contacted.is_empty(), "somebody was contacted before the freeze: {story:#?}");
            return false;
        };
        assert!(verdict.breaches.is_empty(), "{:#?} after {story:#?}", verdict.breaches);
        let by_this = verdict.uncertain - self.uncertain;
        self.uncertain = verdict.uncertain;
        self.tally.uncertain_at_most = self.tally.uncertain_at_most.max(by_this);
        true
    }

    /// The campaign is done: everybody has it, or is uncertain, and the books say so.
    fn close(&mut self, story: &[String]) {
        let books = self.workspace.run(&["status", "letter", "--json"]).json();
        let Verdict { breaches, uncertain, duplicates, without } =
            self.judge(self.path("")).expect("a campaign");
        assert!(breaches.is_empty(), "{breaches:#?} after {story:#?}");
        let people = self.people.len();
        let told = ["planned", "accepted", "uncertain"].map(|name| books[name].as_u64());
        let seen = [people, people - uncertain, uncertain].map(|count| u64::try_from(count).ok());
        assert_eq!(told, seen, "{books} after {story:#?}");
        assert_eq!(uncertain, self.uncertain, "only a kill makes doubt: {story:#?}");
        self.tally.campaigns += 1;
        self.tally.duplicates += duplicates;
        self.tally.lost += without;
        self.tally.uncertain += uncertain;
    }

    fn judge(&self, folder: PathBuf) -> Option<Verdict> {
        let secret = self.path("secret");
        let Self { relay, people, doubts, .. } = self;
        relay.runtime.block_on(judge(&folder, &secret, people, &relay.journal, *doubts))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.workspace.path(".announce").join(name)
    }
}

/// Until it has done with what a dead process left in the sockets.
pub(crate) fn wait_for_server(relay: &Relay) {
    let open = || {
        let entries = relay.journal.entries();
        let count = |event: &Event| entries.iter().filter(|entry| entry.event == *event).count();
        count(&Event::Opened) > count(&Event::Closed)
    };
    while open() {
        std::thread::yield_now();
    }
}
