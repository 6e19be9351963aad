//! Another text for a campaign, and the notice to those who have the old one.

use super::*;
use crate::{
    campaign::Thread,
    ledger::{
        Amendment, Follows, Recipients, Relation, Revision,
        faulty::{Call, Faulty},
    },
};

impl Office {
    /// The campaign's text under another number.
    pub(super) fn text(&self, revision: u32) -> Revision {
        let mut inputs = self.inputs.clone();
        inputs.thread = Thread { revision, sequence: revision - 1, ..Thread::new("note") };
        Revision {
            digest: format!("{revision:064}"),
            inputs: inputs.to_bytes(),
            subject: "Another note".to_owned(),
            exhibit: Vec::new(),
            sequence: revision - 1,
        }
    }

    /// What tells so many of it; so many more are on no list.
    pub(super) fn notice(
        &self,
        id: &str,
        relation: Relation,
        (told, gone): (usize, usize),
    ) -> Frozen {
        let mut inputs = self.inputs.clone();
        inputs.thread = Thread { follows: Some("note".to_owned()), ..Thread::new("note") };
        Frozen {
            follows: Some(Follows { campaign: "note".to_owned(), relation }),
            skipped: BTreeMap::from([(SkipReason::Gone, gone as u64)]),
            ..self.frozen(id, &inputs, (told + gone) as u64)
        }
    }

    pub(super) fn sealed(&self, people: impl IntoIterator<Item = Addressee>) -> Recipients {
        let sealed = people.into_iter().map(|one| Ok(recipient(&self.keys, one)));
        Box::new(sealed.collect::<Vec<_>>().into_iter())
    }

    /// Gives everybody who is open the second text, and tells whoever has the first.
    pub(super) async fn correct(&self, books: &impl Ledger) {
        let received = books.received("note").await.unwrap();
        let has_it = |one: &Addressee| {
            received.contains_key(&self.keys.person(&Address::parse(one.address()).unwrap()))
        };
        let many = books.people("note").await.unwrap().len();
        let everybody = (0..many).map(|n| Addressee::new(address(n), 0, vec![format!("P{n}")]));
        let (told, moved): (Vec<_>, Vec<_>) = everybody.partition(has_it);
        let amendment = Amendment::Revise(self.text(2), self.sealed(moved));
        let notice = self.notice("note~2", Relation::Correction, (told.len(), 0));
        let notice = Some((notice, self.sealed(told)));
        books.amend("note", amendment, notice, self.clock.now()).await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn half_have_the_old_text_and_the_notice_and_half_the_new_one() {
    let mut office = Office::open(6).await;
    office.course.limit = Some(3);
    assert_eq!(office.run().await.unwrap(), End::Limited);
    office.correct(&office.ledger).await;
    let half = office.relay.accepted();
    office.course.limit = None;
    assert_eq!(office.run().await.unwrap(), End::Finished);
    assert_eq!(office.breaches().await, [] as [String; 0]);

    office.relay.accepted.lock().unwrap().clear();
    office.campaign = "note~2".to_owned();
    assert_eq!(office.run().await.unwrap(), End::Finished);
    assert_eq!(office.relay.accepted(), half, "those and nobody else");
}

#[tokio::test(start_paused = true)]
async fn a_run_that_was_given_the_old_text_sends_nobody_anything() {
    let mut office = Office::open(3).await;
    let books = Faulty::new(office.ledger.clone());
    let other = Office { keys: Arc::clone(&office.keys), ..Office::on(office.ledger.clone()) };
    // When the run has read what it is to send.
    books.watch(move |step| {
        if (step.call, step.nth) == (Call::SetState, 1) {
            at_once(other.correct(&other.ledger));
        }
    });
    let ended = office.run_on(&books).await;
    assert!(matches!(ended, Err(Error::Revised)), "{ended:?}");
    assert_eq!(office.relay.contacted.lock().unwrap().len(), 0);
    assert_eq!(office.run().await.unwrap(), End::Finished);
}
