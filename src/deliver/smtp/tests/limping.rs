//! A connection that breaks between two records of TLS.

use std::{
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll, ready},
};

use jiff::Timestamp;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::{
    Peer, Script, relay,
    tls::{Authority, inside},
    to,
};
use crate::{
    clock::FixedStartClock,
    deliver::{
        Failure, Outcome, Transport,
        contract::Marks,
        smtp::{Dial, Duplex, Relay, Security, SmtpTransport},
    },
};

/// Lets so many more bytes out, then says that the connection was reset.
struct Limping {
    stream: Box<dyn Duplex>,
    left: Arc<AtomicUsize>,
}

impl AsyncRead for Limping {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Limping {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let left = self.left.load(Ordering::SeqCst);
        if left == 0 {
            return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()));
        }
        let bytes = &bytes[..bytes.len().min(left)];
        let written = ready!(Pin::new(&mut self.stream).poll_write(context, bytes))?;
        self.left.fetch_sub(written, Ordering::SeqCst);
        Poll::Ready(Ok(written))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

struct LimpingDial(Script, Arc<AtomicUsize>);

impl Dial for LimpingDial {
    async fn dial(&mut self, relay: &Relay) -> Result<Box<dyn Duplex>, Failure> {
        let stream = self.0.dial(relay).await?;
        Ok(Box::new(Limping { stream, left: Arc::clone(&self.1) }))
    }
}

/// What became of a message whose dot ends a record that leaves, and the commands behind it are in
/// one that does not, at a server that answers or not.
async fn cut_behind_the_dot(answers: bool) -> Outcome {
    let authority = Authority::new();
    let tls = authority.server("relay.test");
    let script = Script::default().then(move |peer: Peer| async move {
        let mut peer = inside(tls, peer).await.expect("a handshake");
        peer.greet(&["PIPELINING"]).await;
        peer.take("first").await;
        peer.up_to_354("ana").await;
        peer.body().await.expect("the server has body and dot");
        if answers {
            peer.say("250 taken").await;
            peer.rest().await;
        }
    });
    let left = Arc::new(AtomicUsize::new(usize::MAX));
    let relay = Relay { security: Security::ImplicitTls(authority.trust()), ..relay() };
    let clock = FixedStartClock::new(Timestamp::UNIX_EPOCH);
    let dial = LimpingDial(script, Arc::clone(&left));
    let mut transport = SmtpTransport::over(Arc::new(relay), clock, dial);
    transport.send(&to("first"), b"x\r\n", Marks::default()).await;
    // With its dot, exactly one record.
    let mut message = vec![b'x'; 16_384 - 5];
    message.extend_from_slice(b"\r\n");
    transport.ask(&to("ana"), &message).await.unwrap();
    left.store(16_384 + 22, Ordering::SeqCst);
    transport.hand_over(Some((&to("bob"), &message))).await
}

#[tokio::test(start_paused = true)]
async fn a_dot_that_left_in_a_record_of_its_own_is_never_taken_for_unsent() {
    let outcome = cut_behind_the_dot(true).await;
    assert!(matches!(outcome, Outcome::Accepted(_)), "{outcome:?}");
    let outcome = cut_behind_the_dot(false).await;
    assert!(matches!(outcome, Outcome::Uncertain(_)), "{outcome:?}");
}
