//! Definition X: what holds for the books after any fault and any number of restarts, judged by
//! the record of a server that knows nothing of them.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::mpsc,
};

use crate::{
    campaign::status::Status,
    keys::PersonKey,
    ledger::{Ledger, Standing},
};

/// What is known without the ledger.
#[derive(Clone, Debug, Default)]
pub(crate) struct Evidence {
    /// Whom the campaign was frozen for.
    pub(crate) planned: BTreeSet<PersonKey>,
    /// Every message that the server took, in order, whether it could say so or not.
    pub(crate) taken: Vec<PersonKey>,
    /// Every `RCPT` that the server saw.
    pub(crate) contacted: BTreeSet<PersonKey>,
    /// Who was suppressed before they were contacted.
    pub(crate) suppressed: BTreeSet<PersonKey>,
    /// How often a person asked for somebody's message again.
    pub(crate) resent: BTreeMap<PersonKey, usize>,
    /// Replies after the dot that never came, and open connections of each crash: so many
    /// deliveries may be uncertain.
    pub(crate) doubts: usize,
}

/// Compares the books of campaign `id` with the evidence: every breach, in words.
pub(crate) async fn breaches(ledger: &impl Ledger, id: &str, evidence: &Evidence) -> Vec<String> {
    let (sender, standings) = mpsc::channel();
    let each = move |standing: Standing| sender.send(standing).is_ok();
    ledger.deliveries(id, each).await.expect("a ledger that can be read");
    let standings: Vec<Standing> = standings.iter().collect();
    let books = ledger.books(id).await.expect("books");

    let mut breaches = Vec::new();
    let mut breach = |broken: bool, text: String| {
        if broken {
            breaches.push(text);
        }
    };
    let mut rows = BTreeMap::new();
    for Standing { person, status, .. } in &standings {
        breach(rows.insert(*person, *status).is_some(), format!("(d) {person:?} has two rows"));
    }
    let people: BTreeSet<PersonKey> = rows.keys().copied().collect();
    breach(people != evidence.planned, "(d) the rows are not those of the plan".to_owned());
    let of = |wanted: fn(&Status) -> bool| rows.values().filter(|status| wanted(status)).count();
    let counted = [
        of(|status| matches!(status, Status::Accepted)),
        of(|status| matches!(status, Status::Rejected)),
        of(|status| matches!(status, Status::Deferred { .. })),
        of(|status| matches!(status, Status::Uncertain)),
        of(|status| matches!(status, Status::Planned | Status::Claimed | Status::Committing)),
    ];
    let told = [books.accepted, books.rejected, books.deferred, books.uncertain, books.pending];
    breach(
        counted.map(|n| n as u64) != told,
        format!("(d) the books say {told:?}, the rows {counted:?}"),
    );

    let mut taken: BTreeMap<PersonKey, usize> = BTreeMap::new();
    for person in &evidence.taken {
        *taken.entry(*person).or_default() += 1;
    }
    for (person, times) in &taken {
        let asked = 1 + evidence.resent.get(person).copied().unwrap_or_default();
        breach(*times > asked, format!("(a) {person:?} has it {times} times, asked for {asked}"));
        // Committing is uncertain as soon as somebody looks.
        let known = [Status::Accepted, Status::Uncertain, Status::Committing];
        let again = evidence.resent.contains_key(person);
        breach(
            !again && !rows.get(person).is_some_and(|status| known.contains(status)),
            format!("(b) {person:?} has it and is {:?}", rows.get(person)),
        );
    }
    for (person, status) in &rows {
        let lost = *status == Status::Accepted && !taken.contains_key(person);
        breach(lost, format!("(c) {person:?} is accepted and has nothing"));
    }
    breach(
        counted[3] > evidence.doubts,
        format!("(e) {} are uncertain, {} had reason to be", counted[3], evidence.doubts),
    );
    for person in &evidence.contacted {
        let outside = !evidence.planned.contains(person);
        breach(outside, format!("(f) {person:?} was contacted and is not in the plan"));
        let unwanted = evidence.suppressed.contains(person);
        breach(unwanted, format!("(f) {person:?} was contacted and is suppressed"));
    }
    breaches
}
