//! What the server offers in its reply to `EHLO` (RFC 5321 §4.1.1.1).

/// The extensions that matter to us.
#[expect(clippy::struct_excessive_bools, reason = "each is one independent EHLO keyword")]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Offers {
    /// RFC 2920: commands may be sent together.
    pub(super) pipelining: bool,
    /// RFC 1870.
    pub(super) size: Size,
    /// RFC 6152.
    pub(super) eight_bit_mime: bool,
    /// RFC 6531.
    pub(super) smtp_utf8: bool,
    /// RFC 3207.
    pub(super) starttls: bool,
    /// RFC 4954: mechanisms, upper case.
    pub(super) auth: Vec<String>,
}

/// What is known of the largest message, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Size {
    /// SIZE is not offered.
    #[default]
    Unknown,
    /// Offered without a number, or with 0 (RFC 1870 §4).
    Unlimited,
    /// No message above this.
    AtMost(u64),
}

impl Offers {
    /// Reads the lines after the first one, which is the server's name.
    pub(super) fn read(lines: &[String]) -> Self {
        let mut offers = Self::default();
        for line in lines.iter().skip(1) {
            let line = line.to_ascii_uppercase();
            let mut words = line.split_ascii_whitespace();
            match words.next() {
                Some("PIPELINING") => offers.pipelining = true,
                Some("SIZE") => {
                    let number = words.next().and_then(|number| number.parse().ok());
                    let limit = number.filter(|bytes| *bytes > 0);
                    offers.size = limit.map_or(Size::Unlimited, Size::AtMost);
                }
                Some("8BITMIME") => offers.eight_bit_mime = true,
                Some("SMTPUTF8") => offers.smtp_utf8 = true,
                Some("STARTTLS") => offers.starttls = true,
                Some("AUTH") => offers.auth.extend(words.map(str::to_owned)),
                // Servers before RFC 2554 was final; some still write both forms.
                Some(word) if word.starts_with("AUTH=") => {
                    offers.auth.push(word["AUTH=".len()..].to_owned());
                    offers.auth.extend(words.map(str::to_owned));
                }
                _ => {}
            }
        }
        offers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(lines: &[&str]) -> Offers {
        let lines: Vec<_> = lines.iter().map(|line| (*line).to_owned()).collect();
        Offers::read(&lines)
    }

    #[test]
    fn extensions_are_known_in_any_case() {
        let offers = read(&[
            "relay.example greets you",
            "pipelining",
            "Size 52428800",
            "8BITMIME",
            "SMTPUTF8",
            "STARTTLS",
            "AUTH plain LOGIN",
            "AUTH=CRAM-MD5",
            "X-UNKNOWN",
        ]);
        assert!(offers.pipelining && offers.eight_bit_mime && offers.smtp_utf8 && offers.starttls);
        assert_eq!(offers.size, Size::AtMost(52_428_800));
        assert_eq!(offers.auth, ["PLAIN", "LOGIN", "CRAM-MD5"]);
    }

    #[test]
    fn the_servers_name_is_no_offer_and_a_size_of_nought_no_limit() {
        assert_eq!(read(&["PIPELINING"]), Offers::default());
        assert_eq!(read(&["x", "SIZE 0"]).size, Size::Unlimited);
        assert_eq!(read(&["x", "SIZE"]).size, Size::Unlimited);
        assert_eq!(read(&["x", "SIZE lots"]).size, Size::Unlimited);
    }
}
