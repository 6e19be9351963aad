//! What an open preview makes of changes.

use std::{fs, os::unix::fs::symlink};

use serde_json::{Value, json};

use super::Page;
use crate::workspace::{LETTER, Workspace};

#[test]
fn a_draft_that_breaks_keeps_its_last_good_mail_and_says_where_it_broke() {
    let workspace = Workspace::new();
    let page = Page::open(&workspace, &["letter"]);
    let good = page.json("api/drafts/letter");
    workspace.edit("drafts/letter.md", "Dear {{first_name}}", "Dear {{frist_name}}");
    let broken = wait_for(&page, "api/drafts/letter", |view| view["is_stale"] == true);
    assert_eq!(broken["copy"]["text"], good["copy"]["text"]);
    let trouble = &broken["trouble"][0];
    assert_eq!((&trouble["file"], &trouble["line"]), (&"drafts/letter.md".into(), &7.into()));
    assert!(trouble["message"].as_str().expect("words").contains("frist_name"), "{trouble}");
    let meant = &trouble["snippet"].as_array().expect("lines")[2];
    assert_eq!(meant["text"], "Dear {{frist_name}},");
    workspace.edit("drafts/letter.md", "Dear {{frist_name}}", "Hello {{first_name}}");
    let mended = wait_for(&page, "api/drafts/letter", |view| view["is_stale"] == false);
    assert!(mended["copy"]["text"].as_str().expect("text").contains("Hello Ann,"), "{mended}");
}

#[test]
fn changed_settings_lists_and_templates_change_the_copies() {
    let workspace = Workspace::new();
    let page = Page::open(&workspace, &["letter"]);
    page.json("api/drafts/letter");
    workspace.edit("announce.toml", "Example Group\"", "Another Group\"");
    wait_for(&page, "api/drafts/letter", |view| view["copy"]["sender"]["name"] == "Another Group");
    workspace.members(&[("dora@four.example", "Dora")]);
    wait_for(&page, "api/drafts/letter", |view| view["people"] == 1);
    workspace.file("templates/letter/text.hbs", "NEW\n{{{body}}}");
    wait_for(&page, "api/drafts/letter", |view| {
        view["copy"]["text"].as_str().is_some_and(|text| text.contains("NEW"))
    });
}

#[test]
fn a_folder_that_is_made_again_is_watched_again() {
    let workspace = Workspace::new();
    let page = Page::open(&workspace, &["letter"]);
    let says = |words: &'static str| {
        move |view: &Value| view["copy"]["text"].as_str().is_some_and(|text| text.contains(words))
    };
    for (words, absent) in [("FIRST", "SECOND"), ("SECOND", "FIRST")] {
        workspace.file("templates/letter/text.hbs", format!("{words}\n{{{{{{body}}}}}}"));
        let view = wait_for(&page, "api/drafts/letter", says(words));
        assert!(says(words)(&view) && !says(absent)(&view), "{view}");
        fs::remove_dir_all(workspace.path("templates")).expect("to remove it");
        wait_for(&page, "api/drafts/letter", |view| !says(words)(view));
    }
    fs::remove_dir_all(workspace.path(".announce/sandbox")).expect("to remove it");
    workspace.run(&["send", "letter", "--yes"]);
    let caught = wait_for(&page, "api/sandbox", |caught| caught["total"] == 3);
    assert_eq!(caught["mails"][0]["number"], 3, "the newest first");
}

#[test]
fn folders_that_are_put_back_are_watched_as_before() {
    let workspace = Workspace::new();
    let page = Page::open(&workspace, &["letter"]);
    page.json("api/drafts/letter");
    fs::rename(workspace.path("lists"), workspace.path("old")).expect("to rename");
    wait_for(&page, "api/drafts/letter", |view| view["is_stale"] == true);
    workspace.members(&[("ann@one.example", "Ann")]);
    wait_for(&page, "api/drafts/letter", |view| view["people"] == 1);
    workspace.members(&[("ann@one.example", "Ann"), ("bob@two.example", "Bob")]);
    wait_for(&page, "api/drafts/letter", |view| view["people"] == 2);
    fs::remove_dir_all(workspace.path("drafts")).expect("to remove");
    wait_for(&page, "api/drafts/letter", |view| view["is_stale"] == true);
    for name in ["Ann", "Bob"] {
        let letter = LETTER.replace("Dear", name);
        workspace.file("drafts/letter.md", letter);
        wait_for(&page, "api/drafts/letter", |view| {
            view["copy"]["text"].as_str().is_some_and(|text| text.contains(&format!("{name} Ann,")))
        });
    }
}

#[test]
fn a_list_behind_a_link_is_watched_where_it_is() {
    let (workspace, elsewhere) = (Workspace::new(), Workspace::new());
    let link = workspace.path("lists/members.csv");
    fs::remove_file(&link).expect("to remove");
    symlink(elsewhere.path("lists/members.csv"), link).expect("a link");
    let page = Page::open(&workspace, &["letter"]);
    assert_eq!(page.json("api/drafts/letter")["people"], 3);
    elsewhere.members(&[("ann@one.example", "Ann")]);
    wait_for(&page, "api/drafts/letter", |view| view["people"] == 1);
}

#[test]
fn who_is_suppressed_meanwhile_is_left_out() {
    let workspace = Workspace::new();
    let page = Page::open(&workspace, &["letter"]);
    assert_eq!(page.json("api/drafts/letter")["people"], 3);
    workspace.run(&["suppress", "add", "ann@one.example"]);
    let view = wait_for(&page, "api/drafts/letter", |view| view["people"] == 2);
    assert_eq!(view["person"]["address"], "bob@two.example");
    assert_eq!(page.json("api/drafts/letter/report")["plan"]["planned"], 2);
    assert_that_reading_is_no_change(&page, &workspace, "letter");
}

#[test]
fn who_has_just_got_what_a_draft_excludes_is_left_out() {
    let workspace = Workspace::new();
    workspace
        .file("drafts/again.md", LETTER.replace("lists:", "exclude: ['campaign:letter']\nlists:"));
    let page = Page::open(&workspace, &["again"]);
    assert_eq!(page.json("api/drafts/again")["copy"], Value::Null);
    workspace.run(&["send", "letter", "--yes"]);
    let view = wait_for(&page, "api/drafts/again", |view| view["trouble"] == json!([]));
    assert_eq!((&view["people"], &view["skipped"]), (&0.into(), &3.into()));
    assert_that_reading_is_no_change(&page, &workspace, "again");
}

/// A ledger is opened for writing even to be read.
fn assert_that_reading_is_no_change(page: &Page, workspace: &Workspace, slug: &str) {
    let (draft, path) = (format!("drafts/{slug}.md"), format!("api/drafts/{slug}/report"));
    let mut changes = page.events();
    workspace.edit(&draft, "Dear", "Hello");
    let is_of_draft = |change: &String| change.contains(&format!("[\"{draft}\"]"));
    changes.find(is_of_draft).expect("the end of what went before");
    page.json(&path);
    workspace.edit(&draft, "Hello", "Good day");
    page.json(&path);
    let change = changes.next().expect("a change");
    assert!(is_of_draft(&change), "{change}");
}

/// The answer once it is as expected. What waits is the server's stream of changes.
fn wait_for(page: &Page, path: &str, is_expected: impl Fn(&Value) -> bool) -> Value {
    let answer = page.json(path);
    if is_expected(&answer) {
        return answer;
    }
    let mut answer = Value::Null;
    // It begins with `hello`: what changed before that is seen then.
    for _ in page.events() {
        answer = page.json(path);
        if is_expected(&answer) {
            break;
        }
    }
    answer
}
