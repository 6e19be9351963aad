//! The seal over addresses at rest: ChaCha20-Poly1305 (RFC 8439) with a random nonce in front.

use ring::aead::{Aad, LessSafeKey, MAX_TAG_LEN, NONCE_LEN, Nonce, UnboundKey};

use super::random::{NoRandomness, random};

/// The key of the seal. A random nonce of 96 bits is safe for 2^32 seals.
pub(super) struct Seal(LessSafeKey);

/// Why something could not be sealed or opened. Nothing of it is ever shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// No nonce.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    /// It is longer than the cipher allows.
    #[error("what is to be sealed is too long")]
    TooLong,
    /// It is damaged, was sealed with another secret, or belongs in another row.
    #[error("what is sealed in the ledger does not open with this secret")]
    DoesNotOpen,
}

impl Seal {
    pub(super) fn new(key: UnboundKey) -> Self {
        Self(LessSafeKey::new(key))
    }

    pub(super) fn seal(&self, context: &[u8], plaintext: &[u8]) -> Result<Vec<u8>, SealError> {
        let nonce: [u8; NONCE_LEN] = random()?;
        let mut sealed = Vec::with_capacity(NONCE_LEN + plaintext.len() + MAX_TAG_LEN);
        sealed.extend(nonce);
        sealed.extend(plaintext);
        let nonce = Nonce::assume_unique_for_key(nonce);
        let body = &mut sealed[NONCE_LEN..];
        let tag = self.0.seal_in_place_separate_tag(nonce, Aad::from(context), body);
        sealed.extend(tag.map_err(|_| SealError::TooLong)?.as_ref());
        Ok(sealed)
    }

    pub(super) fn open(&self, context: &[u8], sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        let (nonce, body) =
            sealed.split_first_chunk::<NONCE_LEN>().ok_or(SealError::DoesNotOpen)?;
        let mut body = body.to_vec();
        let plaintext = self
            .0
            .open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::from(context), &mut body)
            .map_err(|_| SealError::DoesNotOpen)?;
        Ok(plaintext.to_vec())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::keys::{Keys, Secret};

    fn keys() -> Keys {
        let mut bytes = [0; 32];
        for (byte, value) in bytes.iter_mut().zip(0..) {
            *byte = value;
        }
        Keys::from(&Secret::from_bytes(bytes))
    }

    /// Sealed with Python's `cryptography`.
    #[test]
    fn what_was_sealed_years_ago_still_opens() {
        let sealed = b"\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\
            \x8b\xf9\x58\x5e\xd9\x44\xaf\xda\x60\x2e\x91\x7d\x23\x32\x60\x31\x20\xf3\x3e\x1e\xc8\
            \xd0\x86\x9a\x4a\x3a\x49\x60\x47\x44\xdb";
        assert_eq!(keys().open(b"spring", sealed).as_deref(), Ok(b"ana@example.org".as_slice()));
    }

    #[test]
    fn equal_rows_look_different_and_hide_what_they_hold() {
        let seal = || keys().seal(b"spring", b"ana@example.org").expect("sealed");
        let sealed = seal();
        assert_ne!(sealed, seal());
        assert_eq!(sealed.len(), 12 + 15 + 16);
        assert!(!sealed.windows(3).any(|window| window == b"ana"));
    }

    #[test]
    fn another_context_or_secret_does_not_open_it() {
        let sealed = keys().seal(b"spring", b"ana@example.org").expect("sealed");
        let other = Keys::from(&Secret::from_bytes([1; 32]));
        for opened in [
            keys().open(b"autumn", &sealed),
            keys().open(b"", &sealed),
            other.open(b"spring", &sealed),
            keys().open(b"spring", b""),
            keys().open(b"spring", &sealed[..27]),
        ] {
            assert_eq!(opened, Err(SealError::DoesNotOpen));
        }
    }

    proptest! {
        #[test]
        fn what_is_sealed_opens_and_one_wrong_bit_keeps_it_shut(
            context: Vec<u8>,
            plaintext: Vec<u8>,
            at in any::<prop::sample::Index>(),
            bit in 0..8_u8,
        ) {
            let mut sealed = keys().seal(&context, &plaintext).expect("sealed");
            let opened = keys().open(&context, &sealed);
            prop_assert_eq!(opened.as_ref(), Ok(&plaintext));
            let at = at.index(sealed.len());
            sealed[at] ^= 1_u8 << bit;
            prop_assert_eq!(keys().open(&context, &sealed), Err(SealError::DoesNotOpen));
        }
    }
}
