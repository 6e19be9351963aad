//! Several lists as one audience: each person once.

use std::{collections::HashSet, fmt, io::Read, sync::Arc, vec};

use super::{
    Address, BadAddress, ListReader, ListSpec, Row, Selection, Subscriber, selection::Segment,
};
use crate::{diagnostic::Diagnostic, keys::PersonKey};

/// Why a row gets no mail. The names are those of the summary JSON.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum SkipReason {
    /// The same person stands further up, or in a list named before.
    Duplicate,
    /// Unsubscribed, bounced, complained, or suppressed by hand.
    Suppressed,
    /// The address cannot be mailed.
    Invalid,
    /// This campaign has already been tried for this person.
    AlreadySent,
    /// Left out by `where` or `exclude`.
    Filtered,
    /// Was to get a correction, and is on no list any more.
    Gone,
    /// It was called off before they got it: an event that does not take place, or a correction
    /// that another one overtook.
    Cancelled,
}

impl SkipReason {
    /// As staff read it behind a count: `2 suppressed`.
    pub fn words(self) -> &'static str {
        match self {
            Self::Duplicate => "duplicate",
            Self::Suppressed => "suppressed",
            Self::Invalid => "bad address",
            Self::AlreadySent => "already sent",
            Self::Filtered => "filtered out",
            Self::Gone => "gone from the lists",
            Self::Cancelled => "cancelled",
        }
    }
}

/// What becomes of one row.
#[derive(Clone, PartialEq, Eq)]
pub enum Decision {
    /// This person is meant, with the fields of this row.
    Candidate {
        /// Who.
        person: PersonKey,
        /// The row.
        subscriber: Subscriber,
    },
    /// This row gets nothing.
    Skipped {
        /// Why: `Invalid`, `Filtered`, `Duplicate` or `Suppressed`.
        reason: SkipReason,
        /// Name of the list.
        list: Arc<str>,
        /// Physical line in the file.
        line: u64,
        /// Who, if the address is good.
        person: Option<PersonKey>,
        /// What is wrong with the address, if it is not.
        bad: Option<BadAddress>,
    },
}

/// Shows nobody's address.
impl fmt::Debug for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Candidate { person, subscriber } => f
                .debug_struct("Candidate")
                .field("person", person)
                .field("subscriber", subscriber)
                .finish(),
            Self::Skipped { reason, list, line, person, bad: _ } => f
                .debug_struct("Skipped")
                .field("reason", reason)
                .field("list", list)
                .field("line", line)
                .field("person", person)
                .finish_non_exhaustive(),
        }
    }
}

/// Walks lists in order and judges each row once: invalid, filtered, duplicate, suppressed, else a
/// candidate. The first fault in a list ends the walk.
///
/// A person is taken from the first row that passes the segment: somebody filtered out on one
/// list and admitted by a later one gets the mail, with the later row's fields. Every further row
/// of that person which passes is a duplicate; one which does not is filtered. A suppressed
/// person counts as suppressed once, and as a duplicate from then on.
///
/// Lists are opened one after the other, when their turn comes; what is remembered of a person is
/// 16 bytes.
pub struct Audience<R, O, K> {
    waiting: vec::IntoIter<ListSpec>,
    current: Option<OpenList<R>>,
    segment: Segment,
    exclude: Arc<HashSet<PersonKey>>,
    only: Option<Arc<HashSet<PersonKey>>>,
    suppressed: Arc<HashSet<PersonKey>>,
    seen: HashSet<PersonKey>,
    open: O,
    key: K,
}

struct OpenList<R> {
    name: Arc<str>,
    rows: ListReader<R>,
    /// Columns that the segment asks about.
    places: Vec<usize>,
}

impl<R, O, K> Audience<R, O, K>
where
    R: Read,
    O: FnMut(&ListSpec) -> Result<R, Diagnostic>,
    K: Fn(&Address) -> PersonKey,
{
    /// Prepares the walk. `open` gives a list's bytes, `key` a person's key.
    ///
    /// A condition without a value, or one that seems to negate, is an error here; one on a column
    /// that a list does not have, when the walk comes to that list.
    pub fn new(
        lists: Vec<ListSpec>,
        selection: Selection,
        open: O,
        key: K,
    ) -> Result<Self, Diagnostic> {
        let Selection { conditions, exclude, only, suppressed } = selection;
        Ok(Self {
            waiting: lists.into_iter(),
            current: None,
            segment: Segment::new(&conditions)?,
            exclude,
            only,
            suppressed,
            seen: HashSet::new(),
            open,
            key,
        })
    }

    /// Makes room for so many people at once. A second walk knows how many there are, and growing
    /// to that takes half as much memory again.
    #[must_use]
    pub fn expecting(mut self, people: usize) -> Self {
        self.seen.reserve(people);
        self
    }

    fn advance(&mut self) -> Result<Option<Decision>, Diagnostic> {
        loop {
            if let Some(OpenList { name, rows, places }) = &mut self.current
                && let Some(row) = rows.next().transpose()?
            {
                let admitted = self.segment.admits(places, &row.fields);
                let list = Arc::clone(name);
                match self.judge(list, row, admitted) {
                    Some(decision) => return Ok(Some(decision)),
                    None => continue,
                }
            }
            let Some(list) = self.waiting.next() else {
                self.current = None;
                return Ok(None);
            };
            let rows = ListReader::open(&list, (self.open)(&list)?)?;
            let places = self.segment.resolve(&list, rows.columns())?;
            self.current = Some(OpenList { name: list.name, rows, places });
        }
    }

    /// None for a row that is no row of the audience.
    fn judge(&mut self, list: Arc<str>, row: Row, admitted: bool) -> Option<Decision> {
        let line = row.line;
        let address = match row.address {
            Ok(address) => address,
            // Who that is, nobody can tell.
            Err(_) if self.only.is_some() => return None,
            Err(fault) => {
                let (reason, bad) = (SkipReason::Invalid, Some(fault));
                return Some(Decision::Skipped { reason, list, line, person: None, bad });
            }
        };
        let person = (self.key)(&address);
        // Whoever stands on several lists is one row of it.
        if self
            .only
            .as_ref()
            .is_some_and(|only| !only.contains(&person) || self.seen.contains(&person))
        {
            return None;
        }
        let reason = if !admitted || self.exclude.contains(&person) {
            SkipReason::Filtered
        } else if !self.seen.insert(person) {
            SkipReason::Duplicate
        } else if self.suppressed.contains(&person) {
            SkipReason::Suppressed
        } else {
            let subscriber = Subscriber { address, fields: row.fields, list, line };
            return Some(Decision::Candidate { person, subscriber });
        };
        Some(Decision::Skipped { reason, list, line, person: Some(person), bad: None })
    }
}

impl<R, O, K> Iterator for Audience<R, O, K>
where
    R: Read,
    O: FnMut(&ListSpec) -> Result<R, Diagnostic>,
    K: Fn(&Address) -> PersonKey,
{
    type Item = Result<Decision, Diagnostic>;

    fn next(&mut self) -> Option<Self::Item> {
        let decision = self.advance().transpose();
        if !matches!(decision, Some(Ok(_))) {
            self.current = None;
            self.waiting = Vec::new().into_iter();
        }
        decision
    }
}

#[cfg(test)]
mod tests;
