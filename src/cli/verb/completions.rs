//! `announce completions`: what a shell completes.

use std::io::{IsTerminal as _, stdout};

use clap::CommandFactory as _;
use clap_complete::{Generator as _, Shell};

use super::super::{Cli, Exit, Fault, Global, output};

const AFTER_HELP: &str = "\
Where it goes, to be there in every new shell:
  bash        announce completions bash > ~/.local/share/bash-completion/completions/announce
  zsh         announce completions zsh > \"${fpath[1]}/_announce\"
  fish        announce completions fish > ~/.config/fish/completions/announce.fish
  elvish      announce completions elvish >> ~/.config/elvish/rc.elv
  powershell  announce completions powershell >> $PROFILE";

/// Arguments of `announce completions`.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub(in crate::cli) struct Arguments {
    /// The shell
    shell: Shell,
}

pub(in crate::cli) fn run(_global: &Global, arguments: Arguments) -> Result<Exit, Fault> {
    let Arguments { shell } = arguments;
    let mut program = Cli::command();
    program.set_bin_name("announce");
    program.build();
    let mut script = Vec::new();
    shell.try_generate(&program, &mut script).map_err(Fault::io)?;
    output::result(String::from_utf8_lossy(&script).trim_end());
    // A script that is read into each new shell has nothing to say there.
    if stdout().is_terminal() {
        output::say("next: announce completions --help, which says where this goes");
    }
    Ok(Exit::Done)
}
