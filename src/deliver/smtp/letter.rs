//! One message as it goes on the wire: two addresses that are safe to write, and the body with
//! its dots doubled.

use memchr::memmem;

use super::ehlo::{Offers, Size};
use crate::{
    compose::{Envelope, has_paired_line_ends},
    deliver::{Failure, Outcome, Scope, Stage, classify::TOO_BIG, guard::check},
};

/// A message that may be sent.
pub(super) struct Letter {
    envelope: Envelope,
    /// Bytes before dot-stuffing, as SIZE counts them (RFC 1870 §3).
    size: usize,
    is_ascii: bool,
    /// Dot-stuffed, with the final dot.
    body: Vec<u8>,
}

impl Letter {
    /// Checks what no earlier stage should have let through; nothing is sent for an `Err`.
    pub(super) fn new(envelope: &Envelope, message: &[u8]) -> Result<Self, Outcome> {
        check(envelope)?;
        let Some(body) = wire_form(message) else {
            let reason = "the message has a line end that is not CRLF: this is a fault of announce";
            return Err(Outcome::NotTried(failure(Stage::Body, Scope::Setup, reason)));
        };
        let envelope = envelope.clone();
        Ok(Self { envelope, size: message.len(), is_ascii: message.is_ascii(), body })
    }

    /// Who it is from and to.
    pub(super) fn envelope(&self) -> &Envelope {
        &self.envelope
    }

    /// The envelope, and what is written after 354.
    pub(super) fn into_parts(self) -> (Envelope, Vec<u8>) {
        (self.envelope, self.body)
    }

    /// Whether this server can take it, before it is bothered.
    pub(super) fn fits(&self, offers: &Offers) -> Result<(), Outcome> {
        if self.needs_utf8() && !offers.smtp_utf8 {
            let reason = "the name in the address has other letters than ASCII, and the server \
                does not offer SMTPUTF8";
            let person = Scope::Person { suppress: false };
            return Err(Outcome::Rejected(failure(Stage::Rcpt, person, reason)));
        }
        match offers.size {
            Size::AtMost(limit) if u64::try_from(self.size).is_ok_and(|size| size > limit) => {
                Err(Outcome::NotTried(failure(Stage::Mail, Scope::Setup, TOO_BIG)))
            }
            _ => Ok(()),
        }
    }

    /// `MAIL FROM` with the parameters that the server knows, with CRLF.
    pub(super) fn mail(&self, offers: &Offers) -> String {
        let size = match offers.size {
            Size::Unknown => String::new(),
            Size::Unlimited | Size::AtMost(_) => format!(" SIZE={}", self.size),
        };
        let mut line = format!("MAIL FROM:<{}>{size}", self.envelope.from);
        if offers.eight_bit_mime && !self.is_ascii {
            line += " BODY=8BITMIME";
        }
        if self.needs_utf8() {
            line += " SMTPUTF8";
        }
        line + "\r\n"
    }

    /// `RCPT TO`, with CRLF.
    pub(super) fn rcpt(&self) -> String {
        format!("RCPT TO:<{}>\r\n", self.envelope.to)
    }

    fn needs_utf8(&self) -> bool {
        !self.envelope.to.is_ascii() || !self.envelope.from.is_ascii()
    }
}

fn failure(stage: Stage, scope: Scope, reason: &str) -> Failure {
    Failure { stage, reply: None, reason: reason.to_owned(), scope }
}

/// The bytes between 354 and the reply: leading dots doubled (RFC 5321 §4.5.2), a line end at the
/// end, the final dot. `None` for a CR or LF outside a CRLF: there a server may see the end of
/// the message, and mail of a stranger's making behind it (SMTP smuggling).
pub fn wire_form(message: &[u8]) -> Option<Vec<u8>> {
    if !has_paired_line_ends(message) {
        return None;
    }
    let mut body = Vec::with_capacity(message.len() + message.len() / 64 + 8);
    if message.starts_with(b".") {
        body.push(b'.');
    }
    let mut from = 0;
    for line_end in memmem::find_iter(message, b"\n.") {
        body.extend_from_slice(&message[from..=line_end]);
        body.push(b'.');
        from = line_end + 1;
    }
    body.extend_from_slice(&message[from..]);
    if !message.is_empty() && !message.ends_with(b"\n") {
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b".\r\n");
    Some(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn envelope(to: &str) -> Envelope {
        Envelope { from: "news@appg.example".to_owned(), to: to.to_owned() }
    }

    #[test]
    fn leading_dots_are_doubled_and_the_last_line_ended() {
        for (message, wire) in [
            (&b"a\r\n"[..], &b"a\r\n.\r\n"[..]),
            (b"a", b"a\r\n.\r\n"),
            (b"", b".\r\n"),
            (b".", b"..\r\n.\r\n"),
            (b".\r\n..\r\n.x\r\nx.\r\n", b"..\r\n...\r\n..x\r\nx.\r\n.\r\n"),
            (b"\r\n.\r\n", b"\r\n..\r\n.\r\n"),
        ] {
            assert_eq!(wire_form(message).as_deref(), Some(wire));
        }
    }

    #[test]
    fn a_line_end_that_is_not_crlf_never_leaves() {
        for message in [
            &b"a\n.\n"[..],
            b"a\n.\r\n",
            b"a\r.\r",
            b"a\r\n.\n",
            b"a\r\n.\r",
            b"a\r",
            b"a\r\r\n",
            b"a\n\r\n",
            b"\n",
            b"\r",
            b"a\r.\r\n",
        ] {
            assert_eq!(wire_form(message), None, "{message:?}");
        }
    }

    #[test]
    fn parameters_follow_what_is_offered() {
        let bare = Offers::default();
        let all = Offers {
            size: Size::AtMost(100),
            eight_bit_mime: true,
            smtp_utf8: true,
            ..Offers::default()
        };
        let ana = envelope("ana@example.org");
        let letter = Letter::new(&ana, b".hi\r\n").unwrap();
        assert_eq!(letter.mail(&bare), "MAIL FROM:<news@appg.example>\r\n");
        assert_eq!(letter.mail(&all), "MAIL FROM:<news@appg.example> SIZE=5\r\n");
        let korean = envelope("안나@example.org");
        let letter = Letter::new(&korean, "é\r\n".as_bytes()).unwrap();
        assert_eq!(
            letter.mail(&all),
            "MAIL FROM:<news@appg.example> SIZE=4 BODY=8BITMIME SMTPUTF8\r\n"
        );
        assert_eq!(letter.rcpt(), "RCPT TO:<안나@example.org>\r\n");
        assert!(matches!(letter.fits(&bare), Err(Outcome::Rejected(_))));
        assert!(letter.fits(&all).is_ok());
    }

    #[test]
    fn a_message_over_the_servers_limit_is_not_tried() {
        let ana = envelope("ana@example.org");
        let letter = Letter::new(&ana, &[b'x'; 101]).unwrap();
        let offers = |size| Offers { size, ..Offers::default() };
        assert!(matches!(letter.fits(&offers(Size::AtMost(100))), Err(Outcome::NotTried(_))));
        assert!(letter.fits(&offers(Size::AtMost(101))).is_ok());
        assert!(letter.fits(&offers(Size::Unlimited)).is_ok());
    }
}
