//! The author changes what the campaign says, or calls it off, and tells whoever has it.

use std::collections::BTreeSet;

use super::{life::Life, witness::Amended};
use crate::{
    campaign::tests::*,
    keys::PersonKey,
    ledger::{
        Amendment, Relation,
        faulty::{Call, How, io_error},
    },
};

/// What is about to change, and for whom.
struct Change {
    /// The revision that it makes; none when it calls the campaign off.
    revision: Option<u32>,
    /// Id of the notice.
    notice: String,
    /// Numbers of those who can be reached: on a list, and not suppressed.
    present: BTreeMap<PersonKey, usize>,
    /// Who has not got it.
    open: BTreeSet<PersonKey>,
    /// Who may have it, with what they have.
    received: HashMap<PersonKey, u32>,
}

impl Life {
    /// Between two runs. A third of the time the disk fails at it, which leaves all of it or
    /// nothing: the author looks, and does it again where it was not done.
    pub(super) async fn change(&mut self) {
        if self.office.ledger.campaign("note").await.unwrap().unwrap().called_off {
            return;
        }
        self.fuse.light(None);
        self.books.mend();
        self.books.recover(self.office.clock.now()).await.unwrap();
        let calls_off = self.chance.once_in(4);
        let listed: Vec<usize> = (0..self.people).filter(|_| !self.chance.once_in(8)).collect();
        let change = self.draw_up(&listed, calls_off).await;
        let how = match self.chance.below(6) {
            0 => Some(How::Refused(io_error())),
            1 => Some(How::Unheard(io_error())),
            _ => None,
        };
        self.story.push(format!("{listed:?} are on the lists, {how:?}"));
        self.books.plan(move |step| how.clone().filter(|_| step.call == Call::Amend));
        let done = self.amend(&change).await;
        self.books.mend();
        assert!(done || self.amend(&change).await, "whole books refuse it");
        self.note(change);
    }

    async fn draw_up(&self, listed: &[usize], calls_off: bool) -> Change {
        let ledger = &self.office.ledger;
        let suppressed = ledger.suppressed().await.unwrap();
        let present = listed.iter().map(|n| (self.witness.person(&address(*n)), *n));
        let tried = ledger.attempted("note").await.unwrap();
        let people = ledger.people("note").await.unwrap();
        let revision = ledger.campaign("note").await.unwrap().unwrap().revision + 1;
        Change {
            revision: (!calls_off).then_some(revision),
            notice: format!("note~{}", ledger.thread("note").await.unwrap().len() + 1),
            present: present.filter(|(person, _)| !suppressed.contains(person)).collect(),
            open: people.difference(&tried).copied().collect(),
            received: ledger.received("note").await.unwrap(),
        }
    }

    /// Whether it is done, whatever the books have answered.
    async fn amend(&mut self, change: &Change) -> bool {
        let (office, now) = (&self.office, self.office.clock.now());
        let amendment = match change.revision {
            None => Amendment::CallOff,
            Some(revision) => {
                let moved = change.reached(change.open.iter());
                Amendment::Revise(office.text(revision), office.sealed(moved))
            }
        };
        let told: Vec<_> = change.reached(change.received.keys()).collect();
        let relation = change.revision.map_or(Relation::Cancellation, |_| Relation::Correction);
        let gone = change.received.len() - told.len();
        let notice = office.notice(&change.notice, relation, (told.len(), gone));
        let notice = (!change.received.is_empty()).then(|| (notice, office.sealed(told)));

        let before = office.ledger.campaign("note").await.unwrap().unwrap();
        let heard = self.books.amend("note", amendment, notice, now).await;
        let after = office.ledger.campaign("note").await.unwrap().unwrap();
        let done = (after.revision, after.called_off) != (before.revision, before.called_off);
        assert!(done || heard.is_err(), "it says that it is done");
        self.story.push(format!("{} for {:?}: {heard:?}", change.notice, change.revision));
        done
    }

    /// Tells the witness what is to hold from now on.
    fn note(&self, change: Change) {
        let Self { witness, .. } = self;
        let mut known = witness.known();
        let everybody = known.campaigns["note"].clone();
        let texts = change.revision.map(|revision| ("note", revision));
        for text in texts.into_iter().chain([(&*change.notice, 1)]) {
            witness.post.expect(&witness.keys, text, everybody.iter().copied());
        }
        // Notices of before hold no longer, and an event that is off is announced to nobody.
        let calls_off = change.revision.is_none();
        let over: Vec<String> = known.campaigns.keys().cloned().collect();
        for campaign in over.into_iter().filter(|campaign| calls_off || campaign != "note") {
            let asked = witness.asked(&campaign);
            known.closed.entry(campaign).or_insert(asked);
        }
        let again = known.resent.keys().map(|(_, person)| *person);
        let again = again.filter(|person| change.open.contains(person)).collect();
        let is_lost = |person: &PersonKey| !change.present.contains_key(person);
        let has_notice = !change.received.is_empty();
        known.changes.push(Amended {
            revision: change.revision,
            notice: has_notice.then(|| change.notice.clone()),
            lost: everybody.into_iter().filter(is_lost).collect(),
            again,
        });
        if has_notice {
            let told = change.received.keys().filter(|person| !is_lost(person)).copied().collect();
            known.campaigns.insert(change.notice, told);
        }
    }
}

impl Change {
    /// Those of the people who can be reached, each in answer to what they have.
    fn reached<'a>(
        &self,
        people: impl Iterator<Item = &'a PersonKey>,
    ) -> impl Iterator<Item = Addressee> {
        people.filter_map(|person| {
            let n = self.present.get(person)?;
            let addressee = Addressee::new(address(*n), 0, vec![format!("P{n}")]);
            Some(addressee.answering(self.received.get(person).copied()))
        })
    }
}
