//! A date as a text names it.

use std::ops::Range;

use jiff::civil::Weekday;

/// A day, as far as it is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct MonthDay {
    pub(super) day: i8,
    pub(super) month: Option<i8>,
    pub(super) year: Option<i16>,
}

/// How a corrected date would be written here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tongue {
    English,
    German,
    Korean,
}

/// A date in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mention {
    /// The weekday that stands beside it.
    pub(super) weekday: Option<Weekday>,
    /// `tomorrow` beside it: days after the sending.
    pub(super) away: Option<i8>,
    /// What the day may be: two where nobody knows whether `3/12` begins with the day.
    pub(super) readings: Vec<MonthDay>,
    /// Its place among the words.
    pub(super) words: Range<usize>,
    /// Its place in the draft.
    pub(super) span: Range<usize>,
    /// For the fix.
    pub(super) tongue: Tongue,
}
