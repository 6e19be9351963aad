//! Everything that an approval covers, in a form that can be read again.

use std::collections::BTreeMap;

use ring::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What somebody has seen when they approve: the announcement, and whom it is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exhibit {
    /// What people read.
    pub shape: Shape,
    /// Who they are.
    pub audience: Audience,
}

/// Everything that shapes what people read. A campaign's digest is that of these very bytes, so
/// that nothing changes the one and not the other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shape {
    /// The front matter that shapes the message; how it is spelled does not matter.
    pub front_matter: Map<String, Value>,
    /// The Markdown.
    pub body: Text,
    /// Templates used, built-in ones too, by their path below `templates/`.
    pub templates: BTreeMap<String, Text>,
    /// Attachments, then pictures.
    pub files: Vec<Filed>,
    /// Settings that shape the message.
    pub settings: Map<String, Value>,
    /// Columns of the lists that it shows.
    pub columns: Vec<String>,
}

/// Whom the draft is for. Their order counts: somebody on two lists has the fields of the first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Audience {
    /// Names of lists.
    pub lists: Vec<String>,
    /// `where`: columns, each with the values that it accepts.
    pub filter: Vec<(String, Vec<String>)>,
    /// Lists and campaigns whose people get nothing.
    pub exclude: Vec<String>,
}

/// A text with `\n` for line ends, however its file ends them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text(String);

impl Text {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self(text.replace("\r\n", "\n"))
    }
}

/// A file that travels along, known by its bytes and not kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Filed {
    /// Path as the draft writes it.
    pub path: String,
    /// Its size in bytes.
    pub size: u64,
    /// SHA-256 of its bytes, lower-case hex.
    pub sha256: String,
}

impl Filed {
    /// Looks at a file.
    pub fn new(path: &str, bytes: &[u8]) -> Self {
        let sum = digest(&SHA256, bytes);
        let sha256 = sum.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        Self { path: path.to_owned(), size: bytes.len() as u64, sha256 }
    }
}

/// A stored exhibit that cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("what was approved cannot be read any more")]
pub struct Damaged;

impl Shape {
    /// The same bytes for the same shape, and other bytes for any other.
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }
}

impl Exhibit {
    /// The same bytes for the same exhibit, and other bytes for any other.
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// Reads [`Exhibit::to_bytes`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Damaged> {
        serde_json::from_slice(bytes).map_err(|_| Damaged)
    }
}
