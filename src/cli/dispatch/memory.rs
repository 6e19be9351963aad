//! What dispatch has said already, and what it does not believe. Cron mails whatever is said, each
//! minute: what stays wrong is told once.

use std::{
    collections::BTreeMap,
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use ring::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};

use super::super::{Fault, newsroom::Newsroom};

const FILE: &str = "dispatch.json";

/// The same of rehearsals.
const REHEARSALS: &str = "dispatch-rehearsal.json";

/// What is remembered in this workspace.
pub(super) struct Memory {
    folder: PathBuf,
    name: &'static str,
    kept: Kept,
    /// As it is on disk.
    stored: Kept,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Kept {
    /// Fingerprints of what was said of a draft or a campaign, or under an empty name of everything.
    /// Not the words: they may quote a line of a list.
    said: BTreeMap<String, String>,
    /// Drafts and the times at which they are due only because the clock was put forward.
    suspects: BTreeMap<String, Timestamp>,
}

impl Memory {
    /// Reads it. It is written whole or not at all; what cannot be read all the same is begun anew.
    pub(super) fn read(newsroom: &Newsroom) -> Self {
        let folder = newsroom.state_path("");
        let name = if newsroom.rehearses() { REHEARSALS } else { FILE };
        let text = fs::read_to_string(folder.join(name)).unwrap_or_default();
        let kept: Kept = serde_json::from_str(&text).unwrap_or_default();
        Self { folder, name, stored: kept.clone(), kept }
    }

    /// Whether this was said of `about`.
    pub(super) fn knows(&self, about: &str, what: &str) -> bool {
        self.kept.said.get(about).is_some_and(|said| *said == fingerprint(what))
    }

    /// Whether something is wrong with it.
    pub(super) fn is_held(&self, about: &str) -> bool {
        self.kept.said.contains_key(about)
    }

    /// Notes what is wrong; whether it is news.
    pub(super) fn note(&mut self, about: &str, what: &str) -> bool {
        let is_news = !self.knows(about, what);
        self.kept.said.insert(about.to_owned(), fingerprint(what));
        is_news
    }

    /// Nothing is wrong with it any more.
    pub(super) fn forget(&mut self, about: &str) {
        self.kept.said.remove(about);
    }

    /// Notes that the draft would not be due at `due` had the clock not been put forward.
    pub(super) fn suspect(&mut self, slug: &str, due: Timestamp) {
        self.kept.suspects.insert(slug.to_owned(), due);
    }

    /// The time at which a draft is due only because the clock was put forward, if it is.
    pub(super) fn due_by_clock(&self, slug: &str) -> Option<Timestamp> {
        self.kept.suspects.get(slug).copied()
    }

    /// Keeps what was said of these, and of drafts that are due at these times.
    pub(super) fn keep_only(
        &mut self,
        is_wrong: impl Fn(&str) -> bool,
        is_due: impl Fn(&str, Timestamp) -> bool,
    ) {
        self.kept.said.retain(|about, _| is_wrong(about));
        self.kept.suspects.retain(|slug, due| is_due(slug, *due));
    }

    /// Writes it, if it has changed.
    pub(super) fn save(&mut self) -> Result<(), Fault> {
        if self.kept != self.stored {
            let text =
                serde_json::to_string(&self.kept).map_err(|error| Fault::io(error.into()))?;
            replace(&self.folder, self.name, &text).map_err(Fault::io)?;
            self.stored = self.kept.clone();
        }
        Ok(())
    }
}

/// Writes a file, all of it or nothing, and on disk when it returns.
pub(super) fn replace(folder: &Path, name: &str, text: &str) -> io::Result<()> {
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    writeln!(file, "{text}")?;
    file.as_file().sync_all()?;
    file.persist(folder.join(name))?;
    Ok(())
}

fn fingerprint(what: &str) -> String {
    let hash = digest(&SHA256, what.as_bytes());
    hash.as_ref().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
