//! What is found where below the page's path.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Path, Query, State},
    http::header,
    response::{IntoResponse as _, Response},
    routing::get,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    Edition as _, Field, Person, Remarkable, SkippedRow, Studio, asset, caught,
    desk::Look,
    door::nothing,
    letter::Letter,
    mail,
    server::{Hall, events},
};
use crate::{audience::SkipReason, keys::Token};

/// What the page itself may load: its own files, and nothing from anywhere else.
const PAGE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' data:; connect-src 'self'; frame-src 'self'; base-uri 'none'; \
    form-action 'none'; frame-ancestors 'none'";

/// The page, its files, its questions, the mails.
pub(super) fn router<S: Studio>(token: &Token) -> Router<Arc<Hall<S>>> {
    let below = |path: &str| format!("/{token}/{path}");
    Router::new()
        .route(&below(""), get(async || page_file("index.html").await))
        .route(&below("page/{name}"), get(async |Path(name): Path<String>| page_file(&name).await))
        .route(&below("events"), get(events::<S>))
        .route(&below("api/drafts"), get(drafts::<S>))
        .route(&below("api/drafts/{slug}"), get(view::<S>))
        .route(&below("api/drafts/{slug}/report"), get(report::<S>))
        .route(&below("api/drafts/{slug}/people"), get(people::<S>))
        .route(&below("api/drafts/{slug}/skipped"), get(skipped::<S>))
        .route(&below("api/drafts/{slug}/pick"), get(pick::<S>))
        .route(&below("api/drafts/{slug}/source"), get(source::<S>))
        .route(&below("api/sandbox"), get(caught::list::<S>))
        .route(&below("api/sandbox/{number}"), get(caught::one::<S>))
        .route(&below("mail/draft/{slug}/{key}/{what}"), get(mail::of_draft::<S>))
        .route(&below("mail/draft/{slug}/{key}/part/{number}"), get(mail::part_of_draft::<S>))
        .route(&below("mail/sandbox/{number}/{what}"), get(mail::of_sandbox::<S>))
        .route(&below("mail/sandbox/{number}/part/{part}"), get(mail::part_of_sandbox::<S>))
}

/// Everything that reads files or makes copies: not on the threads that answer.
pub(super) async fn work<T: Send + 'static>(
    task: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Response> {
    // It only fails by a panic, which has been told already.
    let failed = |_| axum::http::StatusCode::INTERNAL_SERVER_ERROR.into_response();
    tokio::task::spawn_blocking(task).await.map_err(failed)
}

/// An answer for the page's script.
pub(super) fn json(answer: &impl Serialize) -> Response {
    let body = serde_json::to_vec(answer).unwrap_or_default();
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}

async fn page_file(name: &str) -> Response {
    match asset::file(name) {
        Some((text, media_type)) => {
            let headers = [
                (header::CONTENT_TYPE, media_type),
                (header::CONTENT_SECURITY_POLICY, PAGE_POLICY),
            ];
            (headers, text).into_response()
        }
        None => nothing().await,
    }
}

async fn drafts<S: Studio>(State(hall): State<Arc<Hall<S>>>) -> Result<Response, Response> {
    work(move || {
        let generation = hall.desk.generation();
        json(&Dated { generation, answer: hall.desk.studio().drafts() })
    })
    .await
}

/// An answer and the generation of the files that it is of.
#[derive(Serialize)]
struct Dated<T> {
    generation: u64,
    #[serde(flatten)]
    answer: T,
}

#[derive(Deserialize)]
struct Whose {
    person: Option<String>,
}

async fn view<S: Studio>(
    State(hall): State<Arc<Hall<S>>>,
    Path(slug): Path<String>,
    Query(Whose { person }): Query<Whose>,
) -> Result<Response, Response> {
    work(move || {
        let generation = hall.desk.generation();
        let Look { line, trouble, opened } = hall.desk.look(&slug);
        let Some(opened) = opened else {
            return json(&json!({
                "generation": generation, "draft": line, "trouble": trouble, "is_stale": false,
                "people": 0, "skipped": 0, "person": null, "copy": null, "copy_trouble": [],
            }));
        };
        let edition = &opened.edition;
        let number = person.and_then(|key| edition.position(&key)).unwrap_or(0);
        let limits = hall.desk.studio().html_limits();
        let person = edition.person(number);
        let letter = person.as_ref().map(|_| Letter::of(edition, number));
        let (letter, copy_trouble) = match letter {
            Some(Ok(letter)) => (Some(letter), Vec::new()),
            Some(Err(trouble)) => (None, trouble),
            None => (None, Vec::new()),
        };
        let person =
            person.map(|person| PersonWithFields { person, fields: edition.fields(number) });
        json(&json!({
            "generation": generation,
            "draft": line,
            "is_stale": !trouble.is_empty(),
            "trouble": trouble,
            "people": edition.people(),
            "skipped": edition.skipped().len(),
            "person": person,
            "copy": letter.as_ref().map(|letter| letter.outline(limits)),
            "copy_trouble": copy_trouble,
        }))
    })
    .await
}

#[derive(Serialize)]
struct PersonWithFields {
    #[serde(flatten)]
    person: Person,
    fields: Vec<Field>,
}

async fn report<S: Studio>(
    State(hall): State<Arc<Hall<S>>>,
    Path(slug): Path<String>,
) -> Result<Response, Response> {
    work(move || {
        let generation = hall.desk.generation();
        json(&Dated { generation, answer: &*hall.desk.report(&slug) })
    })
    .await
}

/// Which of many are wanted.
#[derive(Deserialize)]
struct Range {
    find: Option<String>,
    reason: Option<SkipReason>,
    #[serde(default)]
    offset: usize,
    limit: Option<usize>,
}

impl Range {
    fn limit(&self) -> usize {
        self.limit.unwrap_or(50).min(500)
    }
}

async fn people<S: Studio>(
    State(hall): State<Arc<Hall<S>>>,
    Path(slug): Path<String>,
    Query(range): Query<Range>,
) -> Result<Response, Response> {
    work(move || {
        let words = range.find.as_deref().unwrap_or_default().to_lowercase();
        let words: Vec<&str> = words.split_whitespace().collect();
        let opened = hall.desk.look(&slug).opened;
        let people = opened.iter().flat_map(|opened| {
            let edition = &opened.edition;
            (0..edition.people()).filter_map(|number| edition.person(number))
        });
        let meant: Vec<Person> = people.filter(|person| is_meant(person, &words)).collect();
        let shown: Vec<&Person> = meant.iter().skip(range.offset).take(range.limit()).collect();
        json(&json!({ "total": meant.len(), "people": shown }))
    })
    .await
}

/// Whether all of these words stand in somebody's name or address.
fn is_meant(person: &Person, words: &[&str]) -> bool {
    let (name, address) = (person.name.to_lowercase(), person.address.to_lowercase());
    words.iter().all(|word| name.contains(word) || address.contains(word))
}

async fn skipped<S: Studio>(
    State(hall): State<Arc<Hall<S>>>,
    Path(slug): Path<String>,
    Query(range): Query<Range>,
) -> Result<Response, Response> {
    work(move || {
        let opened = hall.desk.look(&slug).opened;
        let rows = opened.as_ref().map_or(&[][..], |opened| opened.edition.skipped());
        let is_meant = |row: &&SkippedRow| range.reason.is_none_or(|reason| row.reason == reason);
        let meant: Vec<&SkippedRow> = rows.iter().filter(is_meant).collect();
        let shown: Vec<_> = meant.iter().skip(range.offset).take(range.limit()).collect();
        json(&json!({ "total": meant.len(), "rows": shown }))
    })
    .await
}

#[derive(Deserialize)]
struct Wanted {
    which: Which,
    from: Option<String>,
    /// A number that the page has drawn: what is random has no place here.
    draw: Option<usize>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Which {
    Next,
    Previous,
    First,
    Last,
    Random,
    #[serde(untagged)]
    Remarkable(Remarkable),
}

async fn pick<S: Studio>(
    State(hall): State<Arc<Hall<S>>>,
    Path(slug): Path<String>,
    Query(Wanted { which, from, draw }): Query<Wanted>,
) -> Result<Response, Response> {
    work(move || {
        let Some(opened) = hall.desk.look(&slug).opened else {
            return json(&json!({ "key": null, "why": null }));
        };
        let edition = &opened.edition;
        let count = edition.people();
        let here = from.and_then(|key| edition.position(&key)).unwrap_or(0);
        // One after the last is the first.
        let around = |steps: usize| (here + steps) % count.max(1);
        let (number, why) = match which {
            Which::Next => (around(1), None),
            Which::Previous => (around(count.saturating_sub(1)), None),
            Which::First => (0, None),
            Which::Last => (count.saturating_sub(1), None),
            Which::Random => (draw.unwrap_or(0) % count.max(1), None),
            Which::Remarkable(which) => match edition.pick(which) {
                Some(pick) => (pick.number, Some(pick.why)),
                None => (here, None),
            },
        };
        let key = edition.person(number).map(|person| person.key);
        json(&json!({ "key": key, "why": why }))
    })
    .await
}

#[derive(Deserialize)]
struct Passage {
    file: String,
    line: Option<usize>,
}

async fn source<S: Studio>(
    State(hall): State<Arc<Hall<S>>>,
    Path(slug): Path<String>,
    Query(Passage { file, line }): Query<Passage>,
) -> Result<Response, Response> {
    let text = work(move || hall.desk.studio().source(&slug, &file, line)).await?;
    match text {
        Some(text) => Ok(json(&text)),
        None => Err(nothing().await),
    }
}
