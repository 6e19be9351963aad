//! The pictures of a draft, as the checks look at them, and the mending of their files.

use super::{newsroom::Newsroom, proofs::Proofs};
use crate::{
    check::{
        Finding, Level,
        picture::{self, METADATA, Photo, strip},
    },
    diagnostic::{Diagnostic, Source},
};

/// A picture of a draft.
struct Named<'a> {
    /// The path as the draft has it.
    written: &'a str,
    photo: Photo<'a>,
}

/// What is wrong with the pictures that a draft shows or attaches.
pub(super) fn check(proofs: &Proofs) -> Vec<Finding> {
    let photos: Vec<Photo<'_>> = named(proofs).into_iter().map(|named| named.photo).collect();
    picture::check(&photos)
}

/// Takes what the pictures tell out of their files, and says of which, or why it could not.
pub(super) fn mend(newsroom: &Newsroom, proofs: &Proofs) -> Vec<Finding> {
    let mut mended = Vec::new();
    for Named { written, photo } in named(proofs) {
        let tells = picture::check(std::slice::from_ref(&photo));
        let Some(finding) = tells.into_iter().find(|finding| *finding.rule == METADATA) else {
            continue;
        };
        let Some(bare) = strip(photo.bytes) else { continue };
        let Finding { rule, mut fault, .. } = finding;
        mended.push(match newsroom.workspace().replace_asset(&proofs.draft, written, &bare) {
            Ok(()) => {
                fault.message.push_str(": taken out of the file");
                fault.hint = None;
                Finding { level: Level::Fixed, rule, fault }
            }
            Err(reason) => rule.of(Diagnostic { place: fault.place, ..reason }),
        });
    }
    mended
}

fn named(proofs: &Proofs) -> Vec<Named<'_>> {
    let Proofs { draft, inputs, .. } = proofs;
    let attached = draft.front.attachments.iter().zip(&inputs.attachments);
    let attached = attached.map(|(attachment, paper)| Named {
        written: &attachment.file.value,
        photo: Photo {
            file: &attachment.file.value,
            place: Some((&draft.source, attachment.file.span.clone())),
            bytes: &paper.bytes,
            is_shown: false,
        },
    });
    let shown = inputs.expanded.pictures.iter().zip(&inputs.pictures);
    let shown = shown.map(|(named, picture)| Named {
        written: &named.file,
        photo: Photo {
            file: &named.file,
            place: place(&draft.source, draft.body_start, &named.file),
            bytes: &picture.bytes,
            is_shown: true,
        },
    });
    shown.chain(attached).collect()
}

/// Where the text first names a picture.
fn place<'a>(
    source: &'a Source,
    body: usize,
    file: &str,
) -> Option<(&'a Source, std::ops::Range<usize>)> {
    let at = body + source.text.get(body..)?.find(&format!("({file}"))? + 1;
    Some((source, at..at + file.len()))
}
