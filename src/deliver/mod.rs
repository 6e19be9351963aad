//! Hands one message to a relay and says what became of it.
//!
//! Owns: the [`Transport`] seam, the SMTP session, pace, what replies mean, when to try again.
//! Does not know: what the bytes say, lists, SQL.

mod limit;
mod outcome;
mod reply;
mod transport;

pub use limit::{BadLimit, Limit, Window};
pub use outcome::{Failure, Outcome, Scope, Stage};
pub use reply::Reply;
pub use transport::{Mark, MarkFailed, Transport};
