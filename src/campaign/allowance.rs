//! Hourly and daily caps, counted from the ledger so that they hold over restarts.

use jiff::Timestamp;

use super::run::{Error, Run};
use crate::{
    clock::Clock,
    deliver::pace::{cap_room, cap_wait},
    ledger::Ledger,
};

/// How many more tries the caps allow.
pub(super) enum Allowance {
    /// To be counted from the ledger.
    Unknown,
    /// So many, as far as the caps go.
    Left(u64),
    /// None, until then.
    NoneUntil(Timestamp),
}

impl Allowance {
    /// Counts what the longest window holds.
    pub(super) async fn count<L: Ledger, C: Clock, F>(
        run: &Run<'_, L, C, F>,
    ) -> Result<Self, Error> {
        let caps = &run.course.caps;
        let Some(longest) = caps.iter().map(|cap| cap.window.duration()).max() else {
            return Ok(Self::Left(u64::MAX));
        };
        let now = run.clock.now();
        let sent = run.ledger.sent_within(longest, now).await?;
        Ok(match (cap_wait(caps, &sent, now), cap_room(caps, &sent, now)) {
            (Some(wait), _) => Self::NoneUntil(now + wait),
            (None, room) => Self::Left(room.map_or(u64::MAX, |room| room as u64)),
        })
    }
}
