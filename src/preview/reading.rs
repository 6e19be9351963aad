//! One message taken apart, as it travels: whoever wrote it.

use mail_parser::{
    ContentType, GetHeader, HeaderName, HeaderValue, Message, MessageParser, MessagePart,
    MimeHeaders, PartType,
    decoders::{
        base64::base64_decode, charsets::map::charset_decoder, html::html_to_text,
        quoted_printable::quoted_printable_decode,
    },
};
use serde::Serialize;

use super::preheader;

/// A mail as a program that knows nothing of us reads it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Reading {
    /// Empty when there is none.
    pub subject: String,
    /// What an inbox shows beside the subject.
    pub preheader: String,
    /// The first of `From`.
    pub sender: Mailbox,
    /// `To`, decoded.
    pub to: String,
    /// `Date`, as its sender's clock showed it; a date that cannot be read stays as it is.
    pub date: String,
    /// Name and value of each header, decoded and on one line, in order.
    pub headers: Vec<(String, String)>,
    /// The text part, its lines ended by `\n`; empty when there is none.
    pub text: String,
    /// The HTML part, its lines ended by `\n`.
    #[serde(skip)]
    pub html: Option<String>,
    /// Length of the whole message.
    pub bytes: usize,
    /// Length of the HTML part as it travels.
    pub html_bytes: usize,
    /// All parts that are neither the mail's text nor pictures in it. A calendar entry that is also
    /// among the mail's texts, for programs to find, is one paper.
    pub attachments: Vec<Part>,
    /// Pictures that the HTML can show by their content id.
    pub pictures: Vec<Part>,
}

/// Who a mail is from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Mailbox {
    /// Empty when there is none.
    pub name: String,
    /// Empty when there is none.
    pub address: String,
}

/// A file in a mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Part {
    /// From 1, in the order of the mail, pictures and attachments together.
    pub number: usize,
    /// Its file name, or what it can be called; no path.
    pub name: String,
    /// `type/subtype` in lower case, fit for a header.
    pub media_type: String,
    /// Length of `content`.
    pub bytes: usize,
    /// Content id without angle brackets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cid: Option<String>,
    /// The very bytes of the file.
    #[serde(skip)]
    pub content: Vec<u8>,
}

impl Reading {
    /// Reads a message. What is no message is read as bare text.
    pub fn of(bytes: &[u8]) -> Self {
        let Some(message) = parser().parse(bytes) else {
            let text = unix(&String::from_utf8_lossy(bytes));
            let preheader = preheader::of_text(&text);
            return Self { text, preheader, bytes: bytes.len(), ..Self::default() };
        };
        let reading = Self::of_message(&message, bytes);
        take_apart(message);
        reading
    }

    fn of_message(message: &Message<'_>, bytes: &[u8]) -> Self {
        let headers = headers(bytes);
        let html = body(message, &message.html_body, |part| matches!(part, PartType::Html(_)));
        let text = body(message, &message.text_body, |part| matches!(part, PartType::Text(_)));
        let sender = message.from().and_then(|from| from.first());
        let mut reading = Self {
            subject: value(&headers, "subject"),
            sender: Mailbox {
                name: sender.and_then(|from| from.name()).unwrap_or_default().to_owned(),
                address: sender.and_then(|from| from.address()).unwrap_or_default().to_owned(),
            },
            to: value(&headers, "to"),
            date: spoken(value(&headers, "date")),
            headers,
            text: text.map(|at| decoded(&message.parts[at], bytes)).unwrap_or_default(),
            html: html.map(|at| decoded(&message.parts[at], bytes)),
            bytes: bytes.len(),
            html_bytes: html.map_or(0, |at| raw(&message.parts[at], bytes).len()),
            ..Self::default()
        };
        reading.preheader = match &reading.html {
            Some(html) => preheader::of_html(html, html_to_text),
            None => preheader::of_text(&reading.text),
        };
        let files = message.parts.iter().enumerate().filter(|(at, part)| {
            Some(*at) != html && Some(*at) != text && !matches!(part.body, PartType::Multipart(_))
        });
        for (number, (_, part)) in (1..).zip(files) {
            let file = file(part, number, bytes);
            if file.cid.is_some() && file.media_type.starts_with("image/") && !is_attached(part) {
                reading.pictures.push(file);
            } else {
                reading.attachments.push(file);
            }
        }
        reading.attachments = without_twins(reading.attachments);
        reading
    }

    /// The picture or attachment of this number.
    pub fn part(&self, number: usize) -> Option<&Part> {
        self.files().find(|part| part.number == number)
    }

    /// The part that `cid:` and this id mean.
    pub fn part_of_cid(&self, cid: &str) -> Option<&Part> {
        self.files().find(|part| part.cid.as_deref() == Some(cid))
    }

    fn files(&self) -> impl Iterator<Item = &Part> {
        self.pictures.iter().chain(&self.attachments)
    }
}

/// Leaves out a calendar entry that comes again as a file.
fn without_twins(mut files: Vec<Part>) -> Vec<Part> {
    let mut at = 0;
    while let Some((file, later)) = files.get(at..).and_then(<[Part]>::split_first) {
        let is_twin = |other: &Part| other.content == file.content;
        if file.media_type == "text/calendar" && later.iter().any(is_twin) {
            files.remove(at);
        } else {
            at += 1;
        }
    }
    files
}

/// Finds the parts of a message and decodes none of them: mails within an encoded mail would be
/// read by recursion, as deep as their sender likes.
fn parser() -> MessageParser {
    MessageParser::new()
        .with_mime_headers()
        .with_address_headers()
        .header_date(HeaderName::ContentTransferEncoding)
}

/// Lets go of a message and those within it, without the recursion that dropping it would be.
fn take_apart(message: Message<'_>) {
    let mut parts = message.parts;
    while let Some(part) = parts.pop() {
        if let PartType::Message(inner) = part.body {
            parts.extend(inner.parts);
        }
    }
}

/// All headers of the message as text, under the names that its sender wrote.
fn headers(bytes: &[u8]) -> Vec<(String, String)> {
    // A parser that is told of no header reads them each in its own way.
    let parser = MessageParser::new().header_text(HeaderName::Subject).default_header_text();
    let Some(message) = parser.parse_headers(bytes) else { return Vec::new() };
    let spelled = |from: u32, to: u32| {
        let name = bytes.get(from as usize..to as usize).unwrap_or_default();
        String::from_utf8_lossy(name).trim().trim_end_matches(':').trim().to_owned()
    };
    let listed = message.headers().iter().map(|header| {
        let value = match &header.value {
            HeaderValue::Text(text) => text.trim().replace(['\r', '\n'], " "),
            _ => String::new(),
        };
        (spelled(header.offset_field, header.offset_start), value)
    });
    listed.collect()
}

/// The first header of this name; empty when there is none.
fn value(headers: &[(String, String)], name: &str) -> String {
    let mut found = headers.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name));
    found.next().map(|(_, value)| value.clone()).unwrap_or_default()
}

/// A date in the words of the page.
fn spoken(date: String) -> String {
    match jiff::fmt::rfc2822::parse(&date) {
        Ok(date) => date.strftime("%A %-d %B %Y, %H:%M").to_string(),
        Err(_) => date,
    }
}

fn body(
    message: &Message<'_>,
    listed: &[u32],
    is_wanted: impl Fn(&PartType<'_>) -> bool,
) -> Option<usize> {
    let mut known = listed.iter().map(|at| *at as usize);
    known.find(|at| message.parts.get(*at).is_some_and(|part| is_wanted(&part.body)))
}

/// What stands between a part's headers and its end.
fn raw<'a>(part: &MessagePart<'_>, bytes: &'a [u8]) -> &'a [u8] {
    bytes.get(part.offset_body as usize..part.offset_end as usize).unwrap_or_default()
}

/// The bytes that a part stands for. What is badly encoded stays as it travels.
fn content(part: &MessagePart<'_>, bytes: &[u8]) -> Vec<u8> {
    let encoding = part.headers.header(HeaderName::ContentTransferEncoding).and_then(|header| {
        let value = bytes.get(header.offset_start as usize..header.offset_end as usize)?;
        Some(value.trim_ascii().to_ascii_lowercase())
    });
    let raw = raw(part, bytes);
    let decoded = match encoding.as_deref() {
        Some(b"base64") => base64_decode(raw),
        Some(b"quoted-printable") => quoted_printable_decode(raw),
        _ => None,
    };
    decoded.unwrap_or_else(|| raw.to_vec())
}

/// A part's text in its character set.
fn decoded(part: &MessagePart<'_>, bytes: &[u8]) -> String {
    let content = content(part, bytes);
    let charset = part.content_type().and_then(|declared| declared.attribute("charset"));
    let text = match charset.and_then(|charset| charset_decoder(charset.as_bytes())) {
        Some(decode) => decode(&content),
        None => String::from_utf8_lossy(&content).into_owned(),
    };
    unix(&text)
}

fn file(part: &MessagePart<'_>, number: usize, bytes: &[u8]) -> Part {
    let content = content(part, bytes);
    let media_type = media_type(part);
    let named = part.attachment_name().map(file_name).filter(|name| !name.is_empty());
    Part {
        number,
        name: named.unwrap_or_else(|| format!("part {number}")),
        media_type,
        bytes: content.len(),
        cid: part.content_id().map(str::to_owned),
        content,
    }
}

fn media_type(part: &MessagePart<'_>) -> String {
    let declared = part.content_type().and_then(|declared| {
        Some(format!("{}/{}", declared.ctype(), declared.subtype()?).to_ascii_lowercase())
    });
    let is_sound = |kind: &String| {
        kind.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$&-^_.+/".contains(&byte))
    };
    let unknown = match part.body {
        PartType::Text(_) => "text/plain",
        _ => "application/octet-stream",
    };
    declared.filter(is_sound).unwrap_or_else(|| unknown.to_owned())
}

/// A name without folders and without characters that no name should have.
fn file_name(written: &str) -> String {
    let name = written.rsplit(['/', '\\']).next().unwrap_or_default();
    name.chars().filter(|character| !character.is_control()).collect::<String>().trim().to_owned()
}

fn is_attached(part: &MessagePart<'_>) -> bool {
    part.content_disposition().is_some_and(ContentType::is_attachment)
}

fn unix(text: &str) -> String {
    text.replace("\r\n", "\n")
}

#[cfg(test)]
mod tests;
