//! A small reader of messages, written apart from what makes them: what a mail says once it is
//! unfolded and decoded (RFC 5322 §2.2.3, RFC 2045 §6.7 and §6.8, RFC 2047 §2).

#[path = "../../src/compose/tests/decode.rs"]
#[expect(dead_code, reason = "mailboxes are compared as they stand here")]
mod decode;

/// A message or a part of one.
#[derive(Debug)]
pub(crate) struct Mail {
    /// Names and unfolded values, in order, as they stand there.
    pub(crate) header: Vec<(String, String)>,
    /// What the part holds, decoded; of a multipart, the text around its parts.
    pub(crate) content: Vec<u8>,
    /// What a multipart consists of.
    pub(crate) parts: Vec<Mail>,
}

impl Mail {
    /// Reads a message whose lines end in CRLF.
    #[track_caller]
    pub(crate) fn read(bytes: &[u8]) -> Self {
        let text = std::str::from_utf8(bytes).expect("messages are ASCII");
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((text, ""));
        let unfolded = head.replace("\r\n ", " ").replace("\r\n\t", " ");
        let header: Vec<(String, String)> = unfolded
            .split("\r\n")
            .filter(|line| !line.is_empty())
            .map(|line| line.split_once(':').unwrap_or_else(|| panic!("no field: {line:?}")))
            .map(|(name, value)| (name.to_owned(), value.trim().to_owned()))
            .collect();
        let mut mail = Self { header, content: body.as_bytes().to_vec(), parts: Vec::new() };
        if let Some(boundary) = mail.boundary() {
            let (body, delimiter) = (format!("\r\n{body}"), format!("\r\n--{boundary}"));
            let mut pieces = body.split(&delimiter);
            mail.content = pieces.next().unwrap_or_default().as_bytes().to_vec();
            for piece in pieces {
                match piece.strip_prefix("\r\n") {
                    Some(part) => mail.parts.push(Self::read(part.as_bytes())),
                    None => mail.content.extend_from_slice(piece.as_bytes()),
                }
            }
        } else {
            mail.content = match mail.field("Content-Transfer-Encoding") {
                Some("quoted-printable") => decode::quoted_printable(body),
                Some("base64") => decode::base64(&body.replace("\r\n", "")),
                _ => mail.content,
            };
        }
        mail
    }

    /// The value of the first field of this name.
    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        let mut fields = self.header.iter();
        fields.find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The same with its encoded words decoded.
    pub(crate) fn shown(&self, name: &str) -> String {
        decode::header(&format!("{name}: {}", self.field(name).unwrap_or_default()))
    }

    /// Of this message and everything in it, one after the other.
    pub(crate) fn all(&self) -> Vec<&Self> {
        let inner = self.parts.iter().flat_map(Self::all);
        std::iter::once(self).chain(inner).collect()
    }

    /// The first part of this type, as text.
    pub(crate) fn text_of(&self, media_type: &str) -> String {
        let all = self.all();
        let part = all.iter().find(|part| {
            part.field("Content-Type").is_some_and(|value| value.starts_with(media_type))
        });
        let content = part.map_or(&[][..], |part| &part.content);
        String::from_utf8(content.to_vec()).expect("UTF-8").replace("\r\n", "\n")
    }

    /// The names of all header fields, those of the parts included.
    pub(crate) fn field_names(&self) -> Vec<&str> {
        let all = self.all().into_iter();
        all.flat_map(|part| part.header.iter().map(|(name, _)| name.as_str())).collect()
    }

    fn boundary(&self) -> Option<String> {
        let (_, rest) = self.field("Content-Type")?.split_once("boundary=")?;
        Some(rest.split(';').next()?.trim().trim_matches('"').to_owned())
    }
}
