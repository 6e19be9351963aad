//! A follow-up in somebody's own words, to any announcement.

use std::fs;

use super::{books, mails, newsroom};
use crate::{server::Relay, workspace::Workspace};

const FIX: &str = "---\nkind: letter\nsubject: A name was wrong in our last letter\n\
    preheader: We wrote of the wrong person, and would like to set that right\n\
    lists: [members]\n---\nDear {{first_name}},\n\n\
    In our last letter we gave the wrong name to the author of the report. We are sorry.\n";

/// A letter that two of three have got, and a draft that sets something right.
fn half_sent() -> (Workspace, Relay) {
    let (workspace, relay) = newsroom(3);
    workspace.run(&["send", "letter", "--yes", "--limit", "2"]);
    workspace.file("drafts/fix.md", FIX);
    (workspace, relay)
}

#[test]
fn a_follow_up_goes_to_exactly_those_who_got_the_first_each_under_their_own_message() {
    let (workspace, relay) = half_sent();
    let corrected = workspace.run(&["correct", "letter", "--draft", "fix", "--yes"]);
    assert_eq!(corrected.status, 0, "{corrected:#?}");
    assert!(corrected.stderr.contains("written into drafts/fix.md: follows: letter"));
    assert!(corrected.stderr.ends_with("next: announce resume letter\n"), "{corrected:#?}");
    let text = fs::read_to_string(workspace.path("drafts/fix.md")).expect("a draft");
    assert_eq!(text, FIX.replace("lists: [members]\n", "lists: [members]\nfollows: letter\n"));
    let mails = mails(&relay);
    assert_eq!(mails.keys().copied().collect::<Vec<_>>(), [0, 1]);
    for mails in mails.values() {
        assert_eq!(mails[1].answers.as_ref(), Some(&mails[0].id));
        assert!(!mails[1].text.contains("text/calendar"));
    }
    let status = workspace.run(&["status", "fix"]).stdout;
    assert!(status.contains("follows `letter`"), "{status}");
    let status = workspace.run(&["status", "letter"]).stdout;
    assert!(status.contains("by `fix`: 2 of 2 accepted"), "{status}");
}

#[test]
fn stopping_early_makes_a_correction_small_and_it_says_so() {
    let (workspace, _relay) = half_sent();
    let planned = workspace.run(&["correct", "letter", "--draft", "fix", "--dry-run"]);
    for text in [
        "to       2 people",
        "1 person has not got `letter` yet: `announce resume letter` sends it to them; if they",
    ] {
        assert!(planned.stdout.contains(text), "no `{text}` in {planned:#?}");
    }
    assert_eq!(fs::read_to_string(workspace.path("drafts/fix.md")).expect("a draft"), FIX);

    workspace.edit("drafts/letter.md", "long and busy", "short and busy");
    let planned = workspace.run(&["correct", "letter", "--draft", "fix", "--dry-run"]);
    assert!(planned.stdout.contains("sends it to them as it is now, and not this"), "{planned:#?}");
}

#[test]
fn the_rest_get_the_mended_text_and_no_follow_up() {
    let (workspace, relay) = half_sent();
    workspace.edit("drafts/letter.md", "long and busy", "short and busy");
    workspace.run(&["correct", "letter", "--draft", "fix", "--yes"]).fails_not();
    workspace.run(&["resume", "letter"]).fails_not();
    workspace.run(&["correct", "letter", "--draft", "fix", "--yes"]);
    let mails = mails(&relay);
    assert_eq!(mails[&0].len(), 2);
    assert!(mails[&0][0].text.contains("long and busy"));
    assert!(mails[&2][0].text.contains("short and busy"));
}

#[test]
fn a_draft_that_follows_a_campaign_is_sent_like_any_other() {
    let (workspace, relay) = half_sent();
    workspace.edit("drafts/fix.md", "lists: [members]\n", "follows: letter\n");
    workspace.run(&["check", "fix"]).fails_not();
    workspace.run(&["send", "fix", "--yes", "--limit", "1"]);
    workspace.run(&["resume", "fix"]).fails_not();
    assert_eq!(books(&workspace, "fix"), "accepted 2");
    assert_eq!(mails(&relay).len(), 2);
    // Whoever gets the letter later has not been told yet.
    workspace.run(&["resume", "letter"]).fails_not();
    workspace.run(&["send", "fix", "--yes"]).fails_not();
    assert_eq!(books(&workspace, "fix"), "accepted 3");
}

#[test]
fn a_follow_up_leaves_nobody_out() {
    let (workspace, relay) = half_sent();
    workspace.edit("drafts/fix.md", "lists: [members]", "follows: letter\nexclude: [members]");
    let refused = workspace.run(&["send", "fix", "--yes"]);
    refused.fails(1, &["drafts/fix.md:6:", "everybody who got `letter`", "`exclude`"]);
    workspace.edit("drafts/fix.md", "exclude: [members]\n", "");
    let refused = workspace.run(&["send", "fix", "--yes", "--where", "first_name=Ann"]);
    refused.fails(2, &["everybody who got `letter`", "--where"]);
    assert_eq!(mails(&relay).len(), 2);
}

#[test]
fn what_is_followed_has_to_be_known() {
    let (workspace, _relay) = half_sent();
    workspace.edit("drafts/fix.md", "lists: [members]", "follows: leter");
    workspace
        .run(&["send", "fix", "--yes"])
        .fails(1, &["drafts/fix.md:5:10", "no campaign `leter`", "did you mean `letter`?"]);
    workspace
        .run(&["correct", "letter", "--draft", "fix"])
        .fails(1, &["it follows `leter`, not `letter`"]);
    workspace
        .run(&["correct", "letter", "--draft", "letter"])
        .fails(2, &["is what people have got"]);
}

#[test]
fn a_plain_send_of_a_draft_that_has_followed_reaches_nobody_else() {
    let (workspace, relay) = half_sent();
    workspace.run(&["correct", "letter", "--draft", "fix", "--yes"]).fails_not();
    let again = workspace.run(&["send", "fix", "--yes"]);
    assert_eq!(again.status, 0, "{again:#?}");
    assert_eq!(mails(&relay).len(), 2);
    // Not even without the line that says so.
    workspace.edit("drafts/fix.md", "follows: letter\n", "");
    workspace.run(&["send", "fix", "--yes"]).fails(1, &["`follows`"]);
    assert_eq!(mails(&relay).len(), 2);
}

#[test]
fn a_clone_reads_a_follow_up_and_sends_none() {
    let (workspace, _relay) = half_sent();
    workspace.edit("drafts/fix.md", "lists: [members]", "follows: letter");
    fs::remove_dir_all(workspace.path(".announce")).expect("to forget all");
    fs::remove_dir_all(workspace.path(".xdg-state")).expect("to forget all");
    workspace.run(&["check", "fix"]).fails_not();
    workspace.run(&["send", "fix", "--yes"]).fails(1, &["known only where it was sent from"]);
}

#[test]
fn a_report_of_an_event_follows_it_and_changes_nothing_of_it() {
    let (workspace, relay) = newsroom(3);
    workspace.run(&["send", "talk", "--yes", "--limit", "2"]);
    workspace.file(
        "drafts/report.md",
        "---\nkind: roundup\nsubject: What was said about the hidden revolution\n\
         preheader: Three hours, forty guests and a great many questions afterwards\n\
         follows: talk\nevent: { starts: 2036-12-10 17:00, place: Town Hall }\n---\n\
         Thank you for coming: it was a long and lively evening, and here is what was said.\n",
    );
    workspace.run(&["send", "report", "--yes"]).fails_not();
    let status = workspace.run(&["status", "report"]).stdout;
    assert!(status.contains("follows `talk`"), "{status}");
    assert_eq!(books(&workspace, "talk"), "accepted 2, pending 1");
    let mails = mails(&relay);
    assert_eq!(mails[&0][1].answers.as_ref(), Some(&mails[&0][0].id));
    assert!(!mails[&0][1].text.contains("text/calendar"));
}

#[test]
fn a_plain_message_does_not_swallow_a_change_that_nobody_was_told_of() {
    let (workspace, relay) = newsroom(3);
    workspace.run(&["send", "talk", "--yes", "--limit", "2"]);
    super::move_room(&workspace);
    workspace.file("drafts/thanks.md", FIX.replace("lists: [members]", "follows: talk"));
    let refused = workspace.run(&["send", "thanks", "--yes"]);
    refused.fails(1, &["has another room by now", "`announce correct talk` tells them"]);
    workspace.run(&["correct", "talk", "--yes"]).fails_not();
    workspace.run(&["send", "thanks", "--yes"]).fails_not();
    workspace.run(&["resume", "talk"]).fails_not();
    assert_eq!(mails(&relay)[&0].len(), 3);

    // With nobody left to get it, its draft is nothing to a message of thanks.
    workspace.edit("drafts/talk.md", "Committee Room 14", "Committee Room 9");
    workspace.file("drafts/more.md", FIX.replace("lists: [members]", "follows: talk"));
    workspace.edit("drafts/more.md", "A name was wrong", "One more name was wrong");
    workspace.run(&["send", "more", "--yes"]).fails_not();
    let corrected = workspace.run(&["correct", "talk", "--yes"]);
    assert_eq!(corrected.status, 0, "{corrected:#?}");
    let last = mails(&relay)[&2].last().expect("mails").subject.clone();
    assert_eq!(last, "Room changed again: The hidden revolution");
}

#[test]
fn an_event_after_a_letter_is_an_event_of_its_own() {
    let (workspace, relay) = half_sent();
    for (name, room) in [("first", "Room 1, Town Hall"), ("second", "Room 2, Town Hall")] {
        let text = super::TALK
            .replace("lists: [members]", "follows: letter")
            .replace("Committee Room 20, Houses of Parliament", room)
            .replace("The hidden revolution", &format!("The {name} evening"));
        workspace.file(&format!("drafts/{name}.md"), text);
        workspace.run(&["send", name, "--yes"]).fails_not();
    }
    workspace.edit("drafts/first.md", "Room 1", "Room 3");
    workspace.run(&["correct", "first", "--yes"]).fails_not();
    workspace.run(&["cancel-event", "first", "--yes"]).fails_not();
    workspace.edit("drafts/second.md", "Room 2", "Room 4");
    workspace.run(&["correct", "second", "--yes"]).fails_not();
    let mails = mails(&relay);
    let [_, first, second, moved, off, other] = mails[&0].as_slice() else { panic!("{mails:?}") };
    assert_ne!(first.entry("UID"), second.entry("UID"));
    assert_eq!(moved.entry("UID"), first.entry("UID"));
    assert_eq!(off.entry("UID"), first.entry("UID"));
    assert_eq!(other.entry("UID"), second.entry("UID"));
    assert_eq!(other.answers.as_ref(), Some(&second.id));
}

#[test]
fn two_events_after_a_letter_are_corrected_apart() {
    let (workspace, relay) = half_sent();
    for (name, room) in [("first", "Room 1, Town Hall"), ("second", "Room 2, Town Hall")] {
        let text = super::TALK
            .replace("lists: [members]", "follows: letter")
            .replace("Committee Room 20, Houses of Parliament", room)
            .replace("The hidden revolution", &format!("The {name} evening"));
        workspace.file(&format!("drafts/{name}.md"), text);
        workspace.run(&["send", name, "--yes"]).fails_not();
    }
    workspace.edit("drafts/second.md", "Room 2", "Room 4");
    workspace.run(&["correct", "second", "--yes", "--limit", "1"]);
    assert_eq!(books(&workspace, "second~2"), "accepted 1, pending 1");
    workspace.edit("drafts/first.md", "Dear friend", "Dear friends");
    workspace.run(&["correct", "first", "--no-notice", "--yes"]).fails_not();
    workspace.edit("drafts/first.md", "Room 1", "Room 3");
    workspace.run(&["correct", "first", "--yes"]).fails_not();
    let last = mails(&relay)[&0].last().expect("mails").subject.clone();
    assert_eq!(last, "Room changed: The first evening");
    workspace.run(&["resume", "second~2"]).fails_not();
    assert_eq!(books(&workspace, "second~2"), "accepted 2");
}
