//! What is due when.

use super::super::super::{Exit, Fault, newsroom::Newsroom};

pub(super) fn list(_newsroom: &Newsroom, _json: bool) -> Result<Exit, Fault> {
    Err(Fault::with_hint(Exit::Usage, "not yet", "wait"))
}
