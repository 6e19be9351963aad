//! `announce dispatch`, as cron calls it.

mod together;
mod turns;
mod waits;

use crate::{server::Relay, workspace::Workspace};

/// A letter that is due at any time: it may be very late.
pub(crate) const DUE: &str =
    "status: ready\nsend_at: 2020-01-06 09:00\nlate_after: 900000h\nlists: [members]";

/// The same that was due too long ago.
const LATE: &str = "status: ready\nsend_at: 2020-01-06 09:00\nlists: [members]";

/// A newsroom with a letter to three people that says this of its sending, and its server.
fn newsroom(timing: &str) -> (Workspace, Relay) {
    let relay = Relay::start(|_| {});
    let workspace = Workspace::with_server(&relay.url(), "");
    workspace.edit("drafts/letter.md", "lists: [members]", timing);
    (workspace, relay)
}

/// As many people, by number.
fn people(workspace: &Workspace, count: usize) {
    let people: Vec<String> = (0..count).map(|n| format!("p{n}@one.example")).collect();
    let people: Vec<(&str, &str)> = people.iter().map(|email| (&**email, "Ann")).collect();
    workspace.members(&people);
}

/// Dispatches; what was said on stderr, which is what cron mails.
#[track_caller]
fn dispatch(workspace: &Workspace, status: i32) -> String {
    let ran = workspace.run(&["dispatch"]);
    assert_eq!((ran.status, &*ran.stdout), (status, ""), "{ran:#?}");
    ran.stderr
}

/// The books of the letter.
fn books(workspace: &Workspace) -> serde_json::Value {
    workspace.run(&["status", "letter", "--json"]).json()
}
