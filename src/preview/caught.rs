//! The mails that rehearsals have caught.

use std::{
    cmp::Reverse,
    collections::HashMap,
    fs,
    path::{Path as FilePath, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::SystemTime,
};

use axum::{
    extract::{Path, State},
    response::Response,
};
use serde::Serialize;
use serde_json::json;

use super::{
    Reading, Studio,
    door::nothing,
    letter::Letter,
    routes::{json, work},
    server::Hall,
};

/// So many of the newest are shown.
const SHOWN: usize = 200;

/// A caught mail in the list of them.
#[derive(Clone, Serialize)]
struct CaughtLine {
    number: u64,
    subject: String,
    sender: String,
    to: String,
    at: String,
    bytes: usize,
    attachments: usize,
}

/// The lines of mails that have been read. A file of a sandbox never changes, but a new rehearsal
/// begins its numbers again.
#[derive(Default)]
pub(super) struct Lines(Mutex<HashMap<u64, (Stamp, CaughtLine)>>);

/// Tells a file from a later one of its name: when it was written, and its length.
type Stamp = (Option<SystemTime>, u64);

impl Lines {
    /// Those of these mails, in their order. A mail may be gone by the time it is read.
    fn of<S: Studio>(&self, studio: &S, mails: &[(u64, PathBuf)]) -> Vec<CaughtLine> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let when = studio.when();
        let line = |(number, path): &(u64, PathBuf)| {
            let metadata = fs::metadata(path).ok()?;
            let written = metadata.modified().ok();
            let stamp = (written, metadata.len());
            if let Some((_, line)) = known.get(number).filter(|(seen, _)| *seen == stamp) {
                return Some((*number, (stamp, line.clone())));
            }
            let line = read(*number, path, written.map(&when).unwrap_or_default())?;
            Some((*number, (stamp, line)))
        };
        let read: Vec<_> = mails.iter().filter_map(line).collect();
        let lines = read.iter().map(|(_, (_, line))| line.clone()).collect();
        *known = read.into_iter().collect();
        lines
    }
}

/// `api/sandbox`.
pub(super) async fn list<S: Studio>(
    State(hall): State<Arc<Hall<S>>>,
) -> Result<Response, Response> {
    work(move || {
        let generation = hall.desk.generation();
        let studio = hall.desk.studio();
        let mut caught = studio.caught();
        caught.sort_by_key(|(number, _)| Reverse(*number));
        let total = caught.len();
        caught.truncate(SHOWN);
        let mails = hall.caught.of(studio, &caught);
        json(&json!({ "generation": generation, "total": total, "mails": mails }))
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
        let written = fs::metadata(&path).and_then(|metadata| metadata.modified());
        let mail = read(number, &path, written.map(studio.when()).unwrap_or_default())?;
        Some(json(&json!({ "mail": mail, "copy": letter.outline(studio.html_limits()) })))
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
    Some(Letter::caught(number, bytes))
}

/// What the list says of a mail; none when it is gone.
fn read(number: u64, path: &FilePath, at: String) -> Option<CaughtLine> {
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
        at,
        bytes: reading.bytes,
        attachments: reading.attachments.len(),
    })
}
