//! Puts a draft into the schedule.

use super::super::super::{Exit, Fault, newsroom::Newsroom};

pub(super) fn set(_newsroom: &Newsroom, _draft: &str, _at: &str) -> Result<Exit, Fault> {
    Err(Fault::with_hint(Exit::Usage, "not yet", "wait"))
}
