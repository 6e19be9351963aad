//! Ctrl-C, SIGTERM and a closed terminal: the first asks the run to stop in order, the second ends the process.

use tokio::{
    signal::unix::{SignalKind, signal},
    sync::watch,
};

use super::{Exit, output};
use crate::campaign::Stop;

/// Listens from now on. The receiver turns at the first signal.
pub(super) fn listen() -> std::io::Result<watch::Receiver<Stop>> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut hangup = signal(SignalKind::hangup())?;
    let (sender, receiver) = watch::channel(Stop::No);
    tokio::spawn(async move {
        loop {
            let stop = tokio::select! {
                _ = interrupt.recv() => Stop::Interrupted,
                _ = terminate.recv() => Stop::Terminated,
                _ = hangup.recv() => Stop::Terminated,
            };
            if sender.send_replace(stop) != Stop::No {
                output::say("ended at once: `announce status` shows what is known");
                std::process::exit(Exit::Interrupted.code().into());
            }
            output::say(
                "stopping: finishing what is on the wire, which may take 10 minutes; once more to \
                 end at once",
            );
        }
    });
    Ok(receiver)
}
