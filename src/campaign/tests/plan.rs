//! A plan over more rows than change hands at once, and the freeze that follows it.

use std::{collections::HashSet, fmt::Write as _, sync::Arc};

use super::{INPUTS, address};
use crate::{
    audience::{Address, Audience, Decision, ListSpec, Selection, SkipReason},
    campaign::{Addressee, Desk, Plan, Press, Received, plan, recipients},
    check::{Limits, copy},
    diagnostic::Diagnostic,
    keys::{Keys, PersonKey, Secret},
    ledger,
};

const PEOPLE: usize = 3_000;

fn keys() -> Arc<Keys> {
    Arc::new(Keys::from(&Secret::from_bytes([7; 32])))
}

fn person(number: usize) -> PersonKey {
    keys().person(&Address::parse(&address(number)).unwrap())
}

/// A list of people, with the rows of these numbers (from 0) as given.
fn members(odd: &[(usize, &str)]) -> String {
    let mut text = "email,name\n".to_owned();
    for number in 0..PEOPLE {
        match odd.iter().find(|(odd, _)| *odd == number) {
            Some((_, row)) => writeln!(text, "{row}").unwrap(),
            None => writeln!(text, "{},P{number}", address(number)).unwrap(),
        }
    }
    text
}

fn walk(text: &str) -> impl Iterator<Item = Result<Decision, Diagnostic>> + Send + 'static {
    let text = text.to_owned();
    let (name, shown) = ("members".into(), "lists/members.csv".into());
    let lists = vec![ListSpec { name, shown, email_column: None }];
    let open = move |_: &ListSpec| Ok(std::io::Cursor::new(text.clone()));
    let keys = keys();
    Audience::new(lists, Selection::default(), open, move |address| keys.person(address)).unwrap()
}

fn lists() -> Vec<(Arc<str>, String)> {
    vec![("members".into(), "lists/members.csv".to_owned())]
}

fn press() -> Press {
    Press::new("note", &INPUTS, keys()).unwrap()
}

fn planned(text: &str, attempted: &HashSet<PersonKey>) -> Result<Plan, Vec<Diagnostic>> {
    let desk = Desk {
        press: &press(),
        lists: &lists(),
        attempted,
        received: &Received::default(),
        open: &HashSet::new(),
        limited_domains: &[],
        sources: &[],
        reader: &copy::Reader::new(&INPUTS.expanded, &[]),
        limits: Limits::default(),
        now: "2026-12-03T09:00:00Z".parse().unwrap(),
    };
    plan(walk(text), &desk)
}

fn faults(text: &str) -> Vec<String> {
    let faults = planned(text, &HashSet::new()).unwrap_err();
    faults.iter().map(ToString::to_string).collect()
}

fn frozen(
    text: &str,
    attempted: HashSet<PersonKey>,
    plan: &Plan,
) -> Result<Vec<PersonKey>, ledger::Error> {
    recipients(walk(text), press(), lists(), attempted, Received::default(), plan.snapshot)
        .map(|recipient| {
            let recipient = recipient?;
            let opened = keys().open(recipient.person.as_bytes(), &recipient.sealed).unwrap();
            assert!(Addressee::from_bytes(&opened).is_some());
            Ok(recipient.person)
        })
        .collect()
}

#[test]
fn everybody_planned_is_frozen_in_the_order_of_the_list() {
    let again = format!("{},again", address(3));
    let text = members(&[(500, "nobody@,Nobody"), (700, &again)]);
    let people = (0..PEOPLE).filter(|number| ![0, 500, 700].contains(number)).map(person);
    let attempted = HashSet::from([person(0)]);
    let plan = planned(&text, &attempted).unwrap();
    assert_eq!((plan.rows, plan.planned), (3_000, 2_997));
    let skipped: Vec<(SkipReason, u64)> = plan.skipped.iter().map(|(why, n)| (*why, *n)).collect();
    assert_eq!(
        skipped,
        [(SkipReason::Duplicate, 1), (SkipReason::Invalid, 1), (SkipReason::AlreadySent, 1)]
    );
    let told: Vec<String> = plan.findings.iter().map(|finding| finding.fault.to_string()).collect();
    assert_eq!(
        told,
        [
            "lists/members.csv:502: the row is left out, its address cannot be mailed: nothing stands \
             after the `@`",
            "lists/members.csv: people who stand further up, or in a list before, get it once: 1 row \
             (line 702)",
        ]
    );
    assert_eq!(frozen(&text, attempted, &plan), Ok(people.collect()));
}

#[test]
fn holes_are_named_by_their_lines_in_order() {
    let holes: Vec<(usize, String)> =
        [2900, 3, 1404].map(|number| (number, format!("{},", address(number)))).to_vec();
    let holes: Vec<(usize, &str)> = holes.iter().map(|(n, row)| (*n, row.as_str())).collect();
    let plan = planned(&members(&holes), &HashSet::new()).unwrap();
    let told = &plan.findings[0].fault.message;
    assert!(told.ends_with("(lines 5, 1406 and 2902)"), "{told}");
}

#[test]
fn the_first_fault_of_a_list_is_the_one_that_is_told() {
    let ragged = "ana@people.test,Ana,more";
    let told = faults(&members(&[(2950, ragged), (1300, ragged)]));
    assert_eq!(told, ["lists/members.csv:1302: the row has 3 cells, the header has 2"]);
}

#[test]
fn a_list_that_changed_since_the_plan_freezes_nobody() {
    let text = members(&[]);
    let plan = planned(&text, &HashSet::new()).unwrap();
    for changed in [
        members(&[(2999, "ana@people.test,Ana")]),
        members(&[(0, &format!("{},Q0", address(0)))]),
        text.lines().take(PEOPLE).fold(String::new(), |text, line| text + line + "\n"),
    ] {
        assert!(matches!(frozen(&changed, HashSet::new(), &plan), Err(ledger::Error::Aborted(_))));
    }
}
