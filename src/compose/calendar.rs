//! An event for the reader's calendar: beside the texts, where calendars look for it, and as a file
//! for everybody else (RFC 6047).

use super::{
    Error,
    encoded_word::base64,
    file_name,
    header::{Field, check_text, quoted},
    quoted_printable,
    wire::Checked,
};

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

/// The two parts that it becomes, without the delimiters around them.
#[derive(Clone)]
pub(super) struct CalendarParts {
    /// The third of the alternatives.
    pub(super) alternative: Checked,
    /// The last of the attachments.
    pub(super) file: Checked,
}

impl Calendar {
    /// Encodes it, once a campaign.
    pub(super) fn encoded(&self) -> Result<CalendarParts, Error> {
        let Self { method, file_name, text } = self;
        check_text("Content-Disposition", file_name)?;
        let mut alternative = Vec::new();
        Self::content_type(&mut alternative).word(&format!("method={method}")).end();
        Field::new(&mut alternative, "Content-Transfer-Encoding").word("quoted-printable").end();
        alternative.extend_from_slice(b"\r\n");
        quoted_printable::encode(text, &mut alternative);

        let mut file = Vec::new();
        let name = format!("name={}", quoted(&file_name::ascii(file_name)));
        Self::content_type(&mut file).word(&format!("method={method};")).word(&name).end();
        let disposition = Field::new(&mut file, "Content-Disposition").word("attachment;");
        disposition.file_name(file_name).end();
        Field::new(&mut file, "Content-Transfer-Encoding").word("base64").end();
        file.extend_from_slice(b"\r\n");
        file.extend_from_slice(base64(text.as_bytes()).as_bytes());
        Ok(CalendarParts { alternative: Checked::new(alternative)?, file: Checked::new(file)? })
    }

    fn content_type(out: &mut Vec<u8>) -> Field<'_> {
        Field::new(out, "Content-Type").word("text/calendar;").word("charset=utf-8;")
    }
}
