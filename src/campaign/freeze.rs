//! The second walk over the lists: the planned people, sealed, one by one into the ledger.

use std::{collections::HashSet, iter, sync::Arc};

use super::{
    Addressee, Press, Received, cores,
    plan::{Snapshot, SnapshotHash, can_be_written},
};
use crate::{
    audience::Decision,
    diagnostic::Diagnostic,
    keys::PersonKey,
    ledger::{Error, Recipient},
};

/// The recipients of a plan as the ledger stores them, read and sealed while it stores. When the
/// lists have changed since the plan, the last item is an error, so that the ledger stores nothing.
#[expect(clippy::implicit_hasher, reason = "the ledger hands out this very type")]
pub fn recipients(
    audience: impl Iterator<Item = Result<Decision, Diagnostic>> + Send + 'static,
    press: Press,
    lists: Vec<(Arc<str>, String)>,
    attempted: HashSet<PersonKey>,
    received: Received,
    planned: Snapshot,
) -> impl Iterator<Item = Result<Recipient, Error>> + Send + 'static {
    let mut audience = audience;
    let mut hash = Some(SnapshotHash::new());
    cores::ahead(iter::from_fn(move || {
        loop {
            match audience.next() {
                Some(Err(diagnostic)) => return Some(Err(Error::Aborted(diagnostic.to_string()))),
                Some(Ok(Decision::Candidate { person, subscriber })) => {
                    if attempted.contains(&person) || !can_be_written(&subscriber) {
                        continue;
                    }
                    let frozen = Addressee::of(&press, &lists, subscriber)
                        .answering(received.get(&person).copied())
                        .to_bytes();
                    hash.as_mut()?.add(&person, &frozen);
                    let sealed = press.keys().seal(person.as_bytes(), &frozen);
                    return Some(match sealed {
                        Ok(sealed) => Ok(Recipient { person, sealed }),
                        Err(error) => Err(Error::Aborted(error.to_string())),
                    });
                }
                Some(Ok(Decision::Skipped { .. })) => {}
                None => {
                    let changed = hash.take()?.close() != planned;
                    return changed.then(|| Err(Error::Aborted(CHANGED.to_owned())));
                }
            }
        }
    }))
}

const CHANGED: &str = "a list changed while it was being read: nothing was sent";
