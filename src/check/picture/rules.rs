//! The rules of pictures.

use std::ops::Range;

use super::{
    anatomy::Anatomy,
    heif,
    trace::{Trace, listed},
};
use crate::{
    check::{Finding, Level, Rule},
    diagnostic::Source,
    render::{PictureSize, size},
};

/// A picture tells more than it shows.
pub static METADATA: Rule = Rule {
    code: "I6a",
    name: "metadata",
    level: Level::Error,
    may_pass: true,
    title: "A picture that tells more than it shows",
    why: "Cameras and programs write into a picture's file where and when it was taken, with whose \
          camera, who is in it, and sometimes a second picture from before it was cut. Everybody who \
          gets the mail can read that, and it can put a person in danger. If the file names only \
          its author or a right holder, this is a warning.",
    mend: "`announce check --fix DRAFT` takes all of it out of the file and leaves the picture \
           itself as it is; keep the original somewhere else if you need it. Save HEIC as JPEG \
           first. Credits belong in the caption.",
};

/// A picture's file breaks off or is spoilt.
static DAMAGED: Rule = Rule {
    code: "I6a",
    name: "damaged",
    level: Level::Warning,
    may_pass: true,
    title: "A picture whose file is damaged",
    why: "The file breaks off or is spoilt inside, as after a copy that did not finish. Readers may \
          see half a picture or none, and nobody can say what else the file tells.",
    mend: "Copy the picture again from where it came from, or open it and save it anew.",
};

/// A picture is heavy.
static BYTES: Rule = Rule {
    code: "I4",
    name: "bytes",
    level: Level::Warning,
    may_pass: true,
    title: "A picture of more than 1 MB",
    why: "The picture travels with every single mail: it fills mailboxes, costs money on a telephone \
          and makes some servers refuse the mail.",
    mend: "Save it smaller: at most 1200 pixels a side, and a photograph as JPEG.",
};

/// A picture is large.
static PIXELS: Rule = Rule {
    code: "I4",
    name: "pixels",
    level: Level::Warning,
    may_pass: true,
    title: "A picture of more than 1200 pixels a side",
    why: "A mail is about 600 pixels wide. Twice that is sharp on every screen; more is only weight.",
    mend: "Save it again with at most 1200 pixels a side.",
};

pub(in crate::check) static RULES: [&Rule; 4] = [&BYTES, &PIXELS, &METADATA, &DAMAGED];

const MEGABYTE: usize = 1 << 20;
const LONGEST_SIDE: u32 = 1200;

/// A picture that goes out with the mail, shown or attached.
#[derive(Clone, Debug)]
pub struct Photo<'a> {
    /// The path as shown, relative to the workspace, with `/`.
    pub file: &'a str,
    /// Where the draft names it.
    pub place: Option<(&'a Source, Range<usize>)>,
    /// The whole file.
    pub bytes: &'a [u8],
    /// Whether the text shows it; an attachment is for keeping and may be large.
    pub is_shown: bool,
}

impl Photo<'_> {
    /// Says where: in the draft if that names the picture, else in the picture's file.
    fn found(&self, finding: Finding) -> Finding {
        match &self.place {
            Some((source, span)) => finding.at(source, span.clone()),
            None => finding.in_file(self.file),
        }
    }
}

/// What is wrong with these pictures. A file of another kind is passed over.
pub fn check(photos: &[Photo<'_>]) -> Vec<Finding> {
    photos
        .iter()
        .flat_map(|photo| {
            let size = [bytes(photo), pixels(photo)].into_iter().flatten();
            let findings = about_contents(photo).into_iter().chain(size.filter(|_| photo.is_shown));
            findings.map(|finding| photo.found(finding))
        })
        .collect()
}

fn about_contents(photo: &Photo<'_>) -> Vec<Finding> {
    let anatomy = Anatomy::of(photo.bytes);
    let is_whole = anatomy.as_ref().map(|anatomy| anatomy.is_whole);
    let traces = anatomy.map_or_else(|| heif::traces(photo.bytes), |anatomy| anatomy.traces);
    let mut findings = Vec::new();
    if !traces.is_empty() {
        let mut finding = METADATA
            .finding(format!("picture `{}` carries {}", photo.file, listed(&traces)))
            .fix(if is_whole == Some(true) {
                "`announce check --fix` with this draft takes it out of the file and leaves the \
                 picture as it is"
            } else {
                "save the picture anew as JPEG or PNG, and check again"
            });
        // A credit is often wanted; whoever wrote it may not have thought of the file.
        if traces.iter().all(|trace| *trace == Trace::Credit) {
            finding.level = Level::Warning;
        }
        findings.push(finding);
    }
    if is_whole == Some(false) {
        let message = format!("picture `{}` is damaged or breaks off", photo.file);
        findings.push(DAMAGED.finding(message).fix("copy it again, or open it and save it anew"));
    }
    findings
}

fn bytes(photo: &Photo<'_>) -> Option<Finding> {
    let length = photo.bytes.len();
    // Rounded up, so that what is too much never reads as just enough.
    let tenths = (length.saturating_mul(10)).div_ceil(MEGABYTE);
    let (whole, tenth) = (tenths / 10, tenths % 10);
    (length > MEGABYTE).then(|| {
        BYTES
            .finding(format!("picture `{}` has `{whole}.{tenth}` MB, with every mail", photo.file))
            .fix("save it with less than 1 MB: at most 1200 pixels a side, a photograph as JPEG")
    })
}

fn pixels(photo: &Photo<'_>) -> Option<Finding> {
    let PictureSize { width, height } = size(photo.bytes)?;
    (width.max(height) > LONGEST_SIDE).then(|| {
        PIXELS
            .finding(format!("picture `{}` is `{width}×{height}` pixels large", photo.file))
            .fix("save it with at most 1200 pixels a side")
    })
}
