//! One subkey a purpose, and the tokens made with them.

use std::fmt;

use ring::{aead, hkdf, hmac};

use super::{
    PersonKey, SealError, Secret, Token,
    random::{NoRandomness, random},
    seal::Seal,
};
use crate::audience::Address;

/// Everything derived from a [`Secret`]: HKDF-SHA-256 (RFC 5869) gives one subkey a purpose, so
/// that no token of one kind says anything about one of another kind.
///
/// `campaign` is the id with its revision, where a revision is a message of its own: no two
/// messages to one person may share an id.
pub struct Keys {
    person: hmac::Key,
    message_id: hmac::Key,
    boundary: hmac::Key,
    return_path: hmac::Key,
    unsubscribe: hmac::Key,
    uid: hmac::Key,
    ledger: hmac::Key,
    seal: Seal,
}

impl From<&Secret> for Keys {
    fn from(secret: &Secret) -> Self {
        let salt = hkdf::Salt::new(hkdf::HKDF_SHA256, b"announce 1");
        let root = salt.extract(secret.expose());
        Self {
            person: subkey(&root, "person"),
            message_id: subkey(&root, "message-id"),
            boundary: subkey(&root, "boundary"),
            return_path: subkey(&root, "return-path"),
            unsubscribe: subkey(&root, "unsubscribe"),
            uid: subkey(&root, "uid"),
            ledger: subkey(&root, "ledger"),
            seal: Seal::new(expand(&root, "seal", &aead::CHACHA20_POLY1305)),
        }
    }
}

impl Keys {
    /// The key that stands for the person of an address.
    pub fn person(&self, address: &Address) -> PersonKey {
        PersonKey::from_bytes(mac(&self.person, &[address.normalised().as_bytes()]))
    }

    /// The left side of the `Message-ID` of one person's copy.
    pub fn message_id(&self, campaign: &str, person: &PersonKey) -> Token {
        copy(&self.message_id, campaign, person)
    }

    /// The left side of a test mail's `Message-ID`.
    pub fn message_id_test(&self, nonce: &TestNonce) -> Token {
        test(&self.message_id, nonce)
    }

    /// What the MIME boundaries of one person's copy are made of.
    pub fn boundary(&self, campaign: &str, person: &PersonKey) -> Token {
        copy(&self.boundary, campaign, person)
    }

    /// What a test mail's MIME boundaries are made of.
    pub fn boundary_test(&self, nonce: &TestNonce) -> Token {
        test(&self.boundary, nonce)
    }

    /// The `TOKEN` of the return path `bounces+TOKEN@…`.
    pub fn return_path(&self, campaign: &str, person: &PersonKey) -> Token {
        copy(&self.return_path, campaign, person)
    }

    /// The same for a test mail; it belongs to nobody.
    pub fn return_path_test(&self, nonce: &TestNonce) -> Token {
        test(&self.return_path, nonce)
    }

    /// What one person's unsubscribe link carries.
    pub fn unsubscribe(&self, campaign: &str, person: &PersonKey) -> Token {
        copy(&self.unsubscribe, campaign, person)
    }

    /// The same for a test mail; it unsubscribes nobody.
    pub fn unsubscribe_test(&self, nonce: &TestNonce) -> Token {
        test(&self.unsubscribe, nonce)
    }

    /// The `UID` of a campaign's calendar entry (RFC 5545 §3.8.4.7): the same in every copy and
    /// revision, so that a correction updates the entry. Here `campaign` is the id alone.
    pub fn uid(&self, campaign: &str) -> Token {
        Token::new(mac(&self.uid, &[b"campaign", campaign.as_bytes()]))
    }

    /// The same for a test mail.
    pub fn uid_test(&self, nonce: &TestNonce) -> Token {
        test(&self.uid, nonce)
    }

    /// What a ledger keeps to know its secret again: under another one it would know nobody, and
    /// everybody would be mailed again.
    pub fn ledger_mark(&self) -> Token {
        Token::new(mac(&self.ledger, &[b"mark"]))
    }

    /// Encrypts what the ledger keeps of a person. It opens under the same `context` only (say,
    /// campaign and person), so that nobody can put one person's seal in another's row.
    pub fn seal(&self, context: &[u8], plaintext: &[u8]) -> Result<Vec<u8>, SealError> {
        self.seal.seal(context, plaintext)
    }

    /// Decrypts what [`seal`](Self::seal) made.
    pub fn open(&self, context: &[u8], sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        self.seal.open(context, sealed)
    }
}

/// Shows nothing.
impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keys(..)")
    }
}

/// What makes each test mail's tokens new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TestNonce([u8; 16]);

impl TestNonce {
    /// A nonce that was never used before.
    pub fn random() -> Result<Self, NoRandomness> {
        random().map(Self)
    }

    /// A nonce of these bytes, for golden messages.
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }
}

fn copy(key: &hmac::Key, campaign: &str, person: &PersonKey) -> Token {
    Token::new(mac(key, &[b"copy", campaign.as_bytes(), person.as_bytes()]))
}

fn test(key: &hmac::Key, nonce: &TestNonce) -> Token {
    Token::new(mac(key, &[b"test", &nonce.0]))
}

/// The first 128 bits of HMAC-SHA-256 over the inputs, each behind its length: `("ab", "c")` and
/// `("a", "bc")` are different.
fn mac(key: &hmac::Key, inputs: &[&[u8]]) -> [u8; 16] {
    let mut context = hmac::Context::with_key(key);
    for input in inputs {
        context.update(&(input.len() as u64).to_be_bytes());
        context.update(input);
    }
    let tag = context.sign();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&tag.as_ref()[..16]);
    bytes
}

fn subkey(root: &hkdf::Prk, purpose: &str) -> hmac::Key {
    expand(root, purpose, hmac::HMAC_SHA256)
}

fn expand<L: hkdf::KeyType, K: for<'a> From<hkdf::Okm<'a, L>>>(
    root: &hkdf::Prk,
    purpose: &str,
    size: L,
) -> K {
    let info = [purpose.as_bytes()];
    root.expand(&info, size).expect("HKDF gives up to 8160 bytes, a key has 32").into()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    const NONCE: TestNonce = TestNonce([9; 16]);

    fn keys() -> Keys {
        let mut bytes = [0; 32];
        for (byte, value) in bytes.iter_mut().zip(0..) {
            *byte = value;
        }
        Keys::from(&Secret::from_bytes(bytes))
    }

    fn person(keys: &Keys, address: &str) -> PersonKey {
        keys.person(&Address::parse(address).expect(address))
    }

    fn of_copy(keys: &Keys, campaign: &str, person: &PersonKey) -> [Token; 4] {
        [
            keys.message_id(campaign, person),
            keys.boundary(campaign, person),
            keys.return_path(campaign, person),
            keys.unsubscribe(campaign, person),
        ]
    }

    fn of_test(keys: &Keys, nonce: &TestNonce) -> [Token; 5] {
        [
            keys.message_id_test(nonce),
            keys.boundary_test(nonce),
            keys.return_path_test(nonce),
            keys.unsubscribe_test(nonce),
            keys.uid_test(nonce),
        ]
    }

    /// Computed with Python's `hmac`: whoever changes these loses every ledger there is.
    #[test]
    fn a_secret_always_gives_the_same_tokens() {
        let keys = keys();
        let ana = person(&keys, "Ana@München.example");
        assert_eq!(ana.to_string(), "01b5c10b01486465534b38198b13ed93");
        assert_eq!(
            of_copy(&keys, "spring", &ana).map(|token| token.to_string()),
            [
                "qbjjcd7ediy6g4u3b4cc433si4",
                "pneaulxwwlvzsxvylbpvyefaya",
                "ijqjrrs7esqgidl4v7gkjcv7py",
                "yrlsykw5nqpkhdygynubnprv3y",
            ]
        );
        assert_eq!(
            of_test(&keys, &NONCE).map(|token| token.to_string()),
            [
                "x3e3gqyrrrpk4opnmjoqr4hk54",
                "cukubzdsrlfsch4ebptuikmmuy",
                "bbxxdv2wsw2ocabklpjdk3i5ai",
                "5tm4ge6ebyb2v2d4hpzvpw7ame",
                "ekmeagffehb7e3s6f6zlzzv5yy",
            ]
        );
        assert_eq!(keys.uid("spring").to_string(), "e5dbnnk23ps7da5hrkupm2wjze");
    }

    #[test]
    fn no_two_tokens_are_alike() {
        let keys = keys();
        let mut tokens = Vec::new();
        for campaign in ["spring", "spring~2", "autumn"] {
            tokens.push(keys.uid(campaign));
            for address in ["ana@example.org", "bo@example.org"] {
                tokens.extend(of_copy(&keys, campaign, &person(&keys, address)));
            }
        }
        tokens.extend(of_test(&keys, &NONCE));
        tokens.extend(of_test(&keys, &TestNonce::from_bytes([8; 16])));
        assert_eq!(tokens.iter().collect::<HashSet<_>>().len(), tokens.len());
    }

    #[test]
    fn another_secret_knows_nobody() {
        let other = Keys::from(&Secret::from_bytes([1; 32]));
        assert_ne!(person(&keys(), "ana@example.org"), person(&other, "ana@example.org"));
    }

    #[test]
    fn a_person_is_one_in_every_spelling() {
        let keys = keys();
        let ana = person(&keys, "ana@münchen.example");
        assert_eq!(person(&keys, " ANA@xn--mnchen-3ya.EXAMPLE"), ana);
        assert_ne!(person(&keys, "a.na@münchen.example"), ana);
        assert_ne!(person(&keys, "ana+x@münchen.example"), ana);
    }

    #[test]
    fn test_mails_differ_each_time() {
        assert_ne!(TestNonce::random(), TestNonce::random());
    }

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(format!("{:?}", keys()), "Keys(..)");
    }

    proptest! {
        #[test]
        fn inputs_do_not_run_into_each_other(text in "\\PC{2,20}", at in any::<prop::sample::Index>()) {
            let cuts: Vec<usize> = text.char_indices().map(|(at, _)| at).skip(1).collect();
            let cut = cuts[at.index(cuts.len())];
            let key = &keys().uid;
            let (before, after) = text.split_at(cut);
            prop_assert_ne!(
                mac(key, &[before.as_bytes(), after.as_bytes()]),
                mac(key, &[text.as_bytes()])
            );
            prop_assert_ne!(
                mac(key, &[before.as_bytes(), after.as_bytes()]),
                mac(key, &[text.as_bytes(), b""])
            );
        }
    }
}
