//! Names and passwords as clients send them (RFC 4954, RFC 4616).

use super::{Auth, Mechanism};

/// How far an exchange has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Exchange {
    /// PLAIN: everything comes in one line.
    Plain,
    /// LOGIN: the name comes next.
    LoginUser,
    /// LOGIN: the password of this name comes next.
    LoginPassword(Vec<u8>),
}

/// What a line of an exchange leads to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// Ask for more with this challenge, not yet encoded.
    Ask(Exchange, &'static str),
    /// The proof is complete, and good or not.
    Judged(bool),
    /// The line is not base64, or not shaped as the mechanism says.
    Unreadable,
}

impl Exchange {
    /// The first turn, with the initial response if the client sent one.
    pub(super) fn begin(mechanism: Mechanism, initial: Option<&str>, account: &Auth) -> Turn {
        match (mechanism, initial) {
            (Mechanism::Plain, None) => Turn::Ask(Self::Plain, ""),
            (Mechanism::Plain, Some(response)) => Self::Plain.answer(response, account),
            (Mechanism::Login, None) => Turn::Ask(Self::LoginUser, "VXNlcm5hbWU6"),
            (Mechanism::Login, Some(response)) => Self::LoginUser.answer(response, account),
        }
    }

    /// The next turn. A lone `=` is an empty response.
    pub(super) fn answer(self, response: &str, account: &Auth) -> Turn {
        let response = if response == "=" { Some(Vec::new()) } else { decode(response) };
        let Some(response) = response else { return Turn::Unreadable };
        match self {
            Self::LoginUser => Turn::Ask(Self::LoginPassword(response), "UGFzc3dvcmQ6"),
            Self::LoginPassword(user) => Turn::Judged(is_account(account, &user, &response)),
            Self::Plain => match response.split(|&byte| byte == 0).collect::<Vec<_>>()[..] {
                // The first part is whom to act for; nobody but oneself here.
                [as_whom, user, password] => Turn::Judged(
                    (as_whom.is_empty() || as_whom == user) && is_account(account, user, password),
                ),
                _ => Turn::Unreadable,
            },
        }
    }
}

fn is_account(account: &Auth, user: &[u8], password: &[u8]) -> bool {
    account.user.as_bytes() == user && account.password.as_bytes() == password
}

/// Base64 with padding (RFC 4648 §4).
fn decode(text: &str) -> Option<Vec<u8>> {
    let digits = text.trim_end_matches('=');
    let padded = text.len().is_multiple_of(4) && text.len() - digits.len() <= 2;
    if !padded || digits.len() % 4 == 1 {
        return None;
    }
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut held) = (0_u32, 0_u32);
    for digit in digits.bytes() {
        let value = match digit {
            b'A'..=b'Z' => digit - b'A',
            b'a'..=b'z' => digit - b'a' + 26,
            b'0'..=b'9' => digit - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = (bits << 6) | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from((bits >> held) & 0xFF).ok()?);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_reads_as_the_rfc_says() {
        // RFC 4648 §10.
        for (text, bytes) in [("", ""), ("Zg==", "f"), ("Zm8=", "fo"), ("Zm9v", "foo")] {
            assert_eq!(decode(text).as_deref(), Some(bytes.as_bytes()), "{text}");
        }
        for text in ["Zg", "Zg=", "Z===", "====", "Zm9v!", "Zm 9", "Zm9vZ"] {
            assert_eq!(decode(text), None, "{text}");
        }
    }

    #[test]
    fn nobody_acts_for_somebody_else() {
        let account =
            Auth { user: "ann".into(), password: "pw".into(), mechanisms: vec![Mechanism::Plain] };
        // `\0ann\0pw`, `ann\0ann\0pw`, `bob\0ann\0pw`, `\0ann`
        for (response, turn) in [
            ("AGFubgBwdw==", Turn::Judged(true)),
            ("YW5uAGFubgBwdw==", Turn::Judged(true)),
            ("Ym9iAGFubgBwdw==", Turn::Judged(false)),
            ("AGFubg==", Turn::Unreadable),
        ] {
            assert_eq!(Exchange::Plain.answer(response, &account), turn, "{response}");
        }
    }
}
