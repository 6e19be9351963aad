//! Files that travel along: encoded once a campaign, copied into every message.

use super::{
    Error,
    encoded_word::base64,
    file_name,
    header::{Field, check_text, quoted},
    media_type,
    wire::Checked,
};

/// A file for the reader to keep.
#[derive(Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Name without folders, as the reader sees it.
    pub file_name: String,
    /// `type/subtype`; [`super::media_type()`] finds it.
    pub media_type: String,
    /// The file.
    pub bytes: Vec<u8>,
}

/// A picture that the HTML part shows.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    /// Content id without angle brackets (RFC 2392); the HTML says `cid:` and this.
    pub cid: String,
    /// Name without folders, for readers who save it.
    pub file_name: String,
    /// `type/subtype`; [`super::media_type()`] finds it.
    pub media_type: String,
    /// The file.
    pub bytes: Vec<u8>,
}

impl Attachment {
    /// The MIME part without the delimiters around it.
    pub(super) fn encoded(&self) -> Result<Checked, Error> {
        let Self { file_name, media_type, bytes } = self;
        let mut part = Vec::new();
        write_type(&mut part, media_type, file_name, bytes)?;
        Field::new(&mut part, "Content-Disposition").word("attachment;").file_name(file_name).end();
        write_content(&mut part, bytes);
        Checked::new(part)
    }
}

impl Picture {
    /// The MIME part without the delimiters around it.
    pub(super) fn encoded(&self) -> Result<Checked, Error> {
        let Self { cid, file_name, media_type, bytes } = self;
        if cid.is_empty() || !cid.bytes().all(|b| b.is_ascii_graphic() && !b"<>\"".contains(&b)) {
            let expected = "a content id such as `photo@example.org`";
            return Err(Error::Invalid { header: "Content-ID", expected });
        }
        let mut part = Vec::new();
        write_type(&mut part, media_type, file_name, bytes)?;
        Field::new(&mut part, "Content-ID").word(&format!("<{cid}>")).end();
        Field::new(&mut part, "Content-Disposition").word("inline;").file_name(file_name).end();
        write_content(&mut part, bytes);
        Checked::new(part)
    }
}

fn write_type(
    part: &mut Vec<u8>,
    media_type: &str,
    file_name: &str,
    bytes: &[u8],
) -> Result<(), Error> {
    check_text("Content-Disposition", file_name)?;
    media_type::check(media_type)?;
    let is_utf8_text = media_type.starts_with("text/") && str::from_utf8(bytes).is_ok();
    let field = Field::new(part, "Content-Type").word(&format!("{media_type};"));
    let field = if is_utf8_text { field.word("charset=utf-8;") } else { field };
    field.word(&format!("name={}", quoted(&file_name::ascii(file_name)))).end();
    Ok(())
}

fn write_content(part: &mut Vec<u8>, bytes: &[u8]) {
    Field::new(part, "Content-Transfer-Encoding").word("base64").end();
    part.extend_from_slice(b"\r\n");
    part.extend_from_slice(base64(bytes).as_bytes());
}
