//! The bytes of a conversation: reading, writing in groups (RFC 2920 §3.2), waiting, hanging up.
//! Everything that may take long ends when the server is being stopped.

use std::{io, mem, sync::Arc, time::Duration};

use rustls::ServerConfig;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    sync::watch,
};
use tokio_rustls::TlsAcceptor;

use super::command::LONGEST_LINE;
use crate::clock::Clock;

/// How much is read at once.
const READ_SIZE: usize = 32 * 1024;

/// How long a client may go on sending after we have hung up.
const LINGER: Duration = Duration::from_secs(2);

/// What a conversation goes over.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// Why a conversation is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// The client went away, or nothing can be read or written any more.
    Gone,
    /// We hang up and leave unread what the client sent.
    Drop,
    /// We hang up so that the client can read everything.
    Close,
    /// The server is being stopped.
    Stop,
}

impl From<io::Error> for End {
    fn from(_: io::Error) -> Self {
        Self::Gone
    }
}

/// A line of the client.
pub(super) enum Line {
    /// Without its CRLF.
    Whole(Vec<u8>),
    /// It does not end in CRLF, or has a control character that no command may have.
    Malformed,
    /// It goes on past every limit.
    Endless,
}

/// One stream with what was read from it and what is to be written to it.
pub(super) struct Wire<C> {
    stream: Box<dyn Stream>,
    input: Vec<u8>,
    output: Vec<u8>,
    clock: C,
    stop: watch::Receiver<bool>,
}

impl<C: Clock> Wire<C> {
    pub(super) fn new(stream: Box<dyn Stream>, clock: C, stop: watch::Receiver<bool>) -> Self {
        Self { stream, input: Vec::new(), output: Vec::new(), clock, stop }
    }

    /// What is to be said; it is sent before anything is waited for.
    pub(super) fn output(&mut self) -> &mut Vec<u8> {
        &mut self.output
    }

    /// Whether the client has said more than was read.
    pub(super) fn has_input(&self) -> bool {
        !self.input.is_empty()
    }

    /// Forgets what the client has said so far.
    pub(super) fn discard_input(&mut self) {
        self.input.clear();
    }

    /// The next line.
    pub(super) async fn line(&mut self) -> Result<Line, End> {
        let mut searched = 0;
        loop {
            let found = self.input[searched..].iter().position(|&byte| byte == b'\n');
            if let Some(end) = found.map(|at| searched + at) {
                let mut text: Vec<u8> = self.input.drain(..=end).collect();
                text.pop();
                let ends_well = text.pop_if(|byte| *byte == b'\r').is_some();
                let is_whole = ends_well && !text.contains(&b'\r') && !text.contains(&0);
                return Ok(if is_whole { Line::Whole(text) } else { Line::Malformed });
            }
            if self.input.len() > LONGEST_LINE {
                return Ok(Line::Endless);
            }
            searched = self.input.len();
            self.fill(READ_SIZE).await?;
        }
    }

    /// Hands the next bytes, at most so many, to `take`, which returns how many it used.
    pub(super) async fn read(
        &mut self,
        most: usize,
        take: impl FnOnce(&[u8]) -> usize,
    ) -> Result<usize, End> {
        let most = most.min(READ_SIZE);
        if self.input.is_empty() {
            self.fill(most).await?;
        }
        let used = take(&self.input[..most.min(self.input.len())]);
        self.input.drain(..used);
        Ok(used)
    }

    /// Reads without listening until the client hangs up.
    pub(super) async fn ignore(&mut self) -> Result<(), End> {
        loop {
            self.input.clear();
            self.fill(READ_SIZE).await?;
        }
    }

    /// Sends what has been said, then waits.
    pub(super) async fn wait(&mut self, time: Duration) -> Result<(), End> {
        self.flush().await?;
        tokio::select! {
            () = self.clock.sleep(time) => Ok(()),
            () = stopped(&mut self.stop) => Err(End::Stop),
        }
    }

    /// Sends what has been said.
    pub(super) async fn flush(&mut self) -> Result<(), End> {
        if self.output.is_empty() {
            return Ok(());
        }
        let output = mem::take(&mut self.output);
        let write = async {
            self.stream.write_all(&output).await?;
            self.stream.flush().await
        };
        tokio::select! {
            written = write => Ok(written?),
            () = stopped(&mut self.stop) => Err(End::Stop),
        }
    }

    /// Goes on in TLS.
    pub(super) async fn secure(&mut self, config: Arc<ServerConfig>) -> Result<(), End> {
        self.flush().await?;
        let plain = mem::replace(&mut self.stream, Box::new(tokio::io::empty()));
        let handshake = TlsAcceptor::from(config).accept(plain);
        tokio::select! {
            stream = handshake => self.stream = Box::new(stream?),
            () = stopped(&mut self.stop) => return Err(End::Stop),
        }
        Ok(())
    }

    /// Sends what is left, says that it was all, and for a while reads until the client hangs up
    /// too: a socket closed on unread bytes would take our last words back.
    pub(super) async fn hang_up(mut self) {
        let farewell = async {
            self.stream.write_all(&self.output).await?;
            self.stream.shutdown().await?;
            tokio::io::copy(&mut self.stream, &mut tokio::io::sink()).await
        };
        tokio::select! {
            // Whether the client hears it is its own affair now.
            _ = farewell => {}
            () = self.clock.sleep(LINGER) => {}
        }
    }

    /// Sends what has been said and reads at most so many bytes more.
    async fn fill(&mut self, most: usize) -> Result<(), End> {
        self.flush().await?;
        self.input.reserve(most);
        let mut limited = (&mut self.stream).take(most as u64);
        tokio::select! {
            read = limited.read_buf(&mut self.input) => match read? {
                0 => Err(End::Gone),
                _ => Ok(()),
            },
            () = stopped(&mut self.stop) => Err(End::Stop),
        }
    }
}

async fn stopped(stop: &mut watch::Receiver<bool>) {
    // An error means that the server is gone: as good as stopped.
    let _ = stop.wait_for(|stop| *stop).await;
}
