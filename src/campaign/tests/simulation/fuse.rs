//! A process that can die between any two things it does: each write to the ledger and each read
//! and write of a socket burns the fuse by one, and when it is burnt nothing is done any more.

use std::{
    io,
    pin::Pin,
    sync::{Arc, Mutex},
    task::{Context, Poll},
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    sync::Notify,
};

use super::super::wire::Pipes;
use crate::deliver::{
    Failure,
    smtp::{self, Dial, Duplex},
};

/// How many operations are left until the process dies; none when it lives for ever.
#[derive(Clone, Default)]
pub(super) struct Fuse {
    left: Arc<Mutex<Option<usize>>>,
    burnt: Arc<Notify>,
}

impl Fuse {
    /// Lights it anew.
    pub(super) fn light(&self, operations: Option<usize>) {
        *self.left.lock().unwrap() = operations;
    }

    /// One more operation is about to be done; true when the process is dead instead.
    pub(super) fn burn(&self) -> bool {
        match &mut *self.left.lock().unwrap() {
            None => false,
            Some(0) => {
                self.burnt.notify_one();
                true
            }
            Some(left) => {
                *left -= 1;
                false
            }
        }
    }

    /// Ends when the process dies.
    pub(super) async fn burnt(&self) {
        self.burnt.notified().await;
    }
}

/// The campaign, and everybody whom a `RCPT` named as it left, each time. A server that is slow may read it long after
/// that, when nobody would send it any more.
pub(super) type Asked = Arc<Mutex<Vec<(String, String)>>>;

/// Opens connections that end with the process.
pub(super) struct FusedDial {
    pub(super) campaign: String,
    pub(super) pipes: Pipes,
    pub(super) fuse: Fuse,
    pub(super) asked: Asked,
}

impl Dial for FusedDial {
    async fn dial(&mut self, relay: &smtp::Relay) -> Result<Box<dyn Duplex>, Failure> {
        let stream = self.pipes.dial(relay).await?;
        let (fuse, asked) = (self.fuse.clone(), Arc::clone(&self.asked));
        Ok(Box::new(Fused { campaign: self.campaign.clone(), stream, fuse, asked }))
    }
}

/// Whom the commands in a write name. Commands leave in one write.
fn recipients(written: &[u8]) -> impl Iterator<Item = String> {
    let text = String::from_utf8_lossy(written);
    let of = |line: &str| Some(line.strip_prefix("RCPT TO:<")?.split('>').next()?.to_owned());
    text.lines().filter_map(of).collect::<Vec<_>>().into_iter()
}

struct Fused {
    campaign: String,
    stream: Box<dyn Duplex>,
    fuse: Fuse,
    asked: Asked,
}

impl AsyncRead for Fused {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        // What arrived is lost with the process that would have read it.
        if read.is_ready() && self.fuse.burn() { Poll::Pending } else { read }
    }
}

impl AsyncWrite for Fused {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if self.fuse.burn() {
            return Poll::Pending;
        }
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        if let Poll::Ready(Ok(count)) = written {
            let asked = recipients(&bytes[..count]).map(|to| (self.campaign.clone(), to));
            self.asked.lock().unwrap().extend(asked);
        }
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
