//! What a campaign's templates are made from. All of it is at hand: nothing here reads a file.

use std::collections::BTreeMap;

use super::PictureSize;
use crate::{
    diagnostic::{Diagnostic, Source},
    draft::Draft,
};

/// All template files by their path below `templates/` (`layout.html.hbs`,
/// `partials/button.html.hbs`, `event/html.hbs`), workspace files already laid over built-in ones.
#[derive(Clone, Debug, Default)]
pub struct TemplateSet {
    /// Path below `templates/` to text.
    pub files: BTreeMap<String, Source>,
}

/// Who sends, as templates see it: the namespace `sender`.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Sender {
    /// Display name.
    pub name: String,
    /// The `From` address.
    pub address: String,
    /// The `Reply-To` address.
    pub reply_to: Option<String>,
    /// Where the sender can be reached by post.
    pub postal_address: Option<String>,
    /// Domain of [`Sender::address`]; content ids end in it.
    pub domain: String,
    /// BCP 47 language of drafts that name none.
    pub language: String,
    /// IANA name of the time zone that local times are in.
    pub timezone: String,
}

/// How the event gets into the reader's calendar: the namespace `calendar`.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct CalendarLinks {
    /// Name of the attached file.
    pub file: String,
    /// Link that adds it to Google Calendar. None for an event that is cancelled.
    pub google: Option<String>,
    /// Link that adds it to Outlook on the web.
    pub outlook: Option<String>,
}

/// One list of the audience: what it is called and which columns its rows have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListColumns {
    /// Name in the configuration (`members`).
    pub name: String,
    /// Path as shown (`lists/members.csv`).
    pub file: String,
    /// Its columns, as templates name them (`first_name`).
    pub columns: Vec<String>,
}

/// Everything [`super::expand()`] needs.
pub struct Input<'a> {
    /// The announcement.
    pub draft: &'a Draft,
    /// The templates.
    pub templates: &'a TemplateSet,
    /// The namespace `sender`.
    pub sender: &'a Sender,
    /// The namespace `calendar`; absent where the mail has no calendar entry.
    pub calendar: Option<&'a CalendarLinks>,
    /// The lists whose people get it: a column must be on every one of them.
    pub lists: &'a [ListColumns],
    /// Front matter keys that the schemas of kinds define and a draft may leave out, dotted
    /// (`event.partners`, `event.speakers.role`, `sponsors`): asking for one is no misspelling.
    pub optional: &'a [String],
    /// The size of a picture by its path as the draft names it; a fault is given its
    /// place by the caller of this function.
    pub picture: &'a dyn Fn(&str) -> Result<PictureSize, Diagnostic>,
}
