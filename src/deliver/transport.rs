//! The seam between the loop and the wire.

use std::future::Future;

use super::{Failure, Outcome};
use crate::compose::Envelope;

/// Takes one message somewhere. One value is one connection: it is used by one worker, in turn.
pub trait Transport: Send {
    /// Makes sure that the other side is there, so that the next [`Transport::send`] can begin at
    /// once: before anybody is claimed, and before a permit of the pace is taken that a handshake
    /// would make late. Sending without it is as good, only later.
    fn ready(&mut self) -> impl Future<Output = Result<(), Failure>> + Send {
        async { Ok(()) }
    }

    /// Delivers `message` (CRLF, not dot-stuffed) to the one recipient of `envelope`.
    ///
    /// `mark` is awaited exactly once, after the server has asked for the body (354) and before
    /// its first byte is written; if it fails, the body is not sent and the outcome is
    /// [`Outcome::NotTried`]. After the mark the outcome is never [`Outcome::NotTried`]: what would
    /// be one is [`Outcome::Deferred`] with the same scope. No outcome shows an address. The future
    /// must be driven to its end.
    fn send(
        &mut self,
        envelope: &Envelope,
        message: &[u8],
        mark: impl Mark,
    ) -> impl Future<Output = Outcome> + Send;

    /// Says good-bye (QUIT) and closes; errors do not matter any more.
    fn close(&mut self) -> impl Future<Output = ()> + Send;
}

/// Makes "this message is about to be handed over" durable.
pub trait Mark: Send {
    /// Ends when the mark is on disk.
    fn commit(self) -> impl Future<Output = Result<(), MarkFailed>> + Send;
}

/// The mark could not be written; the body must not be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the ledger could not record the delivery")]
pub struct MarkFailed;
