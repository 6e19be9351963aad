//! What has been opened stays on the desk until a file under it changes; when a draft breaks, its
//! last good edition stays.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
};

use super::{Change, DraftLine, Edition, Report, Studio, Trouble};

/// Editions that are kept while other drafts are looked at. Each holds everybody on its lists.
const KEPT: usize = 3;

/// The drafts that somebody is looking at.
pub(super) struct Desk<S: Studio> {
    studio: S,
    shelf: Mutex<Shelf<S::Edition>>,
}

struct Shelf<E> {
    /// Grows with each change.
    generation: u64,
    /// The generation of the last change that concerned all drafts, and of those of one.
    everything: u64,
    drafts: HashMap<String, u64>,
    slots: HashMap<String, Arc<Mutex<Slot<E>>>>,
    /// Drafts in the order in which they were looked at.
    recent: VecDeque<String>,
}

/// One draft.
struct Slot<E> {
    /// The generation that it was read at; none before the first reading.
    read_at: Option<u64>,
    line: DraftLine,
    trouble: Vec<Trouble>,
    opened: Option<Arc<Opened<E>>>,
    /// What came of reading all copies, and the generation they were of.
    report: Option<(u64, Arc<Report>)>,
}

/// An edition and what came of reading all its copies, once somebody has asked.
pub(super) struct Opened<E> {
    pub(super) edition: E,
    report: OnceLock<Arc<Report>>,
}

/// A draft as it is now.
pub(super) struct Look<E> {
    pub(super) line: DraftLine,
    /// Why it cannot be opened.
    pub(super) trouble: Vec<Trouble>,
    /// The last edition that could be made.
    pub(super) opened: Option<Arc<Opened<E>>>,
}

impl<S: Studio> Desk<S> {
    pub(super) fn new(studio: S) -> Self {
        let shelf = Shelf {
            generation: 1,
            everything: 1,
            drafts: HashMap::new(),
            slots: HashMap::new(),
            recent: VecDeque::new(),
        };
        Self { studio, shelf: Mutex::new(shelf) }
    }

    pub(super) fn studio(&self) -> &S {
        &self.studio
    }

    pub(super) fn generation(&self) -> u64 {
        held(&self.shelf).generation
    }

    /// Takes note of what has changed; the generation from now on.
    pub(super) fn changed(&self, changes: &[Change]) -> u64 {
        let mut shelf = held(&self.shelf);
        shelf.generation += 1;
        let generation = shelf.generation;
        for change in changes {
            match change {
                Change::Draft { slug, .. } => {
                    shelf.drafts.insert(slug.clone(), generation);
                }
                Change::Everything { .. } => shelf.everything = generation,
                Change::Caught => {}
            }
        }
        generation
    }

    /// A draft, read again if something under it has changed.
    pub(super) fn look(&self, slug: &str) -> Look<S::Edition> {
        let (slot, generation, needed) = self.slot(slug, true);
        let mut slot = held(&slot);
        self.read(&mut slot, slug, generation, needed);
        Look { line: slot.line.clone(), trouble: slot.trouble.clone(), opened: slot.opened.clone() }
    }

    /// What came of reading all copies of a draft.
    pub(super) fn report(&self, slug: &str) -> Arc<Report> {
        let (slot, generation, needed) = self.slot(slug, false);
        let mut held_slot = held(&slot);
        if let Some((read_at, report)) = &held_slot.report
            && *read_at >= needed
        {
            return Arc::clone(report);
        }
        self.read(&mut held_slot, slug, generation, needed);
        let read_at = held_slot.read_at.unwrap_or(generation);
        let trouble = held_slot.trouble.clone();
        let opened = held_slot.opened.clone();
        // Whoever wants to see a copy does not wait for all of them to be read.
        drop(held_slot);
        let report = match opened {
            Some(opened) if trouble.is_empty() => opened.report(),
            _ => Arc::new(Report { trouble, ..Report::default() }),
        };
        held(&slot).report = Some((read_at, Arc::clone(&report)));
        self.clear();
        report
    }

    /// The place of a draft, the generation of now and the one that it has to be of.
    fn slot(&self, slug: &str, is_viewed: bool) -> (Arc<Mutex<Slot<S::Edition>>>, u64, u64) {
        let mut shelf = held(&self.shelf);
        if is_viewed {
            shelf.recent.retain(|viewed| viewed != slug);
            shelf.recent.push_back(slug.to_owned());
            let surplus = shelf.recent.len().saturating_sub(KEPT);
            shelf.recent.drain(..surplus);
        }
        let needed = shelf.drafts.get(slug).copied().unwrap_or(0).max(shelf.everything);
        let generation = shelf.generation;
        let slot = shelf.slots.entry(slug.to_owned()).or_insert_with(|| {
            Arc::new(Mutex::new(Slot {
                read_at: None,
                line: DraftLine::default(),
                trouble: Vec::new(),
                opened: None,
                report: None,
            }))
        });
        (Arc::clone(slot), generation, needed)
    }

    fn read(&self, slot: &mut Slot<S::Edition>, slug: &str, generation: u64, needed: u64) {
        let is_fresh = slot.read_at.is_some_and(|read_at| read_at >= needed);
        if is_fresh && (slot.opened.is_some() || !slot.trouble.is_empty()) {
            return;
        }
        match self.studio.edition(slug) {
            Ok(edition) => {
                slot.line = edition.line().clone();
                slot.trouble = Vec::new();
                slot.opened = Some(Arc::new(Opened { edition, report: OnceLock::new() }));
            }
            Err(trouble) => {
                slot.line = self.studio.draft(slug);
                slot.trouble = trouble;
            }
        }
        slot.read_at = Some(generation);
    }

    /// Puts away what nobody looks at.
    fn clear(&self) {
        let shelf = held(&self.shelf);
        for (slug, slot) in &shelf.slots {
            if !shelf.recent.contains(slug)
                && let Ok(mut slot) = slot.try_lock()
            {
                slot.opened = None;
            }
        }
    }
}

impl<E: Edition> Opened<E> {
    /// Reads all copies, once.
    pub(super) fn report(&self) -> Arc<Report> {
        Arc::clone(self.report.get_or_init(|| Arc::new(self.edition.report())))
    }
}

/// A panic in one answer leaves nothing half done that another could trip over.
fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
