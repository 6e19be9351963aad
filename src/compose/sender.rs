//! Who a message is from.

use lettre::Address;

use super::{
    Error, address,
    header::{Field, check_text},
};

/// The organisation that sends.
#[derive(Clone, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
pub struct Sender {
    /// The name in `From`; also that of the list in `List-Id`.
    pub name: String,
    /// The address in `From`.
    pub address: String,
    /// Where answers go, if elsewhere.
    pub reply_to: Option<String>,
    /// The domain, as A-label, under which `Message-ID` and `List-Id` are unique.
    pub domain: String,
}

/// A checked [`Sender`], its headers ready to be copied.
#[derive(Clone)]
pub(super) struct Letterhead {
    /// The address in `From`.
    pub(super) address: Address,
    /// Right side of every `Message-ID`.
    pub(super) domain: String,
    /// `From`, `Reply-To`.
    pub(super) from: Vec<u8>,
    /// `List-Id`: one a sender, so that no header tells on which list somebody is (RFC 2919).
    pub(super) list_id: Vec<u8>,
}

impl Letterhead {
    /// Checks and writes what every message of this sender has in common.
    pub(super) fn new(sender: Sender) -> Result<Self, Error> {
        let Sender { name, address, reply_to, domain } = sender;
        check_text("From", &name)?;
        check_domain(&domain)?;
        let address = address::parse("From", &address)?;
        let mut from = Vec::new();
        Field::new(&mut from, "From").mailbox(&name, address.as_ref()).end();
        if let Some(reply_to) = reply_to {
            let reply_to = address::parse("Reply-To", &reply_to)?;
            Field::new(&mut from, "Reply-To").word(reply_to.as_ref()).end();
        }
        let mut list_id = Vec::new();
        let field = Field::new(&mut list_id, "List-Id");
        let field = if name.trim().is_empty() { field } else { field.phrase(name.trim()) };
        field.word(&format!("<announcements.{domain}>")).end();
        Ok(Self { address, domain, from, list_id })
    }
}

/// Letters, digits and hyphens between dots (RFC 1123 §2.1).
fn check_domain(domain: &str) -> Result<(), Error> {
    let is_label = |label: &str| {
        !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    if domain.len() > 200 || !domain.split('.').all(is_label) {
        let expected = "a domain such as `example.org`";
        return Err(Error::Invalid { header: "Message-ID", expected });
    }
    Ok(())
}
