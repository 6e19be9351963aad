use std::cell::RefCell;

use proptest::prelude::*;

use super::*;
use crate::audience::{Condition, people};

/// Keys that need no secret: the first bytes of the person's name.
fn key(address: &Address) -> PersonKey {
    let mut bytes = [0; 16];
    for (to, from) in bytes.iter_mut().zip(address.normalised().bytes()) {
        *to = from;
    }
    PersonKey::from_bytes(bytes)
}

fn person(address: &str) -> PersonKey {
    key(&Address::parse(address).expect(address))
}

fn specs(lists: &[(&str, &str)]) -> Vec<ListSpec> {
    let spec = |name: &str| ListSpec {
        name: name.into(),
        shown: format!("lists/{name}.csv").into(),
        email_column: None,
    };
    lists.iter().map(|(name, _)| spec(name)).collect()
}

fn walk(lists: &[(&str, &str)], selection: Selection) -> Result<Vec<Decision>, Diagnostic> {
    let open = |list: &ListSpec| {
        let (_, text) = lists.iter().find(|(name, _)| **name == *list.name).expect("a list");
        Ok(text.as_bytes())
    };
    Audience::new(specs(lists), selection, open, key)?.collect()
}

/// The decisions as `list:line verdict`.
fn verdicts(lists: &[(&str, &str)], selection: Selection) -> Vec<String> {
    let decisions = walk(lists, selection).expect("an audience");
    let verdict = |decision: &Decision| match decision {
        Decision::Candidate { subscriber: Subscriber { list, line, fields, .. }, .. } => {
            format!("{list}:{line} {}", fields.values[1])
        }
        Decision::Skipped { reason, list, line, .. } => format!("{list}:{line} {reason:?}"),
    };
    decisions.iter().map(verdict).collect()
}

fn condition(column: &str, any_of: &[&str]) -> Condition {
    Condition {
        column: column.to_owned(),
        any_of: any_of.iter().map(|value| (*value).to_owned()).collect(),
    }
}

fn filtered_by(conditions: Vec<Condition>) -> Selection {
    Selection { conditions, ..Selection::default() }
}

fn fault(lists: &[(&str, &str)], selection: Selection) -> String {
    let fault = walk(lists, selection).expect_err("a fault");
    format!("{fault} / {}", fault.hint.as_deref().unwrap_or("no hint"))
}

const MEMBERS: &str =
    "email,city\nana@example.org,London\nANA@Example.org,Bath\nbo@example.org,Seoul\n@@,Bath\n";
const PRESS: &str = "city;email\nEly;cy@example.org\nEly;bo@example.org\n";

#[test]
fn the_list_named_first_gives_a_persons_fields() {
    let press = "email;desk\ncy@example.org;News\nbo@example.org;Features\n";
    assert_eq!(
        verdicts(&[("members", MEMBERS), ("press", press)], Selection::default()),
        [
            "members:2 London",
            "members:3 Duplicate",
            "members:4 Seoul",
            "members:5 Invalid",
            "press:2 News",
            "press:3 Duplicate",
        ]
    );
    assert_eq!(
        verdicts(&[("press", press), ("members", MEMBERS)], Selection::default())[..3],
        ["press:2 News", "press:3 Features", "members:2 London"]
    );
}

#[test]
fn a_row_is_invalid_before_filtered_before_duplicate_before_suppressed() {
    let text = "email,city\n@@,Bath\nana@example.org,Bath\nana@example.org,Ely\nana@example.org,Bath\nana@example.org,Ely\nbo@example.org,Ely\n";
    let selection = Selection {
        conditions: vec![condition("city", &["Ely"])],
        exclude: HashSet::from([person("bo@example.org")]).into(),
        only: None,
        suppressed: HashSet::from([person("ana@example.org"), person("bo@example.org")]).into(),
    };
    assert_eq!(
        verdicts(&[("members", text)], selection),
        [
            "members:2 Invalid",
            "members:3 Filtered",
            "members:4 Suppressed",
            "members:5 Filtered",
            "members:6 Duplicate",
            "members:7 Filtered",
        ]
    );
}

#[test]
fn a_person_filtered_out_on_one_list_may_pass_on_the_next() {
    let lists = [("members", MEMBERS), ("press", PRESS)];
    let decisions = walk(&lists, filtered_by(vec![condition("City", &["ely"])])).expect("lists");
    let lines: Vec<u64> = decisions
        .iter()
        .filter_map(|decision| match decision {
            Decision::Candidate { subscriber, .. } if &*subscriber.list == "press" => {
                Some(subscriber.line)
            }
            _ => None,
        })
        .collect();
    assert_eq!(lines, [2, 3]);
}

#[test]
fn conditions_compare_case_aside_and_all_must_hold() {
    let text = "email,city,First Language\na@example.org, LONDON ,ko\nb@example.org,london,fr\nc@example.org,,ko\nd@example.org,Orle\u{301}ans,EN\n";
    let language = condition("first-language", &["ko", "en"]);
    let in_london = filtered_by(vec![condition("city", &["London "]), language.clone()]);
    assert_eq!(
        verdicts(&[("m", text)], in_london),
        ["m:2 LONDON", "m:3 Filtered", "m:4 Filtered", "m:5 Filtered"]
    );
    let in_orleans = filtered_by(vec![condition("city", &["orl\u{E9}ans"]), language]);
    assert_eq!(verdicts(&[("m", text)], in_orleans)[3], "m:5 Orle\u{301}ans");
}

#[test]
fn an_invalid_row_brings_its_reason() {
    let decisions = walk(&[("members", "email\nana@@example.com\n")], Selection::default());
    assert_eq!(
        decisions.expect("a list"),
        [Decision::Skipped {
            reason: SkipReason::Invalid,
            list: "members".into(),
            line: 2,
            person: None,
            bad: Some(BadAddress::SeveralAts),
        }]
    );
}

#[test]
fn conditions_that_say_nothing_or_too_much_are_refused() {
    for (condition, expected) in [
        (
            condition("city", &[]),
            "the condition on `city` has no value / nobody would pass; name a value, or take the condition away",
        ),
        (
            condition("city", &["Ely", " "]),
            "the condition on `city` has an empty value / rows without a value cannot be selected; name a value",
        ),
        (
            condition("city!", &["Ely"]),
            "the condition on `city` is not a comparison / `where` knows only `column=value`; leave people out with `exclude`",
        ),
        (
            condition("city", &["Ely", "!Bath"]),
            "the condition on `city` is not a comparison / `where` knows only `column=value`; leave people out with `exclude`",
        ),
        (
            condition("age>", &["30"]),
            "the condition on `age` is not a comparison / `where` knows only `column=value`; leave people out with `exclude`",
        ),
        (
            condition(" ", &["Ely"]),
            "a condition of `where` names no column / write it as `city=London`",
        ),
        (
            condition("ctiy", &["Ely"]),
            "lists/members.csv: `where` asks for `ctiy`, which list `members` does not have / did you mean `city`?",
        ),
        (
            condition("shoe", &["Ely"]),
            "lists/members.csv: `where` asks for `shoe`, which list `members` does not have / the list has `email`, `city`",
        ),
    ] {
        assert_eq!(fault(&[("members", MEMBERS)], filtered_by(vec![condition])), expected);
    }
}

#[test]
fn a_column_that_one_of_the_lists_lacks_is_an_error() {
    let lists = [("members", MEMBERS), ("press", "email,desk\ncy@example.org,News\n")];
    assert_eq!(
        fault(&lists, filtered_by(vec![condition("city", &["Ely"])])),
        "lists/press.csv: `where` asks for `city`, which list `press` does not have / the list has `email`, `desk`"
    );
}

#[test]
fn an_excluded_list_leaves_its_people_out() {
    let specs = specs(&[("press", PRESS)]);
    let list = ListReader::open(&specs[0], PRESS.as_bytes()).expect("a list");
    let exclude = people(list, key).expect("people");
    assert_eq!(exclude, HashSet::from([person("cy@example.org"), person("bo@example.org")]));
    let selection = Selection { exclude: exclude.into(), ..Selection::default() };
    assert_eq!(verdicts(&[("members", MEMBERS)], selection)[2], "members:4 Filtered");
    let damaged = ListReader::open(&specs[0], b"email\n\"".as_slice()).expect("a list");
    assert!(people(damaged, key).is_err());
}

#[test]
fn lists_are_opened_one_after_the_other_and_a_fault_ends_the_walk() {
    let opened = RefCell::new(Vec::new());
    let lists = [("a", "email\nx@example.org\n"), ("b", "email\n\"\n"), ("c", "email\n")];
    let open = |list: &ListSpec| {
        opened.borrow_mut().push(list.name.to_string());
        Ok(lists.iter().find(|(name, _)| **name == *list.name).expect("a list").1.as_bytes())
    };
    let mut audience = Audience::new(specs(&lists), Selection::default(), open, key).expect("fine");
    assert!(opened.borrow().is_empty());
    assert!(audience.next().is_some_and(|decision| decision.is_ok()));
    assert_eq!(*opened.borrow(), ["a"]);
    assert!(audience.next().is_some_and(|decision| decision.is_err()));
    assert!(audience.next().is_none());
    assert_eq!(*opened.borrow(), ["a", "b"]);
}

#[test]
fn debug_shows_nobodys_data() {
    let decisions = walk(&[("members", MEMBERS)], Selection::default()).expect("a list");
    let shown = format!("{decisions:?}");
    assert!(!shown.contains('@') && !shown.contains("London"), "{shown}");
}

proptest! {
    #[test]
    fn the_books_balance_and_nobody_is_chosen_twice(
        people in proptest::collection::vec((0..6_u8, 0..3_u8), 0..40),
        suppressed in proptest::collection::hash_set(0..6_u8, 0..4),
    ) {
        let rows = people.iter().map(|(who, city)| format!("p{who}@example.org,c{city}\n"));
        let text = "email,city\n".to_owned() + &rows.collect::<String>();
        let never: HashSet<PersonKey> =
            suppressed.iter().map(|who| person(&format!("p{who}@example.org"))).collect();
        let selection = Selection {
            conditions: vec![condition("city", &["c0", "c1"])],
            exclude: Arc::default(),
            only: None,
            suppressed: never.into(),
        };
        let decisions = walk(&[("m", &text)], selection).expect("a list");
        prop_assert_eq!(decisions.len(), people.len());
        let chosen: Vec<PersonKey> = decisions
            .iter()
            .filter_map(|decision| match decision {
                Decision::Candidate { person, .. } => Some(*person),
                Decision::Skipped { .. } => None,
            })
            .collect();
        let expected: HashSet<PersonKey> = people
            .iter()
            .filter(|(who, city)| *city < 2 && !suppressed.contains(who))
            .map(|(who, _)| person(&format!("p{who}@example.org")))
            .collect();
        prop_assert_eq!(chosen.len(), expected.len());
        prop_assert_eq!(chosen.into_iter().collect::<HashSet<_>>(), expected);
    }
}
