//! What a person at a terminal sees: the program on a pseudo-terminal, by util-linux's `script`.

use std::{
    io::{Read as _, Write as _},
    process::{Child, ChildStdin, ChildStdout, Stdio},
};

use crate::{reliability::found, workspace::Workspace};

/// The program and the person's two hands.
pub(crate) struct Terminal {
    child: Child,
    keys: ChildStdin,
    screen: ChildStdout,
    seen: String,
}

impl Terminal {
    /// Runs a command on a terminal of its own; none where there is no `script` of util-linux.
    pub(crate) fn begun(workspace: &Workspace, command: &str) -> Option<Self> {
        let line = format!("{} {command}", env!("CARGO_BIN_EXE_announce"));
        let child = workspace
            .program("script", &["-qfec", &line, "/dev/null"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn();
        let Ok(mut child) = child else {
            assert!(std::env::var_os("CI").is_none(), "util-linux's `script` is missing");
            eprintln!("NOT TESTED: util-linux's `script` is missing");
            return None;
        };
        let (keys, screen) = (child.stdin.take()?, child.stdout.take()?);
        Some(Self { child, keys, screen, seen: String::new() })
    }

    /// Waits until the screen shows this.
    pub(crate) fn shows(&mut self, text: &str) {
        let mut bytes = [0; 1024];
        while !self.seen.contains(text) {
            let read = self.screen.read(&mut bytes).expect("a screen");
            assert_ne!(read, 0, "it ended, and never showed `{text}`:\n{}", self.seen);
            self.seen += &String::from_utf8_lossy(&bytes[..read]);
        }
    }

    pub(crate) fn types(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).expect("a keyboard");
    }

    /// All that was shown, and the exit code.
    pub(crate) fn ends(mut self) -> (String, i32) {
        let mut rest = Vec::new();
        // The terminal's end is an error on some systems.
        let _ = self.screen.read_to_end(&mut rest);
        self.seen += &String::from_utf8_lossy(&rest);
        let status = self.child.wait().expect("an end").code().unwrap_or(128);
        (self.seen, status)
    }
}

/// Three people, one of whom is greylisted once.
fn office() -> Workspace {
    let workspace = Workspace::new();
    workspace.members(&[
        ("ann@one.example", "Ann"),
        ("greylist-1@grey.fault.test", "Bob"),
        ("cho@three.example", "Cho"),
    ]);
    workspace
}

#[test]
fn only_the_right_count_sends() {
    let workspace = office();
    for (typed, sent) in [("2", 0), ("", 0), ("3", 2)] {
        let Some(mut terminal) = Terminal::begun(&workspace, "send letter --no-wait") else {
            return;
        };
        terminal.shows("Type the number of people to send it to (3):");
        terminal.types(&format!("{typed}\n"));
        let (seen, status) = terminal.ends();
        assert_eq!(status, if sent == 0 { 1 } else { 75 }, "{seen}");
        assert_eq!(seen.contains("nothing was sent"), sent == 0, "{seen}");
        assert_eq!(workspace.caught().len(), sent, "{seen}");
    }
}

#[test]
fn only_the_right_count_settles_what_cannot_be_undone() {
    let workspace = Workspace::new();
    workspace.members(&[("drop-after-dot@lost.fault.test", "Ann"), ("bob@two.example", "Bob")]);
    assert_eq!(workspace.run(&["send", "letter", "--yes"]).status, 3);
    for (typed, accepted) in [("2", 1), ("1", 2)] {
        let Some(mut terminal) = Terminal::begun(&workspace, "resolve letter --assume-sent") else {
            return;
        };
        terminal.shows("1 person will count as accepted, and this cannot be undone");
        terminal.shows("Type the number of people to count as accepted (1):");
        terminal.types(&format!("{typed}\n"));
        let (seen, status) = terminal.ends();
        assert_eq!(status, i32::from(accepted == 1), "{seen}");
        let books = workspace.run(&["status", "letter", "--json"]).json();
        assert_eq!(books["accepted"], accepted, "{seen}");
    }
}

#[test]
fn only_a_yes_approves() {
    let workspace = Workspace::new();
    for (typed, approved) in [("no", false), ("", false), ("y", false), ("Yes", true)] {
        let Some(mut terminal) = Terminal::begun(&workspace, "approve letter --by Ann") else {
            return;
        };
        terminal.shows("Approve as Ann? Type yes:");
        terminal.types(&format!("{typed}\n"));
        let (seen, status) = terminal.ends();
        assert!(seen.contains("Dear Alex,"), "{seen}");
        assert_eq!(status, i32::from(!approved), "{seen}");
        assert_eq!(seen.contains("letter: approved by Ann"), approved, "{seen}");
        assert_eq!(seen.contains("nothing was recorded"), !approved, "{seen}");
    }
}

#[test]
fn a_person_at_the_terminal_sees_the_wait_for_a_greylisted_one_and_may_leave() {
    let workspace = office();
    let Some(mut terminal) = Terminal::begun(&workspace, "send letter --yes") else { return };
    terminal.shows("1 delivery deferred; the next try is at ");
    terminal.types("\u{3}");
    let (seen, status) = terminal.ends();
    assert_eq!(status, 130, "{seen}");
    assert!(seen.contains("announce resume letter"), "{seen}");
    let books = workspace.run(&["status", "letter", "--json"]).json();
    assert_eq!((&books["accepted"], &books["deferred"]), (&2.into(), &1.into()), "{books}");
    found("F13b", "a person is greylisted, and somebody sits at the terminal", SEEN);
}

const SEEN: &str =
    "the run waits and says until when; Ctrl-C leaves, exit 130, 2 accepted, 1 deferred";
