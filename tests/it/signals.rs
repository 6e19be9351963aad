//! A run that is told to stop, or is killed: by a key, by the machine, from another terminal.

use std::process::{Command, Stdio};

use crate::{reliability::found, server::Relay, workspace::Workspace};

/// Begins a slow send of 20 people, waits until some have got it, and signals the process.
fn interrupted(signal: &str) -> (Workspace, Relay, i32) {
    let relay = Relay::start(|_| {});
    let url = format!("smtp://127.0.0.1:{}", relay.port());
    let workspace = Workspace::with_server(&url, "");
    workspace.edit("announce.toml", "1000/s", "10/s");
    let people: Vec<(String, String)> =
        (0..20).map(|n| (format!("p{n}@one.example"), format!("P{n}"))).collect();
    let people: Vec<(&str, &str)> =
        people.iter().map(|(email, name)| (email.as_str(), name.as_str())).collect();
    workspace.members(&people);
    let mut sending = workspace
        .command("", &["send", "letter", "--yes"], &[])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("to run");
    while relay.caught.lock().expect("no panic").len() < 3 {
        assert!(sending.try_wait().expect("a child").is_none(), "it ended too early");
        std::thread::yield_now();
    }
    let pid = sending.id().to_string();
    assert!(Command::new("kill").args([signal, &pid]).status().expect("kill").success());
    let ended = sending.wait().expect("an end");
    (workspace, relay, ended.code().unwrap_or(128))
}

/// Goes on, and looks at what the server has of everybody.
#[track_caller]
fn resumes_to_everybody(workspace: &Workspace, relay: &Relay, lost: u64) {
    let status = workspace.run(&["resume", "letter", "--json"]);
    let books = workspace.run(&["status", "letter", "--json"]).json();
    assert_eq!(books["planned"], 20, "{status:#?}");
    let uncertain = books["uncertain"].as_u64().expect("a number");
    assert!(uncertain <= lost, "{books}");
    assert_eq!(books["accepted"].as_u64().expect("a number") + uncertain, 20, "{books}");
    let mut got: Vec<String> = relay
        .caught
        .lock()
        .expect("no panic")
        .iter()
        .flat_map(|mail| mail.recipients.clone())
        .collect();
    got.sort();
    let all = got.len();
    got.dedup();
    assert_eq!(got.len(), all, "somebody got it twice");
    assert!(all as u64 >= 20 - uncertain, "somebody was lost");
}

#[test]
fn ctrl_c_stops_in_order_and_resume_goes_on() {
    let (workspace, relay, status) = interrupted("-INT");
    assert_eq!(status, 130);
    let books = workspace.run(&["status", "letter"]);
    assert!(books.stdout.contains("paused") && books.stdout.contains("interrupted"), "{books:#?}");
    resumes_to_everybody(&workspace, &relay, 0);
    let happened = "exit 130, paused; resume completes, everybody once";
    found("F29a", "Ctrl-C in mid-run", happened);
}

#[test]
fn a_kill_leaves_at_most_one_uncertain_delivery_a_connection() {
    let (workspace, relay, _) = interrupted("-KILL");
    resumes_to_everybody(&workspace, &relay, 4);
}
