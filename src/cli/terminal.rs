//! The person at the terminal, if there is one.

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};

use super::{Exit, Fault, output};

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

/// What a person is to confirm by typing how many it concerns.
pub(super) struct Question<'a> {
    /// Shown first.
    pub(super) about: &'a str,
    pub(super) people: u64,
    /// `" again"`, if it is.
    pub(super) again: &'a str,
    /// What shows it without doing it.
    pub(super) look: &'a str,
}

/// Asks about a send, and goes on only if the number is typed; without a person there it does not.
pub(super) fn confirm(presence: Presence, question: &Question<'_>) -> Result<(), Fault> {
    confirm_to(presence, question, "send it to")
}

/// The same about something else that is done with people.
pub(super) fn confirm_to(
    presence: Presence,
    question: &Question<'_>,
    deed: &str,
) -> Result<(), Fault> {
    let Question { about, people, again, look } = question;
    if presence == Presence::Unattended {
        let hint = format!("add `--yes`, or look first with `{look}`");
        return Err(Fault::with_hint(Exit::Usage, "nobody is here to confirm", hint));
    }
    output::say(about);
    let asked = format!("\nType the number of people to {deed}{again} ({people}):");
    let answer = ask(&asked).ok().flatten().unwrap_or_default();
    if answer.replace([',', ' ', '.'], "") == people.to_string() {
        Ok(())
    } else {
        Err(Fault::with_hint(
            Exit::Refused,
            "not confirmed: nothing was sent",
            "type the number of people to go on, or use `--yes`",
        ))
    }
}

/// Asks for a plain `yes` to what has been shown; without a person there it does not go on.
pub(super) fn agree(presence: Presence, asked: &str, look: &str) -> Result<(), Fault> {
    if presence == Presence::Unattended {
        let hint = format!("read it (`{look}`), then add `--yes`");
        return Err(Fault::with_hint(Exit::Usage, "nobody is here to confirm", hint));
    }
    let answer = ask(&format!("\n{asked} Type yes:")).ok().flatten().unwrap_or_default();
    if answer.eq_ignore_ascii_case("yes") {
        return Ok(());
    }
    Err(Fault::with_hint(Exit::Refused, "not confirmed: nothing was recorded", "type yes to go on"))
}

/// Asks a question on stderr and reads one line; none at the end of input.
fn ask(question: &str) -> io::Result<Option<String>> {
    let mut stderr = anstream::stderr();
    write!(stderr, "{question} ")?;
    stderr.flush()?;
    let mut line = String::new();
    let read = io::stdin().lock().read_line(&mut line)?;
    Ok((read > 0).then(|| line.trim().to_owned()))
}
