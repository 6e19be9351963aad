//! The ways out of the list.

use super::{Error, address, header::Field};
use crate::percent;

/// Longest address of an endpoint, in octets: it cannot be folded (RFC 2369 §2).
const LONGEST_URL: usize = 200;

/// Where a person can unsubscribe. Both ways may be given; then https is preferred.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
pub struct Unsubscribe {
    /// A mailbox that takes unsubscriptions by their subject.
    pub mailto: Option<String>,
    /// Beginning of an `https:` address that is complete with the token (`https://…/u/`).
    pub url: Option<String>,
}

impl Unsubscribe {
    /// The address behind the "unsubscribe" link of one person's copy; `None` when no way is set.
    pub fn link(&self, token: &str) -> Option<String> {
        self.https(token).or_else(|| self.mail(token))
    }

    /// Checks both ways, once a campaign.
    pub(super) fn check(&self) -> Result<(), Error> {
        if let Some(mailto) = &self.mailto {
            address::parse("List-Unsubscribe", mailto)?;
        }
        let is_sound = |url: &String| {
            url.starts_with("https://")
                && url.len() <= LONGEST_URL
                && url.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>\",".contains(&byte))
        };
        if self.url.as_ref().is_some_and(|url| !is_sound(url)) {
            let expected = "an `https://` address of at most 200 plain characters";
            return Err(Error::Invalid { header: "List-Unsubscribe", expected });
        }
        Ok(())
    }

    /// `List-Unsubscribe`, and `List-Unsubscribe-Post` where one click works (RFC 2369 §3.2,
    /// RFC 8058 §3.1).
    pub(super) fn write(&self, out: &mut Vec<u8>, token: &str) {
        let ways: Vec<String> = [self.https(token), self.mail(token)]
            .into_iter()
            .flatten()
            .map(|way| format!("<{way}>"))
            .collect();
        let Some((last, others)) = ways.split_last() else { return };
        let field = Field::new(out, "List-Unsubscribe");
        others.iter().fold(field, |field, way| field.word(&format!("{way},"))).word(last).end();
        if self.url.is_some() {
            Field::new(out, "List-Unsubscribe-Post").word("List-Unsubscribe=One-Click").end();
        }
    }

    fn https(&self, token: &str) -> Option<String> {
        self.url.as_ref().map(|url| format!("{url}{token}"))
    }

    fn mail(&self, token: &str) -> Option<String> {
        // As the path of a `mailto:` URI (RFC 6068 §2).
        let mailbox = percent::encoded(self.mailto.as_deref()?, b"!$'*+@");
        Some(format!("mailto:{mailbox}?subject=unsubscribe%20{token}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "abcdefghijklmnopqrstuvwxyz";

    fn unsubscribe(mailto: Option<&str>, url: Option<&str>) -> Unsubscribe {
        Unsubscribe { mailto: mailto.map(str::to_owned), url: url.map(str::to_owned) }
    }

    fn headers(unsubscribe: &Unsubscribe) -> String {
        let mut out = Vec::new();
        unsubscribe.write(&mut out, TOKEN);
        String::from_utf8(out).expect("headers are ASCII")
    }

    #[test]
    fn a_link_prefers_https() {
        let mail = unsubscribe(Some("leave@x.test"), None);
        let both = unsubscribe(Some("leave@x.test"), Some("https://x.test/u/"));
        let expected = format!("mailto:leave@x.test?subject=unsubscribe%20{TOKEN}");
        assert_eq!(mail.link(TOKEN), Some(expected));
        assert_eq!(both.link(TOKEN), Some(format!("https://x.test/u/{TOKEN}")));
        assert_eq!(Unsubscribe::default().link(TOKEN), None);
    }

    #[test]
    fn one_click_is_promised_only_over_https() {
        let mail = headers(&unsubscribe(Some("leave@x.test"), None));
        assert_eq!(
            mail,
            format!("List-Unsubscribe: <mailto:leave@x.test?subject=unsubscribe%20{TOKEN}>\r\n")
        );
        assert_eq!(
            headers(&unsubscribe(Some("leave@x.test"), Some("https://x.test/u/"))),
            format!(
                "List-Unsubscribe: <https://x.test/u/{TOKEN}>,\r\n \
                 <mailto:leave@x.test?subject=unsubscribe%20{TOKEN}>\r\n\
                 List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
            )
        );
        assert_eq!(headers(&Unsubscribe::default()), "");
    }

    #[test]
    fn what_would_break_the_brackets_is_refused() {
        let long = format!("https://x.test/{}", "a".repeat(200));
        for url in ["http://x.test/", "https://x.test/ a", "https://x.test/>,<", "https://é", &long]
        {
            let refused = unsubscribe(None, Some(url)).check();
            assert!(matches!(refused, Err(Error::Invalid { .. })), "{url}");
        }
        let refused = unsubscribe(Some("a@x.test>, <b@x.test"), None).check();
        assert_eq!(refused, Err(Error::Address { header: "List-Unsubscribe" }));
        assert_eq!(unsubscribe(Some("a@x.test"), Some("https://x.test/u?t=")).check(), Ok(()));
    }

    #[test]
    fn a_mailbox_with_odd_characters_is_escaped_in_its_uri() {
        let odd = unsubscribe(Some("a&b?c%d@x.test"), None);
        let expected = format!("mailto:a%26b%3Fc%25d@x.test?subject=unsubscribe%20{TOKEN}");
        assert_eq!(odd.link(TOKEN), Some(expected));
    }
}
