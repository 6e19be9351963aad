//! What was planned, tried and done, durable before it matters.
//!
//! Owns: campaigns, deliveries, attempts, suppressions, approvals; the protocol claim → committing → outcome.
//! Does not know: lettre, rendering, printing, addresses. People are
//! [`PersonKey`](crate::keys::PersonKey)s; what is sealed stays sealed here.

mod approval;
#[cfg(test)]
mod contract;
mod error;
#[cfg(test)]
pub(crate) mod faulty;
mod generation;
mod lock;
mod past;
mod protocol;
mod record;
mod register;
mod sqlite;

pub use approval::{Approval, Grant};
pub use error::Error;
pub use lock::{Holder, LockError, RunLock};
pub use past::{PassedOver, Past, Tested};
pub use protocol::Ledger;
pub use record::{
    Amendment, Attempt, AttemptStatus, Books, CampaignRecord, CampaignState, Claimed, Delivery,
    Follows, Frozen, LogEntry, LogFilter, Recipient, Recipients, Recovered, Relation, Revision,
    Settlement, Standing, Suppression, SuppressionReason,
};
pub use register::Register;
pub use sqlite::SqliteLedger;
