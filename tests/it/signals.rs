//! A run that is told to stop, or is killed: by a key, by the machine, from another terminal.

use std::{
    fs::OpenOptions,
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
};

use announce::{
    deliver::Stage,
    sandbox::{Act, Options, Rule, Script},
};

use crate::{reliability::found, server::Relay, workspace::Workspace};

/// A slow send to 20 people, some of whom have got it.
pub(crate) struct Sending {
    pub(crate) workspace: Workspace,
    pub(crate) relay: Relay,
    pub(crate) child: Child,
}

impl Sending {
    pub(crate) fn begun() -> Self {
        Self::with("", 3, |_| {})
    }

    /// `more` are lines of `[smtp]`; returns when `got` messages are taken.
    fn with(more: &str, got: usize, set: impl FnOnce(&mut Options)) -> Self {
        let relay = Relay::start(set);
        let workspace = Workspace::with_server(&relay.url(), more);
        workspace.edit("announce.toml", "1000/s", "10/s");
        let people: Vec<String> = (0..20).map(|n| format!("p{n}@one.example")).collect();
        let people: Vec<(&str, &str)> = people.iter().map(|email| (&**email, "Ann")).collect();
        workspace.members(&people);
        let mut child = workspace
            .command("", &["send", "letter", "--yes"], &[])
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("to run");
        while relay.journal.accepted().len() < got {
            assert!(child.try_wait().expect("a child").is_none(), "it ended too early");
            std::thread::yield_now();
        }
        Self { workspace, relay, child }
    }

    fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args([name, &pid]).status().expect("kill").success());
    }

    /// What it ends with; 128 when that is a signal.
    fn ends(&mut self) -> i32 {
        self.child.wait().expect("an end").code().unwrap_or(128)
    }

    #[track_caller]
    pub(crate) fn is(&self, state: &str) {
        let books = self.workspace.run(&["status", "letter"]);
        assert!(books.stdout.contains(state), "no `{state}` in {books:#?}");
    }

    /// Goes on, and looks at what the server has of everybody; so many may be uncertain.
    #[track_caller]
    pub(crate) fn resumes_to_everybody(&self, lost: u64) {
        let resumed = self.workspace.run(&["resume", "letter", "--json"]);
        let books = self.workspace.run(&["status", "letter", "--json"]).json();
        assert_eq!(books["planned"], 20, "{resumed:#?}");
        let uncertain = books["uncertain"].as_u64().expect("a number");
        assert!(uncertain <= lost, "{books}");
        assert_eq!(books["accepted"].as_u64().expect("a number") + uncertain, 20, "{books}");
        let accepted = self.relay.journal.accepted();
        let mut got: Vec<&String> = accepted.iter().map(|(_, address)| address).collect();
        got.sort();
        let all = got.len();
        got.dedup();
        assert_eq!(got.len(), all, "somebody got it twice");
        assert!(all as u64 >= 20 - uncertain, "somebody was lost");
    }
}

/// A run that gets this signal ends in order, is left in this state, and can be gone on with.
#[track_caller]
fn stops_in_order(signal: &str, state: &str) {
    let mut sending = Sending::begun();
    sending.signal(signal);
    assert_eq!(sending.ends(), 130);
    sending.is(state);
    sending.resumes_to_everybody(0);
}

#[test]
fn ctrl_c_stops_in_order_and_resume_goes_on() {
    stops_in_order("-INT", "interrupted");
    let happened = "exit 130, paused; resume completes, everybody once";
    found("F29a", "Ctrl-C in mid-run", happened);
}

#[test]
fn ctrl_c_again_ends_at_once_and_what_is_on_the_wire_is_uncertain() {
    let mut sending = Sending::with("connections = 1", 3, |options| {
        let silent = Rule::at(Stage::Dot, [Act::Keep, Act::Hang]).message(3);
        options.script = Script::new().rule(silent.connection(1));
    });
    let mut talk = BufReader::new(sending.child.stderr.take().expect("a pipe")).lines();
    sending.signal("-INT");
    assert!(talk.any(|line| line.expect("a line").starts_with("stopping")));
    assert!(sending.child.try_wait().expect("a child").is_none(), "it waits for the reply");
    sending.signal("-INT");
    assert_eq!(sending.ends(), 130);
    sending.is("to be continued");
    sending.resumes_to_everybody(1);
    let happened = "exit 130 at once, 1 uncertain; resume completes the others, everybody once";
    found("F29b", "Ctrl-C twice, while the reply after the dot is awaited", happened);
}

#[test]
fn sigterm_stops_in_order_and_leaves_the_campaign_to_be_continued() {
    stops_in_order("-TERM", "to be continued");
    let happened = "exit 130, to be continued; resume completes, everybody once";
    found("F29c", "SIGTERM in mid-run", happened);
}

#[test]
fn a_closed_terminal_stops_in_order_and_leaves_the_campaign_to_be_continued() {
    stops_in_order("-HUP", "to be continued");
    let happened = "exit 130, to be continued; resume completes, everybody once";
    found("F29d", "SIGHUP in mid-run: the terminal is closed", happened);
}

#[test]
fn readers_that_have_gone_away_never_stop_the_bookkeeping() {
    let mut sending = Sending::begun();
    drop(sending.child.stderr.take());
    sending.signal("-PIPE");
    assert_eq!(sending.ends(), 0);
    sending.is("20 planned = 20 accepted");

    let again = ["send", "letter", "--yes", "--as", "second", "--allow", "S5/repeat"];
    let mut again = sending
        .workspace
        .command("", &again, &[])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("to run");
    drop((again.stdout.take(), again.stderr.take()));
    assert_eq!(again.wait().expect("an end").code(), Some(0));
    assert!(sending.workspace.path("drafts/second.sent.toml").exists());
    assert_eq!(sending.relay.journal.accepted().len(), 40);
    let happened = "exit 0, everybody accepted, the receipt is written";
    found("F29e", "stdout and stderr are pipes that nobody reads any more, SIGPIPE", happened);
}

#[test]
fn a_full_disk_under_stdout_never_stops_the_bookkeeping() {
    let workspace = Workspace::new();
    let full = || OpenOptions::new().write(true).open("/dev/full").expect("a full device");
    let status = workspace
        .command("", &["send", "letter", "--yes", "--json"], &[])
        .stdout(full())
        .stderr(full())
        .status()
        .expect("to run");
    assert_eq!(status.code(), Some(0));
    let books = workspace.run(&["status", "letter", "--json"]).json();
    assert_eq!((&books["planned"], &books["accepted"]), (&3.into(), &3.into()), "{books}");
    let happened = "exit 0, everybody accepted; the books are in `status`";
    found("F29f", "stdout and stderr cannot be written (disk full)", happened);
}

#[test]
fn a_stop_from_another_terminal_is_heard_and_resume_goes_on() {
    let mut sending = Sending::begun();
    let asked = sending.workspace.run(&["stop", "letter"]);
    assert!(asked.stderr.contains("asked the run to stop"), "{asked:#?}");
    assert_eq!((asked.status, sending.ends()), (0, 75));
    sending.is("stopped");
    assert!(sending.relay.journal.accepted().len() < 20, "there is something left to resume");
    sending.resumes_to_everybody(0);
    let happened = "exit 75, paused; resume completes, everybody once";
    found("F29g", "`announce stop` from another terminal", happened);
}

#[test]
fn a_kill_leaves_at_most_one_uncertain_delivery_a_connection() {
    let mut sending = Sending::begun();
    sending.signal("-KILL");
    sending.ends();
    sending.resumes_to_everybody(4);
}
