//! The other end of the line: says exactly what it is told and reads what comes back.

use std::{
    io,
    pin::Pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll},
};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream, ReadBuf};

use crate::{
    clock::SystemClock,
    sandbox::{Caught, Journal, Options, Server, Store},
};

pub(super) type Mail = Arc<Mutex<Vec<Caught>>>;

/// A server over in-memory streams, with everything it caught and saw.
pub(super) struct Peer {
    pub(super) server: Server<SystemClock>,
    pub(super) mail: Mail,
    pub(super) journal: Journal,
    /// Writes of the server.
    pub(super) writes: Arc<AtomicUsize>,
}

impl Peer {
    pub(super) fn new() -> Self {
        Self::with(|_| {})
    }

    pub(super) fn with(change: impl FnOnce(&mut Options)) -> Self {
        let (mail, journal) = (Mail::default(), Journal::new());
        let mut options = Options::new(Store::Memory(mail.clone()));
        options.journal = Some(journal.clone());
        change(&mut options);
        let server = Server::new(options, SystemClock::new()).expect("memory needs no disk");
        Self { server, mail, journal, writes: Arc::default() }
    }

    /// A connection before the greeting.
    pub(super) fn dial(&self) -> Client<DuplexStream> {
        let (ours, theirs) = tokio::io::duplex(1 << 20);
        let theirs = Counted { stream: theirs, writes: self.writes.clone() };
        let server = self.server.clone();
        tokio::spawn(async move { server.serve(theirs).await });
        Client::new(ours)
    }

    /// A connection that has said EHLO.
    pub(super) async fn connect(&self) -> Client<DuplexStream> {
        let mut client = self.dial();
        client.greet().await;
        client
    }

    pub(super) fn messages(&self) -> Vec<String> {
        let mail = self.mail.lock().expect("no test panics while it holds this");
        mail.iter().map(|caught| String::from_utf8_lossy(&caught.message).into_owned()).collect()
    }
}

pub(super) struct Client<S> {
    pub(super) stream: S,
    read: Vec<u8>,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Client<S> {
    pub(super) fn new(stream: S) -> Self {
        Self { stream, read: Vec::new() }
    }

    pub(super) async fn greet(&mut self) {
        assert!(self.reply().await.starts_with("220 localhost "));
        assert!(self.ask("EHLO client.example").await.starts_with("250-localhost\r\n"));
    }

    pub(super) async fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.stream.write_all(bytes.as_ref()).await.expect("the server reads");
    }

    /// The next reply with all its lines, or what came before the connection was closed.
    pub(super) async fn reply(&mut self) -> String {
        loop {
            if let Some(end) = end_of_reply(&self.read) {
                let reply = self.read.drain(..end).collect();
                return String::from_utf8(reply).expect("replies are ASCII");
            }
            // An error is the reset of a connection: as good as its end.
            if !matches!(self.stream.read_buf(&mut self.read).await, Ok(1..)) {
                return String::from_utf8_lossy(&std::mem::take(&mut self.read)).into_owned();
            }
        }
    }

    /// Says a line and returns its reply.
    pub(super) async fn ask(&mut self, line: &str) -> String {
        self.send(format!("{line}\r\n")).await;
        self.reply().await
    }

    /// Opens a message and returns the replies to MAIL, RCPT and DATA.
    pub(super) async fn open(&mut self, to: &str) -> [String; 3] {
        let group = format!("MAIL FROM:<news@appg.example>\r\nRCPT TO:<{to}>\r\nDATA\r\n");
        self.send(group).await;
        [self.reply().await, self.reply().await, self.reply().await]
    }

    /// Sends a message that is expected to get as far as its dot; returns the reply to that.
    pub(super) async fn mail(&mut self, to: &str) -> String {
        let [_, _, data] = self.open(to).await;
        assert!(data.starts_with("354"), "{data}");
        self.ask("Subject: hello\r\n\r\nhello\r\n.").await
    }
}

/// Where the first whole reply ends.
fn end_of_reply(bytes: &[u8]) -> Option<usize> {
    let mut start = 0;
    loop {
        let end = start + bytes[start..].windows(2).position(|pair| pair == b"\r\n")? + 2;
        if bytes.get(start + 3) != Some(&b'-') {
            return Some(end);
        }
        start = end;
    }
}

/// A stream that counts its writes.
struct Counted {
    stream: DuplexStream,
    writes: Arc<AtomicUsize>,
}

impl AsyncRead for Counted {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Counted {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.writes.fetch_add(1, Ordering::Relaxed);
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
