//! A draft with everybody on its lists: whoever's copy is asked for is made.

use std::{
    collections::HashMap,
    convert::Infallible,
    sync::{Arc, OnceLock},
};

use jiff::Timestamp;

use super::{
    super::{
        Fault,
        audience::{Lists, Narrowing},
        newsroom::Newsroom,
        proofs::Proofs,
    },
    draft_line, remarkable, report,
};
use crate::{
    audience::{Decision, Subscriber},
    campaign::{Addressee, PressError},
    clock::Clock as _,
    diagnostic::Diagnostic,
    keys::PersonKey,
    preview::{
        DraftLine, Edition, Field, Marked, Person, Pick, Placed, Remarkable, Report, SkippedRow,
        Spot, Trouble,
    },
    render::{self, Hole, Places, Renderer, RowsOfList, marked},
};

/// An edition as the newsroom makes it.
pub(in crate::cli) struct CopyDesk {
    pub(super) newsroom: Newsroom,
    pub(super) proofs: Proofs,
    line: DraftLine,
    /// Lists by name, with their files as shown.
    named: Vec<(Arc<str>, String)>,
    pub(super) people: Vec<(PersonKey, Subscriber)>,
    numbers: HashMap<PersonKey, usize>,
    skipped: Vec<SkippedRow>,
    /// The date that the copies bear.
    pub(super) opened_at: Timestamp,
    /// The same templates with marks, once somebody has asked.
    marking: OnceLock<Renderer<String>>,
    /// And with the places of their elements; none if that failed.
    places: OnceLock<Option<Places>>,
}

impl CopyDesk {
    /// Reads the draft, its templates and its lists.
    pub(super) fn open(newsroom: Newsroom, file: &str, slug: &str) -> Result<Self, Fault> {
        let templates = newsroom.templates()?;
        let draft = newsroom.draft_at(file, &templates)?;
        let line = draft_line(&newsroom, &draft);
        let keys = newsroom.existing_keys()?;
        let suppressed = newsroom.suppressed()?;
        let lists = Lists::open(&newsroom, &draft, &Narrowing::default(), &keys, suppressed)?;
        let proofs = Proofs::new(&newsroom, draft, templates, slug.to_owned(), lists, keys)?;
        let named = proofs.lists.named();
        let (mut people, mut skipped) = (Vec::new(), Vec::new());
        for decision in proofs.lists.walk(&proofs.keys, 0)? {
            match decision.map_err(|fault| Fault::refused(vec![fault]))? {
                Decision::Candidate { person, subscriber } => people.push((person, subscriber)),
                Decision::Skipped { reason, list, line, person, bad } => {
                    let file = file_of(&named, &list);
                    skipped.push(SkippedRow {
                        reason,
                        words: reason.words(),
                        list: list.to_string(),
                        file: file.to_owned(),
                        line,
                        key: person.map(|person| person.to_string()),
                        detail: bad.map(|fault| fault.to_string()),
                    });
                }
            }
        }
        let numbers =
            people.iter().zip(0..).map(|((person, _), number)| (*person, number)).collect();
        let opened_at = newsroom.clock().now();
        let (marking, places) = (OnceLock::new(), OnceLock::new());
        Ok(Self {
            newsroom,
            proofs,
            line,
            named,
            people,
            numbers,
            skipped,
            opened_at,
            marking,
            places,
        })
    }

    pub(super) fn addressee(&self, person: &PersonKey, subscriber: &Subscriber) -> Addressee {
        Addressee::of(&self.proofs.press, &self.named, subscriber.clone())
            .answering(self.proofs.lists.received().get(person).copied())
    }

    /// What another rendering makes of somebody's values.
    fn filled<T>(&self, number: usize, fill: impl FnOnce(&render::Person<'_>) -> T) -> Option<T> {
        let (person, subscriber) = self.people.get(number)?;
        let addressee = self.addressee(person, subscriber);
        Some(self.proofs.press.with_person(person, &addressee, fill))
    }

    /// Somebody's message, or all that is wrong with it.
    pub(super) fn copy(&self, number: usize) -> Result<Vec<u8>, Vec<Diagnostic>> {
        let Some((person, subscriber)) = self.people.get(number) else { return Err(Vec::new()) };
        let addressee = self.addressee(person, subscriber);
        let file = file_of(&self.named, &subscriber.list);
        match self.proofs.press.message(person, &addressee, self.opened_at) {
            Ok(message) => Ok(message.bytes),
            Err(PressError::Holes(holes)) => {
                let sources = self.proofs.sources();
                let row = [RowsOfList { file: file.to_owned(), lines: vec![subscriber.line] }];
                let fault = |hole: &Hole| {
                    let source = sources.iter().find(|source| *source.name == *hole.spot.file);
                    hole.diagnostic(source, &row)
                };
                Err(holes.iter().map(fault).collect())
            }
            Err(error) => {
                Err(vec![Diagnostic::new(error.to_string()).at_line(file, subscriber.line)])
            }
        }
    }
}

fn file_of<'a>(named: &'a [(Arc<str>, String)], list: &str) -> &'a str {
    named.iter().find(|(name, _)| **name == *list).map_or("", |(_, file)| file)
}

impl Edition for CopyDesk {
    fn line(&self) -> &DraftLine {
        &self.line
    }

    fn people(&self) -> usize {
        self.people.len()
    }

    fn person(&self, number: usize) -> Option<Person> {
        let (key, subscriber) = self.people.get(number)?;
        Some(Person {
            key: key.to_string(),
            index: number,
            name: remarkable::name(subscriber),
            address: subscriber.address.envelope(),
            list: subscriber.list.to_string(),
            file: file_of(&self.named, &subscriber.list).to_owned(),
            line: subscriber.line,
        })
    }

    fn skipped(&self) -> &[SkippedRow] {
        &self.skipped
    }

    fn position(&self, key: &str) -> Option<usize> {
        self.numbers.get(&PersonKey::parse(key)?).copied()
    }

    fn fields(&self, number: usize) -> Vec<Field> {
        let Some((_, subscriber)) = self.people.get(number) else { return Vec::new() };
        let printed = self.proofs.press.columns();
        let columns = subscriber.fields.columns.iter().zip(&subscriber.fields.values);
        let mut fields: Vec<Field> = columns
            .map(|(column, value)| Field {
                column: column.clone(),
                value: value.clone(),
                is_printed: printed.contains(column),
            })
            .collect();
        fields.sort_by_key(|field| !field.is_printed);
        fields
    }

    fn message(&self, number: usize) -> Result<Vec<u8>, Vec<Trouble>> {
        self.copy(number).map_err(|faults| faults.iter().map(Trouble::from).collect())
    }

    fn marked(&self, number: usize) -> Option<Marked> {
        let marking = self.marking.get_or_init(|| {
            let expanded = marked(&self.proofs.inputs.expanded);
            let Ok(renderer) =
                Renderer::new(&expanded, |lines| Ok::<_, Infallible>(lines.to_owned()));
            renderer
        });
        let rendered = self.filled(number, |person| marking.render(person).ok())??;
        Some(Marked { html: rendered.html.to_string(), text: rendered.text.to_string() })
    }

    fn places(&self, number: usize) -> Option<Placed> {
        let Proofs { draft, templates, lists, inputs, .. } = &self.proofs;
        let places = self
            .places
            .get_or_init(|| self.newsroom.places(draft, templates, lists.files(), inputs).ok());
        let places = places.as_ref()?;
        let html = self.filled(number, |person| places.html(person).ok())??;
        let spots =
            places.spots.iter().map(|(file, line)| Spot { file: file.clone(), line: *line });
        Some(Placed { html, marker: places.marker.clone(), spots: spots.collect() })
    }

    fn report(&self) -> Report {
        report::read(self)
    }

    fn pick(&self, which: Remarkable) -> Option<Pick> {
        remarkable::pick(self, which)
    }
}
