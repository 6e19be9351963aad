//! Ctrl-C, SIGTERM and a closed terminal, for a server: any of them ends it, and that is no failure.

use tokio::signal::unix::{Signal, SignalKind, signal};

/// What ends the server.
pub(super) struct Ends([Signal; 3]);

impl Ends {
    /// Listens from now on.
    pub(super) fn listen() -> std::io::Result<Self> {
        Ok(Self([
            signal(SignalKind::interrupt())?,
            signal(SignalKind::terminate())?,
            signal(SignalKind::hangup())?,
        ]))
    }

    /// Waits for the first of them.
    pub(super) async fn come(&mut self) {
        let [interrupt, terminate, hangup] = &mut self.0;
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hangup.recv() => {}
        }
    }
}
