//! The lines of a login (RFC 4954), without a socket.

use lettre::transport::smtp::{
    authentication::{Credentials, Mechanism},
    commands::Auth,
};
use secrecy::ExposeSecret;

use super::{Login, ehlo::Offers};
use crate::deliver::{Failure, Scope, Stage};

/// What is sent to log in: each line after the go-ahead for the one before. `Debug` is not
/// derived: these lines are the password.
pub(super) struct Exchange {
    /// With CRLF.
    pub(super) lines: Vec<String>,
}

impl Exchange {
    /// The login by the best mechanism that both sides know: PLAIN, else LOGIN.
    pub(super) fn choose(offers: &Offers, login: &Login) -> Result<Self, Failure> {
        let offered = |name: &str| offers.auth.iter().any(|mechanism| mechanism == name);
        if offered("PLAIN") {
            Self::new(Mechanism::Plain, &[None], login)
        } else if offered("LOGIN") {
            // What the server asks for is not looked at: it is always the user, then the password.
            Self::new(Mechanism::Login, &[None, Some("Username"), Some("Password")], login)
        } else if offers.auth.is_empty() {
            Err(failure(
                "the server offers no login here: use its port with TLS, or take the user \
                 out of `[smtp] url`",
            ))
        } else {
            Err(failure("the server offers no login by PLAIN or LOGIN: ask its operator for one"))
        }
    }

    fn new(
        mechanism: Mechanism,
        challenges: &[Option<&str>],
        login: &Login,
    ) -> Result<Self, Failure> {
        let credentials =
            Credentials::new(login.user.clone(), login.password.expose_secret().to_owned());
        let lines = challenges
            .iter()
            .map(|challenge| {
                Auth::new(mechanism, credentials.clone(), challenge.map(str::to_owned))
                    .map(|auth| auth.to_string())
            })
            .collect::<Result<_, _>>()
            .map_err(|_| failure("the login cannot be written in SMTP"))?;
        Ok(Self { lines })
    }

    /// `text` without anything of what was sent: some servers repeat a line they refuse.
    pub(super) fn scrub(&self, text: &str) -> String {
        self.lines
            .iter()
            .flat_map(|line| line.split_ascii_whitespace())
            .filter(|word| !matches!(*word, "AUTH" | "PLAIN" | "LOGIN"))
            .fold(text.to_owned(), |text, secret| text.replace(secret, "[secret]"))
    }
}

pub(super) fn failure(reason: &str) -> Failure {
    Failure { stage: Stage::Auth, reply: None, reason: reason.to_owned(), scope: Scope::Setup }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(mechanisms: &[&str]) -> Result<Vec<String>, String> {
        let auth = mechanisms.iter().map(|name| (*name).to_owned()).collect();
        let login = Login { user: "news".to_owned(), password: "pass".into() };
        Exchange::choose(&Offers { auth, ..Offers::default() }, &login)
            .map(|exchange| exchange.lines)
            .map_err(|failure| failure.reason)
    }

    #[test]
    fn plain_is_one_line_and_comes_first() {
        assert_eq!(lines(&["LOGIN", "PLAIN"]).unwrap(), ["AUTH PLAIN AG5ld3MAcGFzcw==\r\n"]);
    }

    #[test]
    fn login_is_three_lines() {
        assert_eq!(lines(&["LOGIN"]).unwrap(), ["AUTH LOGIN\r\n", "bmV3cw==\r\n", "cGFzcw==\r\n"]);
    }

    #[test]
    fn a_server_without_a_mechanism_we_know_is_refused() {
        assert!(lines(&["CRAM-MD5"]).unwrap_err().contains("PLAIN or LOGIN"));
        assert!(lines(&[]).unwrap_err().contains("no login"));
    }

    #[test]
    fn a_repeated_password_is_taken_out() {
        let offers = Offers { auth: vec!["PLAIN".to_owned()], ..Offers::default() };
        let login = Login { user: "news".to_owned(), password: "pass".into() };
        let exchange = Exchange::choose(&offers, &login).unwrap();
        assert_eq!(
            exchange.scrub("unrecognized: AUTH PLAIN AG5ld3MAcGFzcw=="),
            "unrecognized: AUTH PLAIN [secret]"
        );
    }
}
