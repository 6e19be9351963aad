//! The page's server: this machine only, and of it only who knows the path.

use std::{convert::Infallible, io, net::Ipv4Addr, path::PathBuf, sync::Arc};

use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderValue, Method, StatusCode, header},
    middleware::{self, Next},
    response::{
        IntoResponse as _, Response, Sse,
        sse::{Event, KeepAlive},
    },
};
use futures_util::{Stream, stream};
use serde_json::json;
use tokio::{net::TcpListener, sync::broadcast};

use super::{Change, Studio, desk::Desk, routes, watch::Watch};
use crate::keys::Token;

/// Signals that a page which is slow to read them may miss before it is told to look again.
const SIGNALS: usize = 64;

/// A preview that listens.
pub struct Preview<S: Studio> {
    listener: TcpListener,
    port: u16,
    token: Token,
    watch: Option<Watch>,
    hall: Arc<Hall<S>>,
}

/// What all answers share.
pub(super) struct Hall<S: Studio> {
    pub(super) desk: Desk<S>,
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
        let port = listener.local_addr()?.port();
        // Without it the page works; it has to be loaded again by hand.
        let watch = Watch::start(&studio.folders()).ok();
        let (signals, _) = broadcast::channel(SIGNALS);
        let hall = Arc::new(Hall { desk: Desk::new(studio), signals });
        Ok(Self { listener, port, token, watch, hall })
    }

    /// Where the page is.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/{}/", self.port, self.token)
    }

    /// Whether the page will hear of changes by itself.
    pub fn is_watching(&self) -> bool {
        self.watch.is_some()
    }

    /// Answers until it is dropped.
    pub async fn serve(self) -> io::Result<()> {
        let Self { listener, port, token, watch, hall } = self;
        let door = Arc::new(Door { token, port });
        let router = routes::router(&door.token)
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

/// Who is let in.
struct Door {
    token: Token,
    port: u16,
}

impl Door {
    /// Whether a request knows the path, and asked for this machine by name: a page of somewhere
    /// else whose name points here does not.
    fn opens_to(&self, request: &Request) -> bool {
        let segment = request.uri().path().split('/').nth(1).unwrap_or_default();
        let knows = segment.parse().is_ok_and(|token: Token| self.token.matches(&token));
        let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
        let ours = ["127.0.0.1", "localhost"].map(|name| format!("{name}:{}", self.port));
        knows && host.is_some_and(|host| ours.iter().any(|ours| ours == host))
    }
}

/// Turns strangers away as if nothing were here, and says of all answers that they are nobody
/// else's.
async fn guard(State(door): State<Arc<Door>>, request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    let mut response = match door.opens_to(&request) && reads {
        true => next.run(request).await,
        false => nothing().await.into_response(),
    };
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    for (name, value) in [
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

/// What strangers see.
pub(super) async fn nothing() -> Response {
    (StatusCode::NOT_FOUND, Body::empty()).into_response()
}

/// Tells open pages what has changed.
async fn follow<S: Studio>(mut watch: Watch, hall: &Hall<S>) {
    loop {
        let paths = watch.next().await;
        if paths.is_empty() {
            return;
        }
        let studio = hall.desk.studio();
        let mut changes: Vec<Change> =
            paths.iter().filter_map(|path: &PathBuf| studio.concerns(path)).collect();
        changes.dedup();
        if changes.is_empty() {
            continue;
        }
        // A folder may be new, or named by new settings.
        let _ = watch.follow(&studio.folders());
        let generation = hall.desk.changed(&changes);
        let files = changes.iter().filter_map(|change| match change {
            Change::Draft { file, .. } | Change::Everything { file } => Some(file.clone()),
            Change::Caught => None,
        });
        let files: Vec<String> = files.collect();
        // Nobody may be looking.
        if !files.is_empty() {
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
