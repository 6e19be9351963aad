//! What a power loss may leave on the disk: everything that was synced, and any part of what was
//! not.
//!
//! A campaign runs on a real file. After each call that the ledger has acknowledged, the file and
//! its log are copied. What was written between two copies was not yet synced at some moment, so
//! each part of it may be there or not: every prefix, the last page torn, and parts picked by
//! chance. Every image must open, hold what was acknowledged, and the books must go with what the
//! relay had taken by then.

use std::{fs, path::Path};

use super::{simulation::Chance, *};
use crate::ledger::{
    Standing,
    faulty::{Call, Faulty},
};

const PEOPLE: usize = 8;

/// Pages of the log after which it is moved into the file: several times in a short campaign.
const LOG_PAGES: u32 = 24;

const PAGE: usize = 4096;
/// Each page in the log has a header before it, and the log has one of its own.
const FRAME: usize = 24 + PAGE;
const LOG_HEADER: usize = 32;

/// The disk when a call had been acknowledged.
#[derive(Clone)]
struct Copied {
    call: Call,
    file: Vec<u8>,
    log: Vec<u8>,
    /// Whose messages the relay had by then.
    taken: Vec<String>,
}

impl Copied {
    fn now(call: Call, path: &Path, relay: &Relay) -> Self {
        let log = fs::read(path.with_extension("db-wal")).unwrap_or_default();
        Self { call, file: fs::read(path).unwrap(), log, taken: relay.accepted() }
    }
}

/// Where one of two versions of a file differs from the other, in units that are written at once.
fn changed(old: &[u8], new: &[u8], header: usize, unit: usize) -> Vec<(usize, usize)> {
    let mut bounds = vec![0];
    bounds.extend((0..).map(|n| header + n * unit).take_while(|at| *at < new.len()));
    bounds.push(new.len());
    let pairs = bounds.windows(2).map(|pair| (pair[0], pair[1]));
    pairs.filter(|(from, to)| old.get(*from..*to) != Some(&new[*from..*to])).collect()
}

/// The old version with some of the new one's parts written over it.
fn written(old: &[u8], new: &[u8], parts: &[(usize, usize)]) -> Vec<u8> {
    let mut image = old.to_vec();
    for (from, to) in parts.iter().copied() {
        image.resize(image.len().max(to), 0);
        image[from..to].copy_from_slice(&new[from..to]);
    }
    image
}

/// Every prefix of what was written, each also with the part after it torn, and picks by chance.
fn images(old: &[u8], new: &[u8], header: usize, unit: usize, chance: &mut Chance) -> Vec<Vec<u8>> {
    let parts = changed(old, new, header, unit);
    let mut images = Vec::new();
    for n in 0..=parts.len() {
        images.push(written(old, new, &parts[..n]));
        if let Some((from, to)) = parts.get(n).copied() {
            let torn = from + chance.below(to - from);
            images.push(written(old, new, &[&parts[..n], &[(from, torn)]].concat()));
        }
    }
    for _ in 0..parts.len() {
        let picked: Vec<_> = parts.iter().copied().filter(|_| chance.once_in(2)).collect();
        images.push(written(old, new, &picked));
    }
    images
}

/// An office that finds these files after the power is back.
async fn office(folder: &Path, (file, log): &(Vec<u8>, Vec<u8>), taken: &[String]) -> Office {
    let path = folder.join("image.db");
    for left in ["db-wal", "db-shm"] {
        let _ = fs::remove_file(path.with_extension(left));
    }
    fs::write(&path, file).unwrap();
    fs::write(path.with_extension("db-wal"), log).unwrap();
    let ledger = SqliteLedger::inline(&path, LOG_PAGES).unwrap();
    assert_eq!(ledger.findings().await.unwrap(), [] as [String; 0]);
    let office = Office::on(ledger);
    *office.relay.accepted.lock().unwrap() = taken.to_vec();
    office
}

/// Everybody of every campaign.
async fn standings(office: &Office) -> Vec<Vec<Standing>> {
    let mut all = Vec::new();
    for campaign in office.ledger.campaigns().await.unwrap() {
        let (sender, standings) = std::sync::mpsc::channel();
        let each = move |standing| sender.send(standing).is_ok();
        office.ledger.deliveries(&campaign.id, each).await.unwrap();
        all.push(standings.iter().collect());
    }
    all
}

/// The images are looked at, not kept: where there is one, a disk in memory is faster.
fn ram_or_disk() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
}

/// Runs the campaign on a real file, changes its text half-way, and copies the disk after each write.
async fn copies(folder: &Path) -> Vec<Copied> {
    let path = folder.join("ledger.db");
    let mut office = Office::on(SqliteLedger::inline(&path, LOG_PAGES).unwrap());
    let begun = Copied::now(Call::Campaigns, &path, &office.relay);
    office.freeze((0..PEOPLE).collect()).await;
    let frozen = Copied::now(Call::Freeze, &path, &office.relay);
    let copies = Arc::new(Mutex::new(vec![begun, frozen]));
    let (kept, relay) = (Arc::clone(&copies), office.relay.clone());
    let watched = Faulty::new(office.ledger.clone());
    watched.watch(move |step| {
        if step.call.is_write() {
            kept.lock().unwrap().push(Copied::now(step.call, &path, &relay));
        }
    });
    office.course.ahead = 3;
    let dead = Answer::Fail(Ended::Rejected, Scope::Person { suppress: true }, 550);
    office.relay.tell(&address(5), &[dead]);
    office.course.limit = Some(PEOPLE as u64 / 2);
    assert_eq!(office.run_on(&watched).await.unwrap(), End::Limited);
    office.correct(&watched).await;
    office.course.limit = None;
    assert_eq!(office.run_on(&watched).await.unwrap(), End::Finished);
    let copies = copies.lock().unwrap();
    copies.clone()
}

/// What the disk may be like when the power fails between two calls. The log is synced before it
/// is moved into the file, and the file before a new log begins.
fn disks(before: &Copied, after: &Copied, chance: &mut Chance) -> Vec<(Vec<u8>, Vec<u8>)> {
    let logs = images(&before.log, &after.log, LOG_HEADER, FRAME, chance);
    let mut disks: Vec<_> = logs.into_iter().map(|log| (before.file.clone(), log)).collect();
    if before.file != after.file {
        let files = images(&before.file, &after.file, 0, PAGE, chance);
        disks.extend(files.into_iter().map(|file| (file, after.log.clone())));
    }
    disks
}

/// The files when a call had been acknowledged.
async fn as_copied(folder: &Path, copied: &Copied, taken: &[String]) -> Office {
    office(folder, &(copied.file.clone(), copied.log.clone()), taken).await
}

#[tokio::test(start_paused = true)]
async fn what_a_power_loss_leaves_holds_all_that_was_acknowledged() {
    let folder = ram_or_disk();
    let copies = copies(folder.path()).await;
    let mut chance = Chance::new(1);
    let mut looked_at = 0;
    for (before, after) in copies.iter().zip(&copies[1..]) {
        let known = standings(&as_copied(folder.path(), before, &before.taken).await).await;
        let next = standings(&as_copied(folder.path(), after, &after.taken).await).await;
        let disks = disks(before, after, &mut chance);
        looked_at += disks.len();
        for (n, disk) in disks.iter().enumerate() {
            let mut office = office(folder.path(), disk, &after.taken).await;
            let found = standings(&office).await;
            assert!(found == known || found == next, "{:?}: neither before nor after", after.call);
            if found.is_empty() {
                continue;
            }
            office.doubts = office.course.connections;
            office.ledger.recover(office.clock.now()).await.unwrap();
            assert_eq!(office.breaches().await, [] as [String; 0], "{:?}", after.call);
            if n + 1 == disks.len() {
                assert_eq!(office.run().await.unwrap(), End::Finished);
                assert_eq!(office.breaches().await, [] as [String; 0], "{:?}", after.call);
            }
        }
    }
    let calls = copies.len() - 1;
    let happened = format!(
        "{looked_at} images at {calls} writes: each opens, passes `integrity_check` and holds all \
         that was acknowledged"
    );
    let lost = "the power fails: unsynced pages are lost, torn or out of order";
    found("F34", lost, "opens, nothing acknowledged is lost, nobody twice");
    found("C4", "a cut at each page between two acknowledged writes, log and file", &happened);
}

#[tokio::test(start_paused = true)]
async fn a_disk_that_loses_a_mark_it_had_acknowledged_would_be_noticed() {
    let folder = ram_or_disk();
    let copies = copies(folder.path()).await;
    let marked = copies.iter().rposition(|copied| copied.call == Call::Commit).unwrap();
    let mut lying = as_copied(folder.path(), &copies[marked - 1], &copies[marked + 1].taken).await;
    lying.doubts = lying.course.connections;
    let breaches = lying.breaches().await;
    assert!(breaches.len() == 1 && breaches[0].starts_with("(b)"), "{breaches:?}");
}
