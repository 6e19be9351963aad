//! What an author has written: promises, placeholders, signatures, leftovers.
//!
//! Code, tags and comments are no prose: `ink` takes them out and leaves everything else in its
//! place.

mod contact;
mod debris;
mod in_body;
mod ink;
mod length;
mod placeholder;
mod promise;
mod signatures;
#[cfg(test)]
pub(super) mod tests;

use super::{Finding, Level, Limits, Rule, copy::flat};
use crate::{draft::Draft, render::Expanded};

static PLACEHOLDER: Rule = Rule {
    code: "M4",
    name: "placeholder",
    level: Level::Error,
    may_pass: true,
    title: "A placeholder that nobody replaced",
    why: "`TODO`, `TBC`, `XXX`, `lorem ipsum`, `[link]` and `example.com` stand in for something while \
          a text is written. Readers should never see one.",
    mend: "Write what belongs there, or take it out. What is shown as code is left alone.",
};

static PROMISE: Rule = Rule {
    code: "B6",
    name: "promise",
    level: Level::Warning,
    may_pass: true,
    title: "Something is promised that is not there",
    why: "The text says that a file is attached, or that a link follows, and there is none. The next \
          mail would be an apology.",
    mend: "Name the file under `attachments`, add the link, or take the words out.",
};

static IN_BODY: Rule = Rule {
    code: "B7",
    name: "in-body",
    level: Level::Error,
    may_pass: true,
    title: "Front matter in the text",
    why: "Keys below the second `---` line are part of the text: they do nothing, and readers see them.",
    mend: "Move them between the first two `---` lines, or take them out.",
};

static WRONG_COUNT: Rule = Rule {
    code: "B9",
    name: "signatures",
    level: Level::Warning,
    may_pass: true,
    title: "A number of signatures that is not that of the names",
    why: "An open letter says how many have signed it, and its readers count.",
    mend: "Correct the number or the list. If the list names only some, say so: `among them`.",
};

static SIGNED_TWICE: Rule = Rule {
    code: "B9",
    name: "twice",
    level: Level::Warning,
    may_pass: true,
    title: "Somebody who has signed twice",
    why: "A name that stands twice makes readers doubt the others.",
    mend: "Take one of them out; if they are namesakes, add what tells them apart.",
};

static NO_CONTACT: Rule = Rule {
    code: "B9",
    name: "contact",
    level: Level::Warning,
    may_pass: true,
    title: "A statement without anybody to ask",
    why: "Journalists want to ask back, and soon. A statement that names no address, number or page \
          is seldom quoted.",
    mend: "Name somebody in the text, or set `[sender] reply_to`, which stands in every footer.",
};

static NO_TEXT: Rule = Rule {
    code: "B10",
    name: "empty",
    level: Level::Error,
    may_pass: true,
    title: "A mail without a text",
    why: "Readers would see the frame, and nothing in it.",
    mend: "Write the text below the second `---` line of the draft.",
};

static LENGTH: Rule = Rule {
    code: "B10",
    name: "length",
    level: Level::Warning,
    may_pass: true,
    title: "A text that is very short or very long",
    why: "Under 10 words, the text has mostly got lost. Over 5,000, few read to the end.",
    mend: "Look whether it is all there; put a long part on a web page and link to it.",
};

static DEBRIS: Rule = Rule {
    code: "B10",
    name: "debris",
    level: Level::Note,
    may_pass: true,
    title: "Leftovers of another program",
    why: "Text that is pasted from a word processor can bring styles, characters that cannot be seen, \
          or letters in the wrong encoding (`â€™` for an apostrophe).",
    mend: "Type the words that are shown again.",
};

static LONG_LINE: Rule = Rule {
    code: "B11",
    name: "long-line",
    level: Level::Fixed,
    may_pass: true,
    title: "A line that is too long for mail",
    why: "Mail carries lines of at most 998 bytes. Longer ones are encoded, so that every mail program \
          puts them together again.",
    mend: "Nothing to do.",
};

pub(super) static RULES: [&Rule; 10] = [
    &PLACEHOLDER,
    &PROMISE,
    &IN_BODY,
    &WRONG_COUNT,
    &SIGNED_TWICE,
    &NO_CONTACT,
    &NO_TEXT,
    &LENGTH,
    &DEBRIS,
    &LONG_LINE,
];

/// What is wrong with the words of a draft, and of what it has become.
pub fn findings(draft: &Draft, expanded: &Expanded, limits: &Limits) -> Vec<Finding> {
    let ink = ink::of_body(&draft.source.text, draft.body_start);
    let mut findings = placeholder::findings(draft, &ink);
    findings.extend(in_body::finding(draft, &ink));
    findings.extend(promise::findings(draft, &ink));
    findings.extend(signatures::findings(draft, &ink));
    findings.extend(contact::finding(draft, &flat(&expanded.text)));
    findings.extend(length::of_text(draft, &ink, limits));
    findings.extend(debris::findings(draft, &ink));
    findings.extend(length::of_lines(draft));
    findings
}
