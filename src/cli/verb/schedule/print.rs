//! What makes a machine send what is due, each minute.

use super::super::super::{Exit, Fault, newsroom::Newsroom};

/// Who starts it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(in crate::cli) enum Format {
    /// A line for `crontab -e`
    Crontab,
    /// A service and a timer
    Systemd,
}

pub(super) fn print(_newsroom: &Newsroom, _format: Format) -> Result<Exit, Fault> {
    Err(Fault::with_hint(Exit::Usage, "not yet", "wait"))
}
