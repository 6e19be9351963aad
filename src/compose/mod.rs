//! Turns a rendered body into the exact bytes that go on the wire.
//!
//! Owns: MIME structure, header order, unsubscribe headers, encodings.
//! Does not know: Markdown, templates, sockets, the ledger. Same input, same bytes.
//!
//! A [`Composer`] is made once a campaign. It encodes once what everybody shares, and then adds
//! one person to a copy:
//!
//! ```text
//! From, Reply-To                                            once
//! To, Subject, Date, Message-ID                             each person
//! In-Reply-To, References                                   each person, in a follow-up
//! List-Id                                                   once
//! List-Unsubscribe, List-Unsubscribe-Post                   each person, not in a test
//! Auto-Submitted, Precedence, Content-Language, MIME-Version  once
//!
//! multipart/mixed                with attachments or a calendar entry
//! ├ multipart/alternative        always
//! │ ├ text/plain                 each person, but shared lines once
//! │ ├ multipart/related          with pictures
//! │ │ ├ text/html                each person, but shared lines once
//! │ │ └ image/…, inline          once
//! │ └ text/calendar; method=…    once, with a calendar entry
//! ├ application/…, attachment    once
//! └ text/calendar, attachment    once, the same entry for programs that do not look above
//! ```
//!
//! lettre parses the addresses and writes base64. Its builder encodes everything anew for each
//! message, picks base64 for texts, gives one line to a word of any length and one spelling to a
//! file name, so the rest is written here; it is little.

mod address;
mod attachment;
mod bounces;
mod calendar;
mod composer;
mod encoded;
mod encoded_word;
mod envelope;
mod error;
mod file_name;
mod header;
mod media_type;
mod message;
mod multipart;
mod quoted_printable;
mod sender;
mod stamp;
mod unsubscribe;
mod wire;

#[cfg(test)]
mod tests;

pub use attachment::{Attachment, Picture};
pub use calendar::Calendar;
pub use composer::{Composer, Parts};
pub use encoded::Encoded;
pub(crate) use encoded_word::base64;
pub use envelope::Envelope;
pub use error::Error;
pub use media_type::media_type;
pub use message::Message;
pub use sender::Sender;
pub use stamp::{Recipient, Stamp};
pub use unsubscribe::Unsubscribe;
pub use wire::has_paired_line_ends;
