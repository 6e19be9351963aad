//! A transport that writes messages to files instead of sending them.

use std::{fs::File, io, io::Write as _, path::PathBuf};

use tempfile::NamedTempFile;
use tokio::task::spawn_blocking;

use super::{Failure, Outcome, Reply, Scope, Stage, Transport, guard::check};
use crate::compose::Envelope;

/// Puts every message into a folder, as a file of its exact bytes, named by their digest:
/// `0f3a….eml`. A file is there whole or not at all, and the same message is one file however
/// often it is sent.
#[derive(Debug)]
pub struct OutboxTransport {
    folder: PathBuf,
    /// On disk, not yet under its name.
    staged: Option<(String, NamedTempFile)>,
}

impl OutboxTransport {
    /// An outbox in `folder`, which is made (0700) when the first message comes.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into(), staged: None }
    }
}

impl Transport for OutboxTransport {
    async fn ask(&mut self, envelope: &Envelope, message: &[u8]) -> Result<(), Outcome> {
        check(envelope)?;
        let name = name(envelope, message);
        let folder = self.folder.clone();
        let bytes = message.to_vec();
        match blocking(move || stage(folder, &bytes)).await {
            Ok(staged) => self.staged = Some((name, staged)),
            Err(error) => return Err(Outcome::NotTried(failure(Stage::Data, &error))),
        }
        Ok(())
    }

    async fn hand_over(&mut self, _: Option<(&Envelope, &[u8])>) -> Outcome {
        let folder = self.folder.clone();
        let Some((name, staged)) = self.staged.take() else {
            let nothing = io::Error::other("nothing was put into it");
            return Outcome::Deferred(failure(Stage::Body, &nothing));
        };
        let path = self.folder.join(&name);
        let published = blocking(move || {
            staged.persist(path).map_err(|failed| failed.error)?;
            sync_folder(&folder)
        });
        match published.await {
            Ok(()) => Outcome::Accepted(Reply::new(250, format!("2.0.0 Ok: queued as {name}"))),
            Err(error) => Outcome::Deferred(failure(Stage::Body, &error)),
        }
    }

    async fn close(&mut self) {
        self.staged = None;
    }
}

/// Two people with the same bytes get two files.
fn name(envelope: &Envelope, message: &[u8]) -> String {
    let mut digest = ring::digest::Context::new(&ring::digest::SHA256);
    digest.update(envelope.to.as_bytes());
    digest.update(b"\n");
    digest.update(message);
    let digest = digest.finish();
    let (start, _) = digest.as_ref().split_first_chunk().expect("SHA-256 has 32 bytes");
    format!("{:032x}.eml", u128::from_be_bytes(*start))
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

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;
    use crate::deliver::contract::{Bench, Marks, promises};

    struct Folder {
        dir: TempDir,
        transport: OutboxTransport,
    }

    impl Folder {
        fn new() -> Self {
            let dir = TempDir::new().unwrap();
            let transport = OutboxTransport::new(dir.path().join("state/outbox"));
            Self { dir, transport }
        }
    }

    impl Bench for Folder {
        type Transport = OutboxTransport;

        fn transport(&mut self) -> &mut OutboxTransport {
            &mut self.transport
        }

        fn look(&self) -> impl Fn() -> Vec<Vec<u8>> + Send + 'static {
            let folder = self.dir.path().join("state/outbox");
            move || {
                let Ok(entries) = std::fs::read_dir(&folder) else { return Vec::new() };
                let paths = entries.map(|entry| entry.unwrap().path());
                paths
                    .filter(|path| path.extension().is_some_and(|extension| extension == "eml"))
                    .map(|path| std::fs::read(path).unwrap())
                    .collect()
            }
        }
    }

    promises!(Folder::new());

    #[tokio::test]
    async fn files_are_private_and_named_after_nobody() {
        use std::os::unix::fs::PermissionsExt;
        let mut bench = Folder::new();
        let envelope = Envelope { from: String::new(), to: "ana@example.org".to_owned() };
        let mark = Marks::default();
        for _ in 0..2 {
            bench.transport.send(&envelope, b"x", mark.clone()).await;
        }
        let folder = bench.dir.path().join("state/outbox");
        let files: Vec<_> = folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
        assert_eq!(files.len(), 1, "the same message is one file");
        assert!(!files[0].to_string_lossy().contains("ana"));
        let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&folder), mode(&files[0])), (0o700, 0o600));
    }
}
