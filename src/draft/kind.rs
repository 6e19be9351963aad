//! A kind of announcement: what its front matter may say.

/// A kind as its `kind.toml` defines it.
#[derive(Clone, Debug)]
pub struct Kind {
    /// Folder name (`event`).
    pub name: String,
    /// One line for `announce new --help` (`an invitation to an event`).
    pub description: String,
}
