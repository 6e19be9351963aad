//! The command line: parse, call, print. One short file a verb below `verb`.
//!
//! Owns: clap structs, reporters, prompts, exit codes. Does not know: rules, SQL, SMTP, templates.

mod amending;
mod approvals;
mod audience;
mod changed;
mod changes;
mod checked;
mod checks;
mod dispatch;
mod doubt;
mod ending;
mod ends;
mod exit;
mod fault;
mod followed;
mod guard;
mod interrupt;
mod log_format;
mod made_up;
mod memory;
mod newsroom;
mod notices;
mod office;
mod output;
mod photos;
mod plan_text;
mod progress;
mod proofs;
mod rate;
mod ready;
mod receipt;
mod relay;
mod report;
mod runtime;
mod sending;
mod spreadsheet;
mod standing;
mod state;
mod studio;
mod terminal;
mod terms;
mod thread;
mod verb;
mod who;

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};
use rustix::process::{Resource, Rlimit, setrlimit};

pub use exit::Exit;
pub use fault::Fault;
use terminal::Presence;

const AFTER_HELP: &str = "\
A first round, with the built-in sandbox (nothing leaves this machine):
  announce init newsroom && cd newsroom
  announce preview welcome
  announce send welcome

Exit codes: 0 done · 1 a draft or list has a fault, nothing sent · 2 usage ·
3 finished, some rejected or uncertain · 75 stopped or to be continued: run again ·
78 settings or credentials · 130 stopped by a signal";

/// Send an announcement by e-mail to everyone on a list: once, privately, at your pace, with a
/// record of every delivery.
#[derive(Debug, Parser)]
#[command(name = "announce", version, after_help = AFTER_HELP, max_term_width = 100)]
#[command(propagate_version = true, subcommand_required = true, arg_required_else_help = true)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    verb: Verb,
}

/// Options of every verb.
#[derive(Clone, Debug, clap::Args)]
struct Global {
    /// Work in this workspace instead of the one around the current folder
    #[arg(short = 'C', long = "directory", value_name = "DIR", global = true)]
    directory: Option<PathBuf>,

    /// Never ask a question, even on a terminal
    #[arg(long, global = true)]
    no_input: bool,
}

impl Global {
    fn presence(&self) -> Presence {
        Presence::detect(self.no_input)
    }
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Make a new workspace: settings, a list, a first draft
    Init(verb::init::Arguments),
    /// Begin a new draft of a kind: event, letter, statement, article, roundup, programme
    New(verb::new::Arguments),
    /// Read drafts, and every copy of them, as a careful colleague would before they go out
    Check(verb::check::Arguments),
    /// Say what a check means, why it matters and how to mend what it finds
    Explain(verb::explain::Arguments),
    /// See the mail as everyone will see it, in a page that keeps up while you write
    Preview(verb::preview::Arguments),
    /// Send a draft to everyone on its lists who has not got it yet
    Send(verb::send::Arguments),
    /// Record that somebody has looked at a draft and lets it go out as it is
    Approve(verb::approve::Arguments),
    /// See what goes out when; let a draft go out at a time
    Schedule(verb::schedule::Arguments),
    /// Take a draft out of the schedule
    Unschedule(verb::unschedule::Arguments),
    /// Send what is due: what cron or a timer calls each minute
    Dispatch(verb::dispatch::Arguments),
    /// Send one real copy of a draft to yourself, marked as a test
    Test(verb::test::Arguments),
    /// Go on with a campaign that was stopped, limited or deferred
    Resume(verb::resume::Arguments),
    /// Stop a campaign that another terminal is sending
    Stop(verb::stop::Arguments),
    /// Tell those who got a campaign what has changed; the others get it as it is now
    Correct(verb::correct::Arguments),
    /// Tell those who heard of an event that it does not take place
    CancelEvent(verb::cancel_event::Arguments),
    /// Settle the deliveries of a campaign of which nobody knows whether they arrived
    Resolve(verb::resolve::Arguments),
    /// Show the books of one campaign, or all campaigns
    Status(verb::status::Arguments),
    /// Show the delivery log: every try, with the server's reply
    Log(verb::log::Arguments),
    /// Keep the suppression list: addresses that are never mailed, whatever list they are on
    Suppress(verb::suppress::Arguments),
    /// Show the lists: people, columns, bad rows, duplicates
    Lists(verb::lists::Arguments),
    /// Run the built-in mail server on its own: nothing leaves this machine
    Sandbox(verb::sandbox::Arguments),
    /// Print what your shell needs to complete commands and options
    Completions(verb::completions::Arguments),
    /// Write the manual pages
    Man(verb::man::Arguments),
}

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    leave_no_core_file();
    let Cli { global, verb } = Cli::parse();
    let does = matches!(
        verb,
        Verb::Send(_)
            | Verb::Test(_)
            | Verb::Resume(_)
            | Verb::Stop(_)
            | Verb::Dispatch(_)
            | Verb::Correct(_)
            | Verb::CancelEvent(_)
    );
    let ended = match verb {
        Verb::Init(arguments) => verb::init::run(&global, arguments),
        Verb::New(arguments) => verb::new::run(&global, arguments),
        Verb::Check(arguments) => verb::check::run(&global, arguments),
        Verb::Explain(arguments) => verb::explain::run(&global, arguments),
        Verb::Preview(arguments) => verb::preview::run(&global, arguments),
        Verb::Send(arguments) => verb::send::run(&global, arguments),
        Verb::Test(arguments) => verb::test::run(&global, arguments),
        Verb::Resume(arguments) => verb::resume::run(&global, arguments),
        Verb::Stop(arguments) => verb::stop::run(&global, arguments),
        Verb::Correct(arguments) => verb::correct::run(&global, arguments),
        Verb::CancelEvent(arguments) => verb::cancel_event::run(&global, arguments),
        Verb::Resolve(arguments) => verb::resolve::run(&global, arguments),
        Verb::Status(arguments) => verb::status::run(&global, arguments),
        Verb::Log(arguments) => verb::log::run(&global, arguments),
        Verb::Suppress(arguments) => verb::suppress::run(&global, arguments),
        Verb::Lists(arguments) => verb::lists::run(&global, arguments),
        Verb::Sandbox(arguments) => verb::sandbox::run(&global, arguments),
        Verb::Approve(arguments) => verb::approve::run(&global, arguments),
        Verb::Schedule(arguments) => verb::schedule::run(&global, arguments),
        Verb::Unschedule(arguments) => verb::unschedule::run(&global, arguments),
        Verb::Dispatch(arguments) => verb::dispatch::run(&global, arguments),
        Verb::Completions(arguments) => verb::completions::run(&global, arguments),
        Verb::Man(arguments) => verb::man::run(&global, arguments),
    };
    match ended {
        Ok(Exit::Done) if !does && output::is_lost() => {
            let hint = "is the disk full? what was printed is not whole";
            let fault = Fault::with_hint(Exit::TryAgain, "the output could not be written", hint);
            fault.print();
            fault.exit.into()
        }
        Ok(exit) => exit.into(),
        Err(fault) => {
            fault.print();
            fault.exit.into()
        }
    }
}

/// A core file would hold addresses and the password, and Ctrl-\ writes one into the workspace.
/// Where the system does not allow it, nothing is lost but this precaution.
fn leave_no_core_file() {
    let none = Rlimit { current: Some(0), maximum: Some(0) };
    let _ = setrlimit(Resource::Core, none);
}
