//! Whether somebody has approved what is about to go out.

use super::{Fault, newsroom::Newsroom};

/// What the approval of a draft is worth.
#[derive(Clone, Debug, Default)]
pub(super) enum Standing {
    /// This house asks for none.
    #[default]
    NotNeeded,
}

impl Standing {
    /// Refuses a draft that needs an approval and has none that holds.
    pub(super) fn pass(&self) -> Result<(), Fault> {
        Ok(())
    }

    /// In a few words, for the list of what is due; none where no approval is asked for.
    pub(super) fn words(&self, _newsroom: &Newsroom) -> Option<String> {
        None
    }
}
