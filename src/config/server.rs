//! `smtp.url`: where mail is handed over, and how the way there is kept private.

use std::{fmt, net::IpAddr};

/// Where mail is handed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Server {
    /// `sandbox:` — the server built into the program, on loopback: nothing leaves this machine.
    Sandbox,
    /// A real server.
    Relay(Relay),
}

/// A server that takes mail for the world.
#[derive(Clone, PartialEq, Eq)]
pub struct Relay {
    /// How the connection is secured.
    pub security: Security,
    /// Domain (A-label, lower case) or IP address, without brackets.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// Whom we log in as; without one there is no AUTH.
    pub user: Option<String>,
}

/// How a connection to a relay is secured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// `smtps://`: TLS from the first byte (RFC 8314 §3.3).
    ImplicitTls,
    /// `smtp://`: STARTTLS, and no mail without it (RFC 3207).
    StartTls,
    /// `smtp://` to this machine: in the clear.
    Plain,
}

/// Shows no user: it is often an address.
impl fmt::Debug for Relay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { security, host, port, user: _ } = self;
        write!(f, "Relay({security:?} {host}:{port})")
    }
}

/// Why a URL cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BadUrl {
    Password,
    Scheme,
    Host,
    Port,
    User,
    Tail,
}

impl BadUrl {
    pub(super) fn message(self) -> &'static str {
        match self {
            Self::Password => "holds a password",
            Self::Scheme => "does not begin with `sandbox:`, `smtps://` or `smtp://`",
            Self::Host => "names no host",
            Self::Port => "has no port from 1 to 65535 after the last colon",
            Self::User => "has a user that is empty or holds control characters",
            Self::Tail => "goes on after the host",
        }
    }

    pub(super) fn hint(self) -> &'static str {
        match self {
            Self::Password => {
                "change that password, it was in a file; then use `password_command`, \
                 `password_file` or the variable ANNOUNCE_SMTP_PASSWORD"
            }
            _ => {
                "write `sandbox:`, `smtps://user@host:465` or `smtp://user@host:587`; certificates \
                 and limits have keys of their own"
            }
        }
    }
}

impl Server {
    /// Reads `smtp.url`.
    pub(super) fn parse(url: &str) -> Result<Self, BadUrl> {
        if url == "sandbox:" {
            return Ok(Self::Sandbox);
        }
        let (scheme, rest) = url.split_once("://").ok_or(BadUrl::Scheme)?;
        let (user, place) = match rest.rsplit_once('@') {
            Some((user, place)) => (Some(user), place),
            None => (None, rest),
        };
        if user.is_some_and(|user| user.contains(':')) {
            return Err(BadUrl::Password);
        }
        let is_implicit = match scheme {
            "smtps" => true,
            "smtp" => false,
            _ => return Err(BadUrl::Scheme),
        };
        let place = place.strip_suffix('/').unwrap_or(place);
        if place.contains(['/', '?', '#']) {
            return Err(BadUrl::Tail);
        }
        let (host, port) = host_and_port(place)?;
        let security = match is_implicit {
            true => Security::ImplicitTls,
            false if is_this_machine(&host) => Security::Plain,
            false => Security::StartTls,
        };
        let standard = match security {
            Security::ImplicitTls => 465,
            Security::StartTls => 587,
            Security::Plain => 25,
        };
        let user = user.map(|user| decoded(user).ok_or(BadUrl::User)).transpose()?;
        Ok(Self::Relay(Relay { security, host, port: port.unwrap_or(standard), user }))
    }
}

fn host_and_port(place: &str) -> Result<(String, Option<u16>), BadUrl> {
    let (host, port) = if let Some(literal) = place.strip_prefix('[') {
        let (host, port) = literal.split_once(']').ok_or(BadUrl::Host)?;
        let host: IpAddr = host.parse().map_err(|_| BadUrl::Host)?;
        (host.to_string(), port)
    } else {
        let end = place.find(':').unwrap_or(place.len());
        (domain(&place[..end]).ok_or(BadUrl::Host)?, &place[end..])
    };
    if port.is_empty() {
        return Ok((host, None));
    }
    let number = port.strip_prefix(':').and_then(|port| port.parse().ok());
    match number {
        Some(port @ 1..) => Ok((host, Some(port))),
        _ => Err(BadUrl::Port),
    }
}

/// A domain name as an A-label in lower case, or an IPv4 address.
pub(super) fn domain(text: &str) -> Option<String> {
    if let Ok(address) = text.parse::<IpAddr>() {
        return Some(address.to_string());
    }
    let domain = idna::domain_to_ascii_strict(text).ok()?;
    (!domain.is_empty() && !domain.ends_with('.')).then_some(domain)
}

fn is_this_machine(host: &str) -> bool {
    host == "localhost" || host.parse().is_ok_and(|address: IpAddr| address.is_loopback())
}

/// Percent-decoding (RFC 3986 §2.1), for users like `news%40example.org`.
fn decoded(user: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = user.as_bytes();
    while let [first, tail @ ..] = rest {
        let escape = if *first == b'%' { tail.split_at_checked(2) } else { None };
        let byte = escape.and_then(|(digits, after)| {
            let digits = std::str::from_utf8(digits).ok()?;
            let byte = u8::from_str_radix(digits, 16).ok()?;
            Some((byte, after))
        });
        let (byte, after) = byte.unwrap_or((*first, tail));
        bytes.push(byte);
        rest = after;
    }
    let user = String::from_utf8(bytes).ok()?;
    (!user.is_empty() && !user.contains(char::is_control)).then_some(user)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn relay(url: &str) -> (Security, String, u16, Option<String>) {
        let Ok(Server::Relay(relay)) = Server::parse(url) else { panic!("{url} was refused") };
        (relay.security, relay.host, relay.port, relay.user)
    }

    #[test]
    fn the_scheme_decides_how_the_way_is_secured() {
        use Security::{ImplicitTls, Plain, StartTls};
        let user = Some("news".to_owned());
        assert_eq!(Server::parse("sandbox:"), Ok(Server::Sandbox));
        for (url, wanted) in [
            (
                "smtps://news@mail.example",
                (ImplicitTls, "mail.example".to_owned(), 465, user.clone()),
            ),
            ("smtps://localhost:4465/", (ImplicitTls, "localhost".to_owned(), 4465, None)),
            ("smtp://news@mail.example", (StartTls, "mail.example".to_owned(), 587, user)),
            ("smtp://192.0.2.1:25", (StartTls, "192.0.2.1".to_owned(), 25, None)),
            ("smtp://localhost:2525", (Plain, "localhost".to_owned(), 2525, None)),
            ("smtp://127.8.0.1:2525", (Plain, "127.8.0.1".to_owned(), 2525, None)),
            ("smtp://[::1]:2525", (Plain, "::1".to_owned(), 2525, None)),
        ] {
            assert_eq!(relay(url), wanted, "{url}");
        }
    }

    #[test]
    fn plain_smtp_to_a_foreign_host_always_needs_starttls() {
        let foreign =
            ["mail.example", "localhost.example", "127.0.0.1.example", "[::2]", "10.0.0.1"];
        for host in foreign {
            assert_eq!(relay(&format!("smtp://{host}:25")).0, Security::StartTls, "{host}");
        }
    }

    #[test]
    fn a_user_may_be_an_address() {
        let user = |url| relay(url).3.unwrap();
        assert_eq!(user("smtps://news@a.example@mail.example"), "news@a.example");
        assert_eq!(user("smtps://news%40a.example@mail.example"), "news@a.example");
    }

    #[test]
    fn a_password_in_the_url_is_refused() {
        for url in ["smtps://u:p@h", "smtp://u:@localhost", "smtp://u:a@b@h", "http://u:p@h"] {
            assert_eq!(Server::parse(url), Err(BadUrl::Password), "{url}");
        }
    }

    #[test]
    fn a_url_that_means_nothing_is_refused_with_its_reason() {
        for (url, wanted) in [
            ("mail.example", BadUrl::Scheme),
            ("http://mail.example", BadUrl::Scheme),
            ("sandbox:x", BadUrl::Scheme),
            ("smtp://", BadUrl::Host),
            ("smtp://a b", BadUrl::Host),
            ("smtp://[::1", BadUrl::Host),
            ("smtp://mail.example:0", BadUrl::Port),
            ("smtp://mail.example:99999", BadUrl::Port),
            ("smtp://mail.example:25x", BadUrl::Port),
            ("smtp://@mail.example", BadUrl::User),
            ("smtp://a%0d%0a@mail.example", BadUrl::User),
            ("smtps://mail.example?tls=no", BadUrl::Tail),
        ] {
            assert_eq!(Server::parse(url), Err(wanted), "{url}");
        }
    }

    #[test]
    fn a_relay_shows_no_user() {
        let relay = Server::parse("smtps://news@a.example@mail.example");
        assert_eq!(format!("{relay:?}"), "Ok(Relay(Relay(ImplicitTls mail.example:465)))");
    }
}
