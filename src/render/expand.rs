//! The order that makes it right: tags out, Markdown, templates, CSS, tags in.

use super::{Expanded, Input};
use crate::diagnostic::Diagnostic;

/// Works out everything that is the same for all people, or says all that stands in the way.
pub fn expand(input: &Input<'_>) -> Result<Expanded, Vec<Diagnostic>> {
    let _ = input.draft;
    todo!("next commit")
}
