//! The other side of the tests: servers scripted line by line, on in-memory pipes.

use std::{
    collections::VecDeque,
    pin::Pin,
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, duplex},
    task::JoinHandle,
};

use crate::deliver::smtp::{Dial, Duplex, Manners, Relay, Security, Timeouts};
use crate::deliver::{Failure, Scope, Stage};

/// A relay whose settings matter little.
pub(super) fn relay() -> Relay {
    Relay {
        host: "relay.test".to_owned(),
        port: 25,
        security: Security::Plain,
        helo: "appg.example".to_owned(),
        login: None,
        messages_per_connection: 100.try_into().unwrap(),
        timeouts: Timeouts::default(),
        manners: Manners::default(),
    }
}

/// The server's end of one connection.
pub(super) struct Peer {
    stream: BufReader<Box<dyn Duplex>>,
}

impl Peer {
    pub(super) fn new(stream: impl Duplex + 'static) -> Self {
        Self { stream: BufReader::new(Box::new(stream)) }
    }

    /// Writes a line, or several.
    pub(super) async fn say(&mut self, text: &str) {
        self.raw(format!("{}\r\n", text.replace('\n', "\r\n")).as_bytes()).await;
    }

    /// Writes bytes as they are; the client may be gone.
    pub(super) async fn raw(&mut self, bytes: &[u8]) {
        let _ = self.stream.write_all(bytes).await;
        let _ = self.stream.flush().await;
    }

    /// The next line without its CRLF; `None` when the client is gone.
    pub(super) async fn hear(&mut self) -> Option<String> {
        let mut line = Vec::new();
        let read = self.stream.read_until(b'\n', &mut line).await.unwrap_or(0);
        let line = String::from_utf8(line).expect("commands are UTF-8");
        (read > 0).then(|| line.strip_suffix("\r\n").expect("lines end in CRLF").to_owned())
    }

    /// Hears exactly these lines.
    pub(super) async fn expect(&mut self, lines: &[&str]) {
        for line in lines {
            assert_eq!(self.hear().await.as_deref(), Some(*line));
        }
    }

    /// Hears a line and answers it.
    pub(super) async fn answer(&mut self, line: &str, reply: &str) {
        self.expect(&[line]).await;
        self.say(reply).await;
    }

    /// Greets and answers EHLO with these extensions.
    pub(super) async fn greet(&mut self, extensions: &[&str]) {
        self.say("220 relay.test ESMTP").await;
        self.hello(extensions).await;
    }

    /// Answers EHLO.
    pub(super) async fn hello(&mut self, extensions: &[&str]) {
        let lines = [&["relay.test"], extensions, &["HELP"]].concat().join("\n250-");
        let (first, last) = lines.rsplit_once("\n250-").expect("at least two lines");
        self.answer("EHLO appg.example", &format!("250-{first}\n250 {last}")).await;
    }

    /// Hears MAIL, RCPT and DATA for the first name of an `example.org` address, together.
    pub(super) async fn asked_for(&mut self, name: &str) {
        self.expect(&["MAIL FROM:<news@appg.example>", &rcpt(name), "DATA"]).await;
    }

    /// Takes a message up to 354, with PIPELINING.
    pub(super) async fn up_to_354(&mut self, name: &str) {
        self.asked_for(name).await;
        self.say("250 ok\n250 ok\n354 go").await;
    }

    /// The bytes up to the final dot, without it, dots undone; `None` if they end before.
    pub(super) async fn body(&mut self) -> Option<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            let mut line = Vec::new();
            if self.stream.read_until(b'\n', &mut line).await.unwrap_or(0) == 0 {
                return None;
            }
            match line.strip_prefix(b".") {
                Some(b"\r\n") => return Some(body),
                Some(rest) => body.extend_from_slice(rest),
                None => body.extend_from_slice(&line),
            }
        }
    }

    /// Takes a whole message, with PIPELINING.
    pub(super) async fn take(&mut self, name: &str) -> Vec<u8> {
        self.up_to_354(name).await;
        let body = self.body().await.expect("a final dot");
        self.say("250 2.0.0 Ok: queued as 4XyZ1a2B3c").await;
        body
    }

    /// Waits until the client closes; fails if it says anything but good-bye.
    pub(super) async fn closed(&mut self) {
        match self.hear().await.as_deref() {
            None => {}
            Some("QUIT") => self.say("221 bye").await,
            Some(line) => panic!("expected the end, heard {line}"),
        }
    }

    /// Never says or hears anything again, and keeps the connection open.
    pub(super) async fn hang(self) {
        std::future::pending::<()>().await;
    }

    /// The stream, for TLS; nothing may have been read ahead.
    pub(super) fn into_stream(self) -> Box<dyn Duplex> {
        assert!(self.stream.buffer().is_empty(), "the client spoke before TLS");
        self.stream.into_inner()
    }

    /// Whatever comes until the client closes.
    pub(super) async fn rest(mut self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let _ = self.stream.read_to_end(&mut bytes).await;
        bytes
    }
}

pub(super) fn rcpt(name: &str) -> String {
    format!("RCPT TO:<{name}@example.org>")
}

type Talk = Box<dyn FnOnce(Peer) -> Pin<Box<dyn Future<Output = ()> + Send>> + Send>;

/// Hands out one scripted connection after another.
#[derive(Default)]
pub(super) struct Script {
    talks: VecDeque<Talk>,
    pipe: Option<usize>,
    running: Arc<Mutex<Vec<JoinHandle<()>>>>,
}

impl Script {
    /// The first connection goes like this, or the next one.
    pub(super) fn then<F>(mut self, talk: impl FnOnce(Peer) -> F + Send + 'static) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        self.talks.push_back(Box::new(move |peer| Box::pin(talk(peer))));
        self
    }

    /// How many bytes fit into the pipe before the writer has to wait.
    pub(super) fn narrow(mut self, bytes: usize) -> Self {
        self.pipe = Some(bytes);
        self
    }

    /// The connections that were opened.
    pub(super) fn running(&self) -> Arc<Mutex<Vec<JoinHandle<()>>>> {
        Arc::clone(&self.running)
    }
}

impl Dial for Script {
    async fn dial(&mut self, _: &Relay) -> Result<Box<dyn Duplex>, Failure> {
        let Some(talk) = self.talks.pop_front() else {
            let reason = "nobody listens".to_owned();
            let scope = Scope::Connection;
            return Err(Failure { stage: Stage::Connect, reply: None, reason, scope });
        };
        let (ours, theirs) = duplex(self.pipe.unwrap_or(1 << 20));
        self.running.lock().unwrap().push(tokio::spawn(talk(Peer::new(theirs))));
        Ok(Box::new(ours))
    }
}
