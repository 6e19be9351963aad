//! The digest: one number for everything that shapes what people read, and nothing about whom.

use std::fmt;

use ring::digest::{Context, SHA256};

use crate::approval::Shape;

/// SHA-256 over a draft's text, templates, files and settings; lower-case hex.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digest(String);

impl Digest {
    /// Adds up a shape: what an approval covers is what a campaign is known by.
    pub fn of(shape: &Shape) -> Self {
        let mut hash = Context::new(&SHA256);
        hash.update(b"announce digest 1\n");
        hash.update(&shape.to_bytes());
        Self(hash.finish().as_ref().iter().map(|byte| format!("{byte:02x}")).collect())
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::approval::Filed;

    fn digest(body: &str, files: Vec<Filed>) -> Digest {
        Digest::of(&Shape {
            front_matter: serde_json::Map::new(),
            body: body.into(),
            templates: std::collections::BTreeMap::new(),
            files,
            settings: serde_json::Map::new(),
            columns: Vec::new(),
        })
    }

    #[test]
    fn line_ends_do_not_change_a_digest_and_words_do() {
        assert_eq!(digest("a\r\nb", Vec::new()), digest("a\nb", Vec::new()));
        assert_ne!(digest("a\nb", Vec::new()), digest("a\nc", Vec::new()));
    }

    #[test]
    fn bytes_cannot_move_from_one_part_to_the_next() {
        let (one, other) = (Filed::new("a", b"b"), Filed::new("ab", b""));
        assert_ne!(digest("", vec![one]), digest("", vec![other]));
    }
}
