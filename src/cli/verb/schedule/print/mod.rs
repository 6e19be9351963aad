//! What makes a machine send what is due, each minute: lines for cron, or units for systemd. The
//! text is made from a [`Site`] alone, so that every line can be tested without one.

mod crontab;
mod quote;
mod site;
mod systemd;

use self::site::{Password, Site};
use super::super::super::{Exit, Fault, newsroom::Newsroom, output};

/// Who starts it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(in crate::cli) enum Format {
    /// A line for `crontab -e`
    Crontab,
    /// A service and a timer
    Systemd,
}

/// Prints what belongs into the files, and says how it gets there.
pub(super) fn print(newsroom: &Newsroom, format: Format) -> Result<Exit, Fault> {
    let site = Site::look(newsroom)?;
    let (text, how) = match format {
        Format::Crontab => (crontab::lines(&site), crontab::how(&site)),
        Format::Systemd => {
            site.make_folders(newsroom)?;
            (systemd::units(&site), systemd::how(&site))
        }
    };
    output::result(text.trim_end());
    if newsroom.rehearses() {
        output::say("note: this newsroom mails its sandbox; what is due is rehearsed, not sent");
    }
    output::say(how);
    Ok(Exit::Done)
}
