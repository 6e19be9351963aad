//! A mail as its reader will see it, shown to staff while they write.
//!
//! What is shown is read back from the bytes that would travel, by a parser that had no part in
//! writing them, so it is what is sent and not what was meant.
//!
//! | file | its one idea |
//! |---|---|
//! | `reading` | one message taken apart: headers, texts, pictures, attachments |
//! | `frame` | the HTML part as a document that shows its pictures |
//! | `preheader` | what an inbox shows beside the subject |
//! | `markup` | where in HTML tags, attributes and texts are |
//!
//! Owns: how a mail is read and shown.
//! Does not know: how a mail is made.

mod frame;
mod markup;
mod preheader;
mod reading;

pub use frame::{data_url, framed};
pub use reading::{Mailbox, Part, Reading};
