//! What is the same for everybody is encoded once; what is one person's is added to a copy.

use std::fmt;

use lettre::Address;

use super::{
    Attachment, Envelope, Error, Message, Picture, Recipient, Sender, Stamp, Unsubscribe, address,
    bounces::Bounces,
    header::{Field, check_text},
    multipart::Multipart,
    quoted_printable,
    sender::Letterhead,
    wire,
};
use crate::render::Rendered;

/// What all messages of a campaign have in common.
#[derive(Clone)]
pub struct Parts {
    /// Who it is from.
    pub sender: Sender,
    /// The ways out of the list.
    pub unsubscribe: Unsubscribe,
    /// Address that takes bounces. The return path is this with `+TOKEN` in its local part;
    /// without it the return path is the sender's address.
    pub bounces: Option<String>,
    /// BCP 47 language of the text.
    pub language: String,
    /// Files for the reader to keep, in order.
    pub attachments: Vec<Attachment>,
    /// Pictures that the HTML shows.
    pub pictures: Vec<Picture>,
}

/// Composes the messages of one campaign. Nothing of one person stays in it.
#[derive(Clone)]
pub struct Composer {
    letterhead: Letterhead,
    unsubscribe: Unsubscribe,
    bounces: Option<Bounces>,
    /// `Auto-Submitted` to `MIME-Version`.
    closing: Vec<u8>,
    /// MIME parts, without delimiters.
    attachments: Vec<Vec<u8>>,
    pictures: Vec<Vec<u8>>,
}

impl Composer {
    /// Checks and encodes what is common. An error here concerns the campaign.
    pub fn new(parts: Parts) -> Result<Self, Error> {
        let Parts { sender, unsubscribe, bounces, language, attachments, pictures } = parts;
        unsubscribe.check()?;
        Ok(Self {
            letterhead: Letterhead::new(sender)?,
            unsubscribe,
            bounces: bounces.as_deref().map(Bounces::parse).transpose()?,
            closing: closing(&language)?,
            attachments: attachments.iter().map(Attachment::encoded).collect::<Result<_, _>>()?,
            pictures: pictures.iter().map(Picture::encoded).collect::<Result<_, _>>()?,
        })
    }

    /// The message of one person. The same arguments give the same bytes, always.
    pub fn compose(
        &self,
        rendered: &Rendered,
        to: &Recipient<'_>,
        stamp: &Stamp<'_>,
    ) -> Result<Message, Error> {
        stamp.check()?;
        let address = address::parse("To", to.address)?;
        let mut bytes = Vec::with_capacity(self.estimate(rendered));
        self.write_header(&mut bytes, &rendered.subject, &address, to.name, stamp)?;
        self.write_body(&mut bytes, rendered, stamp.boundary)?;
        let from = match &self.bounces {
            Some(bounces) => bounces.return_path(stamp.return_path),
            None => self.letterhead.address.to_string(),
        };
        Ok(Message {
            id: self.message_id(stamp),
            envelope: Envelope { from, to: address.to_string() },
            bytes,
        })
    }

    fn write_header(
        &self,
        out: &mut Vec<u8>,
        subject: &str,
        address: &Address,
        name: Option<&str>,
        stamp: &Stamp<'_>,
    ) -> Result<(), Error> {
        let name = name.unwrap_or_default();
        check_text("To", name)?;
        check_text("Subject", subject)?;
        out.extend_from_slice(&self.letterhead.from);
        Field::new(out, "To").mailbox(name, address.as_ref()).end();
        let field = Field::new(out, "Subject");
        let field = if stamp.test { field.word("[TEST]") } else { field };
        field.text(subject).end();
        let date = stamp.date.strftime("%a, %d %b %Y %H:%M:%S +0000").to_string();
        Field::new(out, "Date").word(&date).end();
        Field::new(out, "Message-ID").word(&format!("<{}>", self.message_id(stamp))).end();
        out.extend_from_slice(&self.letterhead.list_id);
        if !stamp.test {
            self.unsubscribe.write(out, stamp.unsubscribe);
        }
        out.extend_from_slice(&self.closing);
        Ok(())
    }

    /// `mixed(alternative(text, related(html, pictures)), attachments)`, each multipart only where
    /// it is needed.
    fn write_body(
        &self,
        out: &mut Vec<u8>,
        rendered: &Rendered,
        boundary: &str,
    ) -> Result<(), Error> {
        let mixed = (!self.attachments.is_empty()).then(|| Multipart::mixed(boundary));
        let alternative = Multipart::alternative(boundary);
        let related = (!self.pictures.is_empty()).then(|| Multipart::related(boundary));
        if let Some(mixed) = mixed {
            mixed.open(out);
            mixed.part(out);
        }
        alternative.open(out);
        alternative.part(out);
        write_text(out, "text/plain", &rendered.text);
        alternative.part(out);
        if let Some(related) = related {
            related.open(out);
            related.part(out);
        }
        write_text(out, "text/html", &rendered.html);
        // All that is this person's is written; what follows was checked when it was encoded.
        wire::check(out)?;
        if let Some(related) = related {
            for picture in &self.pictures {
                related.part(out);
                out.extend_from_slice(picture);
            }
            related.close(out);
        }
        alternative.close(out);
        if let Some(mixed) = mixed {
            for attachment in &self.attachments {
                mixed.part(out);
                out.extend_from_slice(attachment);
            }
            mixed.close(out);
        }
        debug_assert_eq!(wire::check(out), Ok(()));
        Ok(())
    }

    fn message_id(&self, stamp: &Stamp<'_>) -> String {
        format!("{}@{}", stamp.message_id, self.letterhead.domain)
    }

    /// A capacity that seldom needs to grow.
    fn estimate(&self, rendered: &Rendered) -> usize {
        let files = self.pictures.iter().chain(&self.attachments).map(|part| part.len() + 64);
        let texts = rendered.html.len() + rendered.text.len();
        2_048 + texts + texts / 4 + files.sum::<usize>()
    }
}

/// Shows no address.
impl fmt::Debug for Composer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Composer { .. }")
    }
}

/// The headers after those of the list. `Precedence` is no standard but keeps holiday replies
/// away where `Auto-Submitted` (RFC 3834 §5) does not.
fn closing(language: &str) -> Result<Vec<u8>, Error> {
    if language.is_empty() || !language.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
        let expected = "a language tag such as `en-GB`";
        return Err(Error::Invalid { header: "Content-Language", expected });
    }
    let mut out = Vec::new();
    Field::new(&mut out, "Auto-Submitted").word("auto-generated").end();
    Field::new(&mut out, "Precedence").word("bulk").end();
    Field::new(&mut out, "Content-Language").word(language).end();
    Field::new(&mut out, "MIME-Version").word("1.0").end();
    Ok(out)
}

/// A text part. Always quoted-printable: base64 of a mostly Korean text would be shorter, but a
/// text that nobody can read in the raw looks like something to hide.
fn write_text(out: &mut Vec<u8>, media_type: &str, text: &str) {
    Field::new(out, "Content-Type").word(&format!("{media_type};")).word("charset=utf-8").end();
    Field::new(out, "Content-Transfer-Encoding").word("quoted-printable").end();
    out.extend_from_slice(b"\r\n");
    quoted_printable::encode(text, out);
}
