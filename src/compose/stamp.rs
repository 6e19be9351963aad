//! What makes a message this person's and this try's.

use jiff::Timestamp;

use super::Error;

/// Length of a token: 128 bits in base32 without padding.
pub(super) const TOKEN_LENGTH: usize = 26;

/// The person a message is for.
#[derive(Clone, Copy)]
pub struct Recipient<'a> {
    /// Where it goes: local part as typed, domain as A-label.
    pub address: &'a str,
    /// The name in `To`, if the list has one.
    pub name: Option<&'a str>,
}

/// Ids and date of one message. The tokens are derived from campaign and person
/// ([`crate::keys`]), so that composing again gives the same bytes.
#[derive(Clone, Copy, Debug)]
pub struct Stamp<'a> {
    /// Left side of the `Message-ID`.
    pub message_id: &'a str,
    /// What the MIME boundaries are made of.
    pub boundary: &'a str,
    /// By which a bounce finds its delivery.
    pub return_path: &'a str,
    /// By which an unsubscription finds its person.
    pub unsubscribe: &'a str,
    /// Left side of the `Message-ID` of the person's message that this one answers.
    pub answers: Option<&'a str>,
    /// When the first try began; shown in whole seconds, UTC.
    pub date: Timestamp,
    /// A test mail: marked in the subject, and nobody can be unsubscribed by it.
    pub test: bool,
}

impl Stamp<'_> {
    /// Refuses what is no token: nothing else may pass by this way into a header.
    pub(super) fn check(&self) -> Result<(), Error> {
        let Self { message_id, boundary, return_path, unsubscribe, answers, date: _, test: _ } =
            self;
        let tokens = [
            ("Message-ID", message_id),
            ("Content-Type", boundary),
            ("Return-Path", return_path),
            ("List-Unsubscribe", unsubscribe),
        ];
        let is_base32 = |byte: u8| matches!(byte, b'a'..=b'z' | b'2'..=b'7');
        let answered = answers.as_ref().map(|token| ("In-Reply-To", token));
        for (header, token) in tokens.into_iter().chain(answered) {
            if token.len() != TOKEN_LENGTH || !token.bytes().all(is_base32) {
                return Err(Error::Invalid { header, expected: "a token of 26 base32 characters" });
            }
        }
        Ok(())
    }
}
