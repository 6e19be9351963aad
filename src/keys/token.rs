//! What stands for a person, a message or an event where others can read it.

use std::{fmt, str::FromStr};

use super::{NoRandomness, base32, random::random};

/// 128 bits that mean nothing without the secret: 26 characters of lower-case base32.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Token([u8; 16]);

impl Token {
    pub(super) fn new(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// One that stands for nothing and that nobody can guess.
    pub fn random() -> Result<Self, NoRandomness> {
        random().map(Self)
    }

    /// The token that a text carries: the subject of an unsubscribe mail, a return path, a link,
    /// or nothing but the token.
    pub fn find(text: &str) -> Option<Self> {
        Self::find_all(text).into_iter().next()
    }

    /// All that it carries, each once.
    pub fn find_all(text: &str) -> Vec<Self> {
        let text = text.replace("%20", " ");
        let words = text.split(|c: char| !c.is_ascii_alphanumeric());
        let mut found = Vec::new();
        for token in words.filter_map(|word| word.parse().ok()) {
            if !found.contains(&token) {
                found.push(token);
            }
        }
        found
    }

    /// Whether both are the same, in a time that does not tell how much of them is.
    pub fn matches(&self, other: &Self) -> bool {
        let differing = self.0.iter().zip(other.0).fold(0, |bits, (a, b)| bits | (a ^ b));
        differing == 0
    }
}

/// All 26 characters.
impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&base32::encode(&self.0))
    }
}

/// The first 8 characters: whoever has a whole token may unsubscribe its person.
impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Token({:.8})", base32::encode(&self.0))
    }
}

/// The text is not a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a token has 26 characters, `a` to `z` and `2` to `7`")]
pub struct BadToken;

/// In any case, because mail servers may fold the local part it stands in; nothing else is
/// forgiven.
impl FromStr for Token {
    type Err = BadToken;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        base32::decode(text).map(Self).ok_or(BadToken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_read_in_any_case_and_no_other_form() {
        let token = Token::new(*b"0123456789abcdef");
        let text = token.to_string();
        assert_eq!(text, "gaytemzugu3doobzmfrggzdfmy");
        assert_eq!(text.parse(), Ok(token));
        assert_eq!(text.to_uppercase().parse(), Ok(token));
        for text in ["", "gaytemzugu3doobzmfrggzdfm", "gaytemzugu3doobzmfrggzdfmz"] {
            assert_eq!(text.parse::<Token>(), Err(BadToken));
        }
        assert_eq!(format!(" {text}").parse::<Token>(), Err(BadToken));
    }

    #[test]
    fn a_token_is_found_in_whatever_carries_it() {
        let token = Token::new(*b"0123456789abcdef");
        for text in [
            "gaytemzugu3doobzmfrggzdfmy",
            "unsubscribe gaytemzugu3doobzmfrggzdfmy",
            "Re: UNSUBSCRIBE GAYTEMZUGU3DOOBZMFRGGZDFMY",
            "<bounces+gaytemzugu3doobzmfrggzdfmy@appg.example>",
            "mailto:off@appg.example?subject=unsubscribe%20gaytemzugu3doobzmfrggzdfmy",
            "https://appg.example/u/gaytemzugu3doobzmfrggzdfmy",
        ] {
            assert_eq!(Token::find(text), Some(token), "{text}");
            assert_eq!(Token::find_all(&format!("{text} {text}")), [token], "{text}");
        }
        for text in ["", "unsubscribe", "ann@example.org", "gaytemzugu3doobzmfrggzdfmyx"] {
            assert_eq!(Token::find(text), None, "{text}");
        }
    }

    #[test]
    fn a_token_matches_itself_only() {
        let token = Token::new([7; 16]);
        assert!(token.matches(&Token::new([7; 16])));
        for position in 0..16 {
            let mut bytes = [7; 16];
            bytes[position] ^= 1;
            assert!(!token.matches(&Token::new(bytes)), "{position}");
        }
    }

    #[test]
    fn debug_shows_too_little_to_use() {
        assert_eq!(format!("{:?}", Token::new([0; 16])), "Token(aaaaaaaa)");
    }
}
