//! Turns a draft and templates into one flat template a campaign, and that into a subject, HTML
//! and text for each person.
//!
//! ```text
//! draft ─ tags ─▶ Markdown tree ─▶ HTML, text ─▶ kind ─▶ layout ─▶ CSS inlined ─▶ Expanded
//!                                                Expanded + one person ─▶ Rendered
//! ```
//!
//! [`expand`] runs once a campaign. It knows every constant, so what it leaves is text with holes
//! for list columns, as data ([`Piece`]), not as template source: constants and a person's fields
//! are never parsed as a template, Markdown or HTML. [`Renderer`] fills the holes.
//!
//! Owns: Markdown, Handlebars, CSS inlining, the text part.
//! Does not know: MIME, CSV, clocks, files. It is handed a loaded [`TemplateSet`].

mod expand;
mod expanded;
mod input;
mod picture;
mod renderer;

pub use expand::expand;
pub use expanded::{Escape, Expanded, Expression, Field, Helper, Picture, Piece, Spot, Template};
pub use input::{Input, ListColumns, Sender, TemplateSet};
pub use picture::{PictureSize, size};
pub use renderer::{Hole, Lack, Person, Rendered, Renderer, RowsOfList};
