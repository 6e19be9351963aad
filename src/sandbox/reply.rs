//! What the server says.

use std::borrow::Cow;

/// A reply before it is written (RFC 5321 §4.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reply {
    code: u16,
    enhanced: Option<&'static str>,
    lines: Vec<Cow<'static, str>>,
}

impl Reply {
    /// A reply of one line with its enhanced status code (RFC 3463).
    pub(super) fn new(
        code: u16,
        enhanced: &'static str,
        text: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { code, enhanced: Some(enhanced), lines: vec![text.into()] }
    }

    /// A reply that never has an enhanced code: the greeting, EHLO, 3xx (RFC 2034 §4).
    pub(super) fn bare(code: u16, lines: Vec<Cow<'static, str>>) -> Self {
        Self { code, enhanced: None, lines }
    }

    /// Whether the client may go on.
    pub(super) fn is_positive(&self) -> bool {
        self.code < 400
    }

    /// Appends the bytes of the reply.
    pub(super) fn write(&self, with_enhanced: bool, output: &mut Vec<u8>) {
        for (index, line) in self.lines.iter().enumerate() {
            let separator = if index + 1 < self.lines.len() { '-' } else { ' ' };
            let enhanced = self.enhanced.filter(|_| with_enhanced);
            let gap = if enhanced.is_some() { " " } else { "" };
            let enhanced = enhanced.unwrap_or("");
            let code = self.code;
            output.extend_from_slice(
                format!("{code}{separator}{enhanced}{gap}{line}\r\n").as_bytes(),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(reply: &Reply, with_enhanced: bool) -> String {
        let mut output = Vec::new();
        reply.write(with_enhanced, &mut output);
        String::from_utf8(output).expect("replies are ASCII")
    }

    #[test]
    fn enhanced_codes_are_written_only_where_they_were_offered() {
        let reply = Reply::new(550, "5.1.1", "no such person");
        assert_eq!(written(&reply, true), "550 5.1.1 no such person\r\n");
        assert_eq!(written(&reply, false), "550 no such person\r\n");
    }

    #[test]
    fn every_line_but_the_last_has_a_hyphen() {
        let reply = Reply::bare(250, vec!["localhost".into(), "PIPELINING".into()]);
        assert_eq!(written(&reply, true), "250-localhost\r\n250 PIPELINING\r\n");
    }
}
