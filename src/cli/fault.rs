//! How a command fails: what is wrong, where, what to do, and the exit code.

use super::{Exit, output, report};
use crate::{campaign, diagnostic::Diagnostic, keys::SecretError, ledger};

/// So many faults and the last one are shown: nobody reads ten thousand, and each of them may quote
/// a long line.
const SHOWN: usize = 20;

/// A failed command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Everything that is wrong, the most important last.
    pub diagnostics: Vec<Diagnostic>,
    /// What the process ends with.
    pub exit: Exit,
}

impl Fault {
    /// One thing is wrong.
    pub fn new(exit: Exit, diagnostic: Diagnostic) -> Self {
        Self { diagnostics: vec![diagnostic], exit }
    }

    /// A draft, list or template has faults.
    pub fn refused(diagnostics: Vec<Diagnostic>) -> Self {
        Self { diagnostics, exit: Exit::Refused }
    }

    /// Settings have faults.
    pub fn configuration(diagnostics: Vec<Diagnostic>) -> Self {
        Self { diagnostics, exit: Exit::Configuration }
    }

    /// A message and what to do about it.
    pub fn with_hint(exit: Exit, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new(exit, Diagnostic::new(message).hint(hint))
    }

    /// The same, said of one campaign.
    #[must_use]
    pub(super) fn about(&self, campaign: &str) -> Self {
        let mut fault = self.clone();
        if let Some(last) = fault.diagnostics.last_mut() {
            last.message = format!("`{campaign}` goes no further: {}", last.message);
        }
        fault
    }

    /// The machine failed us (disk full, no rights).
    pub(super) fn io(error: std::io::Error) -> Self {
        let hint = "check the disk and the permissions, then run again";
        Self::with_hint(Exit::TryAgain, error.to_string(), hint)
    }

    /// Prints everything to stderr, in colour where that helps.
    pub fn print(&self) {
        self.texts().for_each(output::say);
    }

    /// Everything as it is printed.
    pub(super) fn texts(&self) -> impl Iterator<Item = String> {
        let (last, others) = match self.diagnostics.split_last() {
            Some((last, others)) => (Some(last), others),
            None => (None, [].as_slice()),
        };
        let more = others.len().checked_sub(SHOWN).filter(|more| *more > 0);
        let shown = others.iter().take(SHOWN).map(report::diagnostic);
        shown
            .chain(more.map(|more| format!("… and {more} more")))
            .chain(last.map(report::diagnostic))
    }
}

impl From<SecretError> for Fault {
    fn from(error: SecretError) -> Self {
        let exit = match &error {
            // A full disk: nothing in the settings is wrong.
            SecretError::Unusable { action: "written", .. } => Exit::TryAgain,
            _ => Exit::Configuration,
        };
        Self::new(exit, error.into())
    }
}

impl From<ledger::Error> for Fault {
    fn from(error: ledger::Error) -> Self {
        let exit = match &error {
            ledger::Error::UnknownCampaign(_) => Exit::Usage,
            ledger::Error::OtherDigest(_)
            | ledger::Error::CalledOff(_)
            | ledger::Error::Outdated(_)
            | ledger::Error::Aborted(_) => Exit::Refused,
            ledger::Error::Schema { .. } | ledger::Error::Restored | ledger::Error::OtherSecret => {
                Exit::Configuration
            }
            _ => Exit::TryAgain,
        };
        let diagnostic = Diagnostic::new(error.to_string());
        Self::new(
            exit,
            match error.hint() {
                Some(hint) => diagnostic.hint(hint),
                None => diagnostic,
            },
        )
    }
}

impl From<campaign::Error> for Fault {
    fn from(error: campaign::Error) -> Self {
        match error {
            campaign::Error::Ledger(error) => error.into(),
            campaign::Error::Sealed => {
                let hint = "put the secret that belongs to this ledger back from its backup";
                Self::with_hint(Exit::Configuration, error.to_string(), hint)
            }
            campaign::Error::Revised => {
                let hint = "nothing of the old one is sent; run again";
                Self::with_hint(Exit::TryAgain, error.to_string(), hint)
            }
            campaign::Error::Astray(_) => {
                let hint = "`announce status` shows what was sent; put the ledger back from its \
                            backup";
                Self::with_hint(Exit::TryAgain, error.to_string(), hint)
            }
            campaign::Error::Press(_) | campaign::Error::Worker => {
                let hint = "`announce status` shows what was sent; nothing more is";
                Self::with_hint(Exit::TryAgain, error.to_string(), hint)
            }
        }
    }
}
