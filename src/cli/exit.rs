//! What a command ends with. The numbers are public interface.

use std::process::ExitCode;

/// Exit codes of every verb.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Done, or nothing to do.
    Done,
    /// A draft, list or template has a fault: nothing was sent.
    Refused,
    /// The command line does not make sense.
    Usage,
    /// Finished, but some deliveries were rejected or are uncertain.
    Incomplete,
    /// Stopped, deferred, pending, lock held or server unreachable: run it again.
    TryAgain,
    /// Settings, credentials or certificates are wrong.
    Configuration,
    /// Stopped by a signal.
    Interrupted,
}

impl Exit {
    /// The number.
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Refused => 1,
            Self::Usage => 2,
            Self::Incomplete => 3,
            Self::TryAgain => 75,
            Self::Configuration => 78,
            Self::Interrupted => 130,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        exit.code().into()
    }
}
