//! A room that changes, before and after people were told.

use announce::{
    deliver::Stage,
    sandbox::{Act, Rule, Script},
};

use super::{books, listed, mails, move_room, newsroom, newsroom_with};

#[test]
fn after_60_of_100_there_are_60_corrections_and_40_get_the_right_room_once() {
    let (workspace, relay) = newsroom(100);
    assert_eq!(workspace.run(&["send", "talk", "--yes", "--limit", "60"]).status, 75);
    move_room(&workspace);
    let corrected = workspace.run(&["correct", "talk", "--yes"]);
    assert_eq!(corrected.status, 0, "{corrected:#?}");
    assert!(corrected.stderr.contains("drafts/talk.md:9: `event.place`: was `Committee Room 20"));
    assert!(corrected.stderr.ends_with("next: announce resume talk\n"), "{corrected:#?}");
    assert_eq!(mails(&relay).len(), 60, "the rest waits");
    assert_eq!(books(&workspace, "talk"), "accepted 60, pending 40");
    workspace.run(&["resume", "talk"]).fails_not();

    let mails = mails(&relay);
    assert_eq!(mails.len(), 100);
    let uid = mails[&0][0].entry("UID");
    assert!(uid.is_some());
    for (number, mails) in &mails {
        let rooms: Vec<bool> = mails.iter().map(|mail| mail.text.contains("Room 20")).collect();
        if *number < 60 {
            let [told, corrected] = mails.as_slice() else { panic!("{number}: {mails:?}") };
            assert_eq!(corrected.subject, "Room changed: The hidden revolution");
            assert_eq!(corrected.answers.as_ref(), Some(&told.id), "their own message");
            assert_eq!((told.entry("UID"), corrected.entry("UID")), (uid.clone(), uid.clone()));
            assert_eq!(told.entry("SEQUENCE").as_deref(), Some("0"));
            assert_eq!(corrected.entry("SEQUENCE").as_deref(), Some("1"));
            assert_eq!(told.entry("SUMMARY"), corrected.entry("SUMMARY"));
            assert_eq!(rooms, [true, true], "what was and what is");
            let place = corrected.entry("LOCATION").expect("a place");
            assert!(place.contains("Room 14"), "{place}");
        } else {
            let [told] = mails.as_slice() else { panic!("{number}: {mails:?}") };
            assert_eq!((rooms, &told.answers), (vec![false], &None));
            assert_eq!(told.subject, "Event: The hidden revolution");
            assert_eq!(told.entry("SEQUENCE").as_deref(), Some("1"));
            assert_eq!(told.entry("UID"), uid);
        }
    }
    let mut ids: Vec<&String> = mails.values().flatten().map(|mail| &mail.id).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 160, "each is a message of its own");
    assert_eq!(books(&workspace, "talk"), "accepted 100");
    assert_eq!(books(&workspace, "talk~2"), "accepted 60");
    for receipt in ["drafts/talk.sent.toml", "drafts/talk~2.sent.toml", "drafts/talk~2.md"] {
        assert!(workspace.path(receipt).exists(), "no {receipt}");
    }
}

#[test]
fn a_second_change_reaches_those_who_got_the_first_text_and_those_who_got_the_second() {
    let (workspace, relay) = newsroom(4);
    workspace.run(&["send", "talk", "--yes", "--limit", "2"]);
    move_room(&workspace);
    workspace.run(&["correct", "talk", "--yes"]).fails_not();
    workspace.run(&["resume", "talk"]).fails_not();
    workspace.edit("drafts/talk.md", "2036-12-10", "2036-12-11");
    workspace.run(&["correct", "talk", "--yes"]).fails_not();
    let mails = mails(&relay);
    let subjects =
        |number: usize| -> Vec<&str> { mails[&number].iter().map(|mail| &*mail.subject).collect() };
    let [event, room, date] = [
        "Event: The hidden revolution",
        "Room changed: The hidden revolution",
        "Date changed again: The hidden revolution",
    ];
    assert_eq!(subjects(0), [event, room, date]);
    assert_eq!(subjects(3), [event, date]);
    for (number, mails) in &mails {
        let (first, last) = (&mails[0], &mails[mails.len() - 1]);
        assert_eq!(last.answers.as_ref(), Some(&first.id), "{number}");
        assert_eq!(last.entry("SEQUENCE").as_deref(), Some("2"));
        assert_eq!(last.entry("UID"), first.entry("UID"));
    }
    let status = workspace.run(&["status", "talk"]).stdout;
    assert!(status.contains("by `talk~2`: 2 of 2 accepted"), "{status}");
    assert!(status.contains("by `talk~3`: 4 of 4 accepted"), "{status}");
    let json = workspace.run(&["status", "talk~3", "--json"]).json();
    assert_eq!((&json["follows"], &json["relation"]), (&"talk".into(), &"correction".into()));
    let json = workspace.run(&["status", "talk", "--json"]).json();
    assert_eq!(json["followed_by"], serde_json::json!(["talk~2", "talk~3"]));
}

#[test]
fn the_uncertain_are_corrected_the_refused_are_not_and_the_deferred_get_the_right_room() {
    let (workspace, relay) = newsroom_with(5, |options| {
        options.script = Script::new()
            .rule(Rule::at(Stage::Rcpt, vec![Act::reply("550 5.1.1 nobody")]).message(2).times(1))
            .rule(Rule::at(Stage::Rcpt, vec![Act::reply("450 4.2.0 later")]).message(3).times(1))
            .rule(Rule::at(Stage::Dot, vec![Act::Keep, Act::Drop]).message(4).times(1));
    });
    workspace.run(&["send", "talk", "--yes", "--limit", "4"]);
    assert_eq!(
        books(&workspace, "talk"),
        "accepted 1, rejected 1, deferred 1, uncertain 1, pending 1"
    );
    move_room(&workspace);
    let planned = workspace.run(&["correct", "talk", "--dry-run"]);
    assert!(planned.stdout.contains("to       2 people"), "{planned:#?}");
    assert!(planned.stdout.contains("2 people have not got `talk` yet"), "{planned:#?}");
    workspace.run(&["correct", "talk", "--yes"]).fails_not();
    assert_eq!(books(&workspace, "talk~2"), "accepted 2");
    let refused = workspace.run(&["resolve", "talk", "--resend", "--yes"]);
    refused.fails(1, &["has changed since", "--assume-sent"]);
    assert_eq!(
        books(&workspace, "talk"),
        "accepted 1, rejected 1, deferred 1, uncertain 1, pending 1",
        "the deferred one waits for its time, and the last for somebody"
    );
    let mails = mails(&relay);
    let count = |number: usize| mails.get(&number).map_or(0, Vec::len);
    assert_eq!([0, 1, 2, 3, 4].map(count), [2, 0, 0, 2, 0]);
}

#[test]
fn who_is_on_no_list_any_more_is_gone_and_who_moved_to_another_list_is_found_there() {
    let (workspace, relay) = newsroom(4);
    workspace.run(&["send", "talk", "--yes", "--limit", "3"]);
    workspace.edit(
        "announce.toml",
        "[lists]\n",
        "[lists]\npress = { file = \"lists/press.csv\", title = \"You write about us.\" }\n",
    );
    workspace
        .file("lists/press.csv", "email,paper\nP1@One.example,The Example\nnew@one.example,X\n");
    listed(&workspace, [2]);
    workspace.run(&["suppress", "add", "p2@one.example"]).fails_not();
    move_room(&workspace);
    let corrected = workspace.run(&["correct", "talk", "--yes"]);
    assert_eq!(corrected.status, 0, "{corrected:#?}");
    assert_eq!(books(&workspace, "talk~2"), "accepted 1, gone 1, suppressed 1");
    assert_eq!(books(&workspace, "talk"), "accepted 3, gone 1", "nobody is lost in silence");
    let mails = mails(&relay);
    assert!(mails[&1][1].text.contains("You write about us."), "{:?}", mails[&1][1]);
    assert_eq!(mails.values().map(Vec::len).sum::<usize>(), 4);
}

#[test]
fn nobody_needs_a_correction_of_what_nobody_has_got() {
    let (workspace, relay) = newsroom_with(2, |options| {
        options.script =
            Script::new().rule(Rule::at(Stage::Rcpt, vec![Act::reply("450 4.2.0 later")]).times(1));
    });
    workspace.run(&["send", "talk", "--yes", "--limit", "1"]);
    assert_eq!(books(&workspace, "talk"), "deferred 1, pending 1");
    move_room(&workspace);
    let corrected = workspace.run(&["correct", "talk", "--yes"]);
    assert_eq!(corrected.status, 0, "{corrected:#?}");
    assert!(corrected.stderr.contains("nobody has got it yet: 2 people are still to get it"));
    assert!(corrected.stderr.ends_with("next: announce resume talk\n"), "{corrected:#?}");
    assert!(!workspace.path("drafts/talk~2.md").exists());
    workspace.run(&["resume", "talk"]);
    let mails = mails(&relay);
    assert_eq!(mails[&1].len(), 1);
    assert!(mails[&1][0].text.contains("Room 14"));
}

#[test]
fn a_copy_that_would_have_a_hole_stops_the_correction_before_anything_changes() {
    let (workspace, relay) = newsroom(3);
    workspace.run(&["send", "talk", "--yes", "--limit", "1"]);
    move_room(&workspace);
    workspace.edit("drafts/talk.md", "Dear friend", "Dear {{first_name}}");
    workspace.members(&[
        ("p0@one.example", "Ann"),
        ("p1@one.example", ""),
        ("p2@one.example", "Bo"),
    ]);
    workspace.run(&["correct", "talk", "--yes"]).fails(1, &["`first_name`", "line 3"]);
    assert_eq!(books(&workspace, "talk"), "accepted 1, pending 2");
    workspace.run(&["status", "talk~2"]).fails(2, &["no campaign `talk~2`"]);
    assert_eq!(mails(&relay).len(), 1);

    // The new text may ask for what the old one did not: it comes from the lists.
    workspace.members(&[
        ("p0@one.example", "Ann"),
        ("p1@one.example", "Bo"),
        ("p2@one.example", "Cho"),
    ]);
    workspace.run(&["correct", "talk", "--yes"]).fails_not();
    workspace.run(&["resume", "talk"]).fails_not();
    assert!(mails(&relay)[&2][0].text.contains("Dear Cho"));
}

#[test]
fn a_correction_overtakes_the_one_before_it_and_nothing_else_does() {
    let (workspace, relay) = newsroom(4);
    workspace.run(&["send", "talk", "--yes", "--limit", "3"]);
    move_room(&workspace);
    workspace.run(&["correct", "talk", "--yes", "--limit", "1"]);
    assert_eq!(books(&workspace, "talk~2"), "accepted 1, pending 2");
    let again = workspace.run(&["correct", "talk", "--yes"]);
    assert_eq!(again.status, 75, "{again:#?}");
    assert!(again.stderr.ends_with("next: announce resume talk~2\n"), "{again:#?}");
    // A mended sentence must not take the correction away from those who have not got it.
    workspace.edit("drafts/talk.md", "Dear friend", "Dear friends");
    workspace
        .run(&["correct", "talk", "--no-notice", "--yes"])
        .fails(1, &["2 people are still to hear of the change that `talk~2` tells of"]);
    workspace.file(
        "drafts/more.md",
        "---\nkind: letter\nsubject: There will be tea and cake\n\
         preheader: Come early if you can, and bring a friend along with you\n---\n\
         There will be tea and cake before the talk, from four in the afternoon.\n",
    );
    workspace
        .run(&["correct", "talk", "--draft", "more", "--yes"])
        .fails(1, &["2 people are still to hear", "`announce resume talk~2` first"]);

    workspace.edit("drafts/talk.md", "Committee Room 14", "Committee Room 9");
    workspace.run(&["correct", "talk", "--yes"]).fails_not();
    assert_eq!(books(&workspace, "talk~2"), "accepted 1, cancelled 2");
    assert_eq!(books(&workspace, "talk~3"), "accepted 3");
    workspace.run(&["resume", "talk~2"]).fails_not();
    workspace.run(&["resume", "talk"]).fails_not();
    let mails = mails(&relay);
    let count = |number: usize| mails[&number].len();
    assert_eq!([0, 1, 2, 3].map(count), [3, 2, 2, 1]);
    // Two of them have heard of no change before: this tells them of all.
    assert!(mails[&1][1].text.contains("Committee Room 20"), "{:?}", mails[&1][1]);
    assert!(
        mails.values().all(|mails| mails.last().is_some_and(|mail| mail.text.contains("Room 9")))
    );
}

#[test]
fn whoever_leaves_by_a_corrected_mail_is_known_by_its_token() {
    let (workspace, relay) = newsroom(2);
    workspace.run(&["send", "talk", "--yes", "--limit", "1"]);
    move_room(&workspace);
    workspace.run(&["correct", "talk", "--yes"]).fails_not();
    workspace.run(&["resume", "talk"]).fails_not();
    let mails = mails(&relay);
    for (mail, name) in [(&mails[&1][0], "p1"), (&mails[&0][1], "p0"), (&mails[&0][0], "p0")] {
        let token = mail.text.split("subject=unsubscribe%20").nth(1).expect("a way out");
        let token: String = token.chars().take(26).collect();
        let left = workspace.run(&["suppress", "add", &format!("unsubscribe {token}")]);
        assert_eq!(left.status, 0, "{name}: {left:#?}");
    }
    let list = workspace.run(&["suppress", "list"]).stdout;
    assert_eq!(list.lines().count(), 3, "a head and two people: {list}");
}

#[test]
fn nobody_is_sent_to_the_old_room_by_a_resume_that_nobody_thought_about() {
    let (workspace, relay) = newsroom(3);
    workspace.run(&["send", "talk", "--yes", "--limit", "1"]);
    move_room(&workspace);
    let texts =
        ["the room of `talk` was `Committee Room 20", "`announce correct talk`", "--as-it-was"];
    workspace.run(&["resume", "talk"]).fails(1, &texts);
    let status = workspace.run(&["status", "talk"]);
    assert!(status.stdout.contains("drafts/talk.md has another room by now"), "{status:#?}");
    assert!(status.stderr.ends_with("next: announce correct talk\n"), "{status:#?}");
    workspace.run(&["resume", "talk", "--as-it-was"]).fails_not();
    assert_eq!(mails(&relay).len(), 3);
    workspace.run(&["correct", "talk", "--yes", "--limit", "1"]);
    let status = workspace.run(&["status", "talk"]);
    assert!(status.stderr.ends_with("next: announce resume talk~2\n"), "{status:#?}");
}

#[test]
fn whoever_was_only_told_of_the_new_room_hears_of_no_change() {
    let (workspace, relay) = newsroom(4);
    workspace.run(&["send", "talk", "--yes", "--limit", "2"]);
    move_room(&workspace);
    workspace.run(&["correct", "talk", "--yes"]).fails_not();
    workspace.run(&["resume", "talk"]).fails_not();
    listed(&workspace, 0..5);
    workspace.run(&["send", "talk", "--yes"]).fails_not();
    let again = workspace.run(&["send", "talk~2", "--yes"]);
    assert_eq!(again.status, 0, "{again:#?}");
    let mails = mails(&relay);
    let count = |number: usize| mails[&number].len();
    assert_eq!([0, 1, 2, 3, 4].map(count), [2, 2, 1, 1, 1]);
    workspace.run(&["send", "talk~2", "--as", "other", "--yes"]).fails(2, &["keeps the name"]);
}

#[test]
fn an_entry_that_stands_in_calendars_is_brought_up_to_date_whatever_the_draft_says_by_now() {
    let (workspace, relay) = newsroom(1);
    workspace.run(&["send", "talk", "--yes"]).fails_not();
    move_room(&workspace);
    workspace.edit("drafts/talk.md", "lists: [members]", "lists: [members]\ncalendar: false");
    workspace.run(&["correct", "talk", "--yes"]).fails_not();
    workspace.run(&["cancel-event", "talk", "--yes"]).fails_not();
    let mails = mails(&relay);
    let methods: Vec<Option<&str>> = mails[&0].iter().map(super::Mail::method).collect();
    assert_eq!(methods, [Some("PUBLISH"), Some("PUBLISH"), Some("CANCEL")]);
}
