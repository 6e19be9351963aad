//! The seam between the loop and the wire.

use std::future::Future;

use super::{Failure, Outcome, Scope, Stage};
use crate::compose::Envelope;

/// Takes one message after another somewhere. One value is one connection: it is used by one
/// worker, in turn.
///
/// A message goes in two steps, [`ask`](Transport::ask) and
/// [`hand_over`](Transport::hand_over), and what is written down between them is certain to be
/// on disk before its first byte leaves.
pub trait Transport: Send {
    /// Makes sure that the other side is there, so that the next [`Transport::ask`] can begin at
    /// once: before anybody is claimed, and before a permit of the pace is taken that a handshake
    /// would make late. Asking without it is as good, only later.
    fn ready(&mut self) -> impl Future<Output = Result<(), Failure>> + Send {
        async { Ok(()) }
    }

    /// Asks whether the other side takes `message` (CRLF, not dot-stuffed) for the one recipient
    /// of `envelope`. `Ok`: it waits for the body (354), and nothing has happened yet.
    ///
    /// Asking about another one then, or closing, gives the first one up: its body is not sent.
    /// The `Err` is about this message and shows no address. The future must be driven to its end.
    fn ask(
        &mut self,
        envelope: &Envelope,
        message: &[u8],
    ) -> impl Future<Output = Result<(), Outcome>> + Send;

    /// Hands over the body of the message that was asked about, and says what became of it: never
    /// [`Outcome::NotTried`]; what would be one is [`Outcome::Deferred`] with the same scope. No
    /// outcome shows an address. The future must be driven to its end.
    ///
    /// `next` may be asked about in the same write, which spares a round trip. It must be the
    /// next one to be asked about all the same: [`Transport::ask`] then only awaits the answer,
    /// and a connection that was lost meanwhile is [`Outcome::NotTried`] for it.
    fn hand_over(
        &mut self,
        next: Option<(&Envelope, &[u8])>,
    ) -> impl Future<Output = Outcome> + Send;

    /// Whether a `next` would travel along.
    fn takes_along(&self) -> bool {
        false
    }

    /// One message alone, with `mark` awaited between the two steps, exactly once; if it fails,
    /// the body is not sent and the outcome is [`Outcome::NotTried`].
    fn send(
        &mut self,
        envelope: &Envelope,
        message: &[u8],
        mark: impl Mark,
    ) -> impl Future<Output = Outcome> + Send {
        async move {
            if let Err(outcome) = self.ask(envelope, message).await {
                return outcome;
            }
            if let Err(failed) = mark.commit().await {
                self.close().await;
                return Outcome::NotTried(Failure {
                    stage: Stage::Data,
                    reply: None,
                    reason: failed.to_string(),
                    scope: Scope::Setup,
                });
            }
            self.hand_over(None).await
        }
    }

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
