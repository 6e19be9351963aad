//! An event goes into its readers' calendars: with the mail, and as a file.

use std::fs;

use crate::{
    mail::Mail,
    workspace::{Workspace, emails},
};

/// Far ahead, so that it is never over.
const TALK: &str = "---\nkind: event\nsubject: \"Event: Life across the border\"\n\
    preheader: What it is like to live there, told by somebody who did\nlists: [members]\n\
    send_at: 2044-10-26 09:00\nevent:\n  starts: 2044-11-02 17:00\n  ends: 2044-11-02 18:30\n  \
    place: Committee Room 20\n---\nDear {{first_name}},\n\n\
    Please come, and bring a friend who has not been with us before.\n";

/// A newsroom with an event.
fn newsroom() -> Workspace {
    let workspace = Workspace::new();
    workspace.file("drafts/2044-11-02-across-the-border.md", TALK);
    workspace
}

const ID: &str = "2044-11-02-across-the-border";

/// The calendar part and the file of a mail.
fn entries(mail: &str) -> Vec<String> {
    let mail = Mail::read(mail.as_bytes());
    let parts = mail.all().into_iter().filter(|part| {
        part.field("Content-Type").is_some_and(|value| value.starts_with("text/calendar"))
    });
    parts.map(|part| String::from_utf8(part.content.clone()).expect("UTF-8")).collect()
}

fn value<'a>(entry: &'a str, name: &str) -> &'a str {
    let line = entry.split("\r\n").find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    line.unwrap_or_else(|| panic!("no {name} in {entry}"))
}

#[test]
fn everybody_gets_the_same_entry_twice() {
    let workspace = newsroom();
    workspace.run(&["send", ID, "--yes"]).fails_not();
    let caught = workspace.caught();
    assert_eq!(caught.len(), 3);
    let all: Vec<String> = caught.iter().flat_map(|mail| entries(mail)).collect();
    assert_eq!(all.len(), 6);
    assert!(all.iter().all(|entry| entry == &all[0]), "{all:#?}");
    let entry = &all[0];
    assert_eq!(value(entry, "SUMMARY"), "Life across the border");
    assert_eq!(value(entry, "DTSTART;TZID=Europe/London"), "20441102T170000");
    assert_eq!(value(entry, "DTSTAMP"), "20441026T080000Z");
    assert_eq!(value(entry, "SEQUENCE"), "0");
    assert!(!entry.contains("ATTENDEE") && !entry.contains("one.example"), "{entry}");
    let mail = Mail::read(caught[0].as_bytes());
    assert!(
        mail.text_of("text/plain")
            .contains("\nCalendar:   open the attached across-the-border.ics\n")
    );
    let html = mail.text_of("text/html");
    for link in [
        "https://calendar.google.com/calendar/render?action=TEMPLATE&amp;text=Life%20across",
        "https://outlook.live.com/calendar/0/action/compose?rru=addevent&amp;subject=Life%20across",
        "the attached across-the-border.ics",
    ] {
        assert!(html.contains(link), "{html}");
    }
}

#[test]
fn an_event_is_sent_as_it_was_previewed() {
    let workspace = newsroom();
    workspace.run(&["preview", ID, "--out", "proofs", "--all"]).fails_not();
    workspace.run(&["send", ID, "--yes"]).fails_not();
    let undated = |mails: Vec<String>| {
        let undated = |mail: &String| {
            let lines = mail.lines().filter(|line| !line.starts_with("Date: "));
            lines.collect::<Vec<_>>().join("\n")
        };
        let mut mails: Vec<String> = mails.iter().map(undated).collect();
        mails.sort();
        mails
    };
    let previewed = undated(emails(&workspace.path("proofs")));
    assert!(previewed[0].contains("text/calendar"));
    assert_eq!(previewed, undated(workspace.caught()));
}

#[test]
fn a_test_copy_overwrites_no_entry() {
    let workspace = newsroom();
    let entry_of = |arguments: &[&str]| {
        workspace.run(arguments).fails_not();
        entries(&workspace.caught().pop().expect("a mail")).swap_remove(0)
    };
    let test = entry_of(&["test", ID, "--to", "ann@one.example"]);
    let again = entry_of(&["test", ID, "--to", "ann@one.example"]);
    let sent = entry_of(&["send", ID, "--yes"]);
    let uids = [&test, &again, &sent].map(|entry| value(entry, "UID"));
    assert!(uids[0] != uids[1] && uids[0] != uids[2] && uids[1] != uids[2], "{uids:?}");
    assert_eq!(test.replace(uids[0], uids[2]), sent);
}

#[test]
fn a_draft_may_want_no_entry() {
    let workspace = newsroom();
    workspace.edit(&format!("drafts/{ID}.md"), "lists:", "calendar: false\nlists:");
    workspace.run(&["send", ID, "--yes"]).fails_not();
    let mail = &workspace.caught()[0];
    assert_eq!(entries(mail), [""; 0]);
    let mail = Mail::read(mail.as_bytes());
    assert!(!mail.text_of("text/html").contains("Add to calendar"));
    assert!(!mail.text_of("text/plain").contains("Calendar:"));
}

#[test]
fn an_entry_has_one_title_for_everybody() {
    let workspace = newsroom();
    let draft = format!("drafts/{ID}.md");
    workspace.edit(&draft, "Event: Life", "{{first_name}}, life");
    workspace.run(&["send", ID, "--yes"]).fails(
        1,
        &[
            "the subject differs by person, and the calendar entry has one title",
            "drafts/2044-11-02-across-the-border.md:3:10",
            "give `event.title`, or `calendar: false` for no entry",
        ],
    );
    workspace.edit(&draft, "event:\n", "event:\n  title: Life across the border\n");
    workspace.run(&["send", ID, "--yes"]).fails_not();
}

#[test]
fn an_event_that_is_cancelled_says_so_everywhere() {
    let workspace = newsroom();
    let draft = format!("drafts/{ID}.md");
    workspace.edit(&draft, "kind: event", "kind: notice\ncancelled: true");
    workspace.run(&["send", ID, "--yes"]).fails_not();
    let mail = &workspace.caught()[0];
    let entry = entries(mail).swap_remove(1);
    assert_eq!((value(&entry, "METHOD"), value(&entry, "STATUS")), ("CANCEL", "CANCELLED"));
    assert!(mail.contains("text/calendar; charset=utf-8; method=CANCEL"), "{mail}");
    let mail = Mail::read(mail.as_bytes());
    let (html, text) = (mail.text_of("text/html"), mail.text_of("text/plain"));
    assert!(html.contains("<s>Wednesday 2 November 2044, 17:00</s>"), "{html}");
    assert!(!html.contains("calendar.google"), "{html}");
    let told = "CANCELLED: it does not take place.\n\nWas to be:  Wednesday 2 November 2044, 17:00–18:30\n";
    assert!(text.contains(told), "{text}");
}

#[test]
fn a_change_says_what_was_and_what_is() {
    let workspace = newsroom();
    let draft = format!("drafts/{ID}.md");
    let changes = "kind: notice\nchanges:\n  - { what: Room, was: Committee Room 6, is: Committee \
                   Room 20 }\n  - { what: Admission, was: Members only }\n";
    workspace.edit(&draft, "kind: event\n", changes);
    workspace.run(&["send", ID, "--yes"]).fails_not();
    let mail = Mail::read(workspace.caught()[0].as_bytes());
    let text = mail.text_of("text/plain");
    let told = "\nRoom\n  now:  Committee Room 20\n  was:  Committee Room 6\n\nAdmission\n  no \
                longer: Members only\n";
    assert!(text.contains(told), "{text}");
    let html = mail.text_of("text/html");
    assert!(html.contains(">was <s>Committee Room 6</s>"), "{html}");
    assert!(html.contains(">no longer <s>Members only</s>"), "{html}");
}

#[test]
fn whole_days_show_no_hour() {
    let workspace = newsroom();
    let draft = format!("drafts/{ID}.md");
    workspace.edit(&draft, "2044-11-02 17:00", "2044-11-02");
    workspace.edit(&draft, "2044-11-02 18:30", "2044-11-04");
    workspace.run(&["send", ID, "--yes"]).fails_not();
    let mail = &workspace.caught()[0];
    assert_eq!(value(&entries(mail)[0], "DTEND;VALUE=DATE"), "20441105");
    let text = Mail::read(mail.as_bytes()).text_of("text/plain");
    let told =
        "When:       Wednesday 2 November 2044\n            to Friday 4 November 2044\nWhere:";
    assert!(text.contains(told), "{text}");
}

#[test]
fn a_frozen_entry_needs_no_draft() {
    let workspace = newsroom();
    workspace.run(&["send", ID, "--yes", "--limit", "1"]);
    let first = entries(&workspace.caught()[0]).swap_remove(0);
    fs::remove_file(workspace.path(&format!("drafts/{ID}.md"))).expect("a draft");
    workspace.run(&["resume", ID]).fails_not();
    let caught = workspace.caught();
    assert_eq!(caught.len(), 3);
    assert!(caught.iter().all(|mail| entries(mail)[0] == first));
}
