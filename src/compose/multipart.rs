//! Parts within parts (RFC 2046 §5.1).

use super::header::Field;

/// A multipart body of one message. Its delimiters are made of the message's boundary token and
/// the subtype, so that no level's is the beginning of another's; `=_` occurs neither in
/// quoted-printable nor in base64.
#[derive(Clone, Copy, Debug)]
pub(super) struct Multipart<'a> {
    subtype: &'static str,
    token: &'a str,
}

impl<'a> Multipart<'a> {
    /// The whole, and files for the reader to keep.
    pub(super) fn mixed(token: &'a str) -> Self {
        Self { subtype: "mixed", token }
    }

    /// The same in several forms, the best last.
    pub(super) fn alternative(token: &'a str) -> Self {
        Self { subtype: "alternative", token }
    }

    /// An HTML part and what it shows (RFC 2387).
    pub(super) fn related(token: &'a str) -> Self {
        Self { subtype: "related", token }
    }

    /// Begins it: its `Content-Type`, after which the first part follows.
    pub(super) fn open(self, out: &mut Vec<u8>) {
        let field = Field::new(out, "Content-Type").word(&format!("multipart/{};", self.subtype));
        let field = match self.subtype {
            "related" => field.word("type=\"text/html\";"),
            _ => field,
        };
        field.word(&format!("boundary=\"=_{}_{}\"", self.subtype, self.token)).end();
    }

    /// Begins the next part. After a header this is also the empty line that ends it.
    pub(super) fn part(self, out: &mut Vec<u8>) {
        self.delimit(out, "\r\n");
    }

    /// Ends it.
    pub(super) fn close(self, out: &mut Vec<u8>) {
        self.delimit(out, "--\r\n");
    }

    fn delimit(self, out: &mut Vec<u8>, end: &str) {
        for word in ["\r\n--=_", self.subtype, "_", self.token, end] {
            out.extend_from_slice(word.as_bytes());
        }
    }
}
