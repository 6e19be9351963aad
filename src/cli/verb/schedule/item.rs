//! One draft in the list of what is due.

use jiff::Timestamp;
use serde::Serialize;

use super::super::super::{
    Fault,
    checked::{Checked, check},
    dispatch::{Place, Scheduled, resting_until},
    newsroom::Newsroom,
    receipt, report,
    runtime::block_on,
};
use crate::{
    campaign::End,
    check::Level,
    diagnostic::{count, people},
    ledger::{CampaignRecord, CampaignState, Ledger as _},
    schedule::{Moment, distance, in_full},
};

/// A draft in the queue, with what the checks make of it if it is ready.
pub(super) struct Item<'a> {
    scheduled: &'a Scheduled,
    place: Place,
    subject: Option<String>,
    moment: Option<Moment>,
    checked: Option<Checked>,
    /// Whether a receipt says that it was sent; no ledger here knows of it.
    is_sent_elsewhere: bool,
}

/// One line of `--json`.
#[derive(Default, Serialize)]
struct Line<'a> {
    /// Filled in as it is written.
    schema: u8,
    campaign: &'a str,
    place: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    due: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    send_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    people: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    approval: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    errors: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    warnings: Option<usize>,
}

/// A campaign that was begun and has not ended: how far it is, and what becomes of it.
pub(super) fn begun(
    newsroom: &Newsroom,
    record: &CampaignRecord,
    rests: Option<&End>,
    json: bool,
) -> Result<String, Fault> {
    let id = &record.id;
    if json {
        return Ok(Line { campaign: id, place: "begun", ..Line::default() }.text());
    }
    let books = block_on(async { Ok(newsroom.ledger()?.books(id).await?.left_alone()) })?;
    let left = count(books.open(), "delivery");
    let then = match (&record.state, rests) {
        (CampaignState::Paused(reason) | CampaignState::Held(reason), _) => {
            format!("paused: {reason}; `announce resume {id}` goes on with it")
        }
        (_, Some(end)) => format!("it rests: {}", resting_until(newsroom, end)),
        _ if newsroom.sending()?.as_ref() == Some(id) => "being sent now".to_owned(),
        _ => "the next dispatch goes on with it".to_owned(),
    };
    Ok(format!("{id}\n  begun, {left} left; {then}"))
}

impl Line<'_> {
    fn text(self) -> String {
        serde_json::to_string(&Line { schema: 1, ..self }).unwrap_or_default()
    }
}

impl<'a> Item<'a> {
    /// Reads the draft, and if it is ready makes and checks every copy of it.
    pub(super) fn read(
        newsroom: &Newsroom,
        scheduled: &'a Scheduled,
        place: Place,
    ) -> Result<Self, Fault> {
        let file = format!("drafts/{}.md", scheduled.slug);
        let templates = newsroom.templates();
        let draft = templates.and_then(|templates| newsroom.draft_at(&file, &templates)).ok();
        let moment = draft
            .as_ref()
            .and_then(|draft| Moment::new(draft.front.send_at.as_ref()?.value, &newsroom.zone()));
        let is_ready = scheduled.is_ready && scheduled.unreadable.is_none();
        let checked = match is_ready {
            true => Some(check(newsroom, &|templates| newsroom.draft_at(&file, templates), false)?),
            false => None,
        };
        let is_sent_elsewhere = receipt::read(newsroom, &scheduled.slug)?.is_some();
        let subject = draft.map(|draft| draft.front.subject.value);
        Ok(Self { scheduled, place, subject, moment, checked, is_sent_elsewhere })
    }

    /// A heading and what there is to know, a line each.
    pub(super) fn human(&self, newsroom: &Newsroom, now: Timestamp) -> String {
        let slug = &self.scheduled.slug;
        let mut lines = vec![match &self.subject {
            Some(subject) => format!("{slug}: {}", report::tame(subject)),
            None => slug.clone(),
        }];
        lines.extend(self.when(newsroom, now));
        lines.extend(self.moment.as_ref().and_then(Moment::remark));
        if self.is_sent_elsewhere {
            lines.push(format!(
                "drafts/{slug}.sent.toml says that it was sent from another desk: it is not sent \
                 from here"
            ));
        }
        lines.extend(self.approval(newsroom));
        lines.extend(self.found());
        lines.join("\n  ")
    }

    /// When it goes out and to how many, or why it does not and what then.
    fn when(&self, newsroom: &Newsroom, now: Timestamp) -> Vec<String> {
        let slug = &self.scheduled.slug;
        if let Some(fault) = &self.scheduled.unreadable {
            return [Some(fault.message.clone()), fault.hint.clone()]
                .into_iter()
                .flatten()
                .collect();
        }
        let Some(due) = &self.scheduled.due else {
            let way = format!("give it one: `announce schedule {slug} --at TIME`");
            return vec!["ready, and has no time: it does not go out by itself".to_owned(), way];
        };
        let copies = self.checked.as_ref().and_then(|checked| checked.copies);
        let whom = copies.map(|copies| format!(" to {}", people(copies))).unwrap_or_default();
        let for_whom = copies.map(|copies| format!(", for {}", people(copies))).unwrap_or_default();
        let zone = newsroom.zone();
        let (at, words) = (in_full(zone.to_datetime(due.at)), distance(due.at, now, &zone));
        let is_held = self
            .checked
            .as_ref()
            .is_some_and(|checked| checked.verdict.refuses() || checked.approval.pass().is_err());
        match self.place {
            Place::Late => vec![
                format!("held: it was due on {at} ({words}), too long ago to go out by itself"),
                format!("now{whom}: `announce send {slug}`"),
                format!("at another time: `announce schedule {slug} --at TIME`"),
            ],
            Place::Due if is_held => vec![format!("was due on {at} ({words}){for_whom}")],
            Place::Due => {
                vec![format!("was due on {at} ({words}): the next dispatch sends it{whom}")]
            }
            _ if is_held => vec![format!("is due on {at} ({words}){for_whom}")],
            _ => vec![format!("goes out on {at} ({words}){whom}")],
        }
    }

    /// Who has approved it, or that nobody has.
    fn approval(&self, newsroom: &Newsroom) -> Option<String> {
        let approval = &self.checked.as_ref()?.approval;
        let words = report::tame(&approval.words(newsroom)?);
        Some(match approval.pass() {
            Ok(()) => words,
            Err(_) => {
                format!("held: {words}: `announce approve {} --by NAME`", self.scheduled.slug)
            }
        })
    }

    /// Errors and warnings.
    fn found(&self) -> Option<String> {
        let slug = &self.scheduled.slug;
        let verdict = &self.checked.as_ref()?.verdict;
        let number = |level, word| {
            let found = verdict.count(level) as u64;
            (found > 0).then(|| count(found, word))
        };
        match (number(Level::Error, "error"), number(Level::Warning, "warning")) {
            (Some(errors), _) => {
                Some(format!("held while it has {errors}: `announce check {slug}`"))
            }
            (None, Some(warnings)) => Some(format!("{warnings}: `announce check {slug}`")),
            (None, None) => None,
        }
    }

    /// The same for programs.
    pub(super) fn json(&self) -> String {
        let counted = |level| self.checked.as_ref().map(|checked| checked.verdict.count(level));
        Line {
            campaign: &self.scheduled.slug,
            place: match self.place {
                Place::Late => "late",
                Place::Unclear => "unclear",
                Place::Due => "due",
                Place::Ahead => "ahead",
                Place::NotReady => "not_ready",
                Place::Begun => "begun",
            },
            due: self.scheduled.due.map(|due| due.at.to_string()),
            send_at: self.moment.as_ref().map(|moment| moment.local.to_string()),
            subject: self.subject.as_deref(),
            people: self.checked.as_ref().map(|checked| checked.copies.unwrap_or(0)),
            approval: self.checked.as_ref().map(|checked| checked.approval.word()),
            errors: counted(Level::Error),
            warnings: counted(Level::Warning),
            ..Line::default()
        }
        .text()
    }
}
