//! Ends that nobody planned: what is said then names nobody either.

use std::process::Command;

use super::canary::{address, canary, trace_in_text};
use crate::workspace::{Ran, Workspace};

/// A newsroom where row 700 of 1,000 is as `odd` makes it.
fn newsroom(odd: impl Fn() -> String) -> Workspace {
    let rows: String = (0..1_000)
        .map(|person| match person {
            700 => odd(),
            _ => format!("{},{}\n", address(person), canary(person, 'n')),
        })
        .collect();
    let workspace = Workspace::new();
    workspace.file("lists/members.csv", format!("email,first_name\n{rows}"));
    workspace
}

#[track_caller]
fn names_nobody(ran: &Ran) {
    assert_eq!(trace_in_text(&format!("{}{}", ran.stdout, ran.stderr)), None, "{ran:?}");
}

#[test]
fn an_empty_cell_is_named_by_its_row_only() {
    let workspace = newsroom(|| format!("{},\n", address(700)));
    let ran = workspace.run(&["send", "letter", "--yes"]);
    names_nobody(&ran);
    ran.fails(1, &["lists/members.csv", "702", "`first_name`"]);
}

#[test]
fn a_link_that_is_none_is_named_by_its_row_only() {
    let workspace = newsroom(|| format!("{},javascript:{}\n", address(700), canary(700, 'n')));
    workspace.edit("drafts/letter.md", "Thank you", "[Thank you]({{first_name}})");
    let ran = workspace.run(&["send", "letter", "--yes"]);
    names_nobody(&ran);
    ran.fails(1, &["lists/members.csv"]);
}

#[test]
fn a_ragged_row_is_named_by_its_line_only() {
    let workspace = newsroom(|| format!("{}\n", address(700)));
    let ran = workspace.run(&["send", "letter", "--yes"]);
    names_nobody(&ran);
    ran.fails(1, &["lists/members.csv:702"]);
}

#[test]
fn a_bad_address_is_named_by_its_line_only() {
    let workspace = newsroom(|| format!("{}@,{}\n", address(700), canary(700, 'n')));
    let ran = workspace.run(&["send", "letter", "--dry-run"]);
    assert!(ran.stderr.contains("lists/members.csv:702"), "{ran:?}");
    names_nobody(&ran);
}

#[test]
fn an_output_that_cannot_be_written_breaks_nothing_and_names_nobody() {
    let workspace = newsroom(|| format!("{},{}\n", address(700), canary(700, 'n')));
    workspace.run(&["send", "letter", "--yes", "--limit", "5"]);
    let full = |arguments: &str, redirected: &str| {
        let command = format!("\"$0\" {arguments} {redirected}");
        let bare = workspace.command("", &[], &[("RUST_BACKTRACE", "full")]);
        let output = Command::new("sh")
            .args(["-c", &command, env!("CARGO_BIN_EXE_announce")])
            .env_clear()
            .envs(bare.get_envs().filter_map(|(name, value)| Some((name, value?))))
            .current_dir(workspace.path(""))
            .output()
            .expect("to run");
        format!(
            "{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        )
    };
    for command in ["log", "log --format csv", "status", "send letter --dry-run", "lists"] {
        for redirected in [">/dev/full", "2>/dev/full", ">&-", "2>&-", "| true"] {
            let told = full(command, redirected);
            assert_eq!(trace_in_text(&told), None, "{command} {redirected}");
            assert!(!told.contains("panicked"), "{command} {redirected}: {told}");
        }
    }
}
