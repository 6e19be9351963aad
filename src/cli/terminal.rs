//! The person at the terminal, if there is one.

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};

/// Whether somebody can be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Presence {
    /// A person sits at the terminal.
    Attended,
    /// No terminal, or `--no-input`: never wait for an answer.
    Unattended,
}

impl Presence {
    /// Looks at stdin and stderr.
    pub(super) fn detect(no_input: bool) -> Self {
        let terminal = io::stdin().is_terminal() && io::stderr().is_terminal();
        if terminal && !no_input { Self::Attended } else { Self::Unattended }
    }

    /// Whether a person is there.
    pub(super) fn is_attended(self) -> bool {
        self == Self::Attended
    }
}

/// Asks a question on stderr and reads one line; none at the end of input.
pub(super) fn ask(question: &str) -> io::Result<Option<String>> {
    let mut stderr = anstream::stderr();
    write!(stderr, "{question} ")?;
    stderr.flush()?;
    let mut line = String::new();
    let read = io::stdin().lock().read_line(&mut line)?;
    Ok((read > 0).then(|| line.trim().to_owned()))
}
