//! Hands one message to a relay and says what became of it.
//!
//! Owns: the [`Transport`] seam, the SMTP session, pace, what replies mean, when to try again.
//! Does not know: what the bytes say, lists, SQL.

mod breaker;
mod classify;
#[cfg(test)]
mod contract;
mod guard;
mod limit;
mod outbox;
mod outcome;
pub mod pace;
mod queue_id;
mod redact;
mod reply;
mod retry;
pub mod smtp;
mod transport;
mod words;

pub use breaker::{Breaker, Opened};
pub use classify::{Effect, Verdict, classify};
pub use limit::{BadLimit, Limit, Window};
pub use outbox::OutboxTransport;
pub use outcome::{Failure, Outcome, Scope, Stage};
pub use pace::{Pace, Slowed};
pub use queue_id::queue_id;
pub use redact::{redact, redact_for};
pub use reply::Reply;
pub use retry::{GIVE_UP_AFTER, GivenUp, LONGEST_PAUSE, next_try};
pub use transport::{Mark, MarkFailed, Transport};
