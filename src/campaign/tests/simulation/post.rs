//! What the server took, told apart by Message-ID: each text of each campaign is a message of its
//! own to each person.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use crate::{
    campaign::thread::label,
    keys::{Keys, PersonKey},
    sandbox::{Caught, Options, Store},
};

/// A message that the server took.
#[derive(Clone, Debug)]
pub(super) struct Letter {
    pub(super) campaign: String,
    pub(super) revision: u32,
    pub(super) person: PersonKey,
}

/// Everything it took.
#[derive(Clone, Default)]
pub(super) struct Post {
    caught: Arc<Mutex<Vec<Caught>>>,
    /// By the left side of the Message-ID.
    possible: Arc<Mutex<HashMap<String, Letter>>>,
    read: Arc<Mutex<Vec<Letter>>>,
}

impl Post {
    /// Has a server keep what it takes.
    pub(super) fn collect(&self, options: &mut Options) {
        options.store = Store::Memory(Arc::clone(&self.caught));
    }

    /// From now on these messages may arrive.
    pub(super) fn expect(
        &self,
        keys: &Keys,
        (campaign, revision): (&str, u32),
        people: impl IntoIterator<Item = PersonKey>,
    ) {
        let mut possible = self.possible.lock().unwrap();
        for person in people {
            let token = keys.message_id(&label(campaign, revision), &person).to_string();
            let letter = Letter { campaign: campaign.to_owned(), revision, person };
            let same = possible.insert(token, letter);
            assert!(same.is_none_or(|same| same.person == person), "two messages of one id");
        }
    }

    /// All that the server has by now, in order.
    pub(super) fn taken(&self) -> Vec<Letter> {
        let (caught, possible) = (self.caught.lock().unwrap(), self.possible.lock().unwrap());
        let mut read = self.read.lock().unwrap();
        for caught in &caught[read.len()..] {
            let text = String::from_utf8_lossy(&caught.message);
            let id = text.lines().find_map(|line| line.strip_prefix("Message-ID: <"));
            let token = id.and_then(|id| id.split('@').next()).expect("a Message-ID");
            read.push(possible.get(token).expect("a message that somebody sent").clone());
        }
        read.clone()
    }
}
