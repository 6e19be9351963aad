//! Whoever looks at definition X after each write that has been answered, for every campaign of a
//! life, and at what must hold between them.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard},
};

use super::{
    fuse::Asked,
    post::{Letter, Post},
};
use crate::{
    campaign::status::Status,
    campaign::tests::*,
    keys::PersonKey,
    ledger::{
        Standing,
        faulty::{Faulty, Step},
    },
};

/// What is known without the books.
#[derive(Default)]
pub(super) struct Known {
    /// Whom each campaign was frozen for.
    pub(super) campaigns: BTreeMap<String, BTreeSet<PersonKey>>,
    pub(super) changes: Vec<Amended>,
    /// Campaigns that hold no longer, and how many had been asked about by then.
    pub(super) closed: BTreeMap<String, usize>,
    /// Suppressed before anybody had taken them in hand: the server must never hear of them.
    unheard: BTreeSet<(String, PersonKey)>,
    /// Suppressed before their mark: the server must never get their message.
    unsent: BTreeSet<(String, PersonKey)>,
    /// How often a person asked for somebody's message again.
    pub(super) resent: BTreeMap<(String, PersonKey), usize>,
    pub(super) doubts: usize,
    pub(super) breaches: Vec<String>,
    pub(super) steps: usize,
}

/// A change of the first campaign.
pub(super) struct Amended {
    /// The revision that it made; none when it was called off.
    pub(super) revision: Option<u32>,
    /// The campaign that tells of it, where there was anybody to tell.
    pub(super) notice: Option<String>,
    /// Who could not be told: on no list any more, or suppressed.
    pub(super) lost: BTreeSet<PersonKey>,
    /// Who was to get it again, on a person's word that it had not arrived.
    pub(super) again: BTreeSet<PersonKey>,
}

/// What is known, and how to learn the rest.
#[derive(Clone)]
pub(super) struct Witness {
    pub(super) post: Post,
    pub(super) asked: Asked,
    pub(super) ledger: SqliteLedger,
    pub(super) keys: Arc<Keys>,
    known: Arc<Mutex<Known>>,
}

impl Witness {
    pub(super) fn of(office: &Office) -> Self {
        Self {
            post: Post::default(),
            asked: Asked::default(),
            ledger: office.ledger.clone(),
            keys: Arc::clone(&office.keys),
            known: Arc::default(),
        }
    }

    pub(super) fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap()
    }

    pub(super) fn person(&self, address: &str) -> PersonKey {
        self.keys.person(&Address::parse(address).unwrap())
    }

    /// Whom these books hold, and where they stand.
    pub(super) async fn standings(&self, id: &str) -> Vec<Standing> {
        let (sender, standings) = std::sync::mpsc::channel();
        let each = move |standing: Standing| sender.send(standing).is_ok();
        self.ledger.deliveries(id, each).await.unwrap();
        standings.iter().collect()
    }

    /// Whether the server has any text of a campaign for somebody.
    pub(super) fn has(&self, id: &str, person: PersonKey) -> bool {
        self.post.taken().iter().any(|letter| letter.campaign == id && letter.person == person)
    }

    /// How often somebody was to be asked about in this campaign.
    pub(super) fn asked(&self, id: &str) -> usize {
        self.asked.lock().unwrap().iter().filter(|(campaign, _)| campaign == id).count()
    }

    /// Suppresses somebody, and notes what must not happen to them any more.
    pub(super) async fn suppress(&self, person: PersonKey, at: Timestamp) {
        let ids: Vec<String> = self.known().campaigns.keys().cloned().collect();
        let mut before = Vec::new();
        for id in ids {
            let standings = self.standings(&id).await;
            let found = standings.into_iter().find(|standing| standing.person == person);
            before.extend(found.map(|found| (id, found.status)));
        }
        let reason = SuppressionReason::Unsubscribed;
        self.ledger.suppress(Suppression { person, reason, at }).await.unwrap();
        for (id, status) in before {
            let is_person =
                |(campaign, to): &(String, String)| *campaign == id && self.person(to) == person;
            let waits = matches!(status, Status::Planned | Status::Deferred { .. });
            if waits && !self.asked.lock().unwrap().iter().any(is_person) {
                self.known().unheard.insert((id.clone(), person));
            }
            // A lost message may have been taken before.
            if (waits || status == Status::Claimed) && !self.has(&id, person) {
                self.known().unsent.insert((id, person));
            }
        }
    }

    /// Looks from now on.
    pub(super) fn watch(&self, books: &Faulty<SqliteLedger>) {
        let witness = self.clone();
        books.watch(move |step| {
            if step.call.is_write() {
                witness.look(step);
            }
        });
    }

    fn look(&self, step: Step) {
        let taken = self.post.taken();
        let mut known = self.known();
        known.steps += 1;
        let mut found: Vec<_> = known
            .campaigns
            .iter()
            .flat_map(|(id, planned)| self.campaign(&known, (id, planned), &taken))
            .collect();
        found.extend(known.changes.iter().flat_map(|change| between(&known, change, &taken)));
        let found = found.into_iter().map(|breach| format!("after {step:?}: {breach}"));
        known.breaches.extend(found);
    }

    /// What is wrong with one campaign.
    fn campaign(
        &self,
        known: &Known,
        (id, planned): (&String, &BTreeSet<PersonKey>),
        taken: &[Letter],
    ) -> Vec<String> {
        let of = |pairs: &BTreeSet<(String, PersonKey)>| -> BTreeSet<PersonKey> {
            pairs.iter().filter(|(campaign, _)| campaign == id).map(|(_, person)| *person).collect()
        };
        let taken = taken.iter().filter(|letter| letter.campaign == *id);
        let asked = self.asked.lock().unwrap();
        let asked = asked.iter().filter(|(campaign, _)| campaign == id);
        let resent = known.resent.iter().filter(|((campaign, _), _)| campaign == id);
        let evidence = Evidence {
            planned: planned.clone(),
            taken: taken.map(|letter| letter.person).collect(),
            contacted: asked.clone().map(|(_, to)| self.person(to)).collect(),
            suppressed: of(&known.unheard),
            resent: resent.map(|((_, person), times)| (*person, *times)).collect(),
            doubts: known.doubts,
        };
        let mut breaches = at_once(breaches(&self.ledger, id, &evidence));
        for person in of(&known.unsent).iter().filter(|person| evidence.taken.contains(person)) {
            breaches.push(format!("(f) {person:?} has it and was suppressed in time"));
        }
        if known.closed.get(id).is_some_and(|before| asked.count() > *before) {
            breaches.push("somebody was contacted when it held no longer".to_owned());
        }
        breaches.into_iter().map(|breach| format!("{id}: {breach}")).collect()
    }
}

/// What a change promises: whoever has the old text is told of it, and nobody gets both the new text
/// and the notice.
fn between(known: &Known, change: &Amended, taken: &[Letter]) -> Vec<String> {
    let nobody = BTreeSet::new();
    let told = change.notice.as_ref().map_or(&nobody, |notice| &known.campaigns[notice]);
    let notice = &change.notice;
    let judge = |Letter { revision, person, .. }: &Letter| {
        let is_new = change.revision.is_some_and(|new| *revision >= new);
        match (is_new, told.contains(person)) {
            (true, true) => Some(format!("{person:?} has text {revision}, and {notice:?} too")),
            (false, false) if !change.lost.contains(person) && !change.again.contains(person) => {
                Some(format!("{person:?} has text {revision}, and hears nothing in {notice:?}"))
            }
            _ => None,
        }
    };
    taken.iter().filter(|letter| letter.campaign == "note").filter_map(judge).collect()
}
