//! Whether a draft's time has come.

use jiff::{SignedDuration, Timestamp, civil, tz::TimeZone};

use crate::local_time;

/// How late a draft may still go that does not say it.
pub const LATE_AFTER: SignedDuration = SignedDuration::from_hours(2);

/// When a draft is to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// The instant that its local time means.
    pub at: Timestamp,
    /// How long after it dispatch may still send it.
    pub late_after: SignedDuration,
}

/// Where a draft stands now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Its time is to come.
    Ahead,
    /// It is due.
    Now,
    /// It was due too long ago to go without a person.
    Late,
}

impl Due {
    /// What a draft says: `send_at` in the sender's zone, and its own `late_after`. `None` outside
    /// of years 1 to 9999.
    pub fn new(
        send_at: civil::DateTime,
        zone: &TimeZone,
        late_after: Option<SignedDuration>,
    ) -> Option<Self> {
        let at = local_time::instant(send_at, zone)?;
        Some(Self { at, late_after: late_after.unwrap_or(LATE_AFTER) })
    }

    /// Where it stands at `now`. Due from the instant itself to the last one of `late_after`.
    pub fn turn(&self, now: Timestamp) -> Turn {
        match now.duration_since(self.at) {
            late if late.is_negative() => Turn::Ahead,
            late if late > self.late_after => Turn::Late,
            _ => Turn::Now,
        }
    }
}
