//! Events that do not take place.

use announce::{
    deliver::Stage,
    sandbox::{Act, Rule, Script},
};

use super::{books, mails, move_room, newsroom, newsroom_with};

#[test]
fn those_who_were_told_hear_of_it_and_nobody_else_is_invited_any_more() {
    let (workspace, relay) = newsroom(5);
    workspace.run(&["send", "talk", "--yes", "--limit", "3"]);
    let looked = workspace.run(&["cancel-event", "talk", "--dry-run"]);
    assert!(looked.stdout.contains("Cancelled: The hidden revolution"), "{looked:#?}");
    assert!(looked.stdout.contains("2 people have not got `talk` yet: they hear nothing of it"));
    let because = "The speaker is ill.";
    let cancelled = workspace.run(&["cancel-event", "talk", "--because", because, "--yes"]);
    assert_eq!(cancelled.status, 0, "{cancelled:#?}");
    let mails = mails(&relay);
    assert_eq!(mails.keys().copied().collect::<Vec<_>>(), [0, 1, 2]);
    for mails in mails.values() {
        let [told, cancelled] = mails.as_slice() else { panic!("{mails:?}") };
        assert_eq!(cancelled.subject, "Cancelled: The hidden revolution");
        assert_eq!(cancelled.answers.as_ref(), Some(&told.id));
        assert_eq!((told.method(), cancelled.method()), (Some("PUBLISH"), Some("CANCEL")));
        assert_eq!(cancelled.entry("STATUS").as_deref(), Some("CANCELLED"));
        assert_eq!(cancelled.entry("SEQUENCE").as_deref(), Some("1"));
        assert_eq!(cancelled.entry("UID"), told.entry("UID"));
        assert!(cancelled.text.contains(because));
    }
    assert_eq!(books(&workspace, "talk"), "accepted 3, cancelled 2");
    assert_eq!(books(&workspace, "talk~2"), "accepted 3");
    let status = workspace.run(&["status", "talk"]).stdout;
    assert!(status.contains("2 skipped: 2 cancelled"), "{status}");
    assert!(status.contains("by `talk~2`: 3 of 3 accepted"), "{status}");
}

#[test]
fn of_a_cancelled_event_nothing_more_is_said() {
    let (workspace, relay) = newsroom(3);
    workspace.run(&["send", "talk", "--yes", "--limit", "2"]);
    workspace.run(&["cancel-event", "talk", "--yes"]).fails_not();
    let resumed = workspace.run(&["resume", "talk"]);
    assert!(resumed.stderr.contains("sent to nobody any more"), "{resumed:#?}");
    let cancelled = &["the event of `talk` was cancelled by `talk~2`", "new draft"];
    workspace.run(&["send", "talk", "--yes"]).fails(1, cancelled);
    workspace.run(&["cancel-event", "talk", "--yes"]).fails(1, cancelled);
    move_room(&workspace);
    workspace.run(&["correct", "talk", "--yes"]).fails(1, cancelled);
    assert_eq!(mails(&relay).len(), 2);
}

#[test]
fn what_told_of_no_event_has_none_to_cancel() {
    let (workspace, _relay) = newsroom(2);
    workspace.run(&["send", "letter", "--yes"]).fails_not();
    workspace.run(&["cancel-event", "letter"]).fails(2, &["`letter` told of no event", "--draft"]);
    workspace.run(&["cancel-event", "leter"]).fails(2, &["no campaign", "`letter`"]);
}

#[test]
fn a_cancellation_says_when_and_where_it_was_to_be_also_after_a_correction() {
    let (workspace, relay) = newsroom(2);
    workspace.run(&["send", "talk", "--yes"]).fails_not();
    move_room(&workspace);
    workspace.run(&["correct", "talk", "--yes"]).fails_not();
    // What stands in the draft by now does not matter: people were told of room 14.
    workspace.edit("drafts/talk.md", "Committee Room 14", "Committee Room 3");
    workspace.run(&["cancel-event", "talk", "--yes"]).fails_not();
    let mails = mails(&relay);
    let last = &mails[&1][2];
    assert!(last.text.contains("Room 14") && !last.text.contains("Room 3,"), "{last:?}");
    assert_eq!(last.entry("SEQUENCE").as_deref(), Some("2"));
    assert_eq!(last.answers.as_ref(), Some(&mails[&1][0].id));
}

#[test]
fn nobody_in_doubt_is_invited_again_to_what_was_cancelled() {
    let (workspace, relay) = newsroom_with(2, |options| {
        let lose = Rule::at(Stage::Dot, vec![Act::Keep, Act::Drop]).message(1).times(1);
        options.script = Script::new().rule(lose);
    });
    workspace.run(&["send", "talk", "--yes"]);
    workspace.run(&["cancel-event", "talk", "--yes"]).fails_not();
    workspace.run(&["resolve", "talk", "--resend", "--yes"]).fails(1, &["has changed since"]);
    workspace.run(&["resolve", "talk", "--assume-sent", "--yes"]).fails_not();
    assert_eq!(mails(&relay)[&0].len(), 2);
}

#[test]
fn a_reason_is_never_dropped_for_one_that_was_saved_before() {
    let (workspace, relay) = newsroom(1);
    workspace.run(&["send", "talk", "--yes"]).fails_not();
    let ill = ["cancel-event", "talk", "--save", "--because", "The speaker is ill."];
    workspace.run(&ill).fails_not();
    let flood = ["cancel-event", "talk", "--yes", "--because", "The hall is flooded."];
    workspace.run(&flood).fails(1, &["drafts/talk~2.md", "`--because`"]);
    workspace.run(&["cancel-event", "talk", "--yes"]).fails_not();
    assert!(mails(&relay)[&0][1].text.contains("The speaker is ill."));
}
