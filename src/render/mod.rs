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
//! Templates see `draft`, `event`, `sender` (constant) and `subscriber.COLUMN`, `list.title`,
//! `links.unsubscribe` (per person); a kind's template has `{{{body}}}`, a layout `{{{content}}}`. In
//! a draft a bare name is a list column. Blocks are `if unless each with`, partials `{{> name}}`,
//! helpers those of [`Helper`]. What is constant is strict: a name that is nowhere, and a value
//! that would print nothing, are faults.
//!
//! Owns: Markdown, Handlebars, CSS inlining, the text part.
//! Does not know: MIME, CSV, clocks, files. It is handed a loaded [`TemplateSet`].

mod block;
mod call;
mod context;
mod css;
mod date;
mod document;
mod escape;
mod evaluate;
mod expand;
mod expanded;
mod faults;
mod figure;
mod helper;
mod hole;
mod input;
mod markdown;
mod nesting;
mod partial;
mod picture;
mod plain;
mod position;
mod renderer;
mod resolve;
mod scope;
mod sentinel;
mod sink;
mod surgery;
mod tags;

pub use escape::Escape;
pub use expand::expand;
pub use expanded::{Expanded, Expression, Field, Picture, Piece, Spot, Template};
pub use helper::Helper;
pub use hole::{Hole, Lack, RowsOfList};
pub use input::{Input, ListColumns, Sender, TemplateSet};
pub use picture::{PictureSize, size};
pub use renderer::{Person, Rendered, Renderer};

#[cfg(test)]
mod tests;
