//! What has changed, what can be said of it by itself, and what needs somebody's words.

use super::{books, mails, move_room, newsroom};
use crate::{server::Relay, terminal::Terminal, workspace::Workspace};

/// Sent to two of three, and then changed like this.
fn changed(from: &str, to: &str) -> (Workspace, Relay) {
    let (workspace, relay) = newsroom(3);
    workspace.run(&["send", "talk", "--yes", "--limit", "2"]);
    workspace.edit("drafts/talk.md", from, to);
    (workspace, relay)
}

#[test]
fn a_send_of_a_changed_event_says_what_has_changed_and_what_to_do() {
    let (workspace, relay) = changed("Committee Room 20", "Committee Room 14");
    let refused = workspace.run(&["send", "talk", "--yes"]);
    refused.fails(
        1,
        &[
            "drafts/talk.md:9:",
            "was `Committee Room 20, Houses of Parliament`, is `Committee Room 14",
            "`talk` has changed since it was sent to 2 people, and 1 person is still to get it",
            "`announce correct talk` tells those who have it",
        ],
    );
    assert_eq!(mails(&relay).len(), 2);
}

#[test]
fn a_look_at_a_correction_changes_nothing() {
    let (workspace, relay) = changed("Committee Room 20", "Committee Room 14");
    let looked = workspace.run(&["correct", "talk", "--dry-run"]);
    assert_eq!(looked.status, 0, "{looked:#?}");
    for text in [
        "Room changed: The hidden revolution",
        "to       2 people",
        "follows  `talk`",
        "1 person has not got `talk` yet: `announce resume talk` sends it to them as it is now",
    ] {
        assert!(looked.stdout.contains(text), "no `{text}` in {looked:#?}");
    }
    let json = workspace.run(&["correct", "talk", "--dry-run", "--json"]).json();
    assert_eq!((&json["campaign"], &json["planned"]), (&"talk~2".into(), &2.into()));
    assert!(!workspace.path("drafts/talk~2.md").exists());
    assert_eq!(books(&workspace, "talk"), "accepted 2, pending 1");
    assert_eq!(mails(&relay).len(), 2);
    // Without a terminal nothing goes unasked.
    workspace.run(&["correct", "talk"]);
    assert_eq!(mails(&relay).len(), 2);
}

#[test]
fn with_nothing_changed_there_is_nothing_to_correct() {
    let (workspace, _relay) = changed("Committee Room 20", "Committee Room 20");
    let ran = workspace.run(&["correct", "talk", "--yes"]);
    ran.ends(
        0,
        "",
        "drafts/talk.md says what `talk` says: there is nothing to correct\n\
         next: announce resume talk\n",
    );
}

#[test]
fn a_text_that_changed_needs_somebodys_words_or_is_for_the_rest_alone() {
    let (workspace, relay) = changed("those who carried such stories", "people who carried them");
    workspace
        .run(&["correct", "talk", "--yes"])
        .fails(1, &["yours to write", "`announce correct talk --draft DRAFT`", "--no-notice"]);
    let quietly = workspace.run(&["correct", "talk", "--no-notice", "--yes"]);
    assert_eq!(quietly.status, 0, "{quietly:#?}");
    workspace.run(&["resume", "talk"]).fails_not();
    let mails = mails(&relay);
    assert!(mails[&2][0].text.contains("people who carried them"));
    assert_eq!(mails.values().map(Vec::len).sum::<usize>(), 3);
}

#[test]
fn nobody_who_was_told_of_a_room_is_left_with_the_wrong_one() {
    let (workspace, _relay) = changed("Committee Room 20", "Committee Room 14");
    workspace
        .run(&["correct", "talk", "--no-notice", "--yes"])
        .fails(1, &["2 people would not hear of the new room"]);
    assert_eq!(books(&workspace, "talk"), "accepted 2, pending 1");
}

#[test]
fn a_saved_notice_is_edited_and_sent_as_it_was_left() {
    let (workspace, relay) = changed("Committee Room 20", "Committee Room 14");
    let saved = workspace.run(&["correct", "talk", "--save"]);
    assert_eq!((saved.status, &*saved.stdout), (0, "drafts/talk~2.md\n"), "{saved:#?}");
    workspace.run(&["correct", "talk", "--save"]).fails(1, &["drafts/talk~2.md", "already"]);
    workspace.run(&["check", "talk~2"]).fails_not();
    workspace.edit(
        "drafts/talk~2.md",
        "We are sorry for the trouble.",
        "The lift is out of order.",
    );
    workspace.run(&["correct", "talk", "--yes"]).fails_not();
    assert!(mails(&relay)[&0][1].text.contains("The lift is out of order."));
}

#[test]
fn a_saved_notice_that_no_longer_holds_is_not_sent() {
    let (workspace, relay) = changed("Committee Room 20", "Committee Room 14");
    workspace.run(&["correct", "talk", "--save"]).fails_not();
    workspace.edit("drafts/talk.md", "Committee Room 14", "Committee Room 9");
    workspace.run(&["correct", "talk", "--yes"]).fails(
        1,
        &["drafts/talk~2.md", "its room is `Committee Room 14", "says `Committee Room 9"],
    );
    // Nor by itself at its time, when nobody looks.
    workspace.edit(
        "drafts/talk~2.md",
        "status: draft",
        "status: ready\nsend_at: 2020-01-06 09:00\nlate_after: 900000h",
    );
    workspace.run(&["dispatch"]).fails(1, &["its room is `Committee Room 14"]);
    assert_eq!(books(&workspace, "talk"), "accepted 2, pending 1");
    assert_eq!(mails(&relay).len(), 2);
}

#[test]
fn a_notice_in_another_language_is_left_to_its_author() {
    let (workspace, _relay) = newsroom(2);
    workspace.edit("drafts/talk.md", "lists:", "language: ko\nlists:");
    workspace.run(&["send", "talk", "--yes"]).fails_not();
    move_room(&workspace);
    workspace.run(&["correct", "talk", "--yes"]).fails(1, &["in English", "`ko`", "--save"]);
}

#[test]
fn a_scheduled_correction_goes_out_by_dispatch_and_moves_the_rest() {
    let (workspace, relay) = changed("Committee Room 20", "Committee Room 14");
    workspace.run(&["correct", "talk", "--save"]).fails_not();
    workspace.edit(
        "drafts/talk~2.md",
        "status: draft",
        "status: ready\nsend_at: 2020-01-06 09:00\nlate_after: 900000h",
    );
    workspace.run(&["dispatch"]).ends(0, "", "");
    assert_eq!(books(&workspace, "talk~2"), "accepted 2");
    workspace.run(&["dispatch"]).ends(0, "", "");
    assert_eq!(books(&workspace, "talk"), "accepted 2, pending 1", "it waits for somebody");
    workspace.run(&["resume", "talk"]).fails_not();
    let mails = mails(&relay);
    assert!(mails[&2][0].text.contains("Room 14") && !mails[&2][0].text.contains("Room 20"));
}

#[test]
fn where_approvals_are_asked_for_a_notice_needs_one_and_so_does_the_changed_text() {
    let (workspace, relay) = changed("Committee Room 20", "Committee Room 14");
    workspace.edit("announce.toml", "[pace]", "[approval]\nrequired = true\n\n[pace]");
    workspace.run(&["correct", "talk", "--yes"]).fails(1, &["nobody has approved `talk~2`"]);
    workspace.run(&["correct", "talk", "--save"]).fails_not();
    workspace.run(&["approve", "talk~2", "--by", "Cho", "--yes"]).fails_not();
    workspace.run(&["correct", "talk", "--yes"]).fails(1, &["nobody has approved `talk`"]);
    workspace.run(&["approve", "talk", "--by", "Cho", "--yes"]).fails_not();
    workspace.run(&["correct", "talk", "--yes"]).fails_not();
    assert_eq!(mails(&relay)[&0].len(), 2);
}

#[test]
fn a_preview_shows_the_very_notice_that_is_sent() {
    let (workspace, relay) = changed("Committee Room 20", "Committee Room 14");
    workspace.run(&["correct", "talk", "--save"]).fails_not();
    workspace.run(&["preview", "talk~2", "--out", "seen", "--for", "p0@one.example"]).fails_not();
    workspace.run(&["correct", "talk", "--yes"]).fails_not();
    let dateless = |text: &str| -> Vec<String> {
        text.lines().filter(|line| !line.starts_with("Date: ")).map(str::to_owned).collect()
    };
    let seen = crate::workspace::emails(&workspace.path("seen"));
    let caught = relay.caught.lock().expect("no panic");
    let sent = caught.iter().rfind(|mail| mail.recipients == ["p0@one.example"]);
    let sent = String::from_utf8_lossy(&sent.expect("a notice").message).into_owned();
    assert_eq!(dateless(&seen[0]), dateless(&sent));
}

#[test]
fn a_rehearsal_of_a_correction_follows_the_rehearsal_of_its_event() {
    let workspace = Workspace::new();
    workspace.file("drafts/talk.md", super::TALK);
    workspace.run(&["correct", "talk"]).fails(2, &["nothing has been sent"]);
    workspace.run(&["send", "talk", "--yes", "--limit", "2"]);
    move_room(&workspace);
    workspace.run(&["correct", "talk", "--yes"]).fails_not();
    assert_eq!(workspace.caught().len(), 2, "the corrections alone");
    workspace.run(&["resume", "talk"]).fails_not();
    let caught = workspace.caught();
    assert_eq!(caught.len(), 3);
    assert!(!workspace.path("drafts/talk~2.md").exists(), "a rehearsal leaves no trace in drafts/");
    // With the same text it is the same rehearsal still.
    let again = workspace.run(&["send", "talk", "--yes"]);
    assert!(again.stderr.contains("nobody left to send to"), "{again:#?}");
    workspace.run(&["cancel-event", "talk", "--yes"]).fails_not();
    workspace.run(&["send", "talk", "--yes"]).fails(1, &["was cancelled"]);
}

/// What somebody has looked at and not yet confirmed must not win over what was decided since.
#[test]
fn a_text_that_a_colleague_has_changed_meanwhile_is_not_put_back() {
    let (workspace, relay) = changed("those who carried such stories", "people who carried them");
    let begun = Terminal::begun(&workspace, "correct talk --no-notice");
    let Some(mut terminal) = begun else { return };
    terminal.shows("Type yes:");
    workspace.edit("drafts/talk.md", "people who carried them", "the very people who did");
    workspace.run(&["correct", "talk", "--no-notice", "--yes"]).fails_not();
    terminal.types("yes\n");
    let (seen, status) = terminal.ends();
    assert!(status == 1 && seen.contains("`talk` went on meanwhile"), "{status}: {seen}");
    workspace.run(&["resume", "talk"]).fails_not();
    assert!(mails(&relay)[&2][0].text.contains("the very people who did"));
}

#[test]
fn a_notice_that_a_colleague_has_overtaken_meanwhile_is_not_sent() {
    let (workspace, relay) = changed("Committee Room 20", "Committee Room 14");
    let Some(mut terminal) = Terminal::begun(&workspace, "correct talk") else { return };
    terminal.shows("Type the number of people to send it to (2):");
    workspace.edit("drafts/talk.md", "Committee Room 14", "Committee Room 9");
    workspace.run(&["correct", "talk", "--yes"]).fails_not();
    terminal.types("2\n");
    let (seen, status) = terminal.ends();
    assert_ne!(status, 0, "{seen}");
    workspace.run(&["resume", "talk"]).fails_not();
    let mails = mails(&relay);
    assert_eq!([0, 1, 2].map(|number| mails[&number].len()), [2, 2, 1]);
    assert!(mails.values().flatten().all(|mail| !mail.text.contains("Room 14")));
}
