//! What each rule says, and where.

use super::*;
use crate::check::Level;

/// A notice of an event on Thursday 3 December 2026.
fn notice(front: &str, body: &str) -> String {
    format!(
        "---\nkind: event\nsubject: Life across the border\nlists: [members]\n\
         event:\n  starts: 2026-12-03 17:00\n  ends: 2026-12-03 18:30\n  \
         place: Committee Room 17\n{front}---\n{body}\n"
    )
}

/// What is found in a notice that goes out on Friday 20 November at 9:00.
fn found(body: &str) -> Vec<String> {
    findings(&notice("send_at: 2026-11-20 09:00\n", body), None).iter().map(shown).collect()
}

/// The one thing that is found.
fn one(body: &str) -> String {
    let found = found(body);
    assert_eq!(found.len(), 1, "{body}: {found:?}");
    found.into_iter().next().unwrap()
}

#[test]
fn a_finding_says_what_is_wrong_and_how_to_mend_it() {
    for (body, expected) in [
        (
            "We sit on *Friday* 3 December.",
            "B4/weekday 11:12 [Friday* 3 December]: `Friday 3 December` is a Thursday in 2026 \
             (write `Thursday 3 December`, the day of the event)",
        ),
        (
            "Closed on Tuesday 8 and Thursday 9 December 2026.",
            "B4/weekday 11:11 [Tuesday 8 and Thursday 9 December 2026]: `Thursday 9 December \
             2026` is a Wednesday (write `Wednesday 9 December 2026`, or `Thursday 10 December \
             2026`)",
        ),
        (
            "Closed on Friday 3 and Saturday 4 December.",
            "B4/weekday 11:11 [Friday 3 and Saturday 4 December]: `Friday 3 December` is a \
             Thursday in 2026, and `Saturday 4 December` is a Friday in 2026 (write `Thursday 3 \
             December`, the day of the event; write `Friday 4 December`, or `Saturday 5 December`)",
        ),
        (
            "12월 9일(목)에 쉽니다.",
            "B4/weekday 11:1 [12월 9일(목)]: `12월 9일(목)` is a Wednesday in 2026 (write `12월 \
             9일(수)`, or `12월 10일(목)`)",
        ),
        (
            "Closed from Thursday 31 June.",
            "B4/weekday 11:13 [Thursday 31 June]: there is no `Thursday 31 June` (June has fewer \
             days: write the right one)",
        ),
        (
            "Closed on 29 February 2027.",
            "B4/weekday 11:11 [29 February 2027]: there is no `29 February 2027` (2027 is no leap \
             year: write the right day)",
        ),
        (
            "It begins tomorrow (3 December).",
            "B4/weekday 11:11 [tomorrow (3 December]: seen from the day of sending, `tomorrow` is \
             `Saturday 21 November` (leave out `tomorrow`, or write the date that it means)",
        ),
        (
            "Open 18:30–17:00.",
            "B5/order 11:6 [18:30–17:00]: `18:30–17:00` ends before it begins (swap the two \
             times, or set the wrong one right)",
        ),
        (
            "On show 9–5 December.",
            "B5/order 11:9 [9–5 December]: `9–5 December` ends before it begins (swap the two \
             days, or set the wrong one right)",
        ),
        (
            "Register by 18 November.",
            "B5/rsvp 11:13 [18 November]: the deadline `18 November 2026` is past when the mail \
             goes out (set a day from `20 November` to `3 December`)",
        ),
        (
            "Register by Friday 4 December.",
            "B5/rsvp 11:13 [Friday 4 December]: the deadline `4 December 2026` is after the \
             event, which is on `3 December` (set a day before `3 December`)",
        ),
        (
            "Register by Thursday 3 December, 18:00.",
            "B5/rsvp 11:13 [Thursday 3 December]: the deadline on `3 December 2026` is after the \
             event starts at `17:00` (set an earlier time, or a day before)",
        ),
        (
            "Join us on Friday 4 December.",
            "B5/differs 11:12 [Friday 4 December]: the text says `Friday 4 December`, and \
             `event.starts` says `Thursday 3 December` (write `Thursday 3 December`, or change \
             `event.starts`)",
        ),
        (
            "The meeting ends at 18:00.",
            "B5/differs 11:21 [18:00]: the text says `18:00`, and `event.ends` says `18:30` \
             (write `18:30`, or change `event.ends`)",
        ),
        (
            "We meet in Committee Room 20.",
            "B5/differs 11:22 [Room 20]: the text says `Room 20`, and `event.place` says \
             `Committee Room 17` (change the text or `event.place`, whichever is wrong)",
        ),
    ] {
        assert_eq!(one(body).trim_start_matches(' '), expected, "{body}");
    }
}

#[test]
fn numbers_are_read_as_the_drafts_language_writes_them() {
    let judge = |language: &str, body: &str| {
        let front = format!("send_at: 2026-11-20 09:00\nlanguage: {language}\n");
        findings(&notice(&front, body), None).len()
    };
    // 3 December 2026 is a Thursday, 12 March 2026 too; 4 December a Friday, 12 April a Sunday.
    assert_eq!(judge("en-GB", "Closed on Fri 4/12/2026."), 0);
    assert_eq!(judge("en-US", "Closed on Fri 4/12/2026."), 1);
    assert_eq!(judge("en-US", "Closed on Sun 4/12/2026."), 0);
    assert_eq!(judge("en", "Closed on Fri 4/12/2026."), 0);
    assert_eq!(judge("en", "Closed on Sun 4/12/2026."), 0);
    assert_eq!(judge("en", "Closed on Mon 4/12/2026."), 1);
    assert_eq!(judge("de", "Zu am So 4.12."), 1);
    assert_eq!(judge("de", "Zu am Fr 4.12."), 0);
}

#[test]
fn this_friday_is_wrong_in_the_week_before_a_thursday() {
    let on = |day: &str, body: &str| {
        findings(&notice(&format!("send_at: {day} 09:00\n"), body), None).len()
    };
    assert_eq!(on("2026-11-30", "Join us this Friday."), 1);
    assert_eq!(on("2026-11-30", "Join us this Thursday."), 0);
    assert_eq!(on("2026-11-30", "This Friday the papers come out."), 0);
    assert_eq!(on("2026-11-20", "Join us this Friday."), 0);
}

#[test]
fn an_event_is_past_when_it_has_ended_at_the_judged_time() {
    let at = |time: &str, kind: &str| {
        let text = notice("", "Come.").replace("kind: event", &format!("kind: {kind}"));
        let found = findings(&text, Some(time.parse().unwrap()));
        found.iter().filter(|found| found.rule.name == "past-event").map(shown).next()
    };
    assert_eq!(at("2026-12-03T18:30", "event"), None);
    assert_eq!(at("2026-12-03T18:31", "roundup"), None);
    assert!(at("2026-12-03T18:31", "programme").is_some());
    assert_eq!(
        at("2026-12-03T18:31", "event").unwrap(),
        "B5/past-event 7:3 [ends: 2026-12-03 18:30]: the event ended on `3 December 2026 at \
         18:30`, before this mail goes out (change `event.ends`, or do not send it)"
    );
}

#[test]
fn a_day_of_an_event_years_ahead_is_of_its_year() {
    // 3 December is a Thursday in 2026 and in 2037, and not in most years between them.
    let found = |body: &str| {
        let text = notice("", body).replace("2026-12-03", "2037-12-03");
        findings(&text, Some("2026-11-20T09:00".parse().unwrap()))
    };
    assert_eq!(
        found("We meet on Thursday 3 December. Before that, on Monday 2 March, we walk."),
        []
    );
    assert!(found("We meet on Thursday 3 December 2036.").iter().any(|f| f.rule.code == "B4"));
}

#[test]
fn the_end_of_the_front_matter_is_after_its_start() {
    let text = notice("send_at: 2026-11-20 09:00\n", "Come.").replace("18:30", "16:30");
    let found: Vec<String> = findings(&text, None).iter().map(shown).collect();
    assert_eq!(
        found,
        ["B5/order 7:3 [ends: 2026-12-03 16:30]: the event ends at `2026-12-03 16:30`, before \
             it starts at `2026-12-03 17:00` (set `event.ends` to a later time)"]
    );
}

#[test]
fn clocks_are_those_of_the_sender_and_of_the_event() {
    let at = |send: &str, starts: &str, zone: &str| {
        let text = format!(
            "---\nkind: event\nsubject: S\nlists: [members]\nsend_at: {send}\n\
             calendar: false\nevent:\n  \
             {zone}starts: {starts}\n  place: Here\n---\nText\n"
        );
        let found = findings(&text, None);
        let found = found.iter().map(|found| (found.rule.name, found.level));
        found.collect::<Vec<_>>()
    };
    let (note, warning) = (Level::Note, Level::Warning);
    let seoul = "timezone: Asia/Seoul\n  ";
    for (send, starts, zone, expected) in [
        ("2026-10-20 09:00", "2026-10-22 17:00", "", vec![]),
        ("2026-10-20 09:00", "2026-10-29 17:00", "", vec![("clock-change", note)]),
        ("2026-10-20 09:00", "2026-10-29 17:00", seoul, vec![]),
        (
            "2026-03-20 09:00",
            "2026-03-29 01:30",
            "",
            vec![("gap", warning), ("clock-change", note)],
        ),
        ("2026-10-25 01:30", "2026-10-25 12:00", seoul, vec![("gap", warning), ("hours", note)]),
        ("2026-06-05 22:00", "2026-06-11 17:00", "", vec![("hours", note)]),
        ("2026-06-05 06:59", "2026-06-11 17:00", "", vec![("hours", note)]),
        ("2026-06-06 12:00", "2026-06-11 17:00", "", vec![("hours", note)]),
        ("2026-06-05 07:00", "2026-06-11 17:00", "", vec![]),
        ("2026-06-05 21:59", "2026-06-11 17:00", "", vec![]),
    ] {
        assert_eq!(at(send, starts, zone), expected, "{send} {starts} {zone}");
    }
}

#[test]
fn rules_have_names_of_their_own_and_texts_that_end() {
    let mut names: Vec<String> = RULES.iter().map(ToString::to_string).collect();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), RULES.len());
    for rule in RULES {
        assert!(rule.why.ends_with('.') && rule.mend.ends_with('.'), "{rule}");
        assert!(!rule.title.ends_with('.'), "{rule}");
    }
}

/// What is found in a notice of whole days.
fn of_days(front: &str, body: &str) -> Vec<String> {
    let text = format!(
        "---\nkind: event\nsubject: Life across the border\nlists: [members]\n\
         event:\n{front}  place: Committee Room 17\n---\n{body}\n"
    );
    let sent = "2026-11-20T09:00".parse().unwrap();
    findings(&text, Some(sent)).iter().map(shown).collect()
}

#[test]
fn whole_days_have_no_hour_to_differ_from() {
    let text = "We meet at 10:00, and close at 17:30. Clocks have changed.";
    assert_eq!(of_days("  starts: 2026-12-03\n  ends: 2026-12-04\n", text), [""; 0]);
    // Midnight is left out there.
    let santiago = "  timezone: America/Santiago\n  starts: 2027-09-05\n";
    assert_eq!(of_days(santiago, "Please come."), [""; 0]);
}

#[test]
fn whole_days_are_over_when_the_last_is() {
    assert_eq!(of_days("  starts: 2026-11-20\n", "Please come."), [""; 0]);
    assert_eq!(of_days("  starts: 2026-11-18\n  ends: 2026-11-20\n", "Please come."), [""; 0]);
    assert_eq!(
        of_days("  starts: 2026-11-18\n  ends: 2026-11-19\n", "Please come."),
        ["B5/past-event 7:3 [ends: 2026-11-19]: the event ended on `19 November 2026`, before \
             this mail goes out (change `event.ends`, or do not send it)"]
    );
    assert_eq!(
        of_days("  starts: 2026-11-19\n", "Please come."),
        ["B5/past-event 6:3 [starts: 2026-11-19]: the event was on `19 November 2026`, before \
             this mail goes out (change `event.starts`, or do not send it)"]
    );
}

#[test]
fn whole_days_end_on_a_day() {
    assert_eq!(
        of_days("  starts: 2026-12-03\n  ends: 2026-12-02\n", "Please come."),
        ["B5/order 7:3 [ends: 2026-12-02]: the event ends on `2026-12-02`, before it starts on \
             `2026-12-03` (set `event.ends` to a later day)"]
    );
}
