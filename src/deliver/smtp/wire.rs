//! A stream with a reply reader: every write and every reply has a deadline.

use std::{fmt, future::poll_fn, io, pin::Pin, task::Poll, time::Duration};

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWriteExt, ReadBuf},
    time::timeout,
};

use super::{
    Duplex, Trust,
    reply_reader::{BadReply, Lines, ReplyReader},
    tls,
};
use crate::{
    deliver::{Failure, Stage},
    diagnostic::count,
};

/// An open connection.
pub(super) struct Wire {
    stream: Box<dyn Duplex>,
    replies: ReplyReader,
    is_secure: bool,
}

/// Why a reply did not come or a write did not get through.
#[derive(Debug)]
pub(super) enum Loss {
    TimedOut(Duration),
    Closed,
    Broken(io::Error),
    Unreadable(BadReply),
}

impl Wire {
    pub(super) fn new(stream: Box<dyn Duplex>) -> Self {
        Self { stream, replies: ReplyReader::default(), is_secure: false }
    }

    /// The same connection inside TLS. Whatever was read before is forgotten with the reader.
    pub(super) async fn secure(
        self,
        trust: &Trust,
        host: &str,
        stage: Stage,
        within: Duration,
    ) -> Result<Self, Failure> {
        let stream = tls::handshake(self.stream, trust, host, stage, within).await?;
        Ok(Self { is_secure: true, ..Self::new(stream) })
    }

    /// Hands `bytes` to the kernel, all of them, or fails. After a failure the last byte has not
    /// left, and will not: the stream must be dropped and not shut down, as that would flush.
    pub(super) async fn write(&mut self, bytes: &[u8], within: Duration) -> Result<(), Loss> {
        self.write_counting(bytes, within, &mut 0).await
    }

    /// The same, adding to `taken` what may have left when it fails: never too little.
    pub(super) async fn write_counting(
        &mut self,
        bytes: &[u8],
        within: Duration,
        taken: &mut usize,
    ) -> Result<(), Loss> {
        let writing = async {
            let mut rest = bytes;
            while !rest.is_empty() {
                let written = self.stream.write(rest).await;
                if written.is_err() && self.is_secure {
                    // Records that left before the one that failed are not told.
                    *taken += rest.len();
                }
                let count = written?;
                if count == 0 {
                    return Err(io::ErrorKind::WriteZero.into());
                }
                *taken += count;
                rest = &rest[count..];
            }
            self.stream.flush().await
        };
        match timeout(within, writing).await {
            Ok(written) => written.map_err(Loss::Broken),
            Err(_) => Err(Loss::TimedOut(within)),
        }
    }

    /// The next reply, whole, before the deadline.
    pub(super) async fn reply(&mut self, within: Duration) -> Result<Lines, Loss> {
        if let Some(lines) = self.replies.next().map_err(Loss::Unreadable)? {
            return Ok(lines);
        }
        let reading = async {
            let mut space = [0; 4096];
            loop {
                match self.stream.read(&mut space).await.map_err(Loss::Broken)? {
                    0 => return Err(Loss::Closed),
                    read => self.replies.feed(&space[..read]),
                }
                if let Some(lines) = self.replies.next().map_err(Loss::Unreadable)? {
                    return Ok(lines);
                }
            }
        };
        timeout(within, reading).await.unwrap_or(Err(Loss::TimedOut(within)))
    }

    /// Whether everything that was read has been used.
    pub(super) fn is_drained(&self) -> bool {
        self.replies.is_empty()
    }

    /// Whether the server has neither said anything that was not asked for nor closed. Looks
    /// once and does not wait.
    pub(super) async fn is_quiet(&mut self) -> bool {
        self.is_drained() && !self.look().await
    }

    /// A reply that is there already, such as the reason for which the server stopped reading.
    pub(super) async fn last_words(&mut self) -> Option<Lines> {
        self.look().await;
        self.replies.next().ok().flatten()
    }

    /// Says nothing more and closes in order.
    pub(super) async fn shut_down(mut self, within: Duration) {
        // Nobody is waiting for anything on this connection any more.
        let _ = timeout(within, self.stream.shutdown()).await;
    }

    /// Reads what is there, without waiting; whether anything came, be it the end or an error.
    async fn look(&mut self) -> bool {
        let mut space = [0; 4096];
        let mut buffer = ReadBuf::new(&mut space);
        let came = poll_fn(|context| {
            Poll::Ready(Pin::new(&mut self.stream).poll_read(context, &mut buffer).is_ready())
        })
        .await;
        self.replies.feed(buffer.filled());
        came
    }
}

impl Loss {
    /// Whether the connection is gone.
    pub(super) fn is_end(&self) -> bool {
        matches!(self, Self::Closed | Self::Broken(_))
    }

    /// The reason when it was we who spoke.
    pub(super) fn while_writing(&self) -> String {
        match self {
            Self::TimedOut(within) => {
                format!("the server took nothing more within {}", spoken(*within))
            }
            other => other.to_string(),
        }
    }
}

/// `10 minutes`, `1.5s`.
fn spoken(time: Duration) -> String {
    match (time.as_secs() / 60, time.as_secs() % 60) {
        (minutes @ 1.., 0) => count(minutes, "minute"),
        _ => format!("{time:?}"),
    }
}

/// What happened, as a reason.
impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TimedOut(within) => {
                write!(f, "the server did not answer within {}", spoken(*within))
            }
            Self::Closed => f.write_str("the server closed the connection"),
            Self::Broken(error) => write!(f, "the connection broke: {}", error.kind()),
            Self::Unreadable(bad) => bad.fmt(f),
        }
    }
}
