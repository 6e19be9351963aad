//! What the server offers and asks for.

use std::borrow::Cow;

use super::{Auth, Extension, Mechanism};

/// The same for every conversation.
pub(super) struct Terms {
    pub(super) extensions: Vec<Extension>,
    /// STARTTLS is offered, and nothing is taken without it.
    pub(super) starttls: bool,
    pub(super) auth: Option<Auth>,
}

impl Terms {
    pub(super) fn offers(&self, extension: Extension) -> bool {
        self.extensions.contains(&extension)
    }

    /// The largest message in bytes, where there is a limit.
    pub(super) fn size_limit(&self) -> Option<u64> {
        self.extensions.iter().find_map(|extension| match extension {
            Extension::Size(bytes) => Some(*bytes),
            _ => None,
        })
    }

    /// The lines of the answer to EHLO. AUTH is not offered in the clear where there could be TLS.
    pub(super) fn listed(&self, encrypted: bool) -> Vec<Cow<'static, str>> {
        let mut lines: Vec<Cow<'static, str>> = vec!["localhost".into()];
        lines.extend(self.extensions.iter().map(|extension| extension.to_string().into()));
        if self.starttls && !encrypted {
            lines.push("STARTTLS".into());
        } else if let Some(auth) = &self.auth {
            let names: Vec<_> = auth.mechanisms.iter().map(Mechanism::to_string).collect();
            lines.push(format!("AUTH {}", names.join(" ")).into());
        }
        lines
    }
}
