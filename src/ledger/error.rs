//! What the ledger refuses, and what to do about it.

use crate::campaign::status::IllegalChange;

/// The ledger could not do what was asked. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The database could not be read or written (disk full, damaged, locked).
    #[error("the ledger could not be {action}: {reason}")]
    Storage {
        /// `opened`, `used`.
        action: &'static str,
        /// What the database says.
        reason: String,
    },
    /// A newer version of the program made it.
    #[error("the ledger has schema {found}, this version knows up to {known}")]
    Schema {
        /// Schema of the file.
        found: u32,
        /// Newest schema known here.
        known: u32,
    },
    /// The file is older than what this machine has already seen of it.
    #[error("the ledger is older than the one last used here: it was restored from a backup")]
    Restored,
    /// People are keyed by another secret.
    #[error("the ledger belongs to another secret: it would know nobody again")]
    OtherSecret,
    /// No campaign of that id.
    #[error("no campaign `{0}`")]
    UnknownCampaign(String),
    /// The campaign exists with another text.
    #[error("campaign `{0}` is frozen with another text")]
    OtherDigest(String),
    /// The campaign goes to nobody any more.
    #[error("campaign `{0}` has been called off")]
    CalledOff(String),
    /// The same mail is to be sent again, and what it says does not hold any more.
    #[error("campaign `{0}` has changed since: the old text would arrive behind the correction")]
    Outdated(String),
    /// A campaign cannot be finished while somebody is still to get it.
    #[error("campaign `{id}` still has {} to make", crate::diagnostic::count(*.open, "delivery"))]
    Unfinished {
        /// The campaign.
        id: String,
        /// Deliveries that are planned, claimed, committing or deferred.
        open: u64,
    },
    /// Another run has taken the delivery over: the caller must not send it.
    #[error("the delivery is not held by this run")]
    NotHeld,
    /// The person has been suppressed meanwhile: the caller must not send it.
    #[error("the person has been suppressed meanwhile")]
    Suppressed,
    /// The protocol does not allow it.
    #[error(transparent)]
    Illegal(#[from] IllegalChange),
    /// A freeze was given up: nothing was stored.
    #[error("{0}")]
    Aborted(String),
}

impl Error {
    /// What to do about it, where there is something to do.
    pub fn hint(&self) -> Option<&'static str> {
        Some(match self {
            Self::Storage { .. } => {
                "nothing was sent without a record; make room or mend the file, then run again"
            }
            Self::Schema { .. } => "install the newer `announce` that made this ledger",
            Self::Restored => {
                "people may have had mail that this ledger does not know of: \
                 put the newer ledger back"
            }
            Self::OtherSecret => "put the secret that belongs to this ledger back from its backup",
            Self::UnknownCampaign(_) => "`announce status` lists the campaigns",
            Self::OtherDigest(_) => {
                "`announce resume` finishes the frozen text, `--as ID` sends this one as a new \
                 campaign"
            }
            Self::CalledOff(_) => {
                "nobody gets it any more; to send it all the same, send it as a new campaign with \
                 `--as ID`"
            }
            Self::Outdated(_) => {
                "whoever may have it is told of the change; `--assume-sent` settles them, \
                 `--to PERSON` chooses whom"
            }
            Self::Unfinished { .. }
            | Self::NotHeld
            | Self::Suppressed
            | Self::Illegal(_)
            | Self::Aborted(_) => return None,
        })
    }
}
