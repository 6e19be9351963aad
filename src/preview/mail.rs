//! The mails themselves: as a page for the frame, as text, as they travel.

use std::sync::Arc;

use axum::{
    extract::{Path, Query, State},
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use serde::Deserialize;

use super::{
    Edition as _, Part, Studio, caught,
    door::nothing,
    frame::{framed, without_frames},
    letter::Letter,
    routes::{json, work},
    server::Hall,
};

/// What a mail may load: its own pictures. No script runs in it, whatever it says.
const POLICY: &str = "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-same-origin";

/// The same with its pictures off.
const BLIND_POLICY: &str = "default-src 'none'; img-src 'none'; style-src 'unsafe-inline'; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-same-origin";

/// How a mail is wanted.
#[derive(Default, Deserialize)]
pub(super) struct Manner {
    images: Option<String>,
    marks: Option<String>,
    download: Option<String>,
}

impl Manner {
    fn marks(&self) -> bool {
        self.marks.as_deref() == Some("on")
    }
}

/// `mail/draft/SLUG/KEY/WHAT`.
pub(super) async fn of_draft<S: Studio>(
    State(hall): State<Arc<Hall<S>>>,
    Path((slug, key, what)): Path<(String, String, String)>,
    Query(manner): Query<Manner>,
) -> Result<Response, Response> {
    let answer = work(move || {
        let opened = hall.desk.look(&slug).opened?;
        let edition = &opened.edition;
        let person = edition.position(&key)?;
        if what == "places" {
            return edition.places(person).map(|placed| json(&placed));
        }
        let letter = Letter::of(edition, person).ok()?;
        let marked = if manner.marks() { edition.marked(person) } else { None };
        let (html, text) =
            marked.map_or((None, None), |marked| (Some(marked.html), Some(marked.text)));
        let html = html.or_else(|| letter.reading.html.clone());
        let text = text.unwrap_or_else(|| letter.reading.text.clone());
        let short: String = key.chars().take(8).collect();
        shown(&what, &letter, html, text, &manner, &format!("{slug}-{short}.eml"))
    })
    .await?;
    found(answer).await
}

/// `mail/sandbox/NUMBER/WHAT`.
pub(super) async fn of_sandbox<S: Studio>(
    State(hall): State<Arc<Hall<S>>>,
    Path((number, what)): Path<(u64, String)>,
    Query(manner): Query<Manner>,
) -> Result<Response, Response> {
    let answer = work(move || {
        let letter = caught::letter(hall.desk.studio(), number)?;
        let (html, text) = (letter.reading.html.clone(), letter.reading.text.clone());
        shown(&what, &letter, html, text, &manner, &format!("{number:06}.eml"))
    })
    .await?;
    found(answer).await
}

/// `mail/draft/SLUG/KEY/part/NUMBER`.
pub(super) async fn part_of_draft<S: Studio>(
    State(hall): State<Arc<Hall<S>>>,
    Path((slug, key, number)): Path<(String, String, usize)>,
) -> Result<Response, Response> {
    let answer = work(move || {
        let opened = hall.desk.look(&slug).opened?;
        let person = opened.edition.position(&key)?;
        let letter = Letter::of(&opened.edition, person).ok()?;
        letter.reading.part(number).map(file)
    })
    .await?;
    found(answer).await
}

/// `mail/sandbox/NUMBER/part/PART`.
pub(super) async fn part_of_sandbox<S: Studio>(
    State(hall): State<Arc<Hall<S>>>,
    Path((number, part)): Path<(u64, usize)>,
) -> Result<Response, Response> {
    let answer = work(move || {
        let letter = caught::letter(hall.desk.studio(), number)?;
        letter.reading.part(part).map(file)
    })
    .await?;
    found(answer).await
}

async fn found(answer: Option<Response>) -> Result<Response, Response> {
    match answer {
        Some(answer) => Ok(answer),
        None => Err(nothing().await),
    }
}

/// One way of looking at a mail.
fn shown(
    what: &str,
    letter: &Letter,
    html: Option<String>,
    text: String,
    manner: &Manner,
    name: &str,
) -> Option<Response> {
    let plain = "text/plain; charset=utf-8";
    match what {
        "page" => {
            let policy =
                if manner.images.as_deref() == Some("off") { BLIND_POLICY } else { POLICY };
            let headers = [
                (header::CONTENT_TYPE, "text/html; charset=utf-8"),
                (header::CONTENT_SECURITY_POLICY, policy),
            ];
            let page = framed(&without_frames(&html?), &letter.reading, |part| {
                format!("part/{}", part.number)
            });
            Some((headers, page).into_response())
        }
        "text" => Some(([(header::CONTENT_TYPE, plain)], text).into_response()),
        "raw" if manner.download.is_some() => {
            let disposition = format!("attachment; filename=\"{name}\"");
            let headers = [
                (header::CONTENT_TYPE, "message/rfc822".to_owned()),
                (header::CONTENT_DISPOSITION, disposition),
            ];
            Some((headers, letter.bytes.clone()).into_response())
        }
        "raw" => Some(([(header::CONTENT_TYPE, plain)], letter.bytes.clone()).into_response()),
        _ => None,
    }
}

/// A file in a mail. Only pictures are shown; everything else is saved.
fn file(part: &Part) -> Response {
    let mut headers = HeaderMap::new();
    let media_type = HeaderValue::from_str(&part.media_type);
    let unknown = HeaderValue::from_static("application/octet-stream");
    headers.insert(header::CONTENT_TYPE, media_type.unwrap_or(unknown));
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; sandbox"),
    );
    let is_shown =
        matches!(&*part.media_type, "image/png" | "image/jpeg" | "image/gif" | "image/webp");
    if !is_shown {
        let plain = |c: char| if c.is_ascii_graphic() && c != '"' && c != '\\' { c } else { '_' };
        let name: String = part.name.chars().map(plain).collect();
        let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""));
        headers.extend(disposition.ok().map(|value| (header::CONTENT_DISPOSITION, value)));
    }
    (headers, part.content.clone()).into_response()
}
