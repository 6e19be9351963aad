//! Where a link leads, as far as its letters say.

use std::net::Ipv6Addr;

use crate::render::VALUE;

/// What an `href` is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Target<'a> {
    /// A person's value: known only when it is filled in.
    Value,
    /// Nothing, `#` or `/`.
    Nowhere,
    /// `#name`: a place in the page.
    Place(&'a str),
    /// `http://…` or `https://…`.
    Web {
        is_secure: bool,
        /// Lower case, without port. None where a person's value stands in it.
        host: Option<String>,
    },
    /// `mailto:…`, without the scheme.
    Mail(&'a str),
    /// `tel:…`, without the scheme.
    Phone(&'a str),
    /// `data:…`
    Data,
    /// An address without a scheme.
    Relative,
    /// A web address that no browser finds, and why.
    Malformed(&'static str),
    /// Another scheme.
    Other,
}

impl<'a> Target<'a> {
    pub(super) fn of(href: &'a str) -> Self {
        let href = href.trim();
        if href.starts_with(VALUE) {
            return Self::Value;
        }
        if ["", "#", "/"].contains(&href) {
            return Self::Nowhere;
        }
        if let Some(place) = href.strip_prefix('#') {
            return Self::Place(place);
        }
        let Some((scheme, rest)) = scheme(href) else { return Self::Relative };
        match scheme.to_ascii_lowercase().as_str() {
            "http" => web(false, rest),
            "https" => web(true, rest),
            "mailto" => Self::Mail(rest),
            "tel" => Self::Phone(rest),
            "data" => Self::Data,
            _ => Self::Other,
        }
    }
}

/// The scheme and what follows its colon (RFC 3986 §3.1).
fn scheme(href: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = href.split_once(':')?;
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    is_scheme.then_some((scheme, rest))
}

fn web<'a>(is_secure: bool, rest: &str) -> Target<'a> {
    let Some(rest) = rest.strip_prefix("//") else {
        return Target::Malformed("has no `//` after its colon");
    };
    if rest.contains(char::is_whitespace) {
        return Target::Malformed("has a space in it");
    }
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    if authority.contains(VALUE) {
        return Target::Web { is_secure, host: None };
    }
    let host_and_port = authority.rsplit('@').next().unwrap_or_default();
    let (host, port) = match host_and_port.rsplit_once(':') {
        Some((host, port)) if !host_and_port.ends_with(']') => (host, port),
        _ => (host_and_port, ""),
    };
    let host = decoded(host.trim_end_matches('.')).to_lowercase();
    let literal = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    let is_literal = literal.is_some_and(|number| number.parse::<Ipv6Addr>().is_ok());
    let is_label = |label: &str| {
        !label.is_empty()
            && label.chars().all(|c| c.is_alphanumeric() || "-_".contains(c) || !c.is_ascii())
    };
    if ["http", "https"].contains(&host.as_str()) && rest[authority.len()..].starts_with("//") {
        return Target::Malformed("begins twice");
    }
    if host.is_empty() {
        return Target::Malformed("names no site");
    }
    if !is_literal && !host.split('.').all(is_label) {
        return Target::Malformed("names no site that can be");
    }
    if !port.chars().all(|c| c.is_ascii_digit()) {
        return Target::Malformed("has a port that is no number");
    }
    Target::Web { is_secure, host: Some(host) }
}

/// Sites of the world that begin like those of a workshop.
const PUBLIC: [&str; 3] = ["dev.azure.com", "dev.mysql.com", "dev.twitch.tv"];

/// Whether only the author can reach a host.
pub(super) fn is_local(host: &str) -> bool {
    let labels: Vec<&str> = host.split('.').collect();
    let numbers: Option<Vec<u8>> = labels.iter().map(|label| label.parse().ok()).collect();
    if let Some([first, second, _, _]) = numbers.as_deref() {
        return match (first, second) {
            (0 | 10 | 127, _) | (192, 168) | (169, 254) => true,
            (172, second) => (16..32).contains(second),
            _ => false,
        };
    }
    let is_workshop =
        labels.len() > 2 && ["staging", "dev"].contains(&labels[0]) && !PUBLIC.contains(&host);
    let ends = labels.last().is_some_and(|last| ["localhost", "local", "internal"].contains(last));
    is_workshop || ends || labels.len() == 1
}

/// Endings under which sites are registered one level further down.
const SECOND: [&str; 11] = ["co", "ac", "gov", "org", "com", "net", "or", "go", "ne", "re", "edu"];

/// Whether two hosts are of one owner, however their letters are written. `www.gov.uk` is a site,
/// and so is what lies below `gov.uk`.
pub(super) fn is_one_site(one: &str, other: &str) -> bool {
    let plain = |host: &str| {
        let host = idna::domain_to_ascii(host).unwrap_or_else(|_| host.to_owned());
        host.strip_prefix("www.").map_or(host.clone(), str::to_owned)
    };
    let (one, other) = (plain(one), plain(other));
    let is_below =
        |low: &str, high: &str| low.strip_suffix(high).is_some_and(|rest| rest.ends_with('.'));
    site(&one) == site(&other) || is_below(&one, &other) || is_below(&other, &one)
}

/// The part of a host that one owner registered, as far as that can be told without asking.
fn site(host: &str) -> &str {
    let labels: Vec<&str> = host.rsplit('.').take(3).collect();
    let is_second = labels.len() == 3 && labels[0].len() == 2 && SECOND.contains(&labels[1]);
    let kept = if is_second { 3 } else { 2 };
    let length: usize = labels.iter().take(kept).map(|label| label.len() + 1).sum();
    &host[host.len() - length.saturating_sub(1).min(host.len())..]
}

/// Endings that make a bare word a web address.
const ENDINGS: [&str; 16] = [
    "com", "org", "net", "uk", "kr", "eu", "int", "gov", "edu", "de", "fr", "jp", "ch", "info",
    "example", "test",
];

/// The host that a visible text names, when the text is an address and nothing else.
pub(super) fn host_shown(text: &str) -> Option<String> {
    let text = text.trim();
    let has_scheme = text.starts_with("http://") || text.starts_with("https://");
    let is_marked = has_scheme || text.to_ascii_lowercase().starts_with("www.");
    if text.contains(char::is_whitespace) || text.contains(VALUE) || text.contains('@') {
        return None;
    }
    let whole = if has_scheme { text.to_owned() } else { format!("https://{text}") };
    let Target::Web { host: Some(host), .. } = Target::of(&whole) else { return None };
    let ending = host.rsplit('.').next().unwrap_or_default();
    let is_host = host.contains('.') && (is_marked || ENDINGS.contains(&ending));
    is_host.then_some(host)
}

/// `%40` as `@`; what cannot be read stays.
pub(super) fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let digits = after.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        let digits = digits.filter(|digits| digits.chars().all(|c| c.is_ascii_hexdigit()));
        let byte = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        let byte = byte.filter(|_| first == b'%');
        bytes.push(byte.unwrap_or(first));
        rest = if byte.is_some() { &after[2..] } else { after };
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_told_apart() {
        let web = |is_secure, host: &str| Target::Web { is_secure, host: Some(host.to_owned()) };
        for (href, target) in [
            ("", Target::Nowhere),
            (" # ", Target::Nowhere),
            ("/", Target::Nowhere),
            ("#fn-1", Target::Place("fn-1")),
            ("\u{FFFC}", Target::Value),
            ("https://E.org:443/a b", Target::Malformed("has a space in it")),
            ("HTTPS://me@E.org.:443/?a=\u{FFFC}", web(true, "e.org")),
            ("http://북한.example/", web(false, "북한.example")),
            ("https://[::1]/", web(true, "[::1]")),
            ("https://\u{FFFC}.e.org", Target::Web { is_secure: true, host: None }),
            ("https:/e.org", Target::Malformed("has no `//` after its colon")),
            ("https://", Target::Malformed("names no site")),
            ("https://[LINK]", Target::Malformed("names no site that can be")),
            ("https://e..org", Target::Malformed("names no site that can be")),
            ("https://e.org:x", Target::Malformed("has a port that is no number")),
            ("https://http://e.org", Target::Malformed("begins twice")),
            ("www.e.org", Target::Relative),
            ("//e.org", Target::Relative),
            ("mailto:a@e.org", Target::Mail("a@e.org")),
            ("tel:+44", Target::Phone("+44")),
            ("cid:a@b", Target::Other),
        ] {
            assert_eq!(Target::of(href), target, "{href}");
        }
    }

    #[test]
    fn hosts_that_only_the_author_reaches_are_known() {
        for host in [
            "localhost",
            "127.0.0.1",
            "printer.local",
            "staging.e.org",
            "dev.e.org",
            "192.168.1.2",
            "172.20.0.1",
            "intranet",
            "10.0.0.1",
        ] {
            assert!(is_local(host), "{host}");
        }
        for host in
            ["dev.to", "dev.azure.com", "local.gov.uk", "8.8.8.8", "172.40.0.1", "e.example"]
        {
            assert!(!is_local(host), "{host}");
        }
    }

    #[test]
    fn a_site_is_what_one_owner_has() {
        assert_eq!(site("www.news.example.org"), "example.org");
        assert_eq!(site("committees.parliament.uk"), "parliament.uk");
        assert_eq!(site("a.b.co.uk"), "b.co.uk");
        assert_eq!(site("e.org"), "e.org");
        assert_eq!(site("localhost"), "localhost");
        assert_eq!(site(""), "");
        assert!(is_one_site("www.북한.example", "xn--pr3b894b.example"));
        for host in ["www.gov.uk", "gov.uk", "assets.publishing.service.gov.uk"] {
            assert!(is_one_site(host, "www.gov.uk") && is_one_site("gov.uk", host), "{host}");
        }
        assert!(!is_one_site("www.e.org", "www.f.org") && !is_one_site("e.org", "like.org"));
        assert!(!is_one_site("a.co.uk", "b.co.uk"));
    }

    #[test]
    fn only_a_text_that_is_an_address_names_a_host() {
        assert_eq!(host_shown("https://www.e.org/a").as_deref(), Some("www.e.org"));
        assert_eq!(host_shown("bbc.co.uk/news").as_deref(), Some("bbc.co.uk"));
        for text in ["Node.js", "and/or", "our site e.org", "a@e.org", "v1.2", "\u{FFFC}.org"] {
            assert_eq!(host_shown(text), None, "{text}");
        }
    }
}
