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
    places: HashMap<String, Arc<Mutex<Place<E>>>>,
    /// Drafts in the order in which they were looked at.
    recent: VecDeque<String>,
}

/// One draft.
struct Place<E> {
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
        let state = Shelf {
            generation: 1,
            everything: 1,
            drafts: HashMap::new(),
            places: HashMap::new(),
            recent: VecDeque::new(),
        };
        Self { studio, shelf: Mutex::new(state) }
    }

    pub(super) fn studio(&self) -> &S {
        &self.studio
    }

    pub(super) fn generation(&self) -> u64 {
        held(&self.shelf).generation
    }

    /// Takes note of what has changed; the generation from now on.
    pub(super) fn changed(&self, changes: &[Change]) -> u64 {
        let mut state = held(&self.shelf);
        state.generation += 1;
        let generation = state.generation;
        for change in changes {
            match change {
                Change::Draft { slug, .. } => {
                    state.drafts.insert(slug.clone(), generation);
                }
                Change::Everything { .. } => state.everything = generation,
                Change::Caught => {}
            }
        }
        generation
    }

    /// A draft, read again if something under it has changed.
    pub(super) fn look(&self, slug: &str) -> Look<S::Edition> {
        let (place, generation, needed) = self.place(slug, true);
        let mut draft = held(&place);
        self.read(&mut draft, slug, generation, needed);
        Look {
            line: draft.line.clone(),
            trouble: draft.trouble.clone(),
            opened: draft.opened.clone(),
        }
    }

    /// What came of reading all copies of a draft.
    pub(super) fn report(&self, slug: &str) -> Arc<Report> {
        let (place, generation, needed) = self.place(slug, false);
        let mut draft = held(&place);
        if let Some((read_at, report)) = &draft.report
            && *read_at >= needed
        {
            return Arc::clone(report);
        }
        self.read(&mut draft, slug, generation, needed);
        let read_at = draft.read_at.unwrap_or(generation);
        let trouble = draft.trouble.clone();
        let opened = draft.opened.clone();
        // Whoever wants to see a copy does not wait for all of them to be read.
        drop(draft);
        let report = match opened {
            Some(opened) if trouble.is_empty() => opened.report(),
            _ => Arc::new(Report { trouble, ..Report::default() }),
        };
        held(&place).report = Some((read_at, Arc::clone(&report)));
        self.clear();
        report
    }

    /// The place of a draft, the generation of now and the one that it has to be of.
    fn place(&self, slug: &str, is_viewed: bool) -> (Arc<Mutex<Place<S::Edition>>>, u64, u64) {
        let mut state = held(&self.shelf);
        if is_viewed {
            state.recent.retain(|viewed| viewed != slug);
            state.recent.push_back(slug.to_owned());
            let surplus = state.recent.len().saturating_sub(KEPT);
            state.recent.drain(..surplus);
        }
        let needed = state.drafts.get(slug).copied().unwrap_or(0).max(state.everything);
        let generation = state.generation;
        let place = state.places.entry(slug.to_owned()).or_insert_with(|| {
            Arc::new(Mutex::new(Place {
                read_at: None,
                line: DraftLine::default(),
                trouble: Vec::new(),
                opened: None,
                report: None,
            }))
        });
        (Arc::clone(place), generation, needed)
    }

    fn read(&self, draft: &mut Place<S::Edition>, slug: &str, generation: u64, needed: u64) {
        let is_fresh = draft.read_at.is_some_and(|read_at| read_at >= needed);
        if is_fresh && (draft.opened.is_some() || !draft.trouble.is_empty()) {
            return;
        }
        match self.studio.edition(slug) {
            Ok(edition) => {
                draft.line = edition.line().clone();
                draft.trouble = Vec::new();
                draft.opened = Some(Arc::new(Opened { edition, report: OnceLock::new() }));
            }
            Err(trouble) => {
                draft.line = self.studio.draft(slug);
                draft.trouble = trouble;
            }
        }
        draft.read_at = Some(generation);
    }

    /// Puts away what nobody looks at.
    fn clear(&self) {
        let state = held(&self.shelf);
        for (slug, place) in &state.places {
            if !state.recent.contains(slug)
                && let Ok(mut draft) = place.try_lock()
            {
                draft.opened = None;
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
