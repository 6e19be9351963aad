//! What the system is asked to do, and in which order: no body leaves before its mark is on disk.

use std::{collections::HashMap, fs, process::Command};

use crate::{disk::not_tested, relay::Relay, reliability::found, workspace::Workspace};

/// What matters of a system call.
#[derive(Debug, PartialEq, Eq)]
enum Call {
    /// The ledger's log is written.
    Written,
    /// What was written to it is on disk.
    Synced,
    /// The log is moved into the ledger's file.
    Moved,
    /// What was moved is on disk.
    Kept,
    /// The log begins anew.
    Begun,
    /// The names in a folder are on disk.
    Named(String),
    /// The server says something.
    Heard(String),
    /// We say something to the server.
    Said(String),
}

/// Reads what `strace -f -y` wrote. Writing and saying count from where they begin, syncing and
/// hearing from where they end.
fn calls(trace: &str) -> Vec<Call> {
    let mut calls = Vec::new();
    let mut begun: HashMap<&str, &str> = HashMap::new();
    for line in trace.lines() {
        let (thread, call) = line.split_once(' ').expect("a thread");
        let call = call.trim_start();
        let resumed = call.starts_with("<... ");
        let start = if resumed { begun[thread] } else { call };
        let unfinished = call.ends_with("<unfinished ...>");
        if unfinished {
            begun.insert(thread, call);
        }
        let (in_log, in_file) = (start.contains("/ledger.db-wal>"), start.contains("/ledger.db>"));
        let text = || {
            let text = call.split_once('"').map_or("", |(_, rest)| rest);
            text.rsplit_once('"').map_or("", |(text, _)| text).to_owned()
        };
        if start.starts_with("pwrite64(") && !resumed && (in_log || in_file) {
            let header = in_log && call.contains(", 32, 0)");
            calls.push(match (in_log, header) {
                (true, true) => Call::Begun,
                (true, false) => Call::Written,
                (false, _) => Call::Moved,
            });
        } else if start.starts_with("ftruncate(") && in_log && !resumed {
            calls.push(Call::Begun);
        } else if start.contains("sync(") && !unfinished {
            assert!(call.ends_with("= 0"), "{call}");
            let path = start.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
            calls.push(match (in_log, in_file) {
                (true, _) => Call::Synced,
                (_, true) => Call::Kept,
                _ => Call::Named(path.map_or("", |(path, _)| path).to_owned()),
            });
        } else if start.starts_with("sendto(") && !resumed {
            calls.push(Call::Said(text()));
        } else if start.starts_with("recvfrom(") && !unfinished && !call.contains(" = -1 ") {
            calls.push(Call::Heard(text()));
        }
    }
    calls
}

fn last(calls: &[Call], wanted: &Call) -> Option<usize> {
    calls.iter().rposition(|call| call == wanted)
}

/// Whether something was written since `calls` began, and synced after it was last written.
fn is_durable(calls: &[Call]) -> bool {
    let written = last(calls, &Call::Written);
    written.is_some() && last(calls, &Call::Synced) > written
}

/// The order that the images of `src/campaign/tests/power_loss.rs` take for granted: the log is
/// synced before it is moved into the file, and the file before a new log begins.
#[track_caller]
fn the_log_is_ahead_of_the_file(calls: &[Call]) {
    for (at, call) in calls.iter().enumerate() {
        let before = &calls[..at];
        let (written, moved) = (last(before, &Call::Written), last(before, &Call::Moved));
        match call {
            Call::Moved => assert!(last(before, &Call::Synced) >= written, "{calls:#?}"),
            Call::Begun => assert!(last(before, &Call::Kept) >= moved, "{calls:#?}"),
            _ => {}
        }
    }
    assert!(last(calls, &Call::Moved) > last(calls, &Call::Written), "it ends with a move");
}

#[test]
fn no_body_leaves_before_its_mark_is_on_disk_and_nobody_is_next_before_its_outcome_is() {
    if Command::new("strace").arg("-V").output().is_err() {
        return not_tested("the order of syncs and bodies: there is no strace");
    }
    let relay = Relay::start(|_| {});
    let workspace = Workspace::with_server(&relay.url(), "connections = 1");
    let trace = workspace.path("trace");
    let wrapper = [
        "strace",
        "-f",
        "-y",
        "-qq",
        "-s",
        "200",
        "-e",
        "trace=pwrite64,ftruncate,fsync,fdatasync,sendto,recvfrom",
        "-e",
        "signal=none",
        "-o",
        "trace",
    ];
    let sent = workspace.run_by(&wrapper, &["send", "letter", "--yes"]);
    if !trace.exists() || fs::metadata(&trace).is_ok_and(|trace| trace.len() == 0) {
        return not_tested("the order of syncs and bodies: strace may not trace here");
    }
    assert_eq!(sent.status, 0, "{sent:#?}");
    let calls = calls(&fs::read_to_string(&trace).expect("a trace"));

    the_log_is_ahead_of_the_file(&calls);
    // A new ledger, the secret and the receipt are in folders whose names are on disk, too.
    let greeting =
        calls.iter().position(|call| matches!(call, Call::Heard(_))).expect("a greeting");
    for folder in ["", ".announce", "drafts", ".xdg-state/announce"] {
        let path = workspace.path(folder).canonicalize().expect("a folder");
        let named = Call::Named(path.display().to_string());
        assert!(calls[..greeting].contains(&named), "{folder}: {calls:#?}");
    }

    let (mut bodies, mut outcomes) = (0, 0);
    let mut asked = None;
    let mut answered = None;
    for (at, call) in calls.iter().enumerate() {
        match call {
            Call::Heard(text) => {
                // One answer may be about a body and, at its end, about the next message.
                if bodies > outcomes && text.starts_with("250 ") {
                    answered = Some(at);
                }
                if text.contains("354 ") {
                    asked = Some(at);
                }
            }
            Call::Said(_) => {
                if let Some(since) = answered.take() {
                    assert!(is_durable(&calls[since..at]), "no outcome on disk: {calls:#?}");
                    outcomes += 1;
                }
                if let Some(since) = asked.take() {
                    assert!(is_durable(&calls[since..at]), "a body before its mark: {calls:#?}");
                    bodies += 1;
                }
            }
            _ => {}
        }
    }
    assert_eq!((bodies, outcomes), (3, 3), "{calls:#?}");
    let happened = format!(
        "{bodies} bodies, each after the sync of its mark; {outcomes} outcomes, each synced before \
         anything else is said"
    );
    found("C5", "the system's own record of writes, syncs and sends (strace)", &happened);
}
