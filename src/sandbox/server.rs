//! The socket and everybody on it.

use std::{
    io,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    sync::watch,
    task::{JoinHandle, JoinSet},
};

use super::{
    Entry, Event, Journal, Options, Script, Tls,
    connection::Connection,
    fault::Turns,
    script::{Play, Step},
    store::Shelf,
    terms::Terms,
};
use crate::clock::Clock;

/// How long to wait when a connection could not be accepted.
const ACCEPT_AGAIN: Duration = Duration::from_millis(20);

/// An SMTP server on a loopback socket. Stop it with [`Sandbox::stop`]; when it is dropped,
/// conversations end as soon as they notice.
#[derive(Debug)]
pub struct Sandbox {
    address: SocketAddr,
    stop: watch::Sender<bool>,
    accepting: JoinHandle<u64>,
}

impl Sandbox {
    /// Opens the store and the socket and serves from now on, on the current tokio runtime. Delays
    /// wait on `clock`.
    ///
    /// Fails when the address is taken or not on loopback, and when the store cannot be opened.
    pub async fn start<C: Clock>(options: Options, clock: C) -> io::Result<Self> {
        if !options.bind.ip().is_loopback() {
            let message = format!("`{}` is not a loopback address", options.bind.ip());
            return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        }
        let (bind, connections) = (options.bind, options.connections);
        let server = Server::new(options, clock)?;
        let listener = TcpListener::bind(bind).await.map_err(|error| {
            io::Error::new(error.kind(), format!("`{bind}` cannot be listened on: {error}"))
        })?;
        let address = listener.local_addr()?;
        let stop = server.host.stop.clone();
        let accepting = tokio::spawn(accept(listener, server, connections));
        Ok(Self { address, stop, accepting })
    }

    /// Where it listens.
    pub fn addr(&self) -> SocketAddr {
        self.address
    }

    /// Takes no more connections, lets messages that are being written become whole, tells
    /// everybody 421, and returns when all conversations are over, with the number of messages it
    /// took. A message that was still coming in is not kept.
    pub async fn stop(mut self) -> u64 {
        self.stop.send_replace(true);
        // An error is a panic of the server or the end of the runtime: nobody is served any more.
        (&mut self.accepting).await.unwrap_or(0)
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.stop.send_replace(true);
    }
}

async fn accept<C: Clock>(listener: TcpListener, server: Server<C>, most: usize) -> u64 {
    let mut stop = server.host.stopping();
    let mut conversations = JoinSet::new();
    loop {
        let stream = tokio::select! {
            _ = stop.wait_for(|stop| *stop) => break,
            accepted = listener.accept() => accepted,
        };
        let Ok((stream, _)) = stream else {
            // The client is gone already, or there are no file descriptors left for now.
            server.host.clock.sleep(ACCEPT_AGAIN).await;
            continue;
        };
        while conversations.try_join_next().is_some() {}
        if conversations.len() >= most {
            refuse(&stream);
            continue;
        }
        // Without it a reply in two writes waits for the client's delayed ACK.
        let _ = stream.set_nodelay(true);
        let server = server.clone();
        conversations.spawn(async move { server.serve(stream).await });
    }
    drop(listener);
    while conversations.join_next().await.is_some() {}
    server.host.shelf.taken()
}

/// Says why and hangs up; a new socket has room for a line.
fn refuse(stream: &TcpStream) {
    let _ = stream.try_write(b"421 4.3.2 too many connections\r\n");
}

/// The server without its socket: serves any stream, for tests under a paused clock. Clones are
/// one server.
pub struct Server<C> {
    host: Arc<Host<C>>,
}

impl<C> Clone for Server<C> {
    fn clone(&self) -> Self {
        Self { host: self.host.clone() }
    }
}

impl<C: Clock> Server<C> {
    /// Opens the store.
    pub fn new(options: Options, clock: C) -> io::Result<Self> {
        let Options { store, tls, auth, extensions, script, journal, latency, .. } = options;
        let starttls = matches!(tls, Tls::StartTls(_));
        let host = Host {
            terms: Arc::new(Terms { extensions, starttls, auth }),
            tls,
            shelf: Shelf::open(store)?,
            clock,
            script,
            turns: Turns::default(),
            journal,
            latency,
            connections: AtomicU64::new(0),
            stop: watch::Sender::new(false),
        };
        Ok(Self { host: Arc::new(host) })
    }

    /// Holds one conversation, to its end.
    pub async fn serve<S>(&self, stream: S)
    where
        S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        Connection::new(self.host.clone(), Box::new(stream)).run().await;
    }
}

/// What all conversations share.
pub(super) struct Host<C> {
    pub(super) terms: Arc<Terms>,
    pub(super) tls: Tls,
    pub(super) shelf: Shelf,
    pub(super) clock: C,
    pub(super) latency: Duration,
    script: Script,
    turns: Turns,
    journal: Option<Journal>,
    connections: AtomicU64,
    stop: watch::Sender<bool>,
}

impl<C: Clock> Host<C> {
    pub(super) fn next_connection(&self) -> u64 {
        self.connections.fetch_add(1, Ordering::Relaxed) + 1
    }

    pub(super) fn stopping(&self) -> watch::Receiver<bool> {
        self.stop.subscribe()
    }

    /// What to play at this step: the script's rules come before the recipients' faults.
    pub(super) fn play(&self, step: &Step<'_>) -> Option<Play> {
        self.script.play(step).or_else(|| self.turns.play(step))
    }

    pub(super) fn note(&self, connection: u64, event: Event) {
        if let Some(journal) = &self.journal {
            journal.write(Entry { at: self.clock.monotonic(), connection, event });
        }
    }
}
