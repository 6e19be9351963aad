//! Everything that shapes a campaign's messages, in the one form that is frozen in the ledger: a
//! resume needs no draft, template, list or picture any more.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Thread;
use crate::{
    calendar::Entry,
    compose::{Attachment, Calendar, Parts, Picture, Sender, Unsubscribe},
    render::{Expanded, Piece},
};

/// The frozen inputs of one revision.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Inputs {
    /// The flat templates and the columns they need.
    pub expanded: Expanded,
    /// Who sends.
    pub sender: Sender,
    /// How people leave the list.
    pub unsubscribe: Unsubscribe,
    /// Return path for bounces, when there is a mailbox for them.
    pub bounces: Option<String>,
    /// Language of the text.
    pub language: String,
    /// Why people get it, one sentence a list, in the order of the draft's lists.
    pub titles: Vec<String>,
    /// After this no retry makes sense: the start of the event.
    pub deadline: Option<Timestamp>,
    /// The event, for the readers' calendars.
    pub calendar: Option<Entry>,
    /// Path of the draft, as shown.
    pub draft: String,
    /// What it belongs to.
    pub thread: Thread,
    /// Papers.
    #[serde(skip)]
    pub attachments: Vec<Attachment>,
    /// Pictures shown in the text.
    #[serde(skip)]
    pub pictures: Vec<Picture>,
}

/// Stored inputs that cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the frozen text of the campaign is damaged")]
pub struct Damaged;

/// What JSON cannot hold well: files. Their bytes follow the JSON, in this order.
#[derive(Serialize, Deserialize)]
struct Stored<I> {
    inputs: I,
    attachments: Vec<(String, String, usize)>,
    pictures: Vec<(String, String, String, usize)>,
}

impl Inputs {
    /// One byte string: length of the JSON (8 bytes, big endian), the JSON, the files.
    pub fn to_bytes(&self) -> Vec<u8> {
        let stored = Stored {
            inputs: self,
            attachments: self
                .attachments
                .iter()
                .map(|file| (file.file_name.clone(), file.media_type.clone(), file.bytes.len()))
                .collect(),
            pictures: self
                .pictures
                .iter()
                .map(|file| {
                    let (cid, name) = (file.cid.clone(), file.file_name.clone());
                    (cid, name, file.media_type.clone(), file.bytes.len())
                })
                .collect(),
        };
        let json = serde_json::to_vec(&stored).unwrap_or_default();
        let mut bytes = (json.len() as u64).to_be_bytes().to_vec();
        bytes.extend(json);
        self.attachments.iter().for_each(|file| bytes.extend(&file.bytes));
        self.pictures.iter().for_each(|file| bytes.extend(&file.bytes));
        bytes
    }

    /// Reads [`Inputs::to_bytes`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Damaged> {
        let mut rest = bytes;
        let length = take(&mut rest, 8)?.try_into().map(u64::from_be_bytes).map_err(|_| Damaged)?;
        let json = take(&mut rest, usize::try_from(length).map_err(|_| Damaged)?)?;
        let stored: Stored<Self> = serde_json::from_slice(json).map_err(|_| Damaged)?;
        let mut inputs = stored.inputs;
        for (file_name, media_type, length) in stored.attachments {
            let bytes = take(&mut rest, length)?.to_vec();
            inputs.attachments.push(Attachment { file_name, media_type, bytes });
        }
        for (cid, file_name, media_type, length) in stored.pictures {
            let bytes = take(&mut rest, length)?.to_vec();
            inputs.pictures.push(Picture { cid, file_name, media_type, bytes });
        }
        rest.is_empty().then_some(inputs).ok_or(Damaged)
    }

    /// The subject with `…` for what depends on the person.
    pub fn subject(&self) -> String {
        let pieces = self.expanded.subject.0.iter().map(|piece| match piece {
            Piece::Text(text) => text,
            Piece::Print { .. } | Piece::If { .. } => "…",
        });
        pieces.collect()
    }

    /// What the composer is made from, with the calendar entry as it is written.
    pub fn parts(&self, calendar: Option<Calendar>) -> Parts {
        Parts {
            sender: self.sender.clone(),
            unsubscribe: self.unsubscribe.clone(),
            bounces: self.bounces.clone(),
            language: self.language.clone(),
            calendar,
            attachments: self.attachments.clone(),
            pictures: self.pictures.clone(),
        }
    }
}

fn take<'a>(rest: &mut &'a [u8], length: usize) -> Result<&'a [u8], Damaged> {
    let (taken, left) = rest.split_at_checked(length).ok_or(Damaged)?;
    *rest = left;
    Ok(taken)
}
