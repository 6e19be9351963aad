//! `announce.toml` and the files of a workspace: the one place that reads drafts, templates, lists
//! and secrets from the disk.
//!
//! Owns: [`Settings`], the [`Workspace`] and its paths, the templates built into the program,
//! secrets, scaffolding. Does not know: how anything runs. No stage names this module; the command
//! line hands them what they need.

mod asset;
mod builtin;
mod draft_file;
mod file;
mod mask;
mod password;
mod read;
mod read_approval;
mod read_check;
mod read_pace;
mod read_smtp;
mod rewrite;
pub mod scaffold;
mod section;
mod server;
mod settings;
mod state;
mod templates;
mod workspace;

pub use asset::Asset;
pub use draft_file::{DraftFile, is_slug};
pub use password::PasswordSource;
pub use server::{Relay, Security, Server};
pub use settings::{List, Pace, Sender, Settings, Smtp, Unsubscribe};
pub use templates::Templates;
pub use workspace::{ListFile, Workspace};

#[cfg(test)]
mod tests;
