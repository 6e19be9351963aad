//! Every rule of the checks has a file in `tests/checks/` with what it finds and what comes near it
//! and is right.
//!
//! ```text
//! What this file is about.
//! == found: as many of these as it takes
//! -- drafts/letter.md --
//! …
//! == near miss: the same
//! -- drafts/letter.md --
//! …
//! ```
//!
//! Each part is a workspace: the one of all tests, with the files of the part laid over it.
//! `-- announce.toml + --` is added to the file that is there,
//! `-- drafts/files/a.jpg (hex) --` has its bytes in hexadecimal, `-- drafts/files/a.png < b.png --`
//! is a picture of the sample drafts. `announce check letter` runs in it.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use announce::check::rules;
use serde_json::Value;

use super::workspace::Workspace;

/// Rules that take more than a workspace to find, and the test that finds them.
const ELSEWHERE: [(&str, &str); 9] = [
    ("B5/overtaken", "tests/it/correct/changes::a_saved_notice_that_no_longer_holds_is_not_sent"),
    ("H5/one-click", "src/check/header::many_people_want_one_click"),
    (
        "M9/suppressed",
        "tests/it/suppress::whoever_is_on_the_list_gets_no_campaign_until_they_are_taken_off",
    ),
    ("I4/bytes", "tests/it/check::a_picture_of_more_than_a_megabyte_is_heavy"),
    (
        "S5/repeat",
        "tests/it/history::the_same_mail_goes_out_under_another_name_only_if_that_is_allowed",
    ),
    ("S5/subject", "tests/it/history::a_subject_of_late_is_told_and_another_one_is_not"),
    ("M10/size", "tests/it/history::the_last_mail_to_the_same_lists_is_the_measure_of_the_next"),
    (
        "C2/changed",
        "tests/it/history::a_mail_that_has_changed_since_its_test_is_told_until_it_is_tested_again_or_sent",
    ),
    (
        "C4/cap",
        "tests/it/history::more_people_than_the_cap_leaves_are_told_with_the_day_of_the_last",
    ),
];

/// One workspace of a file.
struct Part {
    title: String,
    files: Vec<(String, String)>,
}

#[test]
fn each_rule_finds_its_fault_and_lets_the_near_miss_pass() {
    let mut wrong = Vec::new();
    for path in fixtures() {
        let id = id(&path);
        for part in parts(&path) {
            let workspace = laid_out(&part);
            let ran = workspace.run(&["check", "letter", "--format", "json"]);
            let found = findings(&ran.stdout);
            let title = format!("{id}, {}", part.title);
            if part.title.starts_with("found") {
                if !found.iter().any(|(found, _)| *found == id) {
                    wrong.push(format!("{title}: not found\n{}{}", ran.stdout, ran.stderr));
                }
            } else if let Some(found) =
                found.iter().find(|(found, level)| *found == id || level == "error")
            {
                wrong.push(format!("{title}: {found:?}\n{}", ran.stdout));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn no_rule_is_without_an_example_and_a_near_miss() {
    let written: BTreeSet<String> = fixtures()
        .iter()
        .filter(|path| {
            let parts = parts(path);
            let has = |begin: &str| parts.iter().any(|part| part.title.starts_with(begin));
            assert!(parts.iter().all(|part| {
                part.title.starts_with("found") || part.title.starts_with("near miss")
            }));
            has("found") && has("near miss")
        })
        .map(|path| id(path))
        .chain(ELSEWHERE.iter().map(|(id, _)| (*id).to_owned()))
        .collect();
    for (id, test) in ELSEWHERE {
        let (file, name) = test.split_once("::").expect("a file and a test");
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("{file}.rs"));
        let code = fs::read_to_string(path).expect("a file of tests");
        assert!(code.contains(&format!("fn {name}()")), "{id}: no test {test}");
    }
    let known: BTreeSet<String> = rules().map(ToString::to_string).collect();
    assert_eq!(written, known, "left: files in tests/checks, right: rules");
}

/// `tests/checks/B4-weekday.txt` is about `B4/weekday`.
fn id(path: &Path) -> String {
    let stem = path.file_stem().and_then(|stem| stem.to_str()).expect("a name");
    stem.replacen('-', "/", 1)
}

fn fixtures() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/checks");
    let entries = fs::read_dir(folder).expect("tests/checks").flatten().map(|entry| entry.path());
    let mut files: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|end| end == "txt")).collect();
    files.sort();
    files
}

fn parts(path: &Path) -> Vec<Part> {
    let text = fs::read_to_string(path).expect("a readable file");
    let mut parts: Vec<Part> = Vec::new();
    for line in text.lines() {
        if let Some(title) = line.strip_prefix("== ") {
            parts.push(Part { title: title.to_owned(), files: Vec::new() });
        } else if let Some(part) = parts.last_mut() {
            match line.strip_prefix("-- ").and_then(|rest| rest.strip_suffix(" --")) {
                Some(name) => part.files.push((name.to_owned(), String::new())),
                None => match part.files.last_mut() {
                    Some((_, text)) => text.extend([line, "\n"]),
                    None => assert!(line.is_empty(), "{}: {line}", path.display()),
                },
            }
        }
    }
    parts
}

fn laid_out(part: &Part) -> Workspace {
    let workspace = Workspace::new();
    for (name, text) in &part.files {
        if let Some(name) = name.strip_suffix(" +") {
            let before = fs::read_to_string(workspace.path(name)).expect("a file to add to");
            workspace.file(name, before + text);
        } else if let Some(name) = name.strip_suffix(" (hex)") {
            workspace.file(name, from_hex(text));
        } else if let Some((name, sample)) = name.split_once(" < ") {
            let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("drafts/files").join(sample);
            workspace.file(name, fs::read(sample).expect("a sample picture"));
        } else {
            workspace.file(name, text);
        }
    }
    workspace
}

pub(crate) fn from_hex(text: &str) -> Vec<u8> {
    let digits: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let pairs = (0..digits.len()).step_by(2).map(|at| &digits[at..at + 2]);
    pairs.map(|pair| u8::from_str_radix(pair, 16).expect("hexadecimal")).collect()
}

/// Id and level of each finding.
fn findings(json: &str) -> Vec<(String, String)> {
    let document: Value = serde_json::from_str(json).expect("one JSON document");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    document["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .map(|finding| {
            let id = format!("{}/{}", text(&finding["code"]), text(&finding["rule"]));
            (id, text(&finding["level"]))
        })
        .collect()
}
