//! The notation of a pace: `5/s`, `100/min,burst=10`, `2000/day`.

use std::{fmt, num::NonZeroU32, str::FromStr, time::Duration};

/// So many messages in so much time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// Messages a window.
    pub permits: NonZeroU32,
    /// The window.
    pub window: Window,
    /// How many may go at once after a rest; 1 spaces them evenly.
    pub burst: NonZeroU32,
}

/// The unit of time of a [`Limit`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// `s`: paced.
    Second,
    /// `min`: paced.
    Minute,
    /// `h`: a cap, counted over the last hour from the ledger.
    Hour,
    /// `day`: a cap, counted over the last 24 hours from the ledger.
    Day,
}

impl Window {
    /// Its length.
    pub fn duration(self) -> Duration {
        Duration::from_secs(match self {
            Self::Second => 1,
            Self::Minute => 60,
            Self::Hour => 3_600,
            Self::Day => 86_400,
        })
    }

    /// Whether it is counted from the ledger, so that it outlives the process.
    pub fn is_cap(self) -> bool {
        matches!(self, Self::Hour | Self::Day)
    }
}

/// A pace that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a pace")]
pub struct BadLimit(pub String);

impl BadLimit {
    /// What a pace looks like.
    pub const HINT: &str = "write a whole number from 1 up and s, min, h or day: \
        `5/s`, `100/min`, `2000/day`, with a burst `100/min,burst=10` (s and min only)";
}

impl FromStr for Limit {
    type Err = BadLimit;

    fn from_str(text: &str) -> Result<Self, BadLimit> {
        let bad = || BadLimit(text.to_owned());
        let (rate, burst) = match text.split_once(',') {
            None => (text, None),
            Some((rate, rest)) => (rate, Some(rest.trim().strip_prefix("burst=").ok_or_else(bad)?)),
        };
        let (permits, unit) = rate.split_once('/').ok_or_else(bad)?;
        let window = match unit.trim() {
            "s" | "sec" | "second" => Window::Second,
            "min" | "minute" => Window::Minute,
            "h" | "hour" => Window::Hour,
            "day" | "d" => Window::Day,
            _ => return Err(bad()),
        };
        let number = |digits: &str| digits.trim().parse().map_err(|_| bad());
        let burst = match burst {
            Some(_) if window.is_cap() => return Err(bad()),
            Some(digits) => number(digits)?,
            None => NonZeroU32::MIN,
        };
        Ok(Self { permits: number(permits)?, window, burst })
    }
}

/// As written in `announce.toml`.
impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = match self.window {
            Window::Second => "s",
            Window::Minute => "min",
            Window::Hour => "h",
            Window::Day => "day",
        };
        write!(f, "{}/{unit}", self.permits)?;
        if self.burst > NonZeroU32::MIN {
            write!(f, ",burst={}", self.burst)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pace_reads_back_as_it_was_written() {
        for text in ["5/s", "100/min,burst=10", "500/h", "2000/day"] {
            assert_eq!(text.parse::<Limit>().map(|limit| limit.to_string()).as_deref(), Ok(text));
        }
    }

    #[test]
    fn nonsense_is_refused() {
        for text in
            ["", "5", "0/s", "-1/s", "5/fortnight", "5/s,burst=0", "5/s,brust=2", "9/day,burst=3"]
        {
            assert!(text.parse::<Limit>().is_err(), "{text}");
        }
    }
}
