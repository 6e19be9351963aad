//! What is due when, as the drafts and the ledger say it. Nothing is made ready here.

use jiff::Timestamp;

use super::super::{Fault, newsroom::Newsroom, runtime::block_on};
use crate::{
    config::is_slug,
    diagnostic::{Diagnostic, Source},
    draft::{Publication, Timing, sounds_ready},
    ledger::{CampaignRecord, CampaignState, Ledger as _},
    schedule::{Due, Turn},
};

/// A draft with a time of its own, or that is let go.
pub(in crate::cli) struct Scheduled {
    pub(in crate::cli) slug: String,
    /// Whether it may go: `status: ready`.
    pub(in crate::cli) is_ready: bool,
    /// When; none where the draft does not say it, or nobody can read it.
    pub(in crate::cli) due: Option<Due>,
    /// Why nobody can read when it is to go.
    pub(in crate::cli) unreadable: Option<Diagnostic>,
    /// What the ledger knows of the campaign of its name.
    pub(in crate::cli) campaign: Option<CampaignRecord>,
}

/// Where a draft stands in the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) enum Place {
    /// Nobody has let it go.
    NotReady,
    /// It is let go, and does not say when; or it cannot be read.
    Unclear,
    /// Its time is to come.
    Ahead,
    /// It is to be sent.
    Due,
    /// It waits for a person: its time is long past.
    Late,
    /// It has gone, is going, or was stopped: its campaign says the rest.
    Begun,
}

/// All drafts that have to do with time, those first that are due first; and all campaigns, oldest
/// first.
pub(in crate::cli) struct Queue {
    pub(in crate::cli) drafts: Vec<Scheduled>,
    pub(in crate::cli) campaigns: Vec<CampaignRecord>,
}

impl Queue {
    /// Reads it, making nothing where there is nothing.
    pub(in crate::cli) fn read(newsroom: &Newsroom) -> Result<Self, Fault> {
        let slugs = newsroom.workspace().slugs().map_err(|fault| Fault::refused(vec![fault]))?;
        // A draft that is sent while we look was a draft before: the campaigns come second.
        let mut drafts: Vec<Scheduled> =
            slugs.into_iter().filter_map(|slug| scheduled(newsroom, slug)).collect();
        let campaigns = block_on(async {
            match newsroom.has_ledger()? {
                true => Ok(newsroom.ledger()?.campaigns().await?),
                false => Ok(Vec::new()),
            }
        })?;
        for draft in &mut drafts {
            draft.campaign = campaigns.iter().find(|record| record.id == draft.slug).cloned();
        }
        drafts.sort_by(|a, b| (a.due_at(), &a.slug).cmp(&(b.due_at(), &b.slug)));
        Ok(Self { drafts, campaigns })
    }

    /// Campaigns that are to be gone on with without being asked for.
    pub(in crate::cli) fn unfinished(&self) -> impl Iterator<Item = &CampaignRecord> {
        self.campaigns.iter().filter(|record| record.state == CampaignState::Running)
    }
}

impl Scheduled {
    /// Where it stands at `now`. A rehearsal is never late: an old draft still rehearses.
    pub(in crate::cli) fn place(&self, now: Timestamp, rehearses: bool) -> Place {
        let state = self.campaign.as_ref().map(|record| &record.state);
        match (&self.due, state) {
            // Frozen and not begun: the run that was to begin it has failed.
            (_, Some(state)) if *state != CampaignState::Frozen => Place::Begun,
            _ if !self.is_ready => Place::NotReady,
            (None, _) => Place::Unclear,
            (Some(due), _) => match due.turn(now) {
                Turn::Ahead => Place::Ahead,
                Turn::Late if !rehearses => Place::Late,
                Turn::Late | Turn::Now => Place::Due,
            },
        }
    }

    /// Whether the draft still says the same of its sending.
    pub(super) fn is_unchanged(&self, newsroom: &Newsroom) -> bool {
        let now = scheduled(newsroom, self.slug.clone());
        now.is_some_and(|now| (now.is_ready, now.due) == (self.is_ready, self.due))
    }

    fn due_at(&self) -> Timestamp {
        self.due.map_or(Timestamp::MAX, |due| due.at)
    }
}

/// The draft of this name, if it has to do with time.
fn scheduled(newsroom: &Newsroom, slug: String) -> Option<Scheduled> {
    let unreadable = |slug, fault| {
        Some(Scheduled { slug, is_ready: true, due: None, unreadable: Some(fault), campaign: None })
    };
    if !is_slug(&slug) {
        return None;
    }
    let (bytes, shown) = match newsroom.workspace().draft_bytes(&slug) {
        Ok(read) => read,
        Err(fault) => return unreadable(slug, fault),
    };
    let source = Source::new(shown, String::from_utf8_lossy(&bytes));
    let timing = Timing::read(&source).filter(|_| source.text.as_bytes() == bytes);
    let Some(timing) = timing else {
        if !sounds_ready(&source.text) {
            return None;
        }
        let fault =
            Diagnostic::new("nobody can tell when it is to go: it cannot be read as a draft")
                .in_file(&*source.name);
        let hint = format!("`announce check {slug}` shows it");
        return unreadable(slug, fault.hint(hint));
    };
    let is_ready = timing.status == Publication::Ready;
    let zone = newsroom.zone();
    let due = timing.send_at.and_then(|at| Due::new(at, &zone, timing.late_after));
    (is_ready || due.is_some()).then_some(Scheduled {
        slug,
        is_ready,
        due,
        unreadable: None,
        campaign: None,
    })
}
