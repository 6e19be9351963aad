//! The bytes of a conversation: reading, writing in groups (RFC 2920 §3.2), waiting, hanging up.
//! Everything that may take long ends when the server is being stopped.

use std::{collections::VecDeque, io, mem, sync::Arc, time::Duration};

use memchr::memchr;

use rustls::ServerConfig;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    sync::watch,
};
use tokio_rustls::TlsAcceptor;

use super::command::LONGEST_LINE;
use crate::clock::Clock;

/// How much is read at once.
const READ_SIZE: usize = 64 * 1024;

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
    /// How much of the input has been used.
    used: usize,
    output: Vec<u8>,
    latency: Duration,
    /// When the last input came.
    heard: Duration,
    /// What is on its way to a far client, and when each piece is there.
    travelling: VecDeque<(Duration, Vec<u8>)>,
    clock: C,
    stop: watch::Receiver<bool>,
}

impl<C: Clock> Wire<C> {
    /// A wire on which output takes so long to its other end.
    pub(super) fn new(
        stream: Box<dyn Stream>,
        latency: Duration,
        clock: C,
        stop: watch::Receiver<bool>,
    ) -> Self {
        let heard = clock.monotonic();
        Self {
            stream,
            input: Vec::new(),
            used: 0,
            output: Vec::new(),
            latency,
            heard,
            travelling: VecDeque::new(),
            clock,
            stop,
        }
    }

    /// What is to be said; it is sent before anything is waited for.
    pub(super) fn output(&mut self) -> &mut Vec<u8> {
        &mut self.output
    }

    /// Whether the client has said more than was read.
    pub(super) fn has_input(&self) -> bool {
        self.used < self.input.len()
    }

    /// Forgets what the client has said so far.
    pub(super) fn discard_input(&mut self) {
        self.used = self.input.len();
    }

    /// The next line.
    pub(super) async fn line(&mut self) -> Result<Line, End> {
        let mut searched = 0;
        loop {
            let unread = &self.input[self.used..];
            if let Some(end) = memchr(b'\n', &unread[searched..]).map(|at| searched + at) {
                let text = &unread[..end];
                let whole = text.strip_suffix(b"\r");
                let whole = whole.filter(|text| !text.contains(&b'\r') && !text.contains(&0));
                let line = whole.map_or(Line::Malformed, |text| Line::Whole(text.to_vec()));
                self.used += end + 1;
                return Ok(line);
            }
            if unread.len() > LONGEST_LINE {
                return Ok(Line::Endless);
            }
            searched = unread.len();
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
        if !self.has_input() {
            self.fill(most).await?;
        }
        let unread = &self.input[self.used..];
        let used = take(&unread[..most.min(unread.len())]);
        self.used += used;
        Ok(used)
    }

    /// Reads without listening until the client hangs up.
    pub(super) async fn ignore(&mut self) -> Result<(), End> {
        loop {
            self.discard_input();
            self.fill(READ_SIZE).await?;
        }
    }

    /// Sends what has been said, then waits.
    pub(super) async fn wait(&mut self, time: Duration) -> Result<(), End> {
        self.flush().await?;
        self.sleep(time).await
    }

    /// Sends what has been said, and returns when it is there.
    pub(super) async fn flush(&mut self) -> Result<(), End> {
        self.send().await?;
        while let Some((due, _)) = self.travelling.front() {
            self.sleep(due.saturating_sub(self.clock.monotonic())).await?;
            self.arrive().await?;
        }
        Ok(())
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
        if !self.latency.is_zero() {
            // What a stop finds on its way is there early.
            let _ = self.flush().await;
        }
        let mut last_words: Vec<u8> = self.travelling.into_iter().flat_map(|(_, it)| it).collect();
        last_words.append(&mut self.output);
        let farewell = async {
            self.stream.write_all(&last_words).await?;
            self.stream.shutdown().await?;
            tokio::io::copy(&mut self.stream, &mut tokio::io::sink()).await
        };
        tokio::select! {
            // Whether the client hears it is its own affair now.
            _ = farewell => {}
            () = self.clock.sleep(LINGER) => {}
        }
    }

    /// Reads at most so many bytes more. What has been said is sent before, and what is on its way
    /// goes on.
    async fn fill(&mut self, most: usize) -> Result<(), End> {
        self.send().await?;
        self.input.drain(..mem::take(&mut self.used));
        self.input.reserve(most);
        while !self.hear(most).await? {
            self.arrive().await?;
        }
        if !self.latency.is_zero() {
            self.heard = self.clock.monotonic();
        }
        Ok(())
    }

    /// Reads; false when something has to arrive first.
    async fn hear(&mut self, most: usize) -> Result<bool, End> {
        let due = self.travelling.front().map(|(due, _)| *due);
        let left = due.map(|due| due.saturating_sub(self.clock.monotonic()));
        let mut limited = (&mut self.stream).take(most as u64);
        tokio::select! {
            read = limited.read_buf(&mut self.input) => match read? {
                0 => Err(End::Gone),
                _ => Ok(true),
            },
            () = self.clock.sleep(left.unwrap_or_default()), if left.is_some() => Ok(false),
            () = stopped(&mut self.stop) => Err(End::Stop),
        }
    }

    /// Lets what has been said leave.
    async fn send(&mut self) -> Result<(), End> {
        if self.output.is_empty() {
            return Ok(());
        }
        let output = mem::take(&mut self.output);
        self.travelling.push_back((self.heard + self.latency, output));
        if self.latency.is_zero() { self.arrive().await } else { Ok(()) }
    }

    /// Hands the client what has been on its way longest.
    async fn arrive(&mut self) -> Result<(), End> {
        let Some((_, output)) = self.travelling.pop_front() else { return Ok(()) };
        let write = async {
            self.stream.write_all(&output).await?;
            self.stream.flush().await
        };
        tokio::select! {
            // A stop takes nothing back that can be said at once.
            biased;
            written = write => Ok(written?),
            () = stopped(&mut self.stop) => Err(End::Stop),
        }
    }

    async fn sleep(&mut self, time: Duration) -> Result<(), End> {
        tokio::select! {
            () = self.clock.sleep(time) => Ok(()),
            () = stopped(&mut self.stop) => Err(End::Stop),
        }
    }
}

async fn stopped(stop: &mut watch::Receiver<bool>) {
    // An error means that the server is gone: as good as stopped.
    let _ = stop.wait_for(|stop| *stop).await;
}
