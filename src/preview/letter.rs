//! One mail that is looked at: its bytes, what a mail program reads in them, and where the page
//! finds its parts.

use serde::Serialize;

use super::{Edition, Reading, Trouble};

/// A mail on the page.
pub(super) struct Letter {
    /// Where its parts are, below the page's own path.
    path: String,
    pub(super) bytes: Vec<u8>,
    pub(super) reading: Reading,
}

/// The part of the page's answers that describes a mail.
#[derive(Serialize)]
pub(super) struct LetterOutline<'a> {
    path: &'a str,
    html_limits: [usize; 2],
    #[serde(flatten)]
    reading: &'a Reading,
}

impl Letter {
    /// Somebody's copy of a draft.
    pub(super) fn of<E: Edition>(edition: &E, number: usize) -> Result<Self, Vec<Trouble>> {
        let bytes = edition.message(number)?;
        let key = edition.person(number).map(|person| person.key).unwrap_or_default();
        let path = format!("mail/draft/{}/{key}", edition.line().slug);
        Ok(Self::new(path, bytes))
    }

    /// A mail that a rehearsal has caught.
    pub(super) fn caught(number: u64, bytes: Vec<u8>) -> Self {
        Self::new(format!("mail/sandbox/{number}"), bytes)
    }

    fn new(path: String, bytes: Vec<u8>) -> Self {
        let reading = Reading::of(&bytes);
        Self { path, bytes, reading }
    }

    /// What the page is told of it; `html_limits` are those of the house.
    pub(super) fn outline(&self, html_limits: [usize; 2]) -> LetterOutline<'_> {
        LetterOutline { path: &self.path, html_limits, reading: &self.reading }
    }
}
