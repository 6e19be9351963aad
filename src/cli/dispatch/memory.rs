//! What dispatch has said already. Cron mails whatever is said, each minute: what stays wrong is
//! told once.

use std::{
    collections::{BTreeMap, BTreeSet},
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

/// What was said of a campaign, or under an empty name of the workspace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Said {
    /// Not the words: they may quote a line of a list.
    fingerprint: String,
    since: Timestamp,
    /// The time at which the draft is due only because the clock was put forward.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    due_by_clock: Option<Timestamp>,
}

/// What has been said in this workspace and still holds.
pub(super) struct Memory {
    folder: PathBuf,
    name: &'static str,
    said: BTreeMap<String, Said>,
    /// What was wrong again since this was read.
    again: BTreeSet<String>,
}

impl Memory {
    /// Reads it. A file that cannot be read costs no more than saying things again.
    pub(super) fn read(newsroom: &Newsroom) -> Self {
        let folder = newsroom.state_path("");
        let name = if newsroom.rehearses() { REHEARSALS } else { FILE };
        let text = fs::read_to_string(folder.join(name)).unwrap_or_default();
        let said = serde_json::from_str(&text).unwrap_or_default();
        Self { folder, name, said, again: BTreeSet::new() }
    }

    /// Whether this was said of `about`.
    pub(super) fn knows(&self, about: &str, what: &str) -> bool {
        self.said.get(about).is_some_and(|said| said.fingerprint == fingerprint(what))
    }

    /// Whether something was said of it.
    pub(super) fn is_held(&self, about: &str) -> bool {
        self.said.contains_key(about)
    }

    /// Notes what is wrong; whether it is news.
    pub(super) fn note(&mut self, about: &str, what: &str, now: Timestamp) -> bool {
        self.again.insert(about.to_owned());
        if self.knows(about, what) {
            return false;
        }
        let since = self.said.get(about).map_or(now, |said| said.since);
        let due_by_clock = self.due_by_clock(about);
        let said = Said { fingerprint: fingerprint(what), since, due_by_clock };
        self.said.insert(about.to_owned(), said);
        true
    }

    /// The time at which `about` is due only because the clock was put forward, if it is.
    pub(super) fn due_by_clock(&self, about: &str) -> Option<Timestamp> {
        self.said.get(about).and_then(|said| said.due_by_clock)
    }

    /// Notes that the draft would not be due at `due` had the clock not been put forward.
    pub(super) fn suspect(&mut self, about: &str, due: Timestamp, now: Timestamp) {
        let fingerprint = String::new();
        let said = Said { fingerprint, since: now, due_by_clock: Some(due) };
        self.again.insert(about.to_owned());
        self.said.insert(about.to_owned(), said);
    }

    /// Keeps what was wrong again, and nothing else.
    pub(super) fn save(&mut self) -> Result<(), Fault> {
        let Self { said, again, .. } = self;
        said.retain(|about, _| again.contains(about));
        self.write()
    }

    /// Keeps everything.
    pub(super) fn write(&self) -> Result<(), Fault> {
        let path = self.folder.join(self.name);
        if self.said.is_empty() && !path.exists() {
            return Ok(());
        }
        let text = serde_json::to_string(&self.said).map_err(|error| Fault::io(error.into()))?;
        replace(&self.folder, self.name, &text).map_err(Fault::io)
    }
}

/// Writes a file, all of it or nothing.
pub(super) fn replace(folder: &Path, name: &str, text: &str) -> io::Result<()> {
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    writeln!(file, "{text}")?;
    file.persist(folder.join(name))?;
    Ok(())
}

fn fingerprint(what: &str) -> String {
    let hash = digest(&SHA256, what.as_bytes());
    hash.as_ref().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
