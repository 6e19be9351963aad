//! The event that a draft tells of, as readers' calendars are to have it.

use jiff::{Timestamp, civil, civil::DateTime, tz::TimeZone};
use serde_json::{Map, Value};

use crate::{
    calendar::{Entry, Method, Organizer, Span},
    diagnostic::Diagnostic,
    draft::{Draft, without_label},
    local_time,
    render::Sender,
};

/// An event to come.
pub(super) struct Occasion<'a> {
    draft: &'a Draft,
    event: &'a Map<String, Value>,
    /// Its own, or the sender's.
    zone: TimeZone,
    starts: When,
}

/// A day, or a time of one.
#[derive(Clone, Copy)]
enum When {
    Day(civil::Date),
    Time(DateTime),
}

impl<'a> Occasion<'a> {
    /// The event of a draft whose kind tells of one to come.
    pub(super) fn of(draft: &'a Draft, zone: &TimeZone) -> Option<Self> {
        let event = draft.front.fields.get("event").filter(|_| draft.front.announces)?;
        let event = event.as_object()?;
        let own = text(event, "timezone").and_then(local_time::zone);
        let starts = when(event, "starts")?;
        Some(Self { draft, event, zone: own.unwrap_or_else(|| zone.clone()), starts })
    }

    /// When it begins: a retry makes no sense any more.
    pub(super) fn begins(&self) -> Option<Timestamp> {
        let local = match self.starts {
            When::Day(day) => day.at(0, 0, 0, 0),
            When::Time(time) => time,
        };
        local_time::instant(local, &self.zone)
    }

    /// What goes into the calendar. `None` where the draft wants none in it.
    pub(super) fn entry(
        &self,
        sender: &Sender,
        senders_zone: &TimeZone,
    ) -> Result<Option<Entry>, Diagnostic> {
        let front = &self.draft.front;
        let Some(span) = self.span().filter(|_| front.calendar) else { return Ok(None) };
        let due = front.send_at.as_ref();
        let due = due.and_then(|due| local_time::instant(due.value, senders_zone));
        let Some(since) = due.or_else(|| self.begins()) else { return Ok(None) };
        let is_off = front.fields.get("cancelled") == Some(&Value::Bool(true));
        Ok(Some(Entry {
            method: if is_off { Method::Cancel } else { Method::Publish },
            since,
            span,
            title: self.title()?,
            place: text(self.event, "place").map(str::to_owned),
            description: self.description(),
            url: self.web_page().map(str::to_owned),
            organizer: Organizer {
                name: sender.name.clone(),
                address: sender.reply_to.as_ref().unwrap_or(&sender.address).clone(),
            },
            file_name: file_name(&self.draft.slug),
        }))
    }

    fn span(&self) -> Option<Span> {
        match (self.starts, when(self.event, "ends")) {
            (When::Day(first), ends) => {
                let last = match ends {
                    Some(When::Day(last)) => last.max(first),
                    _ => first,
                };
                Some(Span::Days { first, last })
            }
            (When::Time(starts), ends) => {
                let ends = match ends {
                    Some(When::Time(ends)) => Some(ends),
                    _ => None,
                };
                Span::times(starts, ends, &self.zone)
            }
        }
    }

    /// What the event is called. An entry is everybody's, so that no name of a reader can be in it.
    fn title(&self) -> Result<String, Diagnostic> {
        if let Some(title) = text(self.event, "title") {
            return Ok(title.to_owned());
        }
        let subject = &self.draft.front.subject;
        if subject.value.contains("{{") {
            let message = "the subject differs by person, and the calendar entry has one title";
            return Err(Diagnostic::new(message)
                .at(&self.draft.source, subject.span.clone())
                .hint("give `event.title`, or `calendar: false` for no entry"));
        }
        Ok(without_label(&subject.value).to_owned())
    }

    /// What else a guest must know, a line each; what the mail is about, where there is nothing.
    fn description(&self) -> String {
        let of = |key| text(self.event, key);
        let mut lines: Vec<String> =
            list(self.event, "speakers").filter_map(Value::as_object).filter_map(speaker).collect();
        let partners: Vec<&str> = list(self.event, "partners").filter_map(Value::as_str).collect();
        if !partners.is_empty() {
            lines.push(format!("Held with: {}", partners.join(", ")));
        }
        lines.extend(of("admission").map(|admission| format!("Admission: {admission}")));
        lines.extend(of("access").map(|access| format!("Getting in: {access}")));
        lines.extend(of("register").map(|register| {
            let shown = register.strip_prefix("mailto:").unwrap_or(register);
            format!("Reserve a place: {shown}")
        }));
        let preheader = self.draft.front.preheader.as_ref().map(|line| line.value.as_str());
        match preheader.filter(|line| lines.is_empty() && !line.contains("{{")) {
            Some(line) => line.to_owned(),
            None => lines.join("\n"),
        }
    }

    fn web_page(&self) -> Option<&str> {
        text(self.event, "register").filter(|link| !link.starts_with("mailto:"))
    }
}

fn speaker(speaker: &Map<String, Value>) -> Option<String> {
    let name = text(speaker, "name")?;
    Some(match text(speaker, "role") {
        Some(role) => format!("{name}, {role}"),
        None => name.to_owned(),
    })
}

fn text<'a>(table: &'a Map<String, Value>, key: &str) -> Option<&'a str> {
    table.get(key)?.as_str()
}

fn list<'a>(table: &'a Map<String, Value>, key: &str) -> impl Iterator<Item = &'a Value> {
    table.get(key).and_then(Value::as_array).into_iter().flatten()
}

fn when(event: &Map<String, Value>, key: &str) -> Option<When> {
    let data = text(event, key)?;
    if data.contains('T') {
        data.parse().ok().map(When::Time)
    } else {
        data.parse().ok().map(When::Day)
    }
}

/// `hidden-revolution.ics`: the draft's name, without the day that it begins with.
fn file_name(slug: &str) -> String {
    let is_dated = slug.get(..10).is_some_and(|day| day.parse::<civil::Date>().is_ok());
    let name = if is_dated { &slug[10..] } else { slug };
    let safe = |character: char| if character.is_alphanumeric() { character } else { '-' };
    let name: String = name.chars().map(safe).collect();
    let name = name.trim_matches('-');
    format!("{}.ics", if name.is_empty() { "event" } else { name })
}

#[cfg(test)]
mod tests;
