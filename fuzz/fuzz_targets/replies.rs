//! Whatever a server says: nothing is accepted without its word, a try that passed its mark is
//! never called untried, and no recipient is named.
#![no_main]

use std::{
    pin::Pin,
    sync::{
        Arc, LazyLock,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use announce::{
    clock::SystemClock,
    compose::Envelope,
    deliver::{
        Failure, Mark, MarkFailed, Outcome, Transport,
        smtp::{Dial, Duplex, Manners, Relay, Security, SmtpTransport, Timeouts},
    },
};
use libfuzzer_sys::fuzz_target;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    runtime::{Builder, Runtime},
};

/// All that the server ever says, whatever it is asked.
struct Tape {
    bytes: Vec<u8>,
    read: usize,
}

impl AsyncRead for Tape {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        // One byte at a time: a reply may come in as many pieces as it likes.
        if let Some(byte) = self.bytes.get(self.read).copied() {
            buffer.put_slice(&[byte]);
            self.read += 1;
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Tape {
    fn poll_write(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

struct Player(Vec<u8>);

impl Dial for Player {
    async fn dial(&mut self, _: &Relay) -> Result<Box<dyn Duplex>, Failure> {
        Ok(Box::new(Tape { bytes: self.0.clone(), read: 0 }))
    }
}

struct Marked(Arc<AtomicBool>);

impl Mark for Marked {
    async fn commit(self) -> Result<(), MarkFailed> {
        self.0.store(true, Ordering::SeqCst);
        Ok(())
    }
}

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    Builder::new_current_thread().enable_time().start_paused(true).build().expect("a runtime")
});

fn relay() -> Arc<Relay> {
    Arc::new(Relay {
        host: "relay.test".to_owned(),
        port: 25,
        security: Security::Plain,
        helo: "sender.example".to_owned(),
        login: None,
        messages_per_connection: 100.try_into().expect("not 0"),
        timeouts: Timeouts { dot: Duration::from_mins(10), ..Timeouts::default() },
        manners: Manners::default(),
    })
}

fuzz_target!(|said: &[u8]| {
    let marked = Arc::new(AtomicBool::new(false));
    let outcome = RUNTIME.block_on(async {
        let mut transport =
            SmtpTransport::over(relay(), SystemClock::new(), Player(said.to_vec()));
        let envelope = Envelope {
            from: "news@sender.example".to_owned(),
            to: "canary@person.example".to_owned(),
        };
        let mark = Marked(Arc::clone(&marked));
        transport.send(&envelope, b"Subject: x\r\n\r\nx\r\n", mark).await
    });
    let marked = marked.load(Ordering::SeqCst);
    match &outcome {
        Outcome::Accepted(reply) => {
            assert!(marked, "accepted, and the body was never asked for");
            assert!((200..300).contains(&reply.code), "accepted with {}", reply.code);
        }
        Outcome::Uncertain(_) => assert!(marked, "uncertain, and nothing was handed over"),
        Outcome::NotTried(_) => assert!(!marked, "untried, and the body may be there"),
        Outcome::Deferred(_) | Outcome::Rejected(_) => {}
    }
    let shown = format!("{outcome:?}").to_lowercase();
    assert!(!shown.contains("canary@"), "an address is shown: {shown}");
});
