//! Bad input: each says what, where and how to mend it, ends with its code, and mails nobody.

use crate::workspace::{LETTER, Workspace};

/// A send that must be refused, and nothing caught.
#[track_caller]
fn refused(workspace: &Workspace, status: i32, texts: &[&str]) {
    workspace.run(&["send", "letter", "--yes"]).fails(status, texts);
    assert!(workspace.caught().is_empty(), "a refused send mails nobody");
}

#[test]
fn a_folder_without_settings_is_no_workspace() {
    let folder = tempfile::tempdir().expect("a folder");
    let workspace = Workspace::new();
    let path = folder.path().display().to_string();
    let ran = workspace.run(&["-C", &path, "send", "letter"]);
    ran.fails(78, &["announce.toml", "hint", "announce init"]);
}

#[test]
fn an_unknown_setting_is_named_with_its_neighbour() {
    let workspace = Workspace::new();
    workspace.edit("announce.toml", "postal_address", "postal_adress");
    refused(&workspace, 78, &["announce.toml:5:1", "postal_adress", "postal_address"]);
}

#[test]
fn broken_front_matter_is_shown_where_it_breaks() {
    let workspace = Workspace::new();
    workspace.edit("drafts/letter.md", "lists: [members]", "lists: [members");
    refused(&workspace, 1, &["drafts/letter.md:"]);
}

#[test]
fn a_missing_draft_is_named_with_the_nearest_one() {
    let workspace = Workspace::new();
    workspace.run(&["send", "leter", "--yes"]).fails(2, &["leter", "drafts/letter.md"]);
}

#[test]
fn an_unknown_field_is_named_with_file_line_and_neighbour() {
    let workspace = Workspace::new();
    workspace.edit("drafts/letter.md", "Dear {{first_name}}", "Dear {{frist_name}}");
    refused(&workspace, 1, &["drafts/letter.md:7:", "`frist_name`", "`first_name`", "members"]);
}

#[test]
fn an_empty_field_is_named_with_its_rows() {
    let workspace = Workspace::new();
    let people = ["Ann", "", "Cho", "Dan", "Eve", ""].iter().enumerate();
    let people: Vec<(String, &str)> =
        people.map(|(n, name)| (format!("p{n}@one.example"), *name)).collect();
    let people: Vec<(&str, &str)> =
        people.iter().map(|(email, name)| (email.as_str(), *name)).collect();
    workspace.members(&people);
    let texts = ["drafts/letter.md:", "`first_name`", "3 and 7", "lists/members.csv", "default"];
    refused(&workspace, 1, &texts);
}

#[test]
fn partials_that_call_each_other_are_refused_before_they_abort() {
    let workspace = Workspace::new();
    workspace
        .file("templates/partials/one.html.hbs", "{{> two}}")
        .file("templates/partials/two.html.hbs", "{{> one}}")
        .file("templates/letter/html.hbs", "{{> one}}{{{body}}}");
    refused(&workspace, 1, &["one", "two", "hint"]);
}

#[test]
fn a_ragged_row_is_named_by_its_line() {
    let workspace = Workspace::new();
    workspace.file("lists/members.csv", "email,first_name\nann@one.example,Ann\nbob@two.example\n");
    refused(&workspace, 1, &["lists/members.csv:3", "hint"]);
}

#[test]
fn utf_16_is_refused_by_name() {
    let workspace = Workspace::new();
    let text = "\u{feff}email,first_name\nann@one.example,Ann\n";
    let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    workspace.file("lists/members.csv", bytes);
    refused(&workspace, 1, &["lists/members.csv", "UTF-16", "UTF-8"]);
}

#[test]
fn a_header_that_stands_twice_is_refused() {
    let workspace = Workspace::new();
    workspace.file("lists/members.csv", "email,First Name,first_name\nann@one.example,Ann,Ann\n");
    refused(&workspace, 1, &["lists/members.csv:1", "`first_name`"]);
}

#[test]
fn a_cell_cannot_add_a_header() {
    let workspace = Workspace::new();
    workspace.file(
        "lists/members.csv",
        "email,first_name\nann@one.example,\"Ann\r\nBcc: spy@evil.example\"\n",
    );
    assert_eq!(workspace.run(&["send", "letter", "--yes"]).status, 0);
    let mails = workspace.caught();
    assert_eq!(mails.len(), 1, "Ann's, and no spy's");
    let headers = mails[0].split("\r\n\r\n").next().unwrap_or_default();
    assert!(!headers.lines().any(|line| line.to_lowercase().starts_with("bcc")), "{headers}");
    assert!(headers.contains("Subject: A letter for Ann Bcc: spy@evil.example"), "{headers}");
}

#[test]
fn an_attachment_outside_the_workspace_is_refused() {
    let workspace = Workspace::new();
    workspace.edit("drafts/letter.md", "lists:", "attachments: [../../../etc/passwd]\nlists:");
    refused(&workspace, 1, &["drafts/letter.md:", "../../../etc/passwd"]);
}

#[test]
fn a_list_that_the_settings_do_not_know_is_refused() {
    let workspace = Workspace::new();
    workspace.edit("drafts/letter.md", "[members]", "[membres]");
    refused(&workspace, 1, &["drafts/letter.md:", "`membres`", "`members`"]);
}

#[test]
fn a_list_that_the_draft_does_not_name_is_refused() {
    let workspace = Workspace::new();
    workspace.edit("announce.toml", "[lists]", "[lists]\npress = \"lists/press.csv\"");
    workspace.file("lists/press.csv", "email,first_name\npia@press.example,Pia\n");
    let ran = workspace.run(&["send", "letter", "--list", "press", "--yes"]);
    ran.fails(2, &["`press`", "members"]);
    assert!(workspace.caught().is_empty());
}

#[test]
fn a_filter_on_a_column_nobody_has_is_refused() {
    let workspace = Workspace::new();
    let ran = workspace.run(&["send", "letter", "--where", "fist_name=Ann", "--yes"]);
    ran.fails(1, &["`fist_name`", "`first_name`"]);
}

#[test]
fn a_filter_that_matches_nobody_is_refused() {
    let workspace = Workspace::new();
    let ran = workspace.run(&["send", "letter", "--where", "first_name=Zoe", "--yes"]);
    ran.fails(1, &["nobody"]);
}

#[test]
fn a_count_that_is_not_the_expected_one_is_refused() {
    let workspace = Workspace::new();
    let ran = workspace.run(&["send", "letter", "--yes", "--expect-count", "4"]);
    ran.fails(1, &["3 would get it", "4"]);
    assert!(workspace.caught().is_empty());
}

#[test]
fn nobody_at_the_terminal_means_yes_must_be_said() {
    let workspace = Workspace::new();
    workspace.run(&["send", "letter"]).fails(2, &["--yes", "--dry-run"]);
    assert!(workspace.caught().is_empty());
}

#[test]
fn a_typo_in_a_flag_is_answered_with_the_flag() {
    let workspace = Workspace::new();
    workspace.run(&["send", "letter", "--dryrun"]).fails(2, &["--dry-run"]);
}

#[test]
fn a_password_in_the_settings_is_refused_without_showing_it() {
    let workspace =
        Workspace::with_server("smtps://office:canary-secret@mail.group.example:465", "");
    let ran = workspace.run(&["send", "letter", "--yes"]);
    assert!(!ran.stderr.contains("canary-secret"), "{ran:?}");
    ran.fails(78, &["password", "hint"]);
}

#[test]
fn a_letter_of_the_tests_is_a_good_one() {
    let workspace = Workspace::new();
    workspace.file("drafts/other.md", LETTER);
    assert_eq!(workspace.run(&["send", "other", "--yes"]).status, 0);
}

#[test]
fn a_newsroom_is_not_made_of_a_file() {
    let workspace = Workspace::new();
    workspace.file("note", "").run(&["init", "note"]).fails(2, &["`note` is a file", "folder"]);
}

#[test]
fn a_newsroom_is_not_made_over_another() {
    let workspace = Workspace::new();
    workspace.run(&["init"]).fails(2, &["announce.toml", "already", "hint"]);
}
