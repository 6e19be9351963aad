//! What the README shows is run: every command in it, in order, each in the folder it is meant for.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use tempfile::TempDir;

use crate::serving::Serving;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

#[test]
fn every_command_of_the_readme_works_as_shown() {
    let checkout = sample_newsroom();
    let elsewhere = TempDir::new().expect("a folder");
    let mut folder = elsewhere.path().to_owned();
    let readme = fs::read_to_string(Path::new(ROOT).join("README.md")).expect("the README");
    let mut ran = 0;
    for command in blocks(&readme, "console").iter().flat_map(|block| block.lines()) {
        let words = words(command);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        match words.as_slice() {
            // That is what runs just now.
            ["cargo", "test"] => {}
            ["cargo", "run", "--release", "--", arguments @ ..] => {
                announce(checkout.path(), arguments);
                ran += 1;
            }
            ["cd", name] => folder.push(name),
            ["announce", arguments @ ..] => {
                announce(&folder, arguments);
                ran += 1;
            }
            other => panic!("the README shows a command that no test runs: {other:?}"),
        }
    }
    assert!(ran >= 6, "only {ran} commands found");
}

#[test]
fn the_draft_in_the_readme_can_be_sent() {
    let checkout = sample_newsroom();
    let readme = fs::read_to_string(Path::new(ROOT).join("README.md")).expect("the README");
    let draft = &blocks(&readme, "markdown")[0];
    fs::write(checkout.path().join("drafts/from-the-readme.md"), draft).expect("to write");
    announce(checkout.path(), &["send", "from-the-readme", "--yes"]);
}

#[test]
fn every_path_that_the_readme_links_to_is_there() {
    let readme = fs::read_to_string(Path::new(ROOT).join("README.md")).expect("the README");
    for target in readme.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
        if !target.contains("://") {
            assert!(Path::new(ROOT).join(target).exists(), "no {target}");
        }
    }
}

/// A copy of the newsroom that this repository is.
pub(crate) fn sample_newsroom() -> TempDir {
    let folder = TempDir::new().expect("a folder");
    for name in ["announce.toml", "drafts", "templates", "lists"] {
        copy(&Path::new(ROOT).join(name), &folder.path().join(name));
    }
    folder
}

fn copy(from: &Path, to: &PathBuf) {
    if !from.is_dir() {
        fs::copy(from, to).expect("to copy");
        return;
    }
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder").flatten() {
        copy(&entry.path(), &to.join(entry.file_name()));
    }
}

#[track_caller]
pub(crate) fn announce(folder: &Path, arguments: &[&str]) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_announce"));
    command
        .args(arguments)
        .current_dir(folder)
        .env("XDG_STATE_HOME", folder.join(".announce-state"))
        .stdin(Stdio::null());
    if arguments[0] == "preview" && !arguments.contains(&"--out") {
        // A page is served until somebody ends it.
        let page = Serving::start(command);
        let is_served = page.first_line.starts_with("http://127.0.0.1:");
        assert!(is_served, "announce {}: {}", arguments.join(" "), page.first_line);
        return;
    }
    let output = command.output().expect("to run");
    assert!(output.status.success(), "announce {}\n{output:#?}", arguments.join(" "));
}

/// The fenced blocks of a language.
pub(crate) fn blocks(text: &str, language: &str) -> Vec<String> {
    let fence = format!("```{language}\n");
    text.split(&fence)
        .skip(1)
        .filter_map(|rest| rest.split("```").next())
        .map(str::to_owned)
        .collect()
}

/// A command line's words; double quotes hold words together.
pub(crate) fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for character in line.chars() {
        match character {
            '"' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            other => words.last_mut().expect("one word at least").push(other),
        }
    }
    words
}
