//! `announce dispatch`: the entry of cron: sends what is due.

use super::super::{Exit, Fault, Global};

/// Arguments of `announce dispatch`.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Arguments {}

pub(in crate::cli) fn run(_global: &Global, _arguments: Arguments) -> Result<Exit, Fault> {
    Err(Fault::with_hint(Exit::Usage, "not yet", "wait"))
}
