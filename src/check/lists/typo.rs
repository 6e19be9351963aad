//! Domains one slip away from those of great providers.

use super::{Counted, TYPO};
use crate::check::Finding;

/// Providers whose domains are long enough that a neighbour is a slip, not a name.
const PROVIDERS: [&str; 26] = [
    "bellsouth.net",
    "bluewin.ch",
    "btinternet.com",
    "comcast.net",
    "fastmail.com",
    "freenet.de",
    "gmail.com",
    "googlemail.com",
    "hanmail.net",
    "hotmail.co.uk",
    "hotmail.com",
    "hotmail.fr",
    "icloud.com",
    "laposte.net",
    "naver.com",
    "ntlworld.com",
    "outlook.com",
    "protonmail.com",
    "rocketmail.com",
    "t-online.de",
    "talktalk.net",
    "verizon.net",
    "virginmedia.com",
    "wanadoo.fr",
    "yahoo.co.uk",
    "yahoo.com",
];

/// Domains that look like slips and are mailed every day.
const GENUINE: [&str; 12] = [
    "fastmail.co",
    "gmail.co.uk",
    "hotmail.be",
    "hotmail.ch",
    "hotmail.co",
    "hotmail.de",
    "hotmail.es",
    "hotmail.gr",
    "never.com",
    "yahoo.co",
    "yahoo.cn",
    "yahoo.com.au",
];

/// The provider whose domain was most likely meant by this one, in lower case.
///
/// One letter is missing, too many or wrong, or two neighbours are swapped. The first letter is
/// seldom missed, and `ymail.com` is no `gmail.com`: it has to be right, unless it is swapped.
pub fn meant(domain: &str) -> Option<&'static str> {
    if PROVIDERS.contains(&domain) || GENUINE.contains(&domain) {
        return None;
    }
    PROVIDERS.into_iter().find(|provider| is_one_slip(domain.as_bytes(), provider.as_bytes()))
}

fn is_one_slip(typed: &[u8], meant: &[u8]) -> bool {
    if typed.len().abs_diff(meant.len()) > 1 {
        return false;
    }
    let begin = typed.iter().zip(meant).take_while(|(a, b)| a == b).count();
    let (typed, meant) = (&typed[begin..], &meant[begin..]);
    let end = typed.iter().rev().zip(meant.iter().rev()).take_while(|(a, b)| a == b).count();
    match (&typed[..typed.len() - end], &meant[..meant.len() - end]) {
        ([a, b], [c, d]) => (a, b) == (d, c),
        (typed, meant) => begin > 0 && typed.len() <= 1 && meant.len() <= 1,
    }
}

/// Rows of a list whose domain was most likely meant otherwise.
pub fn misspelt(domain: &str, meant: &str, rows: &Counted, file: &str) -> Finding {
    let message = format!("the domain `{domain}` is most likely `{meant}`: {rows}");
    let fix = "ask the person, and correct the rows";
    TYPO.finding(message).at_line(file, rows.line()).fix(fix)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_found() {
        for (typed, provider) in [
            ("gmial.com", "gmail.com"),
            ("gmai.com", "gmail.com"),
            ("gmaill.com", "gmail.com"),
            ("gmail.con", "gmail.com"),
            ("gmail.co", "gmail.com"),
            ("mgail.com", "gmail.com"),
            ("hotmial.com", "hotmail.com"),
            ("hotnail.co.uk", "hotmail.co.uk"),
            ("yaho.com", "yahoo.com"),
            ("outlok.com", "outlook.com"),
            ("nvaer.com", "naver.com"),
            ("iclod.com", "icloud.com"),
        ] {
            assert_eq!(meant(typed), Some(provider), "{typed}");
        }
    }

    #[test]
    fn names_of_their_own_are_not() {
        for domain in [
            "gmail.com",
            "ymail.com",
            "email.com",
            "mail.com",
            "cloud.com",
            "gmx.de",
            "gmx.net",
            "web.de",
            "me.com",
            "hotmail.fr",
            "hotmail.de",
            "yahoo.fr",
            "yahoo.co.jp",
            "never.com",
            "group.example",
            "gmail.example",
            "",
        ] {
            assert_eq!(meant(domain), None, "{domain}");
        }
    }

    #[test]
    fn no_provider_is_a_slip_of_another() {
        for provider in PROVIDERS {
            assert_eq!(meant(provider), None);
        }
    }
}
