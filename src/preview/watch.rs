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
    tell: mpsc::UnboundedSender<Heard>,
    changes: mpsc::UnboundedReceiver<Heard>,
}

/// A change.
pub(super) struct News {
    /// The files and folders that the system has told of, each once.
    told: Vec<PathBuf>,
    /// Folders that were not watched before.
    found: Vec<PathBuf>,
    /// Whether that is all of them: of a flood of changes the system forgets some.
    pub(super) is_whole: bool,
}

/// What is heard of it.
enum Heard {
    Written(PathBuf),
    Found(PathBuf),
    TooMuch,
}

impl Watch {
    /// Begins. Where the system cannot tell of changes, the files are looked at twice a second.
    pub(super) fn start(folders: &[(PathBuf, bool)]) -> notify::Result<Self> {
        let (tell, changes) = mpsc::unbounded_channel();
        let heard = {
            let tell = tell.clone();
            move |event| hear(event, &tell)
        };
        let told: notify::Result<Box<dyn Watcher + Send>> =
            RecommendedWatcher::new(heard, Config::default()).map(|watcher| Box::new(watcher) as _);
        let (watcher, is_told) = match told {
            Ok(watcher) => (watcher, true),
            Err(_) => (poll(tell.clone())?, false),
        };
        let mut watch = Self { watcher, watched: Vec::new(), tell, changes };
        if let Err(error) = watch.add(folders) {
            if !is_told {
                return Err(error);
            }
            watch.watcher = poll(watch.tell.clone())?;
            watch.watched.clear();
            watch.add(folders)?;
        }
        Ok(watch)
    }

    /// Watches these folders from now on; those that are not there are left out. One of which the
    /// last `news` told may be another of its name. What is new counts as changed: nobody has told
    /// what was put into it before it was watched.
    pub(super) fn follow(
        &mut self,
        folders: &[(PathBuf, bool)],
        news: &News,
    ) -> notify::Result<()> {
        let Self { watcher, watched, .. } = self;
        watched.retain(|known| {
            let stays = folders.contains(known) && !news.told.contains(&known.0);
            if !stays {
                // It may be gone.
                let _ = watcher.unwatch(&known.0);
            }
            stays
        });
        for folder in self.add(folders)? {
            let _ = self.tell.send(Heard::Found(folder));
        }
        Ok(())
    }

    /// Watches what is not watched yet; what that was.
    fn add(&mut self, folders: &[(PathBuf, bool)]) -> notify::Result<Vec<PathBuf>> {
        let mut added = Vec::new();
        for (folder, deep) in folders {
            if !folder.is_dir() || self.watched.contains(&(folder.clone(), *deep)) {
                continue;
            }
            let mode = if *deep { RecursiveMode::Recursive } else { RecursiveMode::NonRecursive };
            self.watcher.watch(folder, mode)?;
            self.watched.push((folder.clone(), *deep));
            added.push(folder.clone());
        }
        Ok(added)
    }

    /// The next change; none when there will be none any more.
    pub(super) async fn next(&mut self) -> Option<News> {
        let mut news = News { told: Vec::new(), found: Vec::new(), is_whole: true };
        news.add(self.changes.recv().await?);
        for _ in 0..PATIENCE {
            let Ok(Some(heard)) = timeout(QUIET, self.changes.recv()).await else { break };
            news.add(heard);
            while let Ok(heard) = self.changes.try_recv() {
                news.add(heard);
            }
        }
        news.told.sort();
        news.told.dedup();
        Some(news)
    }
}

impl News {
    /// All that may be another now.
    pub(super) fn paths(&self) -> impl Iterator<Item = &PathBuf> {
        self.told.iter().chain(&self.found)
    }

    fn add(&mut self, heard: Heard) {
        match heard {
            Heard::Written(path) => self.told.push(path),
            Heard::Found(folder) => self.found.push(folder),
            Heard::TooMuch => self.is_whole = false,
        }
    }
}

fn poll(tell: mpsc::UnboundedSender<Heard>) -> notify::Result<Box<dyn Watcher + Send>> {
    let config = Config::default().with_poll_interval(POLL);
    let watcher = PollWatcher::new(move |event| hear(event, &tell), config)?;
    Ok(Box::new(watcher))
}

/// Passes on what was written. That a file was read or opened changes nothing.
fn hear(event: notify::Result<Event>, tell: &mpsc::UnboundedSender<Heard>) {
    let Ok(event) = event else { return };
    if event.need_rescan() {
        let _ = tell.send(Heard::TooMuch);
    }
    match event.kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write)) => {}
        EventKind::Access(_) => return,
        _ => {}
    }
    for path in event.paths {
        let _ = tell.send(Heard::Written(path));
    }
}
