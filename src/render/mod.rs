//! Turns a draft and templates into one flat template a campaign, and that into a subject, HTML
//! and text for each person.
//!
//! ```text
//! draft ─ tags ─▶ Markdown tree ─▶ HTML, text ─▶ kind ─▶ layout ─▶ CSS inlined ─▶ Expanded
//!                                                Expanded + one person ─▶ Rendered
//! ```
//!
//! [`expand()`] runs once a campaign. It knows every constant, so what it leaves is text with holes
//! for list columns, as data ([`Piece`]), not as template source: constants and a person's fields
//! are never parsed as a template, Markdown or HTML. [`Renderer`] fills the holes.
//!
//! Templates see `draft`, `event`, `sender`, `calendar` (constant) and `subscriber.COLUMN`,
//! `list.title`, `links.unsubscribe` (per person); a kind's template has `{{{body}}}`, a layout `{{{content}}}`. In
//! a draft a bare name is a list column. Blocks are `if unless each with`, partials `{{> name}}`,
//! helpers those of [`Helper`]. What is constant is strict: a name that is nowhere, and a value
//! that would print nothing, are faults. `event.all_day` is true where `event.starts` is a date.
//! `calendar.file` is the name of the attached calendar entry, `calendar.google` and
//! `calendar.outlook` are links that add it there; all are absent with `calendar: false`, and the
//! links where the event is cancelled.
//!
//! | file | its one idea |
//! |---|---|
//! | *what comes in and goes out* | |
//! | `input` | a draft, templates, sender and list columns, all in memory |
//! | `expanded` | text, holes and choices by person: the form that the ledger freezes |
//! | `form` | cuts out the lines that everybody shares, so that they are prepared once |
//! | `renderer`, `lines`, `hole` | one person's mail from it, or what that person's row lacks |
//! | `expand` | the order of all steps, once a campaign |
//! | *drafts* | |
//! | `tags` | finds the `{{…}}` of a draft before Markdown can see them |
//! | `sentinel` | a word that stands for a tag while a foreign parser runs over the text |
//! | `markdown` | parses a draft and writes it as HTML |
//! | `surgery`, `nesting` | makes the Markdown tree fit for mail; keeps block tags and elements from crossing |
//! | `figure`, `picture` | draws a picture with its caption; reads its size from its bytes |
//! | `plain` | writes the Markdown tree as text for reading |
//! | *templates* | |
//! | `document` | a parsed template, and the way back from its tags to the author's bytes |
//! | `context` | the constants of a campaign by the names that templates use |
//! | `evaluate`, `block`, `call`, `partial` | walks a template: text and values, `{{#…}}`, helpers, `{{> …}}` |
//! | `scope`, `resolve` | the names around a place; what a name means there |
//! | `helper`, `date` | the functions of templates; dates in the language of the draft |
//! | `sink` | takes what the walk prints and builds the flat template |
//! | `faults` | collects all faults of a run, each once |
//! | *HTML* | |
//! | `position` | whether the writing stands in text, an attribute, a link or a script |
//! | `escape` | makes a person's value safe for such a place |
//! | `css` | moves style rules into `style` attributes |
//! | *for the checks* | |
//! | `mark` | an attribute that says where an author wrote an element |
//! | `proof` | the mail for everybody at once, its elements marked |
//! | *for the preview* | |
//! | `places` | one person's HTML whose elements say where they were written |
//! | `marked` | the same templates with marks around what differs by person |
//!
//! Owns: Markdown, Handlebars, CSS inlining, the text part.
//! Does not know: MIME, CSV, clocks, files. It is handed a loaded [`TemplateSet`].

mod block;
mod call;
mod context;
mod css;
mod date;
mod document;
mod elements;
mod escape;
mod evaluate;
mod expand;
mod expanded;
mod faults;
mod figure;
mod form;
mod helper;
mod hole;
mod input;
mod lines;
mod mark;
mod markdown;
mod marked;
mod nesting;
mod partial;
mod picture;
mod places;
mod plain;
mod position;
mod proof;
mod renderer;
mod resolve;
mod scope;
mod sentinel;
mod sink;
mod surgery;
mod tags;

pub(crate) use date::{long as long_date, time as time_of_day};
pub use escape::Escape;
pub use expand::expand;
pub use expanded::{Expanded, Expression, Field, Picture, Piece, Spot, Template};
pub use helper::Helper;
pub use hole::{Hole, Lack, RowsOfList};
pub use input::{CalendarLinks, Input, ListColumns, Sender, TemplateSet};
pub use lines::{Lines, Stretch};
pub use marked::marked;
pub use picture::{PictureSize, size};
pub use places::{Places, places};
pub use proof::{Proof, UNSUBSCRIBE, VALUE, proof};
pub use renderer::{Person, Rendered, Renderer};

#[cfg(test)]
pub(crate) mod tests;
