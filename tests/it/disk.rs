//! Disks that fill up, before a run and in it.

use std::{
    env, fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    relay::Relay,
    reliability::found,
    workspace::{Ran, Workspace},
};

/// Says that a test proves nothing on this machine. In CI that is a failure.
pub(crate) fn not_tested(what: &str) {
    assert!(env::var_os("CI").is_none_or(|ci| ci != "true"), "not tested: {what}");
    // Past the harness, which keeps to itself what a test that passes has printed.
    writeln!(io::stderr(), "\nNOT TESTED: {what}\n").expect("stderr");
}

/// A small disk in memory, mounted on a folder until it is dropped.
pub(crate) struct Disk(PathBuf);

impl Disk {
    /// None where only root could, or a container forbids it.
    pub(crate) fn mount(folder: PathBuf) -> Option<Self> {
        fs::create_dir_all(&folder).expect("a folder");
        let options = "size=1m,mode=0700";
        let mounted = mount(&["-t", "tmpfs", "-o", options, "tmpfs"], &folder);
        mounted.then(|| Self(folder))
    }

    /// Mounts it again with other options.
    pub(crate) fn set(&self, options: &str) {
        assert!(mount(&["-o", &format!("remount,{options}")], &self.0), "{options}");
    }

    /// Leaves `pages` pages free.
    fn fill(&self, pages: usize) {
        let path = self.0.join("fill");
        let _ = fs::remove_file(&path);
        let mut file = fs::File::create(path).expect("a file");
        let mut written = 0;
        while file.write_all(&[0; 4096]).is_ok() {
            written += 4096;
        }
        file.set_len(written - 4096 * pages as u64).expect("less");
    }

    fn empty(&self) {
        fs::remove_file(self.0.join("fill")).expect("to remove");
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}

fn mount(options: &[&str], folder: &Path) -> bool {
    let mount = Command::new("mount").args(options).arg(folder).output();
    mount.is_ok_and(|mount| mount.status.success())
}

/// A campaign for sixty people over one connection.
fn sixty() -> (Workspace, Relay) {
    let relay = Relay::start(|_| {});
    let workspace = Workspace::with_server(&relay.url(), "connections = 1");
    let people: Vec<(String, String)> =
        (0..60).map(|n| (format!("p{n}@one.example"), format!("P{n}"))).collect();
    let people: Vec<_> = people.iter().map(|(email, name)| (&**email, &**name)).collect();
    workspace.members(&people);
    (workspace, relay)
}

/// How many people have it; nobody has it twice.
#[track_caller]
pub(crate) fn got_it(relay: &Relay) -> usize {
    let caught = relay.caught.lock().expect("no panic");
    let mut people: Vec<&str> = caught.iter().map(|mail| &*mail.recipients[0]).collect();
    people.sort_unstable();
    people.dedup();
    assert_eq!(people.len(), caught.len(), "somebody has it twice");
    people.len()
}

/// A run that ended in its middle goes on, and everybody has it once.
#[track_caller]
fn goes_on(workspace: &Workspace, relay: &Relay) {
    let before = got_it(relay);
    assert!((1..60).contains(&before), "{before}");
    let resumed = workspace.run(&["resume", "letter", "--json"]);
    assert!([0, 3].contains(&resumed.status), "{resumed:#?}");
    let books = workspace.run(&["status", "letter", "--json"]).json();
    let uncertain = books["uncertain"].as_u64().expect("a number");
    assert!(uncertain <= 1 && books["accepted"] == 60 - uncertain, "{books}");
    assert!(got_it(relay) as u64 >= 60 - uncertain);
}

#[track_caller]
fn says_the_disk_is_full(ran: &Ran) {
    assert_eq!(ran.status, 75, "{ran:#?}");
    let full = ran.stderr.contains("disk is full") || ran.stderr.contains("No space left");
    assert!(full && ran.stderr.contains("hint: "), "{ran:#?}");
}

#[test]
fn a_disk_that_fills_up_in_mid_run_loses_nobody() {
    let (workspace, relay) = sixty();
    let Some(disk) = Disk::mount(workspace.path(".announce")) else {
        return not_tested("a disk that fills up in mid-run: it takes root to mount one");
    };
    let sent = workspace.run(&["send", "letter", "--yes"]);
    says_the_disk_is_full(&sent);
    assert!(sent.stdout.contains("60 planned") && sent.stderr.contains("run again"), "{sent:#?}");
    says_the_disk_is_full(&workspace.run(&["resume", "letter"]));
    assert_eq!(workspace.run(&["status", "letter"]).status, 0, "looking needs no room");
    disk.set("size=8m");
    goes_on(&workspace, &relay);
    let happened = "exit 75 and `the disk is full`; with room again `resume` completes: 60 people, \
                    nobody twice";
    found("F32d", "a real disk fills up in mid-run", happened);
}

#[test]
fn a_disk_that_is_full_from_the_start_is_named_and_no_step_is_in_the_way_of_the_next() {
    let relay = Relay::start(|_| {});
    let workspace = Workspace::with_server(&relay.url(), "");
    let Some(state) = Disk::mount(workspace.path(".announce")) else {
        return not_tested("a disk that is full from the start: it takes root to mount one");
    };
    // No room for the lock, the secret, the ledger's first page, its index, its schema.
    for pages in [0, 1, 2, 6, 12, 20] {
        state.fill(pages);
        says_the_disk_is_full(&workspace.run(&["send", "letter", "--yes"]));
    }
    state.empty();
    // None for the generation outside, none for the receipt.
    for folder in [".xdg-state", "drafts"] {
        let draft = fs::read(workspace.path("drafts/letter.md")).expect("a draft");
        let disk = Disk::mount(workspace.path(folder)).expect("another disk");
        if folder == "drafts" {
            workspace.file("drafts/letter.md", draft);
        }
        disk.fill(0);
        let sent = workspace.run(&["send", "letter", "--yes"]);
        says_the_disk_is_full(&sent);
        let named = if folder == "drafts" { "letter.sent.toml" } else { "generation" };
        assert!(sent.stderr.contains(named), "{sent:#?}");
    }
    assert_eq!((relay.journal.count("EHLO"), got_it(&relay)), (0, 0));
    assert_eq!(workspace.run(&["send", "letter", "--yes"]).status, 0);
    assert_eq!(got_it(&relay), 3);
    let happened = "exit 75 each time, 0 connections; with room again all 3 accepted";
    found("F32e", "no room for lock, secret, ledger, generation or receipt", happened);
}

#[test]
fn a_file_that_may_not_grow_stops_or_kills_the_run_and_loses_nobody() {
    // In blocks of 512 bytes. The system kills whoever writes past it, unless that is ignored:
    // then the write fails.
    for (script, status) in
        [("ulimit -f 800; exec \"$@\"", 128), ("trap '' XFSZ; ulimit -f 800; exec \"$@\"", 75)]
    {
        let (workspace, relay) = sixty();
        let sent = workspace.run_by(&["sh", "-c", script, "sh"], &["send", "letter", "--yes"]);
        assert_eq!(sent.status, status, "{sent:#?}");
        if status == 75 {
            says_the_disk_is_full(&sent);
        }
        goes_on(&workspace, &relay);
    }
    let happened = "killed, or exit 75 and `the disk is full or fails`; `resume` completes: 60 \
                    people, nobody twice";
    found("F32f", "the ledger reaches the largest size that a file may have", happened);
}
