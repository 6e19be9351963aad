//! An event as calendars know it: iCalendar (RFC 5545), sent as RFC 5546 and RFC 6047 say.
//!
//! Owns: what a calendar entry says and how it is written, time zones as calendars need them, links
//! that put the event into a web calendar.
//! Does not know: drafts, mail, the ledger, clocks. The same entry gives the same bytes.

mod entry;
mod line;
#[cfg(test)]
mod tests;
mod web;
mod write;
mod zone;

pub use entry::{Entry, Method, Organizer, Span};
pub use web::WebLinks;
pub use zone::{Observance, Zone};
