//! Who gets it, who does not and why: every copy is made and checked before anything is sent.

use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
};

use jiff::Timestamp;
use ring::digest::{Context, SHA256};

use super::{
    Addressee, Press, PressError, Received, Skipped as SkippedByReason, cores,
    odd_rows::{OddRows, Skipped},
};
use crate::{
    audience::{Decision, SkipReason, Subscriber},
    check::{
        Finding, Limits,
        copy::{self, Flaw},
        early, lists,
        subject::{Length, characters},
    },
    diagnostic::{Diagnostic, Source},
    keys::PersonKey,
    render::{Hole, RowsOfList},
};

/// Rows with the same hole or flaw that are remembered; more are only counted by the message.
const NAMED_HOLES: usize = 10_000;

/// What a send would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Rows read.
    pub rows: u64,
    /// People who get it.
    pub planned: u64,
    /// Those of them whom an earlier send of the campaign has left to do.
    pub waiting: u64,
    /// Rows that get nothing, by reason.
    pub skipped: BTreeMap<SkipReason, u64>,
    /// People who get it, by list, in the order of the draft.
    pub by_list: Vec<(Arc<str>, u64)>,
    /// People who get it at the domains asked about.
    pub by_domain: BTreeMap<String, u64>,
    /// Bytes of the largest copy.
    pub largest: usize,
    /// The shortest and the longest subject of all copies.
    pub subjects: Option<(Length, Length)>,
    /// What is wrong with rows and copies.
    pub findings: Vec<Finding>,
    /// Stands for everybody planned and what is merged for them: a list that changes between
    /// plan and freeze changes it.
    pub snapshot: Snapshot,
}

/// SHA-256 over the planned people and their values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Snapshot([u8; 32]);

/// What planning needs besides the audience.
pub struct Desk<'a> {
    /// Makes the copies.
    pub press: &'a Press,
    /// Lists by name: index into the frozen titles, and path as shown.
    pub lists: &'a [(Arc<str>, String)],
    /// People who have this campaign behind them.
    pub attempted: &'a HashSet<PersonKey>,
    /// People whom an earlier send of the campaign has left to do.
    pub open: &'a HashSet<PersonKey>,
    /// What people have of the campaign that this one follows.
    pub received: &'a Received,
    /// Domains with a limit of their own.
    pub limited_domains: &'a [String],
    /// Texts at hand, to show where a hole is.
    pub sources: &'a [Source],
    /// Reads the copies.
    pub reader: &'a copy::Reader,
    /// How large a copy may be.
    pub limits: Limits,
    /// Any time: the dates of checked copies do not matter.
    pub now: Timestamp,
}

/// Walks the audience once, making every copy. Nothing of a person is kept but a key. Copies are
/// made on all cores; the plan, and the fault that ends it, are those of the first row to the last.
pub fn plan(
    audience: impl Iterator<Item = Result<Decision, Diagnostic>>,
    desk: &Desk<'_>,
) -> Result<Plan, Vec<Diagnostic>> {
    let mut tally = Tally::new(desk);
    let work = |row: Result<Decision, Diagnostic>| row.map(|row| desk.judge(row));
    cores::in_order(audience, work, |row| match row.map_err(|fault| vec![fault])? {
        Verdict::Skipped(skipped) => {
            tally.skip(&skipped);
            Ok(())
        }
        Verdict::Planned(copy) => tally.include(copy),
    })?;
    Ok(tally.close())
}

/// What becomes of one row.
enum Verdict {
    Skipped(Skipped),
    Planned(Checked),
}

/// One person's copy, made and measured.
struct Checked {
    person: PersonKey,
    addressee: Addressee,
    line: u64,
    /// The provider that its domain most likely means.
    meant: Option<&'static str>,
    /// What is frozen of the person.
    frozen: Vec<u8>,
    copy: Result<Measured, PressError>,
}

/// What is kept of a copy.
struct Measured {
    /// Bytes of the message, and of the HTML in it.
    bytes: usize,
    html: usize,
    /// Characters of the subject.
    subject: usize,
    flaws: Vec<Flaw>,
}

impl Desk<'_> {
    fn judge(&self, row: Decision) -> Verdict {
        match row {
            Decision::Skipped { reason, list, line, bad, .. } => {
                let bad = bad.map(|fault| fault.to_string());
                Verdict::Skipped(Skipped { reason, list: self.list(&list), line, bad })
            }
            Decision::Candidate { person, subscriber } if self.attempted.contains(&person) => {
                let Subscriber { list, line, .. } = subscriber;
                let reason = SkipReason::AlreadySent;
                Verdict::Skipped(Skipped { reason, list: self.list(&list), line, bad: None })
            }
            Decision::Candidate { subscriber, .. } if !can_be_written(&subscriber) => {
                let Subscriber { list, line, .. } = subscriber;
                let bad = "letters beyond ASCII before the `@` are not supported".to_owned();
                let (reason, list) = (SkipReason::Invalid, self.list(&list));
                Verdict::Skipped(Skipped { reason, list, line, bad: Some(bad) })
            }
            Decision::Candidate { person, subscriber } => {
                let line = subscriber.line;
                let addressee = Addressee::of(self.press, self.lists, subscriber)
                    .answering(self.received.get(&person).copied());
                let meant = lists::meant(addressee.domain());
                let proof = self.press.proof(&person, &addressee, self.now, |copy| {
                    let subject = characters(copy.subject.trim());
                    (subject, self.reader.read(copy, &addressee.values))
                });
                let copy = proof.map(|(message, (subject, flaws))| Measured {
                    bytes: message.bytes.len(),
                    html: message.html,
                    subject,
                    flaws,
                });
                let frozen = addressee.to_bytes();
                Verdict::Planned(Checked { person, addressee, line, meant, frozen, copy })
            }
        }
    }

    fn rows(&self, places: &Places) -> Vec<RowsOfList> {
        let rows = |(list, lines): (&usize, &Vec<u64>)| RowsOfList {
            file: self.lists[*list].1.clone(),
            lines: lines.clone(),
        };
        places.iter().map(rows).collect()
    }

    /// The number of a list.
    fn list(&self, name: &str) -> usize {
        self.lists.iter().position(|(known, _)| **known == *name).unwrap_or_default()
    }

    /// The path of a list, as shown.
    fn file(&self, list: usize) -> &str {
        self.lists.get(list).map_or("", |(_, file)| file)
    }
}

/// Letters beyond ASCII before the `@` need a relay, and a recipient, that take them (RFC 6531);
/// our headers stay ASCII.
pub(super) fn can_be_written(subscriber: &Subscriber) -> bool {
    !subscriber.address.needs_smtputf8()
}

/// Feeds one planned person into the snapshot.
pub(super) struct SnapshotHash(Context);

impl SnapshotHash {
    pub(super) fn new() -> Self {
        Self(Context::new(&SHA256))
    }

    pub(super) fn add(&mut self, person: &PersonKey, frozen: &[u8]) {
        self.0.update(person.as_bytes());
        self.0.update(&(frozen.len() as u64).to_be_bytes());
        self.0.update(frozen);
    }

    pub(super) fn close(self) -> Snapshot {
        let mut bytes = [0; 32];
        bytes.copy_from_slice(self.0.finish().as_ref());
        Snapshot(bytes)
    }
}

struct Tally<'a> {
    desk: &'a Desk<'a>,
    plan: Plan,
    snapshot: SnapshotHash,
    holes: Vec<(Hole, Places)>,
    flaws: Vec<(Flaw, Places)>,
    /// The largest HTML of all copies, and the list and line of its row.
    widest: (usize, usize, u64),
    /// The shortest and the longest subject, each with the list and line of its row.
    subjects: Option<[(usize, usize, u64); 2]>,
    odd_rows: OddRows,
}

/// Lines by list.
type Places = BTreeMap<usize, Vec<u64>>;

impl<'a> Tally<'a> {
    fn new(desk: &'a Desk<'a>) -> Self {
        let plan = Plan {
            rows: 0,
            planned: 0,
            waiting: 0,
            skipped: BTreeMap::new(),
            by_list: desk.lists.iter().map(|(name, _)| (Arc::clone(name), 0)).collect(),
            by_domain: desk.limited_domains.iter().map(|name| (name.clone(), 0)).collect(),
            largest: 0,
            subjects: None,
            findings: Vec::new(),
            snapshot: Snapshot([0; 32]),
        };
        let snapshot = SnapshotHash::new();
        let (holes, flaws) = (Vec::new(), Vec::new());
        let (widest, subjects, odd_rows) = ((0, 0, 0), None, OddRows::default());
        Self { desk, plan, snapshot, holes, flaws, widest, subjects, odd_rows }
    }

    fn skip(&mut self, row: &Skipped) {
        self.plan.rows += 1;
        *self.plan.skipped.entry(row.reason).or_default() += 1;
        self.odd_rows.skip(row, self.desk.file(row.list));
    }

    fn include(&mut self, copy: Checked) -> Result<(), Vec<Diagnostic>> {
        let Checked { person, addressee, line, meant, frozen, copy } = copy;
        let list = addressee.list;
        self.plan.rows += 1;
        self.plan.planned += 1;
        self.plan.waiting += u64::from(self.desk.open.contains(&person));
        self.plan.by_list[list].1 += 1;
        if let Some(people) = self.plan.by_domain.get_mut(addressee.domain()) {
            *people += 1;
        }
        if let Some(meant) = meant {
            self.odd_rows.misspelt(addressee.domain(), meant, list, line);
        }
        self.snapshot.add(&person, &frozen);
        match copy {
            Ok(Measured { bytes, html, subject, flaws }) => {
                self.plan.largest = self.plan.largest.max(bytes);
                if html > self.widest.0 {
                    self.widest = (html, list, line);
                }
                let here = (subject, list, line);
                let [shortest, longest] = self.subjects.get_or_insert([here, here]);
                if subject < shortest.0 {
                    *shortest = here;
                }
                if subject > longest.0 {
                    *longest = here;
                }
                for flaw in flaws {
                    remember(&mut self.flaws, flaw, list, line);
                }
            }
            Err(PressError::Holes(holes)) => {
                for hole in holes {
                    remember(&mut self.holes, hole, list, line);
                }
            }
            Err(error) => {
                let (_, file) = &self.desk.lists[list];
                let fault = Diagnostic::new(error.to_string());
                return Err(vec![fault.at_line(file.as_str(), line)]);
            }
        }
        Ok(())
    }

    fn close(self) -> Plan {
        let Self { desk, mut plan, snapshot, holes, flaws, widest, subjects, odd_rows } = self;
        plan.subjects = subjects.map(|pair| {
            let [shortest, longest] = pair.map(|(characters, list, line)| Length {
                characters,
                file: desk.file(list).to_owned(),
                line,
            });
            (shortest, longest)
        });
        plan.findings = odd_rows.findings(plan.rows, |list| desk.file(list));
        let findings = &mut plan.findings;
        for (hole, places) in &holes {
            let source = desk.sources.iter().find(|source| *source.name == *hole.spot.file);
            let fault = hole.diagnostic(source, &desk.rows(places));
            findings.push(early::known(fault, &early::EMPTY_FIELD));
        }
        for (flaw, places) in &flaws {
            findings.push(copy::about_rows(flaw, &desk.rows(places)));
        }
        let shared = desk.reader.shared().iter();
        findings.extend(shared.filter_map(|flaw| copy::about_everybody(flaw, desk.sources)));
        let (html, list, line) = widest;
        findings.extend(copy::oversize(html, desk.file(list), line, &desk.limits));
        plan.snapshot = snapshot.close();
        plan
    }
}

/// Adds a row to those that have the same thing wrong with them.
fn remember<T: PartialEq>(known: &mut Vec<(T, Places)>, what: T, list: usize, line: u64) {
    let position = known.iter().position(|(known, _)| *known == what).unwrap_or_else(|| {
        known.push((what, Places::new()));
        known.len() - 1
    });
    let lines = known[position].1.entry(list).or_default();
    if lines.len() < NAMED_HOLES {
        lines.push(line);
    }
}

impl Plan {
    /// The same with so many more who get nothing: those whom no row names.
    #[must_use]
    pub fn without(mut self, reason: SkipReason, people: u64) -> Self {
        if people > 0 {
            self.rows += people;
            *self.skipped.entry(reason).or_default() += people;
        }
        self
    }

    /// The rows that get nothing.
    pub fn skipped(&self) -> SkippedByReason {
        SkippedByReason::from(&self.skipped)
    }
}
