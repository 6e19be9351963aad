//! The mails that rehearsals have caught.

use std::{fs, path::Path as FilePath, sync::Arc};

use axum::{
    extract::{Path, State},
    response::Response,
};
use serde::Serialize;
use serde_json::json;

use super::{
    Reading, Studio,
    letter::Letter,
    routes::{json, work},
    server::{Hall, nothing},
};

/// So many of the newest are shown.
const SHOWN: usize = 200;

/// A caught mail in the list of them.
#[derive(Serialize)]
struct CaughtLine {
    number: u64,
    subject: String,
    sender: String,
    to: String,
    at: String,
    bytes: usize,
    attachments: usize,
}

/// `api/sandbox`.
pub(super) async fn list<S: Studio>(
    State(hall): State<Arc<Hall<S>>>,
) -> Result<Response, Response> {
    work(move || {
        let generation = hall.desk.generation();
        let studio = hall.desk.studio();
        let mut caught = studio.caught();
        caught.sort_by_key(|(number, _)| std::cmp::Reverse(*number));
        let newest = caught.iter().take(SHOWN);
        let mails: Vec<CaughtLine> =
            newest.filter_map(|(number, path)| line(studio, *number, path)).collect();
        json(&json!({ "generation": generation, "total": caught.len(), "mails": mails }))
    })
    .await
}

/// `api/sandbox/NUMBER`.
pub(super) async fn one<S: Studio>(
    State(hall): State<Arc<Hall<S>>>,
    Path(number): Path<u64>,
) -> Result<Response, Response> {
    let answer = work(move || {
        let studio = hall.desk.studio();
        let (number, path) = studio.caught().into_iter().find(|(known, _)| *known == number)?;
        let letter = letter(studio, number)?;
        let mail = line(studio, number, &path)?;
        Some(json(&json!({ "mail": mail, "copy": letter.outline() })))
    })
    .await?;
    match answer {
        Some(answer) => Ok(answer),
        None => Err(nothing().await),
    }
}

/// A caught mail; none when it is gone.
pub(super) fn letter<S: Studio>(studio: &S, number: u64) -> Option<Letter> {
    let (_, path) = studio.caught().into_iter().find(|(known, _)| *known == number)?;
    let bytes = fs::read(path).ok()?;
    Some(Letter::caught(number, bytes, studio.html_limits()))
}

/// A mail may be gone by the time it is read: a new rehearsal empties the sandbox.
fn line<S: Studio>(studio: &S, number: u64, path: &FilePath) -> Option<CaughtLine> {
    let reading = Reading::of(&fs::read(path).ok()?);
    let sender = match reading.sender.name.as_str() {
        "" => reading.sender.address,
        name => name.to_owned(),
    };
    Some(CaughtLine {
        number,
        subject: reading.subject,
        sender,
        to: reading.to,
        at: studio.when(path),
        bytes: reading.bytes,
        attachments: reading.attachments.len(),
    })
}
