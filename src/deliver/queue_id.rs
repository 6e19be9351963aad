//! The name a relay gives to a message it took, for whoever asks its operator later.

use super::Reply;

/// Where mail servers put it: the word after the first text and, if there is a second one, before
/// that. An empty first text means the word itself comes first.
const FORMS: [(&str, &str); 7] = [
    ("queued as ", ""),                     // Postfix, Haraka, our sandbox
    ("[InternalId=", ""),                   // Exchange
    ("id=", ""),                            // Exim
    ("ids=", ""),                           // KumoMTA
    ("", " Message accepted for delivery"), // Sendmail, OpenSMTPD
    ("", " - gsmtp"),                       // Gmail
    ("Ok ", ""),                            // Amazon SES
];

/// The queue id in the reply to the final dot, if it has one of the known forms.
pub fn queue_id(reply: &Reply) -> Option<String> {
    FORMS.iter().find_map(|(before, after)| {
        let text = reply.text.as_str();
        let word = if after.is_empty() {
            let found = text.to_ascii_lowercase().find(&before.to_ascii_lowercase())?;
            let rest = &text[found + before.len()..];
            rest.split(|c: char| !is_id(c)).next()?
        } else {
            let rest = &text[..text.find(after)?];
            rest.rsplit(|c: char| !is_id(c)).next()?
        };
        let plausible = (6..=128).contains(&word.len()) && word.bytes().any(|b| b.is_ascii_digit());
        plausible.then(|| word.trim_end_matches('.').to_owned())
    })
}

fn is_id(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_queue_id_of_the_usual_servers_is_found() {
        for (text, id) in [
            ("2.0.0 Ok: queued as 4XyZ1a2B3cz9", Some("4XyZ1a2B3cz9")),
            ("OK id=1r5AbC-0004kP-2x", Some("1r5AbC-0004kP-2x")),
            ("2.0.0 5ALEc1Fd012345 Message accepted for delivery", Some("5ALEc1Fd012345")),
            (
                "2.6.0 <[address]> [InternalId=67126021, Hostname=x.test] Queued mail",
                Some("67126021"),
            ),
            (
                "2.0.0 OK  1700000000 a1-20020a05600c0b4bsor1234.7 - gsmtp",
                Some("a1-20020a05600c0b4bsor1234.7"),
            ),
            ("Ok 0102018c1a2b3c4d-5e6f-000000", Some("0102018c1a2b3c4d-5e6f-000000")),
            ("2.0.0 Ok", None),
            ("Ok thanks", None),
            ("", None),
        ] {
            assert_eq!(queue_id(&Reply::new(250, text)).as_deref(), id, "{text}");
        }
    }
}
