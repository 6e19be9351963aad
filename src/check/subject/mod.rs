//! The two lines that an inbox shows: subject and preheader.

mod length;
mod preheader;
mod shape;

pub use length::{Length, characters};

use std::ops::Range;

use super::{Finding, Level, Limits, Rule};
use crate::{
    diagnostic::{Source, Spanned},
    draft::Draft,
};

static TOO_SHORT_OR_LONG: Rule = Rule {
    code: "S2",
    name: "length",
    level: Level::Warning,
    may_pass: true,
    title: "A subject that is too short or too long",
    why: "Under 10 characters say nothing, and no inbox shows more than about 78. The shortest and \
          the longest subject of all copies count; a Korean, Chinese or Japanese character counts as \
          two.",
    mend: "Say what it is in five to nine words, the important ones first.",
};

static LONG: Rule = Rule {
    code: "S2",
    name: "long",
    level: Level::Note,
    may_pass: true,
    title: "A subject that telephones cut off",
    why: "Inboxes on a telephone show about 55 characters.",
    mend: "Put the words that matter into the first 55 characters.",
};

static CAPITALS: Rule = Rule {
    code: "S3",
    name: "capitals",
    level: Level::Warning,
    may_pass: true,
    title: "Words in capitals in the subject",
    why: "Capitals look like shouting, and spam filters count them. Short forms such as NATO or \
          UNESCO are not meant: only a word of more than six letters, or two of more than three side \
          by side, that is no well-known short form.",
    mend: "Write the words in small letters.",
};

static MARKS: Rule = Rule {
    code: "S3",
    name: "marks",
    level: Level::Warning,
    may_pass: true,
    title: "Several exclamation or question marks in the subject",
    why: "`!!` and `???` are what spam filters and readers know spam by.",
    mend: "One mark is enough, or none.",
};

static FALSE_REPLY: Rule = Rule {
    code: "S3",
    name: "false-reply",
    level: Level::Warning,
    may_pass: true,
    title: "A subject that pretends to be an answer",
    why: "`Re:` and `Fwd:` tell readers that they have written before. On an announcement that is a \
          trick, and some countries forbid it.",
    mend: "Take it out of the subject.",
};

static NO_PREHEADER: Rule = Rule {
    code: "S4",
    name: "missing",
    level: Level::Warning,
    may_pass: true,
    title: "No preheader",
    why: "Inboxes show a line beside the subject. Without a preheader they take what stands first in \
          the mail, mostly a greeting.",
    mend: "Add `preheader: …` to the front matter, one sentence that makes people open it.",
};

static SAME: Rule = Rule {
    code: "S4",
    name: "same",
    level: Level::Warning,
    may_pass: true,
    title: "A preheader that repeats the subject",
    why: "The inbox shows both side by side, so readers would see the same line twice.",
    mend: "Say in the preheader what the subject has no room for.",
};

static PREHEADER_LENGTH: Rule = Rule {
    code: "S4",
    name: "length",
    level: Level::Note,
    may_pass: true,
    title: "A preheader that is short or long",
    why: "Under 40 characters, the beginning of the mail may follow it in the inbox; what is beyond \
          130, no inbox shows.",
    mend: "Write one sentence of 40 to 130 characters.",
};

pub(super) static RULES: [&Rule; 8] = [
    &TOO_SHORT_OR_LONG,
    &LONG,
    &CAPITALS,
    &MARKS,
    &FALSE_REPLY,
    &NO_PREHEADER,
    &SAME,
    &PREHEADER_LENGTH,
];

/// What is wrong with subject and preheader as they are written.
pub fn findings(draft: &Draft) -> Vec<Finding> {
    let mut findings = shape::findings(draft);
    findings.extend(preheader::findings(draft));
    findings
}

/// What is wrong with the lengths of the shortest and the longest subject of all copies.
pub fn of_copies(
    draft: &Draft,
    lengths: Option<&(Length, Length)>,
    limits: &Limits,
) -> Vec<Finding> {
    lengths.map(|lengths| length::findings(draft, lengths, limits)).unwrap_or_default()
}

/// Where words of a value stand: the value's whole place where quoting has changed them.
fn place_of(words: &str, value: &Spanned<String>, source: &Source) -> Range<usize> {
    let written = source.text.get(value.span.clone()).unwrap_or_default();
    match written.find(words) {
        Some(at) => value.span.start + at..value.span.start + at + words.len(),
        None => value.span.clone(),
    }
}
