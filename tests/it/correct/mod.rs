//! Corrections, cancellations and follow-ups: exactly those who were told hear of it.

mod cancel;
mod changes;
mod room;
mod words;

use std::collections::BTreeMap;

use crate::{server::Relay, workspace::Workspace};

/// An event that nobody has to look up a name for.
const TALK: &str = "---\nkind: event\nsubject: \"Event: The hidden revolution\"\n\
    preheader: Smuggled films and radio, and the people who risk passing them on\n\
    lists: [members]\nevent:\n  starts: 2036-12-10 17:00\n  ends: 2036-12-10 18:30\n  \
    place: Committee Room 20, Houses of Parliament\n---\nDear friend,\n\n\
    How does a forbidden story travel through a country that punishes people for hearing it?\n\
    Come and hear it from those who carried such stories.\n";

/// A newsroom with a talk to so many people, and its server.
fn newsroom(people: usize) -> (Workspace, Relay) {
    newsroom_with(people, |_| {})
}

fn newsroom_with(
    people: usize,
    set: impl FnOnce(&mut announce::sandbox::Options),
) -> (Workspace, Relay) {
    let relay = Relay::start(set);
    let workspace = Workspace::with_server(&relay.url(), "connections = 1");
    workspace.file("drafts/talk.md", TALK);
    listed(&workspace, 0..people);
    (workspace, relay)
}

/// Puts the people of these numbers on the list.
fn listed(workspace: &Workspace, people: impl IntoIterator<Item = usize>) {
    let people: Vec<String> = people.into_iter().map(|n| format!("p{n}@one.example")).collect();
    let people: Vec<(&str, &str)> = people.iter().map(|email| (&**email, "Ann")).collect();
    workspace.members(&people);
}

/// Another room in the same house.
fn move_room(workspace: &Workspace) {
    workspace.edit("drafts/talk.md", "Committee Room 20", "Committee Room 14");
}

/// A mail as its reader's program takes it apart.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Mail {
    subject: String,
    id: String,
    /// What it answers.
    answers: Option<String>,
    /// All of it, soft line breaks taken out.
    text: String,
}

impl Mail {
    fn read(message: &[u8]) -> Self {
        let raw = String::from_utf8_lossy(message).replace("\r\n ", " ");
        let head = raw.split("\r\n\r\n").next().unwrap_or_default();
        let field = |name: &str| {
            let line = head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
            line.map(str::to_owned)
        };
        let answers = field("In-Reply-To");
        assert_eq!(answers, field("References"), "{head}");
        Self {
            subject: field("Subject").expect("a subject"),
            id: field("Message-ID").expect("an id"),
            answers,
            text: raw.replace("=\r\n", "").replace("=3D", "="),
        }
    }

    /// What stands behind `NAME:` in the calendar entry.
    fn entry(&self, name: &str) -> Option<String> {
        let calendar = self.text.split("BEGIN:VEVENT").nth(1)?;
        let line = calendar.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        line.map(str::to_owned)
    }

    fn method(&self) -> Option<&str> {
        self.text.lines().find_map(|line| line.strip_prefix("METHOD:"))
    }
}

/// The mails of each person by number, in the order in which they came.
fn mails(relay: &Relay) -> BTreeMap<usize, Vec<Mail>> {
    let mut mails: BTreeMap<usize, Vec<Mail>> = BTreeMap::new();
    for caught in relay.caught.lock().expect("no panic").iter() {
        let number =
            caught.recipients[0].split('@').next().and_then(|local| local[1..].parse().ok());
        mails.entry(number.expect("a number")).or_default().push(Mail::read(&caught.message));
    }
    mails
}

/// Accepted, pending, uncertain, and skipped by reason, where that is more than nothing.
fn books(workspace: &Workspace, campaign: &str) -> String {
    let books = workspace.run(&["status", campaign, "--json"]).json();
    let mut words: Vec<String> = ["accepted", "rejected", "deferred", "uncertain", "pending"]
        .into_iter()
        .filter(|key| books[key] != 0)
        .map(|key| format!("{key} {}", books[key]))
        .collect();
    let skipped = books["skipped"].as_object().expect("reasons").iter();
    words.extend(skipped.filter(|(_, n)| **n != 0).map(|(reason, n)| format!("{reason} {n}")));
    words.join(", ")
}
