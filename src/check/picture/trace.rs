//! What a picture's file can tell besides the picture.

use std::collections::BTreeSet;

/// A kind of thing told. The most telling stand first, and so in messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Trace {
    Position,
    PlaceName,
    People,
    Owner,
    UserName,
    Contact,
    Serial,
    Device,
    Time,
    MakerNote,
    Thumbnail,
    Appended,
    Unreadable,
    Credit,
}

/// All that one file tells.
pub(super) type Traces = BTreeSet<Trace>;

impl Trace {
    /// What is told, never with its value.
    pub(super) fn in_words(self) -> &'static str {
        match self {
            Self::Position => "the place where it was taken",
            Self::PlaceName => "the name of a place",
            Self::People => "the names of people in it",
            Self::Owner => "the name of the camera's owner",
            Self::UserName => "the user name of somebody's computer",
            Self::Contact => "somebody's address or telephone number",
            Self::Serial => "the serial number of the camera or lens",
            Self::Device => "the make or model of the camera",
            Self::Time => "when it was taken",
            Self::MakerNote => "the camera maker's own notes",
            Self::Thumbnail => "a second small picture that may show what was cut off",
            Self::Appended => "a film or another picture behind its end",
            Self::Unreadable => "a block of data that cannot be looked into",
            Self::Credit => "the name of its author or of a right holder",
        }
    }
}

/// `a, b and c`
pub(super) fn listed(traces: &Traces) -> String {
    let words: Vec<_> = traces.iter().map(|trace| trace.in_words()).collect();
    match words.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => String::new(),
    }
}

/// Whether a value says nothing: cameras and editors leave tags in place and blank them.
pub(super) fn is_blank(value: &[u8]) -> bool {
    value.iter().all(|byte| matches!(byte, 0 | b'0' | b':') || byte.is_ascii_whitespace())
}
