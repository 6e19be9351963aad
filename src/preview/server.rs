//! The page's server, on this machine only: it answers, and tells open pages what changes.

use std::{convert::Infallible, io, net::Ipv4Addr, sync::Arc};

use axum::{
    extract::State,
    middleware,
    response::{
        Sse,
        sse::{Event, KeepAlive},
    },
};
use futures_util::{Stream, stream};
use serde_json::json;
use tokio::{net::TcpListener, sync::broadcast};

use super::{
    Change, Studio,
    caught::Lines,
    desk::Desk,
    door::{Door, guard, nothing},
    routes,
    watch::Watch,
};
use crate::keys::Token;

/// Signals that a page which is slow to read them may miss before it is told to look again.
const SIGNALS: usize = 64;

/// A preview that listens.
pub struct Preview<S: Studio> {
    listener: TcpListener,
    door: Arc<Door>,
    watch: Option<Watch>,
    hall: Arc<Hall<S>>,
}

/// What all answers share.
pub(super) struct Hall<S: Studio> {
    pub(super) desk: Desk<S>,
    pub(super) caught: Lines,
    signals: broadcast::Sender<Signal>,
}

/// What open pages are told.
#[derive(Clone, Debug)]
enum Signal {
    Changed { generation: u64, paths: Vec<String> },
    Caught { generation: u64 },
}

impl<S: Studio> Preview<S> {
    /// Takes a free port of this machine, and watches the newsroom's files. The page is found only
    /// below `token`.
    pub async fn start(studio: S, token: Token) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let door = Arc::new(Door::new(token, listener.local_addr()?.port()));
        // Without it the page works; it has to be loaded again by hand.
        let watch = Watch::start(&studio.folders()).ok();
        let (signals, _) = broadcast::channel(SIGNALS);
        let hall = Arc::new(Hall { desk: Desk::new(studio), caught: Lines::default(), signals });
        Ok(Self { listener, door, watch, hall })
    }

    /// Where the page is.
    pub fn url(&self) -> String {
        self.door.url()
    }

    /// An address that leads to `place` on the page, once: what a browser is started with can be
    /// read by everybody on this machine.
    pub fn invite(&self, token: Token, place: &str) -> String {
        self.door.invite(token, place)
    }

    /// Whether the page will hear of changes by itself.
    pub fn is_watching(&self) -> bool {
        self.watch.is_some()
    }

    /// Answers until it is dropped.
    pub async fn serve(self) -> io::Result<()> {
        let Self { listener, door, watch, hall } = self;
        let router = routes::router(door.token())
            .with_state(Arc::clone(&hall))
            .fallback(nothing)
            .layer(middleware::from_fn_with_state(door, guard));
        let attend = async {
            match watch {
                Some(watch) => follow(watch, &hall).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            ended = async { axum::serve(listener, router).await } => ended,
            () = attend => Ok(()),
        }
    }
}

/// Tells open pages what has changed.
async fn follow<S: Studio>(mut watch: Watch, hall: &Hall<S>) {
    loop {
        let Some(news) = watch.next().await else { return };
        let studio = hall.desk.studio();
        let mut changes: Vec<Change> =
            news.paths().filter_map(|path| studio.concerns(path)).collect();
        changes.dedup();
        if !news.is_whole {
            changes.extend([Change::Everything { file: String::new() }, Change::Caught]);
        }
        if changes.is_empty() {
            continue;
        }
        // A folder may be new, or named by new settings.
        let _ = watch.follow(&studio.folders(), &news);
        let generation = hall.desk.changed(&changes);
        let files = changes.iter().filter_map(|change| match change {
            Change::Draft { file, .. } | Change::Everything { file } => Some(file.clone()),
            Change::Caught => None,
        });
        let mut files: Vec<String> = files.collect();
        // Nobody may be looking.
        if !files.is_empty() {
            // No path at all is all of them.
            if !news.is_whole {
                files.clear();
            }
            let _ = hall.signals.send(Signal::Changed { generation, paths: files });
        }
        if changes.contains(&Change::Caught) {
            let _ = hall.signals.send(Signal::Caught { generation });
        }
    }
}

/// `events`: what changes, as it changes.
pub(super) async fn events<S: Studio>(
    State(hall): State<Arc<Hall<S>>>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let signals = hall.signals.subscribe();
    let hello = event("hello", &json!({ "generation": hall.desk.generation() }));
    let first = stream::iter([Ok(hello)]);
    let rest = stream::unfold((signals, hall), |(mut signals, hall)| async move {
        let event = match signals.recv().await {
            Ok(Signal::Changed { generation, paths }) => {
                event("changed", &json!({ "generation": generation, "paths": paths }))
            }
            Ok(Signal::Caught { generation }) => {
                event("caught", &json!({ "generation": generation }))
            }
            // What it has missed is found by looking again.
            Err(broadcast::error::RecvError::Lagged(_)) => {
                let generation = hall.desk.generation();
                event("changed", &json!({ "generation": generation, "paths": [] }))
            }
            Err(broadcast::error::RecvError::Closed) => return None,
        };
        Some((Ok(event), (signals, hall)))
    });
    Sse::new(futures_util::StreamExt::chain(first, rest)).keep_alive(KeepAlive::default())
}

fn event(name: &str, data: &serde_json::Value) -> Event {
    Event::default().event(name).data(data.to_string())
}
