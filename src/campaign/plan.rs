//! Who gets it, who does not and why: every copy is made and checked before anything is sent.

use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
};

use jiff::Timestamp;
use ring::digest::{Context, SHA256};

use super::{Addressee, Press, PressError, Skipped, cores};
use crate::{
    audience::{Decision, SkipReason, Subscriber, visible},
    check::{
        Finding, Limits,
        copy::{self, Flaw},
        early,
    },
    diagnostic::{Diagnostic, Source, count},
    keys::PersonKey,
    render::{Hole, RowsOfList},
};

/// Bad rows that a plan names one by one; more are only counted.
const NAMED_BAD_ROWS: usize = 20;

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
    /// The first bad rows.
    pub bad: Vec<BadRow>,
    /// People who get it, by list, in the order of the draft.
    pub by_list: Vec<(Arc<str>, u64)>,
    /// People who get it at the domains asked about.
    pub by_domain: BTreeMap<String, u64>,
    /// Bytes of the largest copy.
    pub largest: usize,
    /// What is wrong with copies.
    pub findings: Vec<Finding>,
    /// Stands for everybody planned and what is merged for them: a list that changes between
    /// plan and freeze changes it.
    pub snapshot: Snapshot,
}

/// SHA-256 over the planned people and their values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Snapshot([u8; 32]);

/// A row with an address that cannot be mailed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadRow {
    /// Path of the list as shown.
    pub file: String,
    /// Physical line.
    pub line: u64,
    /// The cell.
    pub cell: String,
    /// What is wrong with it.
    pub reason: String,
}

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
        Verdict::Skipped { reason, bad } => {
            tally.skip(reason, bad);
            Ok(())
        }
        Verdict::Planned(copy) => tally.include(copy),
    })?;
    tally.close()
}

/// What becomes of one row.
enum Verdict {
    Skipped { reason: SkipReason, bad: Option<BadRow> },
    Planned(Checked),
}

/// One person's copy, made and measured.
struct Checked {
    person: PersonKey,
    addressee: Addressee,
    line: u64,
    /// What is frozen of the person.
    frozen: Vec<u8>,
    copy: Result<Measured, PressError>,
}

/// What is kept of a copy.
struct Measured {
    /// Bytes of the message, and of the HTML in it.
    bytes: usize,
    html: usize,
    flaws: Vec<Flaw>,
}

impl Desk<'_> {
    fn judge(&self, row: Decision) -> Verdict {
        match row {
            Decision::Skipped { reason, list, line, bad, .. } => {
                let bad = bad.map(|(cell, fault)| self.bad(&list, line, cell, fault.to_string()));
                Verdict::Skipped { reason, bad }
            }
            Decision::Candidate { person, .. } if self.attempted.contains(&person) => {
                Verdict::Skipped { reason: SkipReason::AlreadySent, bad: None }
            }
            Decision::Candidate { subscriber, .. } if !can_be_written(&subscriber) => {
                let Subscriber { address, list, line, .. } = subscriber;
                let reason = "letters beyond ASCII before the `@` are not supported";
                let bad = self.bad(&list, line, address.into_envelope(), reason.to_owned());
                Verdict::Skipped { reason: SkipReason::Invalid, bad: Some(bad) }
            }
            Decision::Candidate { person, subscriber } => {
                let line = subscriber.line;
                let addressee = Addressee::of(self.press, self.lists, subscriber);
                let proof = self.press.proof(&person, &addressee, self.now, |copy| {
                    self.reader.read(copy, &addressee.values)
                });
                let copy = proof.map(|(message, flaws)| Measured {
                    bytes: message.bytes.len(),
                    html: message.html,
                    flaws,
                });
                let frozen = addressee.to_bytes();
                Verdict::Planned(Checked { person, addressee, line, frozen, copy })
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

    fn bad(&self, list: &Arc<str>, line: u64, cell: String, reason: String) -> BadRow {
        let file = self.lists.iter().find(|(name, _)| name == list);
        let file = file.map(|(_, file)| file.clone()).unwrap_or_default();
        BadRow { file, line, cell, reason }
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
    bad_rows: u64,
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
            bad: Vec::new(),
            by_list: desk.lists.iter().map(|(name, _)| (Arc::clone(name), 0)).collect(),
            by_domain: desk.limited_domains.iter().map(|name| (name.clone(), 0)).collect(),
            largest: 0,
            findings: Vec::new(),
            snapshot: Snapshot([0; 32]),
        };
        let snapshot = SnapshotHash::new();
        let (holes, flaws) = (Vec::new(), Vec::new());
        Self { desk, plan, snapshot, holes, flaws, widest: (0, 0, 0), bad_rows: 0 }
    }

    fn skip(&mut self, reason: SkipReason, bad: Option<BadRow>) {
        self.plan.rows += 1;
        *self.plan.skipped.entry(reason).or_default() += 1;
        if let Some(bad) = bad {
            self.bad_rows += 1;
            if self.plan.bad.len() < NAMED_BAD_ROWS {
                self.plan.bad.push(bad);
            }
        }
    }

    fn include(&mut self, copy: Checked) -> Result<(), Vec<Diagnostic>> {
        let Checked { person, addressee, line, frozen, copy } = copy;
        let list = addressee.list;
        self.plan.rows += 1;
        self.plan.planned += 1;
        self.plan.waiting += u64::from(self.desk.open.contains(&person));
        self.plan.by_list[list].1 += 1;
        if let Some(people) = self.plan.by_domain.get_mut(addressee.domain()) {
            *people += 1;
        }
        self.snapshot.add(&person, &frozen);
        match copy {
            Ok(Measured { bytes, html, flaws }) => {
                self.plan.largest = self.plan.largest.max(bytes);
                if html > self.widest.0 {
                    self.widest = (html, list, line);
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

    fn close(self) -> Result<Plan, Vec<Diagnostic>> {
        let Self { desk, mut plan, snapshot, holes, flaws, widest, bad_rows } = self;
        if crate::audience::too_many_bad(plan.rows, bad_rows) {
            let mut faults: Vec<Diagnostic> = plan.bad.iter().map(BadRow::diagnostic).collect();
            let (bad, rows) = (count(bad_rows, "row"), count(plan.rows, "row"));
            faults
                .push(Diagnostic::new(format!("{bad} of {rows} cannot be mailed")).hint(
                    "more than 2 % bad addresses mean that something is wrong with the list",
                ));
            return Err(faults);
        }
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
        let file = desk.lists.get(list).map_or("", |(_, file)| file);
        findings.extend(copy::oversize(html, file, line, &desk.limits));
        plan.snapshot = snapshot.close();
        Ok(plan)
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
    /// The rows that get nothing.
    pub fn skipped(&self) -> Skipped {
        Skipped::from(&self.skipped)
    }
}

impl BadRow {
    /// ``lists/members.csv:41: `ana@@example.com` is not an email address: …``
    pub fn diagnostic(&self) -> Diagnostic {
        let cell = visible(&self.cell);
        let message = format!("`{cell}` cannot be mailed: {}", self.reason);
        Diagnostic::new(message).at_line(self.file.as_str(), self.line)
    }
}
