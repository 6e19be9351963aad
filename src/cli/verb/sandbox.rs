//! `announce sandbox`: the built-in SMTP server on its own.

use std::{
    io::ErrorKind,
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::runtime::Builder;

use super::super::{Exit, Fault, Global, ends::Ends, newsroom::Newsroom, output};
use crate::{
    clock::SystemClock,
    diagnostic::group_thousands,
    draft::notation,
    sandbox::{Extension, Options, Sandbox, Store},
};

const AFTER_HELP: &str = "\
Any program can send to it; with `url = \"smtp://127.0.0.1:2525\"` in announce.toml so does announce,
with the books, the pace and the retries of a real server. Ctrl-C ends it and says what it took.

Addresses under .fault.test misbehave by their local part: 550-5.1.1@x.fault.test does not exist,
450@x.fault.test asks to come back later, delay-5s@x.fault.test is slow.";

/// Arguments of `announce sandbox`.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub(in crate::cli) struct Arguments {
    /// Where to listen, on loopback only; port 0 takes any free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:2525", value_parser = loopback)]
    listen: SocketAddr,

    /// Keep each message as a file in this folder [default: .announce/sandbox of the workspace]
    #[arg(long, value_name = "DIR")]
    folder: Option<PathBuf>,

    /// Keep no message, only count them
    #[arg(long, conflicts_with = "folder")]
    discard: bool,

    /// Let every reply take so long, as from a server far away (`20ms`); replies that leave
    /// together arrive together
    #[arg(long, value_name = "TIME", value_parser = length)]
    latency: Option<Duration>,

    /// An extension not to offer: PIPELINING, SIZE, 8BITMIME, SMTPUTF8, ENHANCEDSTATUSCODES (can
    /// be given again)
    #[arg(long, value_name = "EXTENSION", value_parser = extension)]
    without: Vec<Extension>,
}

pub(in crate::cli) fn run(global: &Global, arguments: Arguments) -> Result<Exit, Fault> {
    let Arguments { listen, folder, discard, latency, without } = arguments;
    let (store, kept) = match folder {
        _ if discard => (Store::Discard, "is counted and thrown away".to_owned()),
        Some(folder) => kept_in(folder),
        None => kept_in(folder_of_workspace(global)?),
    };
    let latency = latency.unwrap_or_default();
    let mut options = Options { bind: listen, latency, ..Options::new(store) };
    options.extensions.retain(|extension| !without.contains(extension));
    allow_connections();
    // One thread is faster than two that wake each other.
    let runtime = Builder::new_current_thread().enable_all().build().map_err(Fault::io)?;
    let taken = runtime.block_on(async {
        let mut ends = Ends::listen().map_err(Fault::io)?;
        let started = Sandbox::start(options, SystemClock::new()).await;
        let sandbox = started.map_err(|error| not_started(listen, error))?;
        let address = sandbox.addr();
        output::result(format!("listening on {address}"));
        output::say(format!("mail {kept}; nothing leaves this machine"));
        output::say(format!("next: `url = \"smtp://{address}\"` in announce.toml; Ctrl-C ends it"));
        ends.come().await;
        Ok::<u64, Fault>(sandbox.stop().await)
    })?;
    let messages = if taken == 1 { "message" } else { "messages" };
    output::result(format!("took {} {messages}", group_thousands(taken)));
    Ok(Exit::Done)
}

fn kept_in(folder: PathBuf) -> (Store, String) {
    let shown = shorter(&folder).display().to_string();
    (Store::Folder(folder), format!("goes to {}/", shown.trim_end_matches('/')))
}

/// The path from here, where that is shorter.
fn shorter(folder: &Path) -> &Path {
    let here = std::env::current_dir().and_then(|here| here.canonicalize()).unwrap_or_default();
    folder.strip_prefix(here).unwrap_or(folder)
}

fn folder_of_workspace(global: &Global) -> Result<PathBuf, Fault> {
    let newsroom = Newsroom::open(global).map_err(|mut fault| {
        // Settings that are wrong have a place; what has none is that there are none.
        for missing in fault.diagnostics.iter_mut().filter(|fault| fault.place.is_none()) {
            let hint = "`--folder DIR` keeps the mail there, `--discard` keeps none, and `-C DIR` \
                        names a workspace";
            missing.hint = Some(hint.to_owned());
        }
        fault
    })?;
    newsroom.state()?;
    Ok(newsroom.sandbox_folder())
}

fn not_started(listen: SocketAddr, error: std::io::Error) -> Fault {
    if error.kind() != ErrorKind::AddrInUse {
        return Fault::io(error);
    }
    let hint = "`--listen 127.0.0.1:0` takes any free port";
    Fault::with_hint(Exit::TryAgain, format!("another program listens on {listen}"), hint)
}

/// Each connection is an open file, and many systems allow 1,024 of them unless asked for more.
fn allow_connections() {
    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    let _ = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum });
}

fn loopback(text: &str) -> Result<SocketAddr, String> {
    let address: SocketAddr =
        text.parse().map_err(|_| "write an address and a port: 127.0.0.1:2525".to_owned())?;
    if address.ip().is_loopback() {
        Ok(address)
    } else {
        Err("only this machine may reach it: write 127.0.0.1 or [::1] and a port".to_owned())
    }
}

fn length(text: &str) -> Result<Duration, String> {
    let length = notation::duration(text).ok_or("write it as `20ms` or `1s`")?;
    Ok(length.unsigned_abs())
}

fn extension(text: &str) -> Result<Extension, String> {
    let is_named = |extension: &Extension| extension.keyword().eq_ignore_ascii_case(text);
    Extension::ALL.into_iter().find(is_named).ok_or_else(|| {
        let keywords = Extension::ALL.map(Extension::keyword);
        format!("write one of {}", keywords.join(", "))
    })
}
