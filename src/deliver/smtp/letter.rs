//! One message as it goes on the wire: two addresses that are safe to write, and the body with
//! its dots doubled.

use super::ehlo::Offers;
use crate::{
    compose::Envelope,
    deliver::{Failure, Outcome, Scope, Stage, classify::TOO_BIG},
};

/// A message that may be sent.
pub(super) struct Letter<'a> {
    envelope: &'a Envelope,
    /// Bytes before dot-stuffing, as SIZE counts them (RFC 1870 §3).
    size: usize,
    is_ascii: bool,
    /// Dot-stuffed, with the final dot.
    pub(super) body: Vec<u8>,
}

impl<'a> Letter<'a> {
    /// Checks what no earlier stage should have let through; nothing is sent for an `Err`.
    pub(super) fn new(envelope: &'a Envelope, message: &[u8]) -> Result<Self, Outcome> {
        if !is_writable(&envelope.from) {
            let reason = "the return path cannot be written in SMTP: check `[sender] address` and \
                `[bounces] address`";
            return Err(Outcome::NotTried(failure(Stage::Mail, Scope::Setup, reason)));
        }
        if envelope.to.is_empty() || !is_writable(&envelope.to) {
            let reason = "the address cannot be written in SMTP";
            let person = Scope::Person { suppress: false };
            return Err(Outcome::Rejected(failure(Stage::Rcpt, person, reason)));
        }
        let Some(body) = wire_form(message) else {
            let reason = "the message has a line end that is not CRLF: this is a fault of announce";
            return Err(Outcome::NotTried(failure(Stage::Body, Scope::Setup, reason)));
        };
        Ok(Self { envelope, size: message.len(), is_ascii: message.is_ascii(), body })
    }

    /// Whether this server can take it, before it is bothered.
    pub(super) fn fits(&self, offers: &Offers) -> Result<(), Outcome> {
        if self.needs_utf8() && !offers.smtp_utf8 {
            let reason = "the address has other letters than ASCII before its `@`, and the server \
                does not offer SMTPUTF8";
            let person = Scope::Person { suppress: false };
            return Err(Outcome::Rejected(failure(Stage::Rcpt, person, reason)));
        }
        match offers.size {
            Some(Some(limit)) if u64::try_from(self.size).is_ok_and(|size| size > limit) => {
                Err(Outcome::NotTried(failure(Stage::Mail, Scope::Setup, TOO_BIG)))
            }
            _ => Ok(()),
        }
    }

    /// `MAIL FROM` with the parameters that the server knows, with CRLF.
    pub(super) fn mail(&self, offers: &Offers) -> String {
        let mut line = format!("MAIL FROM:<{}>", self.envelope.from);
        if offers.size.is_some() {
            line += &format!(" SIZE={}", self.size);
        }
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

/// Whether an address can stand between angle brackets and end nothing: no control, space or
/// bracket, lengths as RFC 5321 §4.5.3.1. The null return path is empty.
fn is_writable(address: &str) -> bool {
    if address.is_empty() {
        return true;
    }
    let safe = |c: char| !c.is_control() && !c.is_whitespace() && c != '<' && c != '>';
    address.len() <= 254
        && address.chars().all(safe)
        && address
            .rsplit_once('@')
            .is_some_and(|(local, domain)| (1..=64).contains(&local.len()) && !domain.is_empty())
}

/// The bytes between 354 and the reply: leading dots doubled (RFC 5321 §4.5.2), a line end at the
/// end, the final dot. `None` for a CR or LF outside a CRLF: there a server may see the end of
/// the message, and mail of a stranger's making behind it (SMTP smuggling).
fn wire_form(message: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::with_capacity(message.len() + message.len() / 64 + 8);
    for line in message.split_inclusive(|byte| *byte == b'\n') {
        let text = match line.strip_suffix(b"\r\n") {
            Some(text) => text,
            None if line.ends_with(b"\n") => return None,
            None => line,
        };
        if text.contains(&b'\r') {
            return None;
        }
        if text.first() == Some(&b'.') {
            body.push(b'.');
        }
        body.extend_from_slice(text);
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
    fn an_address_cannot_bring_a_command_with_it() {
        for to in [
            "",
            "ana",
            "@example.org",
            "ana@",
            "a b@example.org",
            "ana@example.org\r\nRCPT TO:<b@x.test>",
            "ana@example.org> SIZE=1",
            "<ana@example.org",
            "ana\0@example.org",
            "ana@exam\tple.org",
            "ana@example.org\u{2028}",
            &format!("{}@example.org", "a".repeat(65)),
        ] {
            let refused = Letter::new(&envelope(to), b"").err();
            assert!(matches!(refused, Some(Outcome::Rejected(_))), "{to:?}");
        }
        assert!(Letter::new(&envelope("o'brien+x@example.org"), b"").is_ok());
    }

    #[test]
    fn parameters_follow_what_is_offered() {
        let bare = Offers::default();
        let all = Offers {
            size: Some(Some(100)),
            eight_bit_mime: true,
            smtp_utf8: true,
            ..Offers::default()
        };
        let ana = envelope("ana@example.org");
        let letter = Letter::new(&ana, b".hi\r\n").unwrap();
        assert_eq!(letter.mail(&bare), "MAIL FROM:<news@appg.example>\r\n");
        assert_eq!(letter.mail(&all), "MAIL FROM:<news@appg.example> SIZE=5\r\n");
        let anna = envelope("안나@example.org");
        let letter = Letter::new(&anna, "é\r\n".as_bytes()).unwrap();
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
        let offers = |limit| Offers { size: Some(limit), ..Offers::default() };
        assert!(matches!(letter.fits(&offers(Some(100))), Err(Outcome::NotTried(_))));
        assert!(letter.fits(&offers(Some(101))).is_ok());
        assert!(letter.fits(&offers(None)).is_ok());
    }
}
