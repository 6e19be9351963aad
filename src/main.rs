//! The `announce` command. All of it lives in the library: see [`announce::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    announce::cli::main()
}
