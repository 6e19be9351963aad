//! Claims about exhibits and the differences between them.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::{hunk::hunks, *};

fn table(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

fn exhibit() -> Exhibit {
    let front = json!({
        "kind": "event", "subject": "An evening", "preheader": null,
        "attachments": [{ "file": "files/a.pdf", "title": null }],
        "event": { "starts": "2026-12-03T18:30", "speakers": [{ "name": "Jieun Baek" }] },
    });
    Exhibit {
        shape: Shape {
            front_matter: table(front),
            body: "Dear {{first_name}},\n\nWe meet at 6 o'clock.\n".into(),
            templates: BTreeMap::from([
                ("event/text.hbs".to_owned(), "{{{body}}}\n".into()),
                ("layout.text.hbs".to_owned(), "{{> event}}\nKind regards,\n".into()),
            ]),
            files: vec![Filed::new("files/a.pdf", b"paper"), Filed::new("files/b.jpg", b"photo")],
            settings: table(json!({ "sender": { "name": "Example Group" }, "titles": ["Hello."] })),
            columns: vec!["first_name".to_owned()],
        },
        audience: Audience {
            lists: vec!["members".to_owned(), "press".to_owned()],
            filter: vec![("city".to_owned(), vec!["London".to_owned(), "Leeds".to_owned()])],
            exclude: Vec::new(),
        },
    }
}

/// What is said about a change to the exhibit, with the lines of a text.
fn told(edit: impl FnOnce(&mut Exhibit)) -> Vec<String> {
    let mut now = exhibit();
    edit(&mut now);
    let told = changes(&exhibit(), &now);
    assert!(!told.is_empty(), "every change is told");
    told.iter().flat_map(|change| [vec![change.words()], change.diff()].concat()).collect()
}

#[test]
fn nothing_has_changed_in_the_same() {
    assert_eq!(changes(&exhibit(), &exhibit()), []);
}

#[test]
fn a_changed_line_is_shown_as_it_was_and_is() {
    let edit =
        |now: &mut Exhibit| now.shape.body = "Dear {{first_name}},\n\nWe meet at 7.\n".into();
    assert_eq!(
        told(edit),
        ["this line was `We meet at 6 o'clock.`", "- We meet at 6 o'clock.", "+ We meet at 7."]
    );
}

#[test]
fn what_eyes_cannot_see_is_made_visible() {
    for (was, is, expected) in [
        ("Regards,\n", "Regards, \n", "this line was `Regards,`, and is `Regards,␣`"),
        ("a b\n", "a  b\n", "this line was `a b`, and is `a ␣b`"),
        ("a b\n", "a\u{a0}b\n", "this line was `a␣b`, and is `a<U+00A0>b`"),
        ("ab\n", "a\u{200b}b\n", "this line was `ab`, and is `a<U+200B>b`"),
        ("  a\n", "\ta\n", "this line was `␣␣a`, and is `<TAB>a`"),
        ("a\n", "a\rb\n", "this line was `a`, and is `a<U+000D>b`"),
        ("a\n", "a", "this line was `a`, and is `a<no line end>`"),
        ("London\n", "L\u{43e}ndon\n", "this line was `London`: U+006F became U+043E"),
        ("caf\u{e9}\n", "cafe\u{301}\n", "this line was `café`: U+00E9 became U+0065 U+0301"),
        ("\u{ac00}\n", "\u{b098}\n", "this line was `가`"),
    ] {
        let words: Vec<String> = hunks(was, is).iter().map(Hunk::words).collect();
        assert_eq!(words, [expected], "{was:?} to {is:?}");
    }
}

#[test]
fn of_a_long_line_the_part_around_the_change_is_shown() {
    let was = format!("{}<b>{}", "x".repeat(3_000), "y".repeat(3_000));
    let is = was.replace("<b>", "<i>");
    let [hunk] = &hunks(&was, &is)[..] else { panic!("one line") };
    for (line, tag) in hunk.diff().iter().zip(["- …", "+ …"]) {
        assert!(line.starts_with(tag) && line.ends_with('…'), "{line}");
        assert!(line.chars().count() < 110 && (line.contains("<b>") || line.contains("<i>")));
    }
    assert_eq!(hunk.changed(), Some(3_001..3_002));
}

#[test]
fn lines_that_came_and_went_are_told_where_they_stand_now() {
    let at = |was: &str, is: &str| -> Vec<(usize, String)> {
        hunks(was, is).iter().map(|hunk| (hunk.line, hunk.words())).collect()
    };
    assert_eq!(at("a\nb\n", "a\nx\nb\n"), [(2, "this line is new".to_owned())]);
    assert_eq!(at("a\nb\n", "x\ny\na\nb\n"), [(1, "these 2 lines are new".to_owned())]);
    assert_eq!(at("a\nb\nc\n", "a\nc\n"), [(2, "a line is gone from here: `b`".to_owned())]);
    assert_eq!(at("a\nb\n", ""), [(1, "2 lines are gone from here: `a` / `b`".to_owned())]);
    assert_eq!(at("a\nb\nc\n", "a\nx\ny\nc\n"), [(2, "here stood `b`".to_owned())]);
    let five = "1\n2\n3\n4\n5\n";
    let gone = "5 lines are gone from here: `1` / `2` / `3` and 2 more lines".to_owned();
    assert_eq!(at(five, ""), [(1, gone)]);
    let two = at("a\nb\n", "A\nB\n");
    assert_eq!(two, [(1, "this line was `a`".to_owned()), (2, "this line was `b`".to_owned())]);
    let both = at("a\nb\nc\nd\n", "A\nb\nc\nD\n");
    assert_eq!(both.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [1, 4]);
}

#[test]
fn a_text_with_nothing_in_common_is_told_in_few_lines_and_at_once() {
    let long = |sign: &str| (0..30_000).map(|n| format!("{sign}{n}\n")).collect::<String>();
    let [hunk] = &hunks(&long("a"), &long("b"))[..] else { panic!("one hunk") };
    assert_eq!(hunk.diff().len(), 18);
    assert_eq!(hunk.diff()[8], "- … 29,992 more lines");
}

#[test]
fn every_part_is_told_by_its_name() {
    let set = |key: &'static str, value: Value| {
        move |now: &mut Exhibit| {
            now.shape.front_matter.insert(key.to_owned(), value);
        }
    };
    assert_eq!(
        told(set("subject", json!("A night"))),
        ["`subject`: was `An evening`, is `A night`"]
    );
    assert_eq!(told(set("preheader", json!("Come"))), ["`preheader`: is new: `Come`"]);
    let later = json!({ "starts": "2026-12-03T19:00", "speakers": [{ "name": "Jieun Baek" }] });
    assert_eq!(
        told(set("event", later)),
        ["`event.starts`: was `2026-12-03T18:30`, is `2026-12-03T19:00`"]
    );
    let alone = json!({ "starts": "2026-12-03T18:30", "speakers": [] });
    assert_eq!(
        told(set("event", alone)),
        ["`event.speakers[1].name`: is gone; it was `Jieun Baek`"]
    );
    assert_eq!(told(set("preheader", json!([]))), ["`preheader`: was `null`, is `[]`"]);

    let file = |path: &'static str, bytes: &'static [u8]| {
        move |now: &mut Exhibit| {
            now.shape.files[1] = Filed::new(path, bytes);
        }
    };
    assert_eq!(told(file("files/b.jpg", b"photos")), ["`files/b.jpg`: 6 bytes, was 5"]);
    assert_eq!(told(file("files/b.jpg", b"pHoto")), ["`files/b.jpg`: same size, other bytes"]);
    assert_eq!(
        told(file("files/c.jpg", b"photo")),
        ["`files/b.jpg`: travels along no longer", "`files/c.jpg`: is new"]
    );

    let name = |now: &mut Exhibit| {
        now.shape.settings.insert("sender".to_owned(), json!({ "name": "Example Croup" }));
    };
    assert_eq!(told(name), ["`sender.name`: was `Example Group`, is `Example Croup`"]);
    let columns = |now: &mut Exhibit| now.shape.columns.push("city".to_owned());
    assert_eq!(
        told(columns),
        ["columns of the lists that it shows: first_name → first_name, city"]
    );

    let template = |now: &mut Exhibit| {
        let text = now.shape.templates.remove("event/text.hbs").unwrap();
        now.shape.templates.insert("event/html.hbs".to_owned(), text);
    };
    assert_eq!(
        told(template),
        ["`templates/event/html.hbs`: is new", "`templates/event/text.hbs`: is no longer used"]
    );
}

#[test]
fn whom_it_is_for_counts_with_its_order() {
    let turned = |now: &mut Exhibit| now.audience.lists.reverse();
    assert_eq!(told(turned), ["`lists`: members, press → press, members"]);
    let anybody = |now: &mut Exhibit| now.audience.filter.clear();
    assert_eq!(told(anybody), ["`where`: city = London or Leeds → nothing"]);
    let without = |now: &mut Exhibit| now.audience.exclude.push("campaign:letter".to_owned());
    assert_eq!(told(without), ["`exclude`: nothing → campaign:letter"]);
}

#[test]
fn the_approvers_named_may_approve_and_an_author_not_their_own() {
    let named = |names: &[&str], required, by_author| Policy {
        required,
        approvers: names.iter().map(|name| (*name).to_owned()).collect(),
        by_author,
    };
    let (anybody, ann) = (named(&[], true, false), named(&["Ann Lee"], true, false));
    for (policy, by, author, expected) in [
        (&anybody, "Jo Park", Some("Ann Lee"), None),
        (&anybody, " ann  LEE ", Some("Ann Lee"), Some(Objection::Author)),
        (&anybody, "Jose\u{301}", Some("JOS\u{c9}"), Some(Objection::Author)),
        (&ann, "Jo Park", None, Some(Objection::NotNamed)),
        (&ann, "ann lee", None, None),
        (&ann, "Ann Lee", Some("Ann Lee"), Some(Objection::Author)),
        (&named(&["Ann Lee"], true, true), "Ann Lee", Some("Ann Lee"), None),
        (&named(&[], false, false), "Ann Lee", Some("Ann Lee"), None),
    ] {
        assert_eq!(policy.objection(by, author), expected, "{policy:?} {by} {author:?}");
    }
    assert_eq!(ann.spelling("ANN LEE"), Some("Ann Lee"));
}

/// Texts of few signs, so that they often have lines in common.
const TEXT: &str = "[ab \u{a0}\n]{0,12}";

fn any_exhibit() -> impl Strategy<Value = Exhibit> {
    let value = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        "[ab]{0,2}".prop_map(Value::from),
        prop::collection::vec("[ab]", 0..3).prop_map(Value::from),
    ];
    let keys = prop::collection::btree_map("[xy]", value, 0..3);
    let keys = keys.prop_map(|keys| keys.into_iter().collect::<Map<_, _>>());
    let templates = prop::collection::btree_map("[xy]", TEXT.prop_map(|t| t.as_str().into()), 0..3);
    let files = prop::collection::vec(("[xy]", "[ab]{0,2}"), 0..3);
    let names = || prop::collection::vec("[mp]", 0..3);
    (keys, TEXT, templates, files, (names(), names(), names())).prop_map(
        |(front_matter, body, templates, files, (columns, lists, exclude))| Exhibit {
            shape: Shape {
                settings: front_matter.clone(),
                front_matter,
                body: body.as_str().into(),
                templates,
                files: files.iter().map(|(path, text)| Filed::new(path, text.as_bytes())).collect(),
                columns,
            },
            audience: Audience { lists, filter: Vec::new(), exclude },
        },
    )
}

proptest! {
    #[test]
    fn an_exhibit_reads_back_as_it_was_written(exhibit in any_exhibit(), cut in 0..10_000_usize) {
        let bytes = exhibit.to_bytes();
        prop_assert_eq!(Exhibit::from_bytes(&bytes), Ok(exhibit));
        prop_assert_eq!(Exhibit::from_bytes(&bytes[..cut % bytes.len()]), Err(Damaged));
    }

    #[test]
    fn whatever_stands_there_instead_is_damaged(bytes: Vec<u8>) {
        prop_assert_eq!(Exhibit::from_bytes(&bytes), Err(Damaged));
    }

    #[test]
    fn two_exhibits_differ_exactly_where_a_change_is_told(
        then in any_exhibit(), now in any_exhibit(),
    ) {
        let changes = changes(&then, &now);
        prop_assert_eq!(changes.is_empty(), then == now, "{:?}", changes);
        for change in changes {
            prop_assert!(!change.words().is_empty());
        }
    }

    #[test]
    fn the_lines_of_all_changes_make_the_old_text_of_the_new(then in TEXT, now in TEXT) {
        let mut lines: Vec<String> = now.split_inclusive('\n').map(str::to_owned).collect();
        for hunk in hunks(&then, &now).into_iter().rev() {
            let from = hunk.line - 1;
            let there: Vec<String> =
                lines.splice(from..from + hunk.is.len(), hunk.was).collect();
            prop_assert_eq!(there, hunk.is);
        }
        prop_assert_eq!(lines.concat(), then);
    }
}
