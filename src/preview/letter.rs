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
    html_limits: [usize; 2],
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
    pub(super) fn of<E: Edition>(
        edition: &E,
        number: usize,
        html_limits: [usize; 2],
    ) -> Result<Self, Vec<Trouble>> {
        let bytes = edition.message(number)?;
        let key = edition.person(number).map(|person| person.key).unwrap_or_default();
        let path = format!("mail/draft/{}/{key}", edition.line().slug);
        Ok(Self::new(path, bytes, html_limits))
    }

    /// A mail that a rehearsal has caught.
    pub(super) fn caught(number: u64, bytes: Vec<u8>, html_limits: [usize; 2]) -> Self {
        Self::new(format!("mail/sandbox/{number}"), bytes, html_limits)
    }

    fn new(path: String, bytes: Vec<u8>, html_limits: [usize; 2]) -> Self {
        let reading = Reading::of(&bytes);
        Self { path, bytes, reading, html_limits }
    }

    pub(super) fn outline(&self) -> LetterOutline<'_> {
        let Self { path, reading, html_limits, .. } = self;
        LetterOutline { path, html_limits: *html_limits, reading }
    }
}
