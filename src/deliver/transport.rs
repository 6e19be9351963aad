//! The seam between the loop and the wire.

use std::future::Future;

use super::Outcome;
use crate::compose::Envelope;

/// Takes one message somewhere. One value is one connection: it is used by one worker, in turn.
pub trait Transport: Send {
    /// Delivers `message` (CRLF, not dot-stuffed) to the one recipient of `envelope`.
    ///
    /// `mark` is awaited exactly once, after the server has asked for the body (354) and before
    /// its first byte is written; if it fails, the body is not sent and the outcome is
    /// [`Outcome::NotTried`]. The future must be driven to its end.
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
