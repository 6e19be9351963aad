//! An event for the reader's calendar: beside the texts, where calendars look for it, and as a file
//! for everybody else (RFC 6047).

/// A calendar object, written.
#[derive(Clone, PartialEq, Eq)]
pub struct Calendar {
    /// What stands behind `METHOD:` in it: the MIME parameter must say the same (RFC 6047 §2.4).
    pub method: &'static str,
    /// Name of the file, without folders.
    pub file_name: String,
    /// The object: CRLF line ends, UTF-8.
    pub text: String,
}
