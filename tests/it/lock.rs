//! One run at a time: who comes second hears who is first, and nobody is mailed by both.

use std::process::Stdio;

use crate::{reliability::found, server::Relay, signals::Sending, workspace::Workspace};

#[test]
fn a_second_run_hears_who_is_at_work_and_mails_nobody() {
    let mut sending = Sending::begun();
    let holder = format!("`send letter` (process {})", sending.child.id());
    for command in [&["resume", "letter"][..], &["send", "letter", "--yes"]] {
        sending.workspace.run(command).fails(75, &["another run is at work", &holder, "stop"]);
    }
    sending.is("being sent now");
    assert!(sending.child.wait().expect("an end").success());
    let got = sending.relay.journal.accepted().len();
    assert_eq!(got, 20, "everybody once, by the first run");
    let happened = "the second ends 75 and names the first, which reaches all 20, each once";
    found("F30a", "two runs at once", happened);
}

#[test]
fn the_same_command_twice_at_the_same_moment_mails_everybody_once() {
    let relay = Relay::start(|_| {});
    for turn in 1..=50 {
        // A new one each time: secret and ledger are made in the same moment, too.
        let workspace = Workspace::with_server(&relay.url(), "");
        let run = || {
            workspace
                .command("", &["send", "letter", "--yes"], &[])
                .stdout(Stdio::null())
                .stderr(Stdio::piped())
                .spawn()
                .expect("to run")
        };
        let ended = [run(), run()].map(|child| child.wait_with_output().expect("an end"));
        let statuses = ended.each_ref().map(|ended| ended.status.code());
        assert!(statuses.contains(&Some(0)), "one of them sends: {ended:#?}");
        assert!(statuses.iter().all(|code| matches!(code, Some(0 | 75))), "{ended:#?}");
        let books = workspace.run(&["status", "letter", "--json"]).json();
        assert_eq!((&books["planned"], &books["accepted"]), (&3.into(), &3.into()), "{books}");
        assert_eq!(relay.journal.accepted().len(), 3 * turn, "everybody once: {ended:#?}");
    }
    let happened = "one sends, the other ends 75 or finds nothing to do; everybody once, each time";
    found("F30b", "the same command twice at the same moment, 50 times", happened);
}

#[test]
fn a_dead_run_holds_no_lock_whoever_has_its_number_now() {
    let mut sending = Sending::begun();
    let pid = sending.child.id();
    sending.child.kill().expect("to kill");
    sending.child.wait().expect("an end");
    let noted = std::fs::read_to_string(sending.workspace.path(".announce/lock")).expect("a note");
    assert!(noted.contains(&pid.to_string()), "it still names the dead run: {noted}");
    // A process that lives, as if the number had been given out again.
    let alive = noted.replace(&pid.to_string(), &std::process::id().to_string());
    sending.workspace.file(".announce/lock", alive);

    sending.is("to be continued");
    sending.resumes_to_everybody(4);
    let happened = "status: to be continued; resume completes, everybody once, at most 4 uncertain";
    found("F31", "the run that holds the lock is killed, its process number used again", happened);
}
