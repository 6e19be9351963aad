//! What the books say after a kill, held against the server's record.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::Path,
    sync::mpsc,
};

use announce::{
    audience::Address,
    campaign::status::Status,
    keys::{Keys, PersonKey, Secret},
    ledger::{Ledger as _, SqliteLedger},
    sandbox::Journal,
};

use crate::definition_x::{Evidence, breaches};

/// What was found.
#[derive(Debug, Default)]
pub(crate) struct Verdict {
    /// Breaches of definition X.
    pub(crate) breaches: Vec<String>,
    /// Uncertain, or about to be called so by the next run.
    pub(crate) uncertain: usize,
    /// Messages that somebody had already.
    pub(crate) duplicates: usize,
    /// People who have nothing and are not uncertain.
    pub(crate) without: usize,
}

/// Judges the ledger in `folder`, whose people are keyed by `secret`. `None` when the campaign is
/// not frozen yet.
pub(crate) async fn judge(
    folder: &Path,
    secret: &Path,
    people: &[String],
    server: &Journal,
    doubts: usize,
) -> Option<Verdict> {
    let path = folder.join("ledger.db");
    if !path.exists() {
        return None;
    }
    let ledger = SqliteLedger::open(&path).expect("a ledger that opens after any kill");
    ledger.campaign("letter").await.expect("campaigns")?;

    let keys = Keys::from(&Secret::load(secret).expect("the secret is older than the ledger"));
    let key = |address: &String| keys.person(&Address::parse(address).expect("an address"));
    let taken: Vec<PersonKey> = server.accepted().iter().map(|(_, address)| key(address)).collect();
    let evidence = Evidence {
        planned: people.iter().map(key).collect(),
        contacted: server.contacted().iter().map(key).collect(),
        taken,
        doubts,
        ..Evidence::default()
    };
    let mut found = breaches(&ledger, "letter", &evidence).await;

    let (sender, standings) = mpsc::channel();
    ledger.deliveries("letter", move |row| sender.send(row).is_ok()).await.expect("rows");
    let uncertain: BTreeSet<PersonKey> = standings
        .iter()
        .filter(|row| matches!(row.status, Status::Uncertain | Status::Committing))
        .map(|row| row.person)
        .collect();
    if uncertain.len() > doubts {
        let most = format!("(e) {} may be uncertain, {doubts} at the most", uncertain.len());
        found.push(most);
    }
    let mut times: BTreeMap<PersonKey, usize> = BTreeMap::new();
    for person in &evidence.taken {
        *times.entry(*person).or_default() += 1;
    }
    let has = |person: &&PersonKey| times.contains_key(person) || uncertain.contains(person);
    Some(Verdict {
        breaches: found,
        uncertain: uncertain.len(),
        duplicates: times.values().map(|times| times - 1).sum(),
        without: evidence.planned.len() - evidence.planned.iter().filter(has).count(),
    })
}

/// Copies the ledger as a dead process left it, so that looking at it changes nothing.
pub(crate) fn copy_ledger(from: &Path, to: &Path) -> io::Result<()> {
    for name in ["ledger.db", "ledger.db-wal", "ledger.db-journal"] {
        match fs::copy(from.join(name), to.join(name)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}
