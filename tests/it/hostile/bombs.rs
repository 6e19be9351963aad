//! Small inputs that want to be endless ones (T10).

use std::{fs::File, io::Write as _, process::Command};

use crate::{
    reliability::found,
    workspace::{LETTER, Workspace},
};

/// Address space for the whole process, in KB: the program itself, its threads' stacks, and what it
/// may work with.
const MEMORY: u32 = 400_000;

/// What a planned send ends with, in bounded memory. No bomb goes off: it ends by itself, and says
/// something that people can use.
#[track_caller]
fn planned(workspace: &Workspace, what: &str) -> (i32, String) {
    let plan = workspace.command("", &["send", "letter", "--dry-run"], &[]);
    let output = Command::new("sh")
        .args(["-c", &format!("ulimit -v {MEMORY}; exec \"$0\" \"$@\"")])
        .arg(plan.get_program())
        .args(plan.get_args())
        .env_clear()
        .envs(plan.get_envs().filter_map(|(name, value)| Some((name, value?))))
        .current_dir(workspace.path(""))
        .output()
        .expect("to run");
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    let status = output.status.code();
    let status = status.unwrap_or_else(|| panic!("{what}: {}: {told:.2000}", output.status));
    assert!(!told.contains("panicked") && told.len() < 20_000, "{what}: {told:.2000}");
    (status, told)
}

#[track_caller]
fn refused(workspace: &Workspace, what: &str, texts: &[&str]) {
    let (status, told) = planned(workspace, what);
    assert!(matches!(status, 1 | 2), "{what}: {told:.2000}");
    for text in texts {
        assert!(told.contains(text), "{what}: no `{text}` in {told:.2000}");
    }
}

/// A draft with these lines in its front matter and this body.
fn draft(front: &str, body: &str) -> Workspace {
    let workspace = Workspace::new();
    let text = format!("---\nkind: letter\nsubject: S\nlists: [members]\n{front}---\n{body}\n");
    workspace.file("drafts/letter.md", text);
    workspace
}

/// An event with this many partners, and this body.
fn event(partners: usize, body: &str) -> Workspace {
    let partners = vec!["p"; partners].join(", ");
    let workspace = draft("", body);
    let event = format!(
        "kind: event\nevent:\n  starts: 2030-11-02 17:00\n  ends: 2030-11-02 18:30\n  \
         place: x\n  partners: [{partners}]"
    );
    workspace.edit("drafts/letter.md", "kind: letter", &event);
    workspace
}

fn templates(files: &[(&str, &str)]) -> Workspace {
    let workspace = Workspace::new();
    for (name, text) in files {
        workspace.file(&format!("templates/{name}"), text);
    }
    workspace
}

#[test]
fn no_input_is_endless() {
    for (what, workspace, texts) in [
        (
            "partials that call each other",
            templates(&[
                ("partials/a.html.hbs", "{{> b}}{{> b}}"),
                ("partials/b.html.hbs", "{{> a}}{{> a}}"),
                ("letter/html.hbs", "{{> a}}{{{body}}}"),
            ]),
            &["hint"][..],
        ),
        (
            "loops in loops",
            event(2_000, &["{{#each event.partners}}"; 5].concat().add("x", "{{/each}}", 5)),
            &["beyond 5 MB"],
        ),
        (
            "elements in elements",
            templates(&[("letter/html.hbs", &"<div>".repeat(50_000).add("", "{{{body}}}", 1))]),
            &["nest too deeply"],
        ),
        (
            "aliases",
            draft("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", "x"),
            &["aliases", "drafts/letter.md:5"],
        ),
        (
            "nested YAML",
            draft(&"[".repeat(20_000).add("", "]", 20_000), "x"),
            &["drafts/letter.md"],
        ),
        ("long front matter", draft(&"# x\n".repeat(20_000), "x"), &["64 KB"]),
        ("nested quotes", draft("", &">".repeat(100_000)), &["nest too deeply"]),
        ("nested lists", draft("", &"- ".repeat(50_000).add("x", "", 1)), &["nest too deeply"]),
        (
            "nested emphasis",
            draft("", &"*".repeat(20_000).add("x", "*", 20_000)),
            &["nest too deeply"],
        ),
        (
            "a table of 200,000 cells",
            draft(
                "",
                &format!(
                    "|{}\n|{}\n{}",
                    "a|".repeat(1_000),
                    "-|".repeat(1_000),
                    ("|".to_owned() + &"b|".repeat(1_000) + "\n").repeat(200)
                ),
            ),
            &["too many parts"],
        ),
        (
            "a million placeholders",
            draft("", &"{{first_name}}".repeat(70_000)),
            &["too many", "drafts/letter.md:6"],
        ),
        (
            "conditions in conditions",
            draft("", &"{{#if first_name}}".repeat(10_000)),
            &["never closed"],
        ),
    ] {
        refused(&workspace, what, texts);
    }
    found(
        "T10",
        "partials, loops, elements, aliases, quotes, lists, emphasis, tables, placeholders without \
         end; a draft of 100 MB; lists of 20 MB, of 1 GB, of one cell, of 100,000 columns",
        "each ends by itself in 400 MB of address space, refused with file and line, or streamed",
    );
}

/// More of the same, for texts of many equal parts.
trait Add {
    fn add(self, middle: &str, end: &str, count: usize) -> String;
}

impl Add for String {
    fn add(self, middle: &str, end: &str, count: usize) -> String {
        self + middle + &end.repeat(count)
    }
}

/// A file of this length that begins with a text and goes on with NULs that take no disk.
fn sparse(workspace: &Workspace, name: &str, begin: &str, length: u64) {
    let mut file = File::create(workspace.path(name)).expect("a file");
    file.write_all(begin.as_bytes()).expect("to write");
    file.set_len(length).expect("to lengthen");
}

#[test]
fn no_file_is_too_big_to_be_refused() {
    let list = "lists/members.csv";
    let workspace = Workspace::new();
    sparse(&workspace, "drafts/letter.md", LETTER, 100 << 20);
    refused(&workspace, "a draft of 100 MB", &["larger than 1 MB"]);
    workspace.file("drafts/letter.md", LETTER);

    sparse(&workspace, list, "email,first_name\nann@one.example,Ann\n", 1 << 30);
    refused(&workspace, "a list of 1 GB", &["lists/members.csv:3"]);
    let cell = "x".repeat(8 << 20);
    workspace.file(list, format!("email,first_name\nann@one.example,{cell}\n"));
    refused(&workspace, "an endless cell", &["lists/members.csv:2", "1 MB"]);
    workspace
        .file(list, format!("email,first_name\nann@one.example,\"{}\n", "x\n".repeat(4 << 20)));
    refused(&workspace, "an endless quoted cell", &["lists/members.csv:2", "1 MB"]);
    let columns: String = (0..100_000).map(|column| format!(",c{column}")).collect();
    workspace.file(list, format!("email,first_name{columns}\n"));
    refused(&workspace, "columns", &["lists/members.csv:1", "100002 columns"]);

    // Streamed: what stays of a row that is not printed is its person.
    let note = "x".repeat(10_000);
    let rows = (0..2_000).map(|row| format!("p{row}@one.example,P,{note}\n"));
    workspace.file(list, format!("email,first_name,note\n{}", rows.collect::<String>()));
    let (status, told) = planned(&workspace, "a list of 20 MB");
    assert_eq!(status, 0, "{told}");
}
