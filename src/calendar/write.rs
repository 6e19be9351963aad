//! Writes an entry as a calendar object.

use jiff::{SignedDuration, Timestamp, civil};

use super::{
    Entry, Method, Span, Zone,
    line::{Lines, quoted},
    zone::Observance,
};
use crate::percent;

/// Who wrote it. Without a version: the bytes of a mail must not change with the program.
const PRODUCT: &str = "-//announce//announce//EN";

/// A day before.
const DAY_BEFORE: &str = "-P1D";

/// Nine in the morning of the day before: whole days begin at midnight.
const MORNING_BEFORE: &str = "-PT15H";

impl Method {
    /// As it stands behind `METHOD:`, and in the type of the MIME part, which must say the same.
    pub fn name(self) -> &'static str {
        match self {
            Self::Publish => "PUBLISH",
            Self::Cancel => "CANCEL",
        }
    }
}

impl Entry {
    /// The whole calendar object. `uid` tells it from all others and stays with it; of two with the
    /// same, the higher `sequence` holds.
    pub fn write(&self, uid: &str, sequence: u32) -> String {
        let mut lines = Lines::default();
        lines.raw("BEGIN", "VCALENDAR");
        lines.raw("VERSION", "2.0");
        lines.raw("PRODID", PRODUCT);
        lines.raw("CALSCALE", "GREGORIAN");
        lines.raw("METHOD", self.method.name());
        if let Span::Times { zone, .. } = &self.span {
            write_zone(&mut lines, zone);
        }
        self.write_event(&mut lines, uid, sequence);
        lines.raw("END", "VCALENDAR");
        lines.finish()
    }

    fn write_event(&self, lines: &mut Lines, uid: &str, sequence: u32) {
        lines.raw("BEGIN", "VEVENT");
        lines.raw("UID", uid);
        lines.raw("DTSTAMP", &utc(self.stamp(sequence)));
        lines.raw("SEQUENCE", &sequence.to_string());
        write_span(lines, &self.span);
        lines.text("SUMMARY", &self.title);
        lines.text("LOCATION", self.place.as_deref().unwrap_or_default());
        lines.text("DESCRIPTION", &self.description);
        if let Some(url) = &self.url {
            // Of what stands in it only what is no URI is encoded (RFC 3986 §2).
            lines.raw("URL", &percent::encoded(url, b":/?#[]@!$&'()*+,;=%"));
        }
        let address = percent::encoded(&self.organizer.address, b"@+");
        let organizer = format!("ORGANIZER;CN={}", quoted(&self.organizer.name));
        lines.raw(&organizer, &format!("mailto:{address}"));
        let is_on = self.method == Method::Publish;
        let is_timed = matches!(self.span, Span::Times { .. });
        lines.raw("STATUS", if is_on { "CONFIRMED" } else { "CANCELLED" });
        // An hour is taken; a day has room for other things.
        lines.raw("TRANSP", if is_on && is_timed { "OPAQUE" } else { "TRANSPARENT" });
        if is_on {
            lines.raw("BEGIN", "VALARM");
            lines.raw("ACTION", "DISPLAY");
            lines.text("DESCRIPTION", &self.title);
            lines.raw("TRIGGER", if is_timed { DAY_BEFORE } else { MORNING_BEFORE });
            lines.raw("END", "VALARM");
        }
        lines.raw("END", "VEVENT");
    }

    /// Later with each number, as calendars expect, and without a clock.
    fn stamp(&self, sequence: u32) -> Timestamp {
        let later = self.since.checked_add(SignedDuration::from_secs(sequence.into()));
        later.unwrap_or(self.since)
    }
}

/// `DTSTART`, and `DTEND`, at which it is over: the day after the last of whole days.
fn write_span(lines: &mut Lines, span: &Span) {
    match span {
        Span::Days { first, last } => {
            lines.raw("DTSTART;VALUE=DATE", &first.strftime("%Y%m%d").to_string());
            if let Ok(after) = last.tomorrow() {
                lines.raw("DTEND;VALUE=DATE", &after.strftime("%Y%m%d").to_string());
            }
        }
        Span::Times { starts, ends, zone } => {
            let (parameter, mark) = match zone.observances.is_empty() {
                true => (String::new(), "Z"),
                false => (format!(";TZID={}", zone.name), ""),
            };
            for (name, at) in [("DTSTART", Some(starts)), ("DTEND", ends.as_ref())] {
                if let Some(at) = at {
                    lines.raw(&format!("{name}{parameter}"), &format!("{}{mark}", local(*at)));
                }
            }
        }
    }
}

fn write_zone(lines: &mut Lines, zone: &Zone) {
    if zone.observances.is_empty() {
        return;
    }
    lines.raw("BEGIN", "VTIMEZONE");
    lines.raw("TZID", &zone.name);
    for observance in &zone.observances {
        let Observance { begins, from, to, name, is_summer } = observance;
        let kind = if *is_summer { "DAYLIGHT" } else { "STANDARD" };
        lines.raw("BEGIN", kind);
        lines.raw("DTSTART", &local(*begins));
        lines.raw("TZOFFSETFROM", &offset(*from));
        lines.raw("TZOFFSETTO", &offset(*to));
        lines.text("TZNAME", name);
        lines.raw("END", kind);
    }
    lines.raw("END", "VTIMEZONE");
}

fn local(at: civil::DateTime) -> String {
    at.strftime("%Y%m%dT%H%M%S").to_string()
}

pub(super) fn utc(at: Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// `+0545`; clocks of long ago had seconds, too.
fn offset(seconds: i32) -> String {
    let sign = if seconds < 0 { '-' } else { '+' };
    let seconds = seconds.unsigned_abs();
    let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let rest = if rest > 0 { format!("{rest:02}") } else { String::new() };
    format!("{sign}{hours:02}{minutes:02}{rest}")
}
