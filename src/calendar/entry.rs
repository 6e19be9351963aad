//! What a calendar entry says.

use jiff::{Timestamp, civil};
use serde::{Deserialize, Serialize};

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
        /// The last day.
        last: civil::Date,
    },
    /// From a time to a time.
    Times {
        /// When it starts, local.
        starts: civil::DateTime,
        /// When it ends, local.
        ends: Option<civil::DateTime>,
        /// IANA name of the zone of both.
        zone: String,
    },
}
