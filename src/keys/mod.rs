//! The workspace's secret and what is derived from it: the key that stands for a person, the
//! tokens in a message, and the seal over addresses at rest.
//!
//! One HKDF-SHA-256 subkey a purpose; inputs of a MAC are length-prefixed, so that no two
//! meanings share bytes. Tokens are 128 bits in lower-case base32 (RFC 4648 §6, no padding).

mod base32;
mod derive;
mod person;
mod random;
mod seal;
mod secret;
mod token;

pub use derive::{Keys, TestNonce};
pub use person::PersonKey;
pub use random::NoRandomness;
pub use seal::SealError;
pub use secret::{BadSecret, Secret, SecretError};
pub use token::{BadToken, Token};
