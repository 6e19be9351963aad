//! Each rule beside what comes near it.

use std::sync::LazyLock;

use super::*;
use crate::{
    diagnostic::Source,
    draft::{Kind, Kinds},
};

fn draft(front: &str) -> Draft {
    static KINDS: LazyLock<Kinds> = LazyLock::new(|| {
        let file = |name: &str, text: &str| Source::new(format!("templates/letter/{name}"), text);
        let schema = file("kind.toml", include_str!("../../../templates/letter/kind.toml"));
        let starter = file("draft.md", include_str!("../../../templates/letter/draft.md"));
        let kind = Kind::parse("letter", schema, starter).unwrap();
        [("letter".to_owned(), kind)].into()
    });
    let text = format!("---\nkind: letter\nsubject: The hall is open\n{front}\n---\nDear all,\n");
    Draft::parse("hall", Source::new("drafts/hall.md", text), &KINDS).unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// What is found about `draft`, a line each, when `bend` has changed what the books say.
fn found<'a>(draft: &'a Draft, bend: impl FnOnce(&mut History<'a>)) -> Vec<String> {
    static ZONE: LazyLock<TimeZone> = LazyLock::new(|| TimeZone::get("Europe/London").unwrap());
    let mut history = History {
        draft,
        campaign: "hall",
        digest: "d1",
        subject: "The hall is open",
        people: Some(100),
        is_frozen: false,
        earlier: Vec::new(),
        tested: None,
        cap: None,
        limits: Limits::default(),
        now: at("2026-12-10T09:00:00Z"),
        zone: &ZONE,
    };
    bend(&mut history);
    check(&history).iter().map(|found| format!("{}: {}", found.rule, found.fault)).collect()
}

fn earlier<'a>(id: &'a str, day: &str) -> Earlier<'a> {
    let at = at(&format!("{day}T09:00:00Z"));
    Earlier { id, digest: "d0", subject: "Christmas closing", lists: &[], people: None, at }
}

fn members() -> Draft {
    draft("lists: [members]")
}

#[test]
fn nothing_is_found_where_the_books_are_empty_or_tell_of_other_things() {
    let members = members();
    assert_eq!(found(&members, |_| {}), [""; 0]);
    let other = |history: &mut History<'_>| history.earlier.push(earlier("note", "2026-12-03"));
    assert_eq!(found(&members, other), [""; 0]);
}

#[test]
fn the_same_mail_under_another_id_is_named_with_its_day_and_told_once() {
    let repeat = |history: &mut History<'_>| {
        let same =
            |id, day| Earlier { digest: "d1", subject: "The hall is open", ..earlier(id, day) };
        history.earlier = vec![same("first", "2026-01-03"), same("second", "2026-12-03")];
        history.earlier.push(earlier("note", "2026-12-04"));
    };
    let expected =
        "S5/repeat: drafts/hall.md: the same mail was sent as `second` on 3 December 2026";
    assert_eq!(found(&members(), repeat), [expected]);
    let excluding = "lists: [members]\nexclude: [\"campaign:second\", press]";
    let told = found(&draft(excluding), repeat);
    assert!(told.len() == 1 && told[0].contains("`first` on 3 January 2026"), "{told:?}");
    let excluding = "lists: [members]\nexclude: [\"campaign:first\", \"campaign:second\"]";
    assert_eq!(found(&draft(excluding), repeat), [""; 0], "nobody gets it again");

    let begun = |history: &mut History<'_>| {
        repeat(history);
        history.is_frozen = true;
    };
    assert_eq!(found(&members(), begun), [""; 0], "that was decided when it was begun");
}

#[test]
fn a_subject_is_remembered_for_some_days_whatever_its_case_and_spaces() {
    let with = |subject: &'static str, day: &'static str| {
        found(&members(), move |history| {
            history.earlier.push(Earlier { subject, ..earlier("note", day) });
        })
    };
    for subject in ["The hall is open", "THE  hall is\topen "] {
        let expected = "S5/subject: drafts/hall.md:3:10: `note` had the same subject on \
                        10 November 2026";
        assert_eq!(with(subject, "2026-11-10"), [expected]);
        assert_eq!(with(subject, "2026-11-09"), [""; 0], "31 days");
    }
    assert_eq!(with("The hall is open again", "2026-12-09"), [""; 0]);
    let data = found(&members(), |history| {
        history.subject = "…";
        history.earlier.push(Earlier { subject: "…", ..earlier("note", "2026-12-09") });
    });
    assert_eq!(data, [""; 0], "all that is the same is that it is data");
}

#[test]
fn the_last_campaign_to_the_same_lists_is_the_measure_of_an_audience() {
    let both = ["friends".to_owned(), "members".to_owned()];
    let members_only = &both[1..];
    let draft = draft("lists: [members, friends]");
    let with = |now: Option<u64>, before: Option<u64>| {
        found(&draft, |history| {
            history.people = now;
            let first = Earlier { people: Some(1), lists: &both, ..earlier("old", "2026-11-01") };
            let last = Earlier { people: before, lists: &both, ..earlier("last", "2026-12-01") };
            let note = Earlier { people: Some(9_999), ..earlier("note", "2026-12-02") };
            history.earlier = vec![first, last, Earlier { lists: members_only, ..note }];
        })
    };
    let told = |people: &str, before: &str| {
        format!(
            "M10/size: drafts/hall.md:4:9: {people} would get it; `last` on 1 December 2026, to \
             the same lists, was for {before}"
        )
    };
    for (now, before, expected) in [
        (Some(1_301), Some(1_000), Some(told("1,301 people", "1,000"))),
        (Some(1_300), Some(1_000), None),
        (Some(700), Some(1_000), None),
        (Some(699), Some(1_000), Some(told("699 people", "1,000"))),
        (Some(1), Some(0), Some(told("1 person", "0"))),
        (Some(u64::MAX), Some(u64::MAX), None),
        (None, Some(1_000), None),
        (Some(5_000), None, None),
    ] {
        assert_eq!(with(now, before), Vec::from_iter(expected), "{now:?} {before:?}");
    }
}

#[test]
fn whoever_leaves_out_the_last_campaign_expects_another_audience() {
    let found_in = |front: &str| {
        let lists = ["members".to_owned()];
        let draft = draft(front);
        let mut last = earlier("last", "2026-12-01");
        last.people = Some(1_000);
        found(&draft, |history| history.earlier.push(Earlier { lists: &lists, ..last })).len()
    };
    assert_eq!(found_in("lists: [members]\nexclude: [last]"), 1, "a list of that name");
    assert_eq!(found_in("lists: [members]\nexclude: [\"campaign:last\"]"), 0);
}

#[test]
fn what_was_not_tested_as_it_is_now_is_told() {
    let tested = |digest: &'static str| {
        found(&members(), move |history| {
            history.tested = Some(Tested { digest, at: at("2026-07-03T08:00:00Z") });
        })
    };
    let expected = "C2/changed: drafts/hall.md: it is not what the last test mail showed, which \
                    was sent on Friday 3 July 2026 at 09:00";
    assert_eq!(tested("d0"), [expected]);
    assert_eq!(tested("d1"), [""; 0]);
}

#[test]
fn a_cap_is_told_with_what_it_leaves_also_of_what_was_begun_before() {
    let capped = found(&members(), |history| {
        history.is_frozen = true;
        let limit = "2000/day".to_owned();
        let ends = at("2026-12-12T18:30:00Z");
        history.cap = Some(Cap { limit, room: 1_500, people: 5_000, ends });
    });
    let expected = "C4/cap: drafts/hall.md: `2000/day` has room for 1,500 of 5,000 people now: \
                    the last of them can get it on Saturday 12 December 2026 at 18:30";
    assert_eq!(capped, [expected]);
}
