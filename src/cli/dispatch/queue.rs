//! What is due when, as the drafts and the ledger say it. Nothing is made ready here.

use jiff::Timestamp;

use super::{
    super::{Fault, newsroom::Newsroom, runtime::block_on},
    memory::Memory,
};
use crate::{
    clock::Clock as _,
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

    /// Forgets what was wrong with drafts and campaigns that wait for nothing any more.
    pub(super) fn forget_others(&self, newsroom: &Newsroom, memory: &mut Memory) {
        let (now, rehearses) = (newsroom.clock().now(), newsroom.rehearses());
        let waits = |place| matches!(place, Place::Due | Place::Late | Place::Unclear);
        let waiting: Vec<&str> = self
            .drafts
            .iter()
            .filter(|draft| waits(draft.place(now, rehearses)))
            .map(|draft| draft.slug.as_str())
            .chain(self.unfinished().map(|record| record.id.as_str()))
            .collect();
        let is_wrong = |about: &str| match about {
            "" => !waiting.is_empty(),
            id => waiting.contains(&id),
        };
        memory.keep_only(is_wrong, |slug, due| {
            let draft = self.drafts.iter().find(|draft| draft.slug == slug);
            draft.is_some_and(|draft| {
                draft.due.is_some_and(|at| at.at == due) && waits(draft.place(now, rehearses))
            })
        });
    }
}

impl Scheduled {
    /// Where it stands at `now`. A rehearsal is never late: an old draft still rehearses.
    pub(in crate::cli) fn place(&self, now: Timestamp, rehearses: bool) -> Place {
        let begun = self.campaign.as_ref().filter(|record| match record.state {
            // The run that was to begin it has failed.
            CampaignState::Frozen => false,
            CampaignState::Finished => !self.comes_again(record, now, rehearses),
            _ => true,
        });
        match (&self.due, begun) {
            (_, Some(_)) => Place::Begun,
            _ if !self.is_ready => Place::NotReady,
            (None, _) => Place::Unclear,
            (Some(due), _) => match due.turn(now) {
                Turn::Ahead => Place::Ahead,
                Turn::Late if !rehearses => Place::Late,
                Turn::Late | Turn::Now => Place::Due,
            },
        }
    }

    /// Whether its time comes after somebody has sent it by hand: whoever has not got it then, gets
    /// it. What was rehearsed before its time is rehearsed again.
    fn comes_again(&self, record: &CampaignRecord, now: Timestamp, rehearses: bool) -> bool {
        self.due.is_some_and(|due| {
            record.changed_at < due.at && (rehearses || due.turn(now) == Turn::Now)
        })
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
    let (bytes, shown) = match newsroom.workspace().draft_bytes(&slug) {
        Ok(read) => read,
        Err(fault) => return unreadable(slug, fault),
    };
    let source = Source::new(shown, String::from_utf8_lossy(&bytes));
    let timing = match Timing::read(&source) {
        Ok(timing) if source.text.as_bytes() == bytes => timing,
        read => {
            if !sounds_ready(&source.text) {
                return None;
            }
            let fault = read.err().and_then(|faults| faults.into_iter().next());
            let not_text = || Diagnostic::new("it is not UTF-8").in_file(&*source.name);
            return unreadable(slug, fault.unwrap_or_else(not_text));
        }
    };
    let is_ready = timing.status == Publication::Ready;
    if is_ready && !is_slug(&slug) {
        let fault = Diagnostic::new("no campaign can have its name, so it is never sent");
        let hint = "rename it: up to 100 of the letters a-z, digits, `.`, `_` and `-`";
        return unreadable(slug, fault.in_file(&*source.name).hint(hint));
    }
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

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    fn at(time: &str) -> Timestamp {
        format!("2026-12-10T{time}:00Z").parse().unwrap()
    }

    fn place(state: Option<CampaignState>, changed: &str, now: &str, rehearses: bool) -> Place {
        let due = Due { at: at("08:00"), late_after: SignedDuration::from_hours(2) };
        let campaign = state.map(|state| CampaignRecord {
            id: "letter".to_owned(),
            revision: 1,
            digest: String::new(),
            state,
            frozen_at: at(changed),
            changed_at: at(changed),
            sequence: 0,
            follows: None,
            called_off: false,
        });
        let slug = "letter".to_owned();
        let draft = Scheduled { slug, is_ready: true, due: Some(due), unreadable: None, campaign };
        draft.place(at(now), rehearses)
    }

    #[test]
    fn a_draft_is_ahead_then_due_then_late_unless_it_is_a_rehearsal() {
        for (now, real, rehearsed) in [
            ("07:59", Place::Ahead, Place::Ahead),
            ("08:00", Place::Due, Place::Due),
            ("10:00", Place::Due, Place::Due),
            ("10:01", Place::Late, Place::Due),
        ] {
            assert_eq!(place(None, now, now, false), real, "{now}");
            assert_eq!(place(None, now, now, true), rehearsed, "{now}");
            let frozen = Some(CampaignState::Frozen);
            assert_eq!(
                place(frozen, "07:00", now, false),
                real,
                "the run that was to begin failed"
            );
        }
    }

    #[test]
    fn what_was_sent_by_hand_before_its_time_comes_again_at_its_time() {
        let sent = || Some(CampaignState::Finished);
        for (changed, now, real, rehearsed) in [
            ("07:00", "07:30", Place::Begun, Place::Ahead),
            ("07:00", "08:00", Place::Due, Place::Due),
            // For good: nobody needs to hear that it would be late.
            ("07:00", "10:01", Place::Begun, Place::Due),
            ("08:01", "08:02", Place::Begun, Place::Begun),
        ] {
            assert_eq!(place(sent(), changed, now, false), real, "{changed} {now}");
            assert_eq!(place(sent(), changed, now, true), rehearsed, "{changed} {now}");
        }
        let paused = Some(CampaignState::Paused("stopped".to_owned()));
        assert_eq!(
            place(paused, "07:00", "08:00", false),
            Place::Begun,
            "a person goes on with it"
        );
    }
}
