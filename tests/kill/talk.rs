//! A talk whose room changes when most have been told. The correction is killed and gone on with,
//! and so is what is left of the announcement.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    sync::mpsc,
};

use announce::{
    audience::Address,
    campaign::status::Status,
    keys::{Keys, PersonKey, Secret},
    ledger::{Ledger as _, SqliteLedger, Standing},
};
use tempfile::TempDir;

use crate::{
    case::{CONNECTIONS, First, KILLS, wait_for_server},
    definition_x::{Evidence, breaches},
    judge::copy_ledger,
    kill::{Ended, Kill},
    server::Relay,
    tally::Tally,
    workspace::Workspace,
};

const TALK: &str = "---\nkind: event\nsubject: \"Event: The hidden revolution\"\n\
    preheader: Smuggled films and radio, and the people who risk passing them on\n\
    lists: [members]\nevent:\n  starts: 2036-12-10 17:00\n  \
    place: Committee Room 20, Houses of Parliament\n---\nDear friend,\n\n\
    How does a forbidden story travel through a country that punishes people for hearing it?\n";

/// What somebody may get, by what its Message-ID is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Text {
    /// The room that it was to be in.
    Old,
    /// The room that it is in.
    New,
    /// What was and what is.
    Notice,
}

impl Text {
    const ALL: [(Self, &str); 3] =
        [(Self::Old, "talk"), (Self::New, "talk#2"), (Self::Notice, "talk~2")];

    fn campaign(self) -> &'static str {
        if self == Self::Notice { "talk~2" } else { "talk" }
    }
}

/// A newsroom whose talk has been sent to three in five, and has another room since.
pub(crate) struct Talk {
    workspace: Workspace,
    relay: Relay,
    keys: Keys,
    people: BTreeSet<PersonKey>,
    doubts: usize,
    uncertain: usize,
    tally: Tally,
}

impl Talk {
    pub(crate) fn new(people: usize) -> Self {
        let relay = Relay::start(|_| {});
        let workspace =
            Workspace::with_server(&relay.url(), &format!("connections = {CONNECTIONS}"));
        workspace.edit("announce.toml", "limit = \"1000/s\"", "").file("drafts/talk.md", TALK);
        let emails: Vec<String> = (0..people).map(|n| format!("p{n}@one.example")).collect();
        let rows: Vec<(&str, &str)> = emails.iter().map(|email| (&**email, "Ann")).collect();
        workspace.members(&rows);
        let sent = workspace.run(&["send", "talk", "--yes", "--limit", &told(people).to_string()]);
        assert_eq!(sent.status, 75, "{sent:#?}");
        workspace.edit("drafts/talk.md", "Room 20", "Room 14");
        let keys = Keys::from(&Secret::load(&workspace.path(".announce/secret")).expect("made"));
        let people = emails.iter().map(|email| key(&keys, email)).collect();
        Self { workspace, relay, keys, people, doubts: 0, uncertain: 0, tally: Tally::default() }
    }

    /// Corrects the talk and sends the rest of it, killed where `next` says. It is told how many
    /// messages are left, and asked three times at the most.
    pub(crate) fn play(mut self, mut next: impl FnMut(usize) -> Kill) -> (First, Tally) {
        let mut story = Vec::new();
        let (mut first, mut has_notice, mut is_corrected) = (First::Passed, false, false);
        for round in 0.. {
            let all = self.people.len() + told(self.people.len());
            let left = all - self.relay.journal.accepted().len();
            let kill = if round < KILLS { next(left) } else { Kill::Never };
            let verb: &[&str] = match (is_corrected, has_notice) {
                (true, _) => &["resume", "talk"],
                (false, true) => &["resume", "talk~2"],
                (false, false) => &["correct", "talk", "--yes"],
            };
            story.push(format!("{} {kill:?}", verb.join(" ")));
            let opened = self.relay.journal.connections();
            let ended = kill.run(self.workspace.command("", verb, &[]), &self.relay.journal);
            wait_for_server(&self.relay);
            if ended == Ended::Killed {
                let opened = self.relay.journal.connections() - opened;
                self.doubts += opened.min(CONNECTIONS);
                self.tally.kills += 1;
                has_notice = self.look(&story);
                if round == 0 {
                    first = if has_notice { First::KilledLate } else { First::KilledEarly };
                }
                continue;
            }
            assert!(matches!(ended, Ended::Exit(0 | 3)), "{ended:?} of {story:#?}");
            if is_corrected {
                break;
            }
            is_corrected = true;
        }
        self.close(&story);
        (first, self.tally)
    }

    /// Judges what a killed run left; whether there is a notice.
    fn look(&mut self, story: &[String]) -> bool {
        let copy = TempDir::new().expect("a folder");
        copy_ledger(&self.workspace.path(".announce"), copy.path()).expect("a copy");
        let books = self.judge(copy.path(), story);
        let uncertain = books.uncertain.len();
        let by_this = uncertain - self.uncertain;
        self.uncertain = uncertain;
        self.tally.uncertain_at_most = self.tally.uncertain_at_most.max(by_this);
        books.notice.is_some()
    }

    /// Everybody has the old room and its correction or the new room, or is uncertain.
    fn close(&mut self, story: &[String]) {
        let books = self.judge(&self.workspace.path(".announce"), story);
        let letters = self.letters();
        for person in self.people.difference(&books.uncertain) {
            let has: &[Text] = letters.get(person).map_or(&[], Vec::as_slice);
            let whole = has == [Text::Old, Text::Notice] || has == [Text::New];
            assert!(whole, "{person:?} has {has:?} after {story:#?}");
        }
        assert_eq!(books.uncertain.len(), self.uncertain, "only a kill makes doubt: {story:#?}");
        self.tally.campaigns += 2;
        self.tally.uncertain += self.uncertain;
        for letters in letters.into_values() {
            let once: BTreeSet<_> = letters.iter().collect();
            self.tally.duplicates += letters.len() - once.len();
        }
    }

    /// Definition X for both campaigns, and between them.
    fn judge(&self, folder: &Path, story: &[String]) -> Books {
        let letters = self.letters();
        let ledger = SqliteLedger::open(&folder.join("ledger.db")).expect("a ledger that opens");
        let books = self.relay.runtime.block_on(Books::read(&ledger));
        let mut found = Vec::new();
        for (id, planned) in [("talk", Some(&self.people)), ("talk~2", books.notice.as_ref())] {
            let Some(planned) = planned.cloned() else { continue };
            let of = |(person, texts): (&PersonKey, &Vec<Text>)| {
                let these = texts.iter().filter(|text| text.campaign() == id).count();
                vec![*person; these]
            };
            let taken = letters.iter().flat_map(of).collect();
            let evidence = Evidence { planned, taken, doubts: self.doubts, ..Evidence::default() };
            found.extend(self.relay.runtime.block_on(breaches(&ledger, id, &evidence)));
        }
        let seen = self.relay.journal.contacted();
        if !seen.iter().all(|address| self.people.contains(&key(&self.keys, address))) {
            found.push("(f) somebody was contacted who is in no plan".to_owned());
        }
        if let Some(told) = &books.notice {
            let has_old: BTreeSet<PersonKey> = letters
                .iter()
                .filter(|(_, texts)| texts.contains(&Text::Old))
                .map(|(p, _)| *p)
                .collect();
            if *told != has_old {
                found.push(format!(
                    "{} were told the old room, {} hear",
                    has_old.len(),
                    told.len()
                ));
            }
        }
        assert!(found.is_empty(), "{found:#?} after {story:#?}");
        books
    }

    /// What each person has, in order.
    fn letters(&self) -> BTreeMap<PersonKey, Vec<Text>> {
        let mut letters: BTreeMap<PersonKey, Vec<Text>> = BTreeMap::new();
        for caught in self.relay.caught.lock().expect("no panic").iter() {
            let person = key(&self.keys, &caught.recipients[0]);
            let head = String::from_utf8_lossy(&caught.message);
            let id = head.lines().find_map(|line| line.strip_prefix("Message-ID: <"));
            let token = id.and_then(|id| id.split('@').next()).expect("an id");
            let is = |(_, label): &&(Text, &str)| {
                self.keys.message_id(label, &person).to_string() == token
            };
            let (text, _) = Text::ALL.iter().find(is).expect("their own copy");
            letters.entry(person).or_default().push(*text);
        }
        letters
    }
}

/// What the ledger says.
struct Books {
    /// Uncertain in either campaign, or about to be called so by the next run.
    uncertain: BTreeSet<PersonKey>,
    /// Whom the notice is for, when it is frozen.
    notice: Option<BTreeSet<PersonKey>>,
}

impl Books {
    async fn read(ledger: &SqliteLedger) -> Self {
        let has_notice = ledger.campaign("talk~2").await.expect("campaigns").is_some();
        let mut books = Self { uncertain: BTreeSet::new(), notice: None };
        for id in ["talk"].into_iter().chain(has_notice.then_some("talk~2")) {
            let (sender, standings) = mpsc::channel();
            ledger.deliveries(id, move |row| sender.send(row).is_ok()).await.expect("rows");
            let standings: Vec<Standing> = standings.iter().collect();
            let doubtful =
                |row: &&Standing| matches!(row.status, Status::Uncertain | Status::Committing);
            books.uncertain.extend(standings.iter().filter(doubtful).map(|row| row.person));
            if id == "talk~2" {
                books.notice = Some(standings.iter().map(|row| row.person).collect());
            }
        }
        books
    }
}

/// How many get the old text.
fn told(people: usize) -> usize {
    people * 3 / 5
}

fn key(keys: &Keys, address: &str) -> PersonKey {
    keys.person(&Address::parse(address).expect("an address"))
}
