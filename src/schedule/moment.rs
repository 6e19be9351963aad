//! What a local time means on the clocks of a zone.

use jiff::{
    Timestamp, civil,
    tz::{AmbiguousOffset, TimeZone},
};

use super::spoken;
use crate::local_time;

/// A local time and the instant that it means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// As it is written.
    pub local: civil::DateTime,
    /// The instant that it means.
    pub at: Timestamp,
    /// What clocks show at that instant: another time than was written where it is left out.
    pub shown: civil::DateTime,
    /// How often clocks show the time that was written.
    pub comes: Comes,
}

/// How often clocks show a local time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comes {
    /// Like nearly all.
    Once,
    /// They go forward over it; the first instant after the gap is meant.
    Never,
    /// They go back over it; the first of the two is meant.
    Twice,
}

impl Moment {
    /// What `local` means in `zone`. `None` outside of years 1 to 9999.
    pub fn new(local: civil::DateTime, zone: &TimeZone) -> Option<Self> {
        let at = local_time::instant(local, zone)?;
        let comes = match zone.to_ambiguous_timestamp(local).offset() {
            AmbiguousOffset::Unambiguous { .. } => Comes::Once,
            AmbiguousOffset::Gap { .. } => Comes::Never,
            AmbiguousOffset::Fold { .. } => Comes::Twice,
        };
        Some(Self { local, at, shown: zone.to_datetime(at), comes })
    }

    /// What somebody should know who has written a time that clocks leave out or show twice.
    pub fn remark(&self) -> Option<String> {
        let Self { local, shown, comes, .. } = self;
        let written = spoken::time(local.time());
        match comes {
            Comes::Once => None,
            Comes::Never if shown.date() == local.date() => Some(format!(
                "clocks go forward that day and leave `{written}` out: it goes out at {}",
                spoken::time(shown.time())
            )),
            Comes::Never => Some(format!(
                "clocks go forward then and leave `{written}` out: it goes out on {}",
                spoken::in_full(*shown)
            )),
            Comes::Twice => Some(format!(
                "clocks go back that day and show `{written}` twice: it goes out the first time"
            )),
        }
    }
}
