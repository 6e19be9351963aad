//! `announce init`: a new workspace.

use std::path::PathBuf;

use super::super::{Exit, Fault, Global, output};
use crate::config::scaffold;

/// Arguments of `announce init`.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Arguments {
    /// The folder; made when it is not there
    #[arg(value_name = "DIR", default_value = ".")]
    folder: PathBuf,
}

pub(in crate::cli) fn run(global: &Global, arguments: Arguments) -> Result<Exit, Fault> {
    let Arguments { folder } = arguments;
    let folder = global.directory.as_ref().map_or_else(|| folder.clone(), |dir| dir.join(&folder));
    let written =
        scaffold::init(&folder).map_err(|diagnostics| Fault { diagnostics, exit: Exit::Usage })?;
    for name in written {
        output::result(folder.join(name).display());
    }
    let elsewhere = folder.as_os_str() != ".";
    let step = if elsewhere { format!("cd {} && ", folder.display()) } else { String::new() };
    output::say(format!(
        "a newsroom whose mail stays on this machine, in a sandbox\n\
         keep a backup of `.announce/`: the secret and the ledger belong together\n\
         next: {step}announce preview welcome"
    ));
    Ok(Exit::Done)
}
