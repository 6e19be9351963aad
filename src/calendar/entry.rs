//! What a calendar entry says.

use jiff::{Timestamp, civil, tz::TimeZone};
use serde::{Deserialize, Serialize};

use super::Zone;
use crate::local_time;

/// An event, complete but for what tells it from others: its UID and its number in a series are
/// given when it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// What the reader's calendar is asked to do.
    pub method: Method,
    /// What DTSTAMP is counted from: no clock is read, so that the same mail has the same bytes.
    pub since: Timestamp,
    /// When it is.
    pub span: Span,
    /// `SUMMARY`.
    pub title: String,
    /// `LOCATION`.
    pub place: Option<String>,
    /// `DESCRIPTION`, with `\n` between lines; may be empty.
    pub description: String,
    /// `URL`.
    pub url: Option<String>,
    /// Who invites. Nobody is ever named as an attendee: whoever reads one copy would learn of
    /// the others.
    pub organizer: Organizer,
    /// Name of the file that it travels as, without folders (`hidden-revolution.ics`).
    pub file_name: String,
}

/// `METHOD` (RFC 5546 §1.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Put it in, or bring it up to date.
    Publish,
    /// It does not take place.
    Cancel,
}

/// `ORGANIZER`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organizer {
    /// `CN`.
    pub name: String,
    /// The address.
    pub address: String,
}

/// When an event is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Span {
    /// Whole days, the last one included.
    Days {
        /// The first day.
        first: civil::Date,
        /// The last day, not before the first.
        last: civil::Date,
    },
    /// From a time to a time. Both exist: no clock skips them.
    Times {
        /// When it starts, local.
        starts: civil::DateTime,
        /// When it ends, local, after it starts.
        ends: Option<civil::DateTime>,
        /// The zone of both.
        zone: Zone,
    },
}

impl Span {
    /// From a time to a time, as people wrote them: a time that the clocks leave out is the first
    /// after it, and an end that is not after the start is none. `None` for a zone without a name,
    /// and beyond the years that there are.
    pub fn times(
        starts: civil::DateTime,
        ends: Option<civil::DateTime>,
        zone: &TimeZone,
    ) -> Option<Self> {
        let start = local_time::instant(starts, zone)?;
        let end = ends.and_then(|ends| local_time::instant(ends, zone));
        let end = end.filter(|end| *end > start);
        let local = |at: Timestamp| zone.to_datetime(at);
        let (starts, ends) = (local(start), end.map(local));
        Some(Self::Times { starts, ends, zone: Zone::around(zone, start, end.unwrap_or(start))? })
    }
}
