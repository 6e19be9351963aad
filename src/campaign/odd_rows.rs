//! Rows that get nothing, or whose address looks misspelt, as a plan tells of them.

use std::collections::BTreeMap;

use crate::{
    audience::{SkipReason, too_many_bad},
    check::{
        Finding,
        lists::{self, Counted},
    },
};

/// Bad rows that are named one by one; more are only counted.
const NAMED: u64 = 20;

/// A row that gets nothing.
pub(super) struct Skipped {
    pub(super) reason: SkipReason,
    /// Number of its list.
    pub(super) list: usize,
    pub(super) line: u64,
    /// What is wrong with its address.
    pub(super) bad: Option<String>,
}

/// What is told of rows, by the numbers of their lists.
#[derive(Default)]
pub(super) struct OddRows {
    /// Bad rows: how many, and the list of the first.
    bad: (u64, usize),
    named: Vec<Finding>,
    duplicates: BTreeMap<usize, Counted>,
    suppressed: BTreeMap<usize, u64>,
    /// By domain and list, with what the domain most likely means.
    misspelt: BTreeMap<(String, usize), (&'static str, Counted)>,
}

impl OddRows {
    pub(super) fn skip(&mut self, row: &Skipped, file: &str) {
        let Skipped { reason, list, line, bad } = row;
        match reason {
            SkipReason::Duplicate => self.duplicates.entry(*list).or_default().add(*line),
            SkipReason::Suppressed => *self.suppressed.entry(*list).or_default() += 1,
            _ => {}
        }
        if let Some(reason) = bad {
            let (rows, first) = self.bad;
            self.bad = (rows + 1, if rows == 0 { *list } else { first });
            if rows < NAMED {
                self.named.push(lists::bad_row(file, *line, reason));
            }
        }
    }

    /// Somebody's domain is most likely `meant` otherwise.
    pub(super) fn misspelt(&mut self, domain: &str, meant: &'static str, list: usize, line: u64) {
        let rows = self.misspelt.entry((domain.to_owned(), list)).or_insert_with(|| {
            let nobody = Counted::default();
            (meant, nobody)
        });
        rows.1.add(line);
    }

    /// What is told of them, out of so many rows in all; `file` gives a list's path.
    pub(super) fn findings<'f>(self, rows: u64, file: impl Fn(usize) -> &'f str) -> Vec<Finding> {
        let mut findings = self.named;
        let (bad, first) = self.bad;
        if bad > NAMED {
            findings.push(lists::more_bad_rows(bad - NAMED));
        }
        if too_many_bad(rows, bad) {
            findings.push(lists::too_many_bad(bad, rows, file(first)));
        }
        let misspelt = self.misspelt.iter().map(|((domain, list), (meant, rows))| {
            lists::misspelt(domain, meant, rows, file(*list))
        });
        findings.extend(misspelt);
        let twice = self.duplicates.iter();
        findings.extend(twice.map(|(list, rows)| lists::duplicates(rows, file(*list))));
        let suppressed = self.suppressed.iter();
        findings.extend(suppressed.map(|(list, rows)| lists::suppressed(*rows, file(*list))));
        findings
    }
}
