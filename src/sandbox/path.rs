//! The addresses of MAIL and RCPT (RFC 5321 §4.1.2, with RFC 6531 for UTF-8).

/// An address between angle brackets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Path {
    /// Before the last `@`, quotes and all. Empty in `<>`.
    pub(super) local: String,
    /// After it. Empty in `<>` and `<Postmaster>`.
    pub(super) domain: String,
}

impl Path {
    /// Reads a path at the beginning of `text`; returns it and what follows.
    pub(super) fn read(text: &str) -> Option<(Self, &str)> {
        let inner = text.strip_prefix('<')?;
        let end = closing_bracket(inner)?;
        let rest = &inner[end + 1..];
        let path = Self::parse(without_route(&inner[..end])?)?;
        (rest.is_empty() || rest.starts_with(' ')).then(|| (path, rest.trim()))
    }

    fn parse(mailbox: &str) -> Option<Self> {
        if mailbox.is_empty() || mailbox.eq_ignore_ascii_case("postmaster") {
            return Some(Self { local: mailbox.to_owned(), domain: String::new() });
        }
        let (local, domain) = mailbox.rsplit_once('@')?;
        // RFC 5321 §4.5.3.1.1 and §4.5.3.1.2.
        let fits = local.len() <= 64 && domain.len() <= 255;
        (fits && is_local_part(local) && is_domain(domain))
            .then(|| Self { local: local.to_owned(), domain: domain.to_owned() })
    }

    /// The null path, `<>`.
    pub(super) fn is_null(&self) -> bool {
        self.local.is_empty()
    }

    /// Whether it needs no SMTPUTF8.
    pub(super) fn is_ascii(&self) -> bool {
        self.local.is_ascii() && self.domain.is_ascii()
    }

    /// `local@domain`.
    pub(super) fn into_address(self) -> String {
        match self.domain.as_str() {
            "" => self.local,
            domain => format!("{}@{domain}", self.local),
        }
    }
}

/// Where the first `>` outside quotes stands.
fn closing_bracket(text: &str) -> Option<usize> {
    let (mut quoted, mut escaped) = (false, false);
    text.char_indices().find_map(|(at, c)| {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '>' if !quoted => return Some(at),
            _ => {}
        }
        None
    })
}

/// Source routes must be taken and ignored (RFC 5321 appendix C).
fn without_route(text: &str) -> Option<&str> {
    if text.starts_with('@') {
        text.split_once(':').map(|(_, mailbox)| mailbox)
    } else {
        Some(text)
    }
}

fn is_local_part(local: &str) -> bool {
    if let Some(inner) = local.strip_prefix('"') {
        return inner.strip_suffix('"').is_some_and(is_quoted_content);
    }
    let is_atext =
        |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c) || !c.is_ascii();
    local.split('.').all(|atom| !atom.is_empty() && atom.chars().all(is_atext))
}

fn is_quoted_content(inner: &str) -> bool {
    let mut characters = inner.chars();
    while let Some(c) = characters.next() {
        let plain = match c {
            '"' => false,
            '\\' => characters.next().is_some_and(|c| c == ' ' || c.is_ascii_graphic()),
            c => !c.is_control(),
        };
        if !plain {
            return false;
        }
    }
    true
}

fn is_domain(domain: &str) -> bool {
    if let Some(inner) = domain.strip_prefix('[') {
        let is_literal = |c: char| c.is_ascii_alphanumeric() || ".:-".contains(c);
        return inner
            .strip_suffix(']')
            .is_some_and(|ip| !ip.is_empty() && ip.chars().all(is_literal));
    }
    domain.split('.').all(|label| {
        let in_label = |c: char| c.is_ascii_alphanumeric() || c == '-' || !c.is_ascii();
        let hyphen_at_end = label.starts_with('-') || label.ends_with('-');
        (1..=63).contains(&label.len()) && !hyphen_at_end && label.chars().all(in_label)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_the_standard_are_read() {
        for (text, address, rest) in [
            ("<ann@example.org>", "ann@example.org", ""),
            ("<ann@example.org> SIZE=9", "ann@example.org", "SIZE=9"),
            ("<>", "", ""),
            ("<Postmaster>", "Postmaster", ""),
            (r#"<"a>b\"@ c"@example.org>"#, r#""a>b\"@ c"@example.org"#, ""),
            ("<ann@[127.0.0.1]>", "ann@[127.0.0.1]", ""),
            ("<@relay.example,@b.example:ann@example.org>", "ann@example.org", ""),
            ("<o'hara+list@example.org>", "o'hara+list@example.org", ""),
            ("<민지@example.org>", "민지@example.org", ""),
        ] {
            let read = Path::read(text).map(|(path, rest)| (path.into_address(), rest));
            assert_eq!(read, Some((address.to_owned(), rest)), "{text}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in [
            "ann@example.org",
            "<ann@example.org",
            "<ann>",
            "<@example.org>",
            "<ann@>",
            "<ann@example..org>",
            "<ann@-example.org>",
            "<a b@example.org>",
            "<a..b@example.org>",
            "<ann@example.org>SIZE=9",
            "<ann@@example.org>",
            "<ann@exa mple.org>",
            "<\"ann@example.org>",
        ] {
            assert_eq!(Path::read(text), None, "{text}");
        }
        let long = format!("<{}@example.org>", "x".repeat(65));
        assert_eq!(Path::read(&long), None);
    }
}
