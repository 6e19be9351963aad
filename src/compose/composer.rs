//! What is the same for everybody is encoded once; what is one person's is added to a copy.

use std::fmt;

use lettre::Address;

use super::{
    Attachment, Calendar, Encoded, Envelope, Error, Message, Picture, Recipient, Sender, Stamp,
    Unsubscribe, address,
    bounces::Bounces,
    calendar::CalendarParts,
    header::{Field, check_text},
    multipart::Multipart,
    quoted_printable,
    sender::Letterhead,
    wire::{Checked, Sheet},
};
use crate::render::{Lines, Rendered, Stretch};

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
    /// The event, for the reader's calendar.
    pub calendar: Option<Calendar>,
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
    calendar: Option<CalendarParts>,
    /// MIME parts, without delimiters.
    attachments: Vec<Checked>,
    pictures: Vec<Checked>,
}

impl Composer {
    /// Checks and encodes what is common. An error here concerns the campaign.
    pub fn new(parts: Parts) -> Result<Self, Error> {
        let Parts { sender, unsubscribe, bounces, language, calendar, attachments, pictures } =
            parts;
        unsubscribe.check()?;
        Ok(Self {
            letterhead: Letterhead::new(sender)?,
            unsubscribe,
            bounces: bounces.as_deref().map(Bounces::parse).transpose()?,
            closing: closing(&language)?,
            calendar: calendar.as_ref().map(Calendar::encoded).transpose()?,
            attachments: attachments.iter().map(Attachment::encoded).collect::<Result<_, _>>()?,
            pictures: pictures.iter().map(Picture::encoded).collect::<Result<_, _>>()?,
        })
    }

    /// The same with another calendar object.
    pub fn with_calendar(self, calendar: &Calendar) -> Result<Self, Error> {
        Ok(Self { calendar: Some(calendar.encoded()?), ..self })
    }

    /// The message of one person. The same arguments give the same bytes, always.
    pub fn compose(
        &self,
        rendered: &Rendered<'_, Encoded>,
        to: &Recipient<'_>,
        stamp: &Stamp<'_>,
    ) -> Result<Message, Error> {
        stamp.check()?;
        let address = address::parse("To", to.address)?;
        let mut sheet = Sheet::with_capacity(self.estimate(rendered));
        let id = format!("{}@{}", stamp.message_id, self.letterhead.domain);
        self.write_header(sheet.own(), &rendered.subject, &address, to.name, &id, stamp)?;
        let html = self.write_body(&mut sheet, rendered, stamp.boundary)?;
        let from = match &self.bounces {
            Some(bounces) => bounces.return_path(stamp.return_path),
            None => self.letterhead.address.to_string(),
        };
        Ok(Message {
            id,
            envelope: Envelope { from, to: address.to_string() },
            bytes: sheet.finish()?,
            html,
        })
    }

    fn write_header(
        &self,
        out: &mut Vec<u8>,
        subject: &str,
        address: &Address,
        name: Option<&str>,
        id: &str,
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
        Field::new(out, "Message-ID").word(&format!("<{id}>")).end();
        if let Some(answered) = stamp.answers {
            let answered = format!("<{answered}@{}>", self.letterhead.domain);
            Field::new(out, "In-Reply-To").word(&answered).end();
            Field::new(out, "References").word(&answered).end();
        }
        out.extend_from_slice(&self.letterhead.list_id);
        if !stamp.test {
            self.unsubscribe.write(out, stamp.unsubscribe);
        }
        out.extend_from_slice(&self.closing);
        Ok(())
    }

    /// `mixed(alternative(text, related(html, pictures), calendar), attachments, calendar)`, each
    /// multipart only where it is needed. Returns the bytes of the HTML.
    fn write_body(
        &self,
        sheet: &mut Sheet,
        rendered: &Rendered<'_, Encoded>,
        boundary: &str,
    ) -> Result<usize, Error> {
        let calendar = self.calendar.as_ref();
        let files = || self.attachments.iter().chain(calendar.map(|calendar| &calendar.file));
        let mixed = files().next().map(|_| Multipart::mixed(boundary));
        let alternative = Multipart::alternative(boundary);
        let related = (!self.pictures.is_empty()).then(|| Multipart::related(boundary));
        let out = sheet.own();
        if let Some(mixed) = mixed {
            mixed.open(out);
            mixed.part(out);
        }
        alternative.open(out);
        alternative.part(out);
        write_text(sheet, "text/plain", &rendered.text)?;
        alternative.part(sheet.own());
        if let Some(related) = related {
            related.open(sheet.own());
            related.part(sheet.own());
        }
        let html = write_text(sheet, "text/html", &rendered.html)?;
        if let Some(related) = related {
            for picture in &self.pictures {
                related.part(sheet.own());
                sheet.copy(picture)?;
            }
            related.close(sheet.own());
        }
        if let Some(calendar) = calendar {
            alternative.part(sheet.own());
            sheet.copy(&calendar.alternative)?;
        }
        alternative.close(sheet.own());
        if let Some(mixed) = mixed {
            for file in files() {
                mixed.part(sheet.own());
                sheet.copy(file)?;
            }
            mixed.close(sheet.own());
        }
        Ok(html)
    }

    /// A capacity that seldom needs to grow.
    fn estimate(&self, rendered: &Rendered<'_, Encoded>) -> usize {
        let calendar = self.calendar.iter().flat_map(|parts| [&parts.alternative, &parts.file]);
        let files = self.pictures.iter().chain(&self.attachments).chain(calendar);
        let files = files.map(|part| part.len() + 64);
        let texts = rendered.text.stretches().chain(rendered.html.stretches());
        let texts = texts.map(|stretch| match stretch {
            Stretch::Own(text) => text.len() + text.len() / 4,
            Stretch::Shared(lines) => lines.checked().len(),
        });
        2_048 + texts.sum::<usize>() + files.sum::<usize>()
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

/// A text part; returns the bytes of the text. Always quoted-printable: base64 of a mostly Korean text would be shorter, but a
/// text that nobody can read in the raw looks like something to hide.
fn write_text(
    sheet: &mut Sheet,
    media_type: &str,
    lines: &Lines<'_, Encoded>,
) -> Result<usize, Error> {
    let out = sheet.own();
    Field::new(out, "Content-Type").word(&format!("{media_type};")).word("charset=utf-8").end();
    Field::new(out, "Content-Transfer-Encoding").word("quoted-printable").end();
    out.extend_from_slice(b"\r\n");
    let begin = out.len();
    for stretch in lines.stretches() {
        match stretch {
            Stretch::Own(text) => quoted_printable::encode(text, sheet.own()),
            Stretch::Shared(lines) => sheet.copy(lines.checked())?,
        }
    }
    Ok(sheet.own().len() - begin)
}
