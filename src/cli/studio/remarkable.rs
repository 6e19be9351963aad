//! Whose copy to look at first: where something is most likely to look wrong.

use unicode_width::UnicodeWidthStr as _;

use super::edition::CopyDesk;
use crate::{
    audience::Subscriber,
    check::{Level, copy},
    diagnostic::count,
    keys::PersonKey,
    preview::{Pick, Remarkable},
};

/// Columns in which somebody's whole name stands, or its parts in order.
const WHOLE: [&str; 2] = ["name", "full_name"];
const PARTS: [&[&str]; 2] =
    [&["first_name", "given_name", "forename"], &["last_name", "family_name", "surname"]];

/// Somebody's name as far as the list has one, else the address.
pub(super) fn name(subscriber: &Subscriber) -> String {
    let value = |column: &&str| subscriber.fields.get(column).filter(|value| !value.is_empty());
    if let Some(whole) = WHOLE.iter().find_map(value) {
        return whole.to_owned();
    }
    let parts: Vec<&str> = PARTS.iter().filter_map(|names| names.iter().find_map(value)).collect();
    if parts.is_empty() { subscriber.address.envelope() } else { parts.join(" ") }
}

/// The first of those who are most so; none where nobody gets it.
pub(super) fn pick(desk: &CopyDesk, which: Remarkable) -> Option<Pick> {
    match which {
        Remarkable::Worst => worst(desk),
        Remarkable::Longest => {
            let width = |subscriber: &Subscriber| name(subscriber).width();
            let (number, width) = most(desk, width)?;
            let why = format!("the longest name: {}", count(width as u64, "character"));
            Some(Pick { number, why })
        }
        Remarkable::Emptiest => {
            let printed = desk.proofs.press.columns();
            // An empty column that is printed weighs more than any number of others.
            let lacks = |subscriber: &Subscriber| {
                let fields = &subscriber.fields;
                let empty = fields.columns.iter().filter(|column| {
                    fields.get(column).is_none_or(|value| value.trim().is_empty())
                });
                empty.map(|column| if printed.contains(column) { 1_000 } else { 1 }).sum::<usize>()
            };
            let (number, lacks) = most(desk, lacks)?;
            let why = match (lacks / 1_000, lacks % 1_000) {
                (0, 0) => "no row has an empty field".to_owned(),
                (0, others) => {
                    let fields = count(others as u64, "empty field");
                    format!("the emptiest row: {fields}, none of which the mail prints")
                }
                (printed, _) => {
                    let fields = count(printed as u64, "empty field");
                    format!("the emptiest row: {fields} that the mail asks for")
                }
            };
            Some(Pick { number, why })
        }
    }
}

/// The first person of whom `measure` is largest.
fn most<T: Ord + Copy>(desk: &CopyDesk, measure: impl Fn(&Subscriber) -> T) -> Option<(usize, T)> {
    let measured = desk.people.iter().map(|(_, subscriber)| measure(subscriber)).enumerate();
    // `max_by_key` takes the last of equals.
    measured.rev().max_by_key(|(_, measure)| *measure)
}

/// What speaks against a copy, in the order in which it counts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Badness {
    cannot_be_made: bool,
    level: Option<Level>,
    flaws: usize,
    html: usize,
}

fn worst(desk: &CopyDesk) -> Option<Pick> {
    let proofs = &desk.proofs;
    let columns = proofs.lists.files().iter().flat_map(|(_, columns)| columns.iter().cloned());
    let columns: Vec<String> = columns.collect();
    let reader = copy::Reader::new(&proofs.inputs.expanded, &columns);
    let badness = |(person, subscriber): &(PersonKey, Subscriber)| {
        let addressee = desk.addressee(person, subscriber);
        let read = proofs
            .press
            .proof(person, &addressee, desk.opened_at, |copy| reader.read(copy, &addressee.values));
        match read {
            Ok((message, flaws)) => Badness {
                cannot_be_made: false,
                level: flaws.iter().map(|flaw| flaw.rule.level).max(),
                flaws: flaws.len(),
                html: message.html,
            },
            Err(_) => Badness { cannot_be_made: true, level: None, flaws: 0, html: 0 },
        }
    };
    let measured = desk.people.iter().map(badness).enumerate();
    let (number, badness) =
        measured.max_by(|(a, left), (b, right)| left.cmp(right).then(b.cmp(a)))?;
    let why = match badness {
        Badness { cannot_be_made: true, .. } => "the copy cannot be made".to_owned(),
        Badness { flaws: 0, html, .. } => {
            format!("the largest copy: {} KB of HTML", html.div_ceil(1_000))
        }
        Badness { flaws, .. } => {
            format!("the worst copy: {} in it", count(flaws as u64, "finding"))
        }
    };
    Some(Pick { number, why })
}
