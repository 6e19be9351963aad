//! The digest: one number for everything that shapes what people read, and nothing about whom.

use std::fmt;

use ring::digest::{Context, SHA256};
use serde::Serialize;

/// SHA-256 over a draft's text, templates, files and settings; lower-case hex.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digest(String);

/// What goes into a digest, in this order.
#[derive(Clone, Copy, Debug)]
pub struct Shape<'a, F, S> {
    /// The Markdown body.
    pub body: &'a str,
    /// The front matter that shapes the message, in a stable form.
    pub front_matter: &'a F,
    /// Templates used, built-in ones too: path and text, sorted.
    pub templates: &'a [(&'a str, &'a str)],
    /// Attachments and pictures: path as written and bytes.
    pub files: &'a [(&'a str, &'a [u8])],
    /// Settings that shape the message.
    pub settings: &'a S,
}

impl<F: Serialize, S: Serialize> Shape<'_, F, S> {
    /// Adds it up. Every part is preceded by its length, so that no two shapes share bytes.
    pub fn digest(&self) -> Digest {
        let mut hash = Hash(Context::new(&SHA256));
        hash.part(b"announce digest 1");
        hash.part(self.body.replace("\r\n", "\n").as_bytes());
        hash.part(&serde_json::to_vec(self.front_matter).unwrap_or_default());
        for (path, text) in self.templates {
            hash.part(path.as_bytes());
            hash.part(text.replace("\r\n", "\n").as_bytes());
        }
        for (path, bytes) in self.files {
            hash.part(path.as_bytes());
            hash.part(bytes);
        }
        hash.part(&serde_json::to_vec(self.settings).unwrap_or_default());
        Digest(hash.0.finish().as_ref().iter().map(|byte| format!("{byte:02x}")).collect())
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

struct Hash(Context);

impl Hash {
    fn part(&mut self, bytes: &[u8]) {
        self.0.update(&(bytes.len() as u64).to_be_bytes());
        self.0.update(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(body: &str, files: &[(&str, &[u8])]) -> Digest {
        Shape { body, front_matter: &"front", templates: &[], files, settings: &"settings" }
            .digest()
    }

    #[test]
    fn line_ends_do_not_change_a_digest_and_words_do() {
        assert_eq!(digest("a\r\nb", &[]), digest("a\nb", &[]));
        assert_ne!(digest("a\nb", &[]), digest("a\nc", &[]));
    }

    #[test]
    fn bytes_cannot_move_from_one_part_to_the_next() {
        assert_ne!(digest("", &[("a", b"b")]), digest("", &[("ab", b"")]));
    }
}
