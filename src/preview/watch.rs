//! Says when files change: at once, but once for what an editor does in one go.

use std::{path::PathBuf, time::Duration};

use notify::{
    Config, Event, EventKind, PollWatcher, RecommendedWatcher, RecursiveMode, Watcher,
    event::{AccessKind, AccessMode},
};
use tokio::{sync::mpsc, time::timeout};

/// A save is over when nothing more comes for so long: editors write, rename and set times in turn.
const QUIET: Duration = Duration::from_millis(15);

/// How many times what is still going on is waited for, before it is told in part.
const PATIENCE: usize = 8;

/// How often files are looked at where the system does not tell of changes.
const POLL: Duration = Duration::from_millis(500);

/// Watches folders until it is dropped.
pub(super) struct Watch {
    watcher: Box<dyn Watcher + Send>,
    watched: Vec<(PathBuf, bool)>,
    changes: mpsc::UnboundedReceiver<PathBuf>,
}

impl Watch {
    /// Begins. Where the system cannot tell of changes, the files are looked at twice a second.
    pub(super) fn start(folders: Vec<(PathBuf, bool)>) -> notify::Result<Self> {
        let (tell, changes) = mpsc::unbounded_channel();
        let heard = {
            let tell = tell.clone();
            move |event| hear(event, &tell)
        };
        let told: notify::Result<Box<dyn Watcher + Send>> =
            RecommendedWatcher::new(heard, Config::default()).map(|watcher| Box::new(watcher) as _);
        let mut watch = match told {
            Ok(watcher) => Self { watcher, watched: Vec::new(), changes },
            Err(_) => Self { watcher: poll(tell.clone())?, watched: Vec::new(), changes },
        };
        if watch.follow(folders.clone(), &[]).is_err() {
            watch.watcher = poll(tell)?;
            watch.watched.clear();
            watch.follow(folders, &[])?;
        }
        Ok(watch)
    }

    /// Watches these folders from now on; those that are not there are left out. One that has
    /// `changed` itself may be another of the same name.
    pub(super) fn follow(
        &mut self,
        folders: Vec<(PathBuf, bool)>,
        changed: &[PathBuf],
    ) -> notify::Result<()> {
        let stays =
            |known: &(PathBuf, bool)| folders.contains(known) && !changed.contains(&known.0);
        for (folder, _) in self.watched.iter().filter(|known| !stays(known)) {
            // It may be gone.
            let _ = self.watcher.unwatch(folder);
        }
        self.watched.retain(stays);
        for (folder, deep) in folders {
            if folder.is_dir() && !self.watched.contains(&(folder.clone(), deep)) {
                let mode =
                    if deep { RecursiveMode::Recursive } else { RecursiveMode::NonRecursive };
                self.watcher.watch(&folder, mode)?;
                self.watched.push((folder, deep));
            }
        }
        Ok(())
    }

    /// The files of the next change, each once.
    pub(super) async fn next(&mut self) -> Vec<PathBuf> {
        let mut paths: Vec<PathBuf> = self.changes.recv().await.into_iter().collect();
        for _ in 0..PATIENCE {
            let Ok(Some(path)) = timeout(QUIET, self.changes.recv()).await else { break };
            paths.push(path);
            while let Ok(path) = self.changes.try_recv() {
                paths.push(path);
            }
        }
        paths.sort();
        paths.dedup();
        paths
    }
}

fn poll(tell: mpsc::UnboundedSender<PathBuf>) -> notify::Result<Box<dyn Watcher + Send>> {
    let config = Config::default().with_poll_interval(POLL);
    let watcher = PollWatcher::new(move |event| hear(event, &tell), config)?;
    Ok(Box::new(watcher))
}

/// Passes on what was written. That a file was read or opened changes nothing.
fn hear(event: notify::Result<Event>, tell: &mpsc::UnboundedSender<PathBuf>) {
    let Ok(event) = event else { return };
    match event.kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write)) => {}
        EventKind::Access(_) => return,
        _ => {}
    }
    for path in event.paths {
        let _ = tell.send(path);
    }
}
