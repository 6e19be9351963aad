//! Turns a draft and templates into one flat template a campaign, and that into a subject, HTML
//! and text for each person.
//!
//! Owns: Markdown, Handlebars, CSS inlining, the text part.
//! Does not know: MIME, CSV, clocks, files. It is handed a loaded [`TemplateSet`].

use std::collections::BTreeMap;

use crate::diagnostic::Source;

/// All template files by their path below `templates/` (`layout.html.hbs`,
/// `partials/button.html.hbs`, `event/html.hbs`), workspace files already laid over built-in ones.
#[derive(Clone, Debug, Default)]
pub struct TemplateSet {
    /// Path below `templates/` to text.
    pub files: BTreeMap<String, Source>,
}

/// What one person's mail says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// The subject, one line, unencoded.
    pub subject: String,
    /// The HTML part, whole.
    pub html: String,
    /// The text part, `\n` line ends.
    pub text: String,
}
