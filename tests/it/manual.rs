//! What a shell and `man` are given, read by these themselves.

use std::{
    fs,
    process::{Command, Stdio},
};

use tempfile::TempDir;

use crate::{
    setup::{has, succeeds},
    workspace::Workspace,
};

const PROGRAM: &str = env!("CARGO_BIN_EXE_announce");

#[test]
fn bash_completes_verbs_and_options() {
    if !has("bash") {
        return;
    }
    let completed = |words: &str, last: &str| {
        let script = format!(
            "source <('{PROGRAM}' completions bash); COMP_WORDS=({words}); \
             COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); _announce announce '{last}' \
             \"${{COMP_WORDS[COMP_CWORD - 1]}}\"; \
             printf '%s\\n' \"${{COMPREPLY[@]}}\""
        );
        let shell = Command::new("bash").args(["--norc", "-c", &script]).output().expect("bash");
        succeeds(&shell)
    };
    assert_eq!(completed("announce dis", "dis"), "dispatch\n");
    assert_eq!(completed("announce send --dr", "--dr"), "--dry-run\n");
    assert_eq!(completed("announce schedule --print ''", ""), "crontab\nsystemd\n");
}

#[test]
fn every_shell_has_its_completions_outside_of_a_newsroom_too() {
    let nowhere = TempDir::new().expect("a folder");
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let mut command = Command::new(PROGRAM);
        command.args(["completions", shell]).current_dir(nowhere.path()).stdin(Stdio::null());
        let output = command.output().expect("to run");
        assert!(succeeds(&output).contains("dispatch"), "{shell}");
        assert!(output.stderr.is_empty(), "a shell that starts has nothing to say: {output:?}");
    }
}

#[test]
fn the_manual_is_written_and_says_how_to_read_it() {
    let workspace = Workspace::new();
    let ran = workspace.run(&["man", "pages"]);
    let files = fs::read_dir(workspace.path("pages")).expect("a folder").count();
    assert!(ran.stdout.starts_with("pages/announce.1\npages/announce-init.1\n"), "{ran:?}");
    assert_eq!(ran.stdout.lines().count(), files, "no other file is left behind");
    assert_eq!(ran.stderr, format!("{files} manual pages\nnext: man -l pages/announce.1\n"));
    let again = workspace.run(&["man", "pages"]);
    assert_eq!(again.stdout, ran.stdout, "older pages are replaced");
}

#[test]
fn a_file_is_no_folder_for_the_manual() {
    let workspace = Workspace::new();
    workspace.run(&["man", "announce.toml"]).ends(
        2,
        "",
        "error: no page can be written to `announce.toml`: it is not a folder\n\n\
         hint: name a folder that you may write to\n\n",
    );
}

#[test]
fn groff_has_nothing_to_say_against_the_manual() {
    if !has("groff") {
        return;
    }
    let workspace = Workspace::new();
    for page in workspace.run(&["man", "pages"]).stdout.lines() {
        let mut groff = workspace.program("groff", &["-man", "-ww", "-z", "-Tutf8", page]);
        let read = groff.output().expect("groff");
        assert!(read.status.success() && read.stderr.is_empty(), "{page}: {read:#?}");
    }
}

#[test]
fn the_manual_names_every_exit_code() {
    let workspace = Workspace::new();
    workspace.run(&["man", "pages"]);
    let page = fs::read_to_string(workspace.path("pages/announce.1")).expect("a page");
    for code in [0, 1, 2, 3, 75, 78, 130] {
        assert!(page.contains(&format!("\n.B {code}\n")), "{code}");
    }
}
