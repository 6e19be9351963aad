//! A transport that writes messages to files instead of sending them.

use std::{fs::File, io, io::Write as _, path::PathBuf};

use tempfile::NamedTempFile;
use tokio::task::spawn_blocking;

use super::{Failure, Mark, Outcome, Reply, Scope, Stage, Transport};
use crate::compose::Envelope;

/// Puts every message into a folder, as a file of its exact bytes, named by their digest:
/// `0f3a….eml`. A file is there whole or not at all, and the same message is one file however
/// often it is sent.
#[derive(Clone, Debug)]
pub struct OutboxTransport {
    folder: PathBuf,
}

impl OutboxTransport {
    /// An outbox in `folder`, which is made (0700) when the first message comes.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }
}

impl Transport for OutboxTransport {
    async fn send(&mut self, envelope: &Envelope, message: &[u8], mark: impl Mark) -> Outcome {
        let name = name(envelope, message);
        let path = self.folder.join(&name);
        let folder = self.folder.clone();
        let bytes = message.to_vec();
        let staged = match blocking(move || stage(folder, &bytes)).await {
            Ok(staged) => staged,
            Err(error) => return Outcome::NotTried(failure(Stage::Data, &error)),
        };
        if let Err(failed) = mark.commit().await {
            let reason = failed.to_string();
            let scope = Scope::Setup;
            return Outcome::NotTried(Failure { stage: Stage::Data, reply: None, reason, scope });
        }
        let folder = self.folder.clone();
        let published = blocking(move || {
            staged.persist(path).map_err(|failed| failed.error)?;
            sync_folder(&folder)
        });
        match published.await {
            Ok(()) => Outcome::Accepted(Reply::new(250, format!("2.0.0 Ok: queued as {name}"))),
            Err(error) => Outcome::Deferred(failure(Stage::Body, &error)),
        }
    }

    async fn close(&mut self) {}
}

/// Two people with the same bytes get two files.
fn name(envelope: &Envelope, message: &[u8]) -> String {
    let mut digest = ring::digest::Context::new(&ring::digest::SHA256);
    digest.update(envelope.to.as_bytes());
    digest.update(b"\n");
    digest.update(message);
    let digest = digest.finish();
    let hex: String = digest.as_ref()[..16].iter().map(|byte| format!("{byte:02x}")).collect();
    hex + ".eml"
}

/// The bytes on disk, not yet under their name; 0600.
fn stage(folder: PathBuf, bytes: &[u8]) -> io::Result<NamedTempFile> {
    make_private(&folder)?;
    let mut file = NamedTempFile::new_in(&folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    Ok(file)
}

fn make_private(folder: &std::path::Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(folder)
}

/// Makes the new name durable as well.
fn sync_folder(folder: &std::path::Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    spawn_blocking(work).await.map_err(io::Error::other)?
}

fn failure(stage: Stage, error: &io::Error) -> Failure {
    Failure {
        stage,
        reply: None,
        reason: format!("the outbox cannot be written: {error}"),
        scope: Scope::Setup,
    }
}
