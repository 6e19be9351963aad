//! The page that staff keep open while they write: every copy, every finding, as the files change.
//!
//! ```text
//! files ─▶ watch ─▶ desk ◀─ routes, mail ◀─ the page
//!                    └▶ Studio (the command line) ─▶ bytes of a copy ─▶ Reading ─▶ the page
//! ```
//!
//! What is shown of a mail is read from the bytes that would be sent, by a parser that knows
//! nothing of how they were made. There is no [`Transport`](crate::deliver::Transport) here: a
//! preview cannot send.
//!
//! | file | its one idea |
//! |---|---|
//! | `server` | this machine only; tells open pages what changes, as it changes |
//! | `door` | lets in whoever knows the path |
//! | `routes`, `mail`, `caught` | the page's questions; the mails; those that rehearsals caught |
//! | `asset`, `page/` | the page itself: HTML, style and script, readable, without a tool chain |
//! | `bundle` | the page's modules as one script |
//! | `desk` | what has been opened, and the last good edition of a draft that broke |
//! | `studio`, `answers` | what the page asks of the newsroom, and what it is told |
//! | `trouble` | a fault or finding with the lines around it |
//! | `watch` | says when files change |
//! | `letter` | one mail that is looked at |
//! | `reading` | one message taken apart: headers, texts, pictures, attachments |
//! | `frame` | the HTML part as a document that shows its pictures |
//! | `preheader` | what an inbox shows beside the subject |
//! | `markup` | where in HTML tags, attributes and texts are |
//!
//! Owns: HTTP, the page. Does not know: drafts, lists, templates, SMTP, the ledger.

mod answers;
mod asset;
mod bundle;
mod caught;
mod desk;
mod door;
mod frame;
mod letter;
mod mail;
mod markup;
mod preheader;
mod reading;
mod routes;
mod server;
mod studio;
mod trouble;
mod watch;

pub use answers::{
    DraftLine, Drafts, Field, ListShare, Marked, Person, Placed, PlanOutline, Report, SkippedRow,
    SkippedShare, SourceText, Spot,
};
pub use frame::{data_url, framed};
pub use reading::{Mailbox, Part, Reading};
pub use server::Preview;
pub use studio::{Change, Edition, Pick, Remarkable, Studio};
pub use trouble::{SnippetLine, Trouble};
