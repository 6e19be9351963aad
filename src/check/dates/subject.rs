//! Statements that have the event for their subject: `The debate opens at`, `We expect to finish
//! by`, `The room is`.

use std::ops::Range;

use super::{
    cues::{self, EVENT},
    event::Event,
    passage::Passage,
    words::{Kind, Word},
};

/// What a statement says of the event.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Verb {
    /// It is, begins or takes place.
    Begins,
    /// It ends.
    Ends,
    /// A speaker of it begins, which may be later.
    Speaks,
}

/// What stands for the event beside its own names.
const STANDS_FOR: &[&str] = &[
    "it",
    "things",
    "everything",
    "everyone",
    "everybody",
    "start",
    "kickoff",
    "time",
    "beginning",
    "beginn",
];
const PLACE: &[&str] = &["room", "venue", "place", "location", "raum", "ort"];

const BEGINS: &[&str] = &[
    "is",
    "are",
    "be",
    "begin",
    "begins",
    "start",
    "starts",
    "open",
    "opens",
    "commence",
    "commences",
    "take",
    "takes",
    "kick",
    "kicks",
    "run",
    "runs",
    "happens",
    "falls",
    "meet",
    "meets",
    "gather",
    "assemble",
    "convene",
    "convenes",
    "ist",
    "sind",
    "beginnt",
    "beginnen",
    "startet",
    "starten",
    "findet",
    "treffen",
    "gets",
    "get",
];
const SPEAKS: &[&str] = &[
    "speaks", "speak", "talks", "joins", "join", "presents", "answers", "tells", "reads", "spricht",
];
const ENDS: &[&str] = &[
    "end",
    "ends",
    "finish",
    "finishes",
    "close",
    "closes",
    "conclude",
    "concludes",
    "stop",
    "stops",
    "over",
    "endet",
    "enden",
];

/// What may stand between subject and verb beside names.
const BEFORE_VERB: &[&str] = &[
    "will",
    "shall",
    "is",
    "are",
    "be",
    "to",
    "expect",
    "expects",
    "hope",
    "plan",
    "now",
    "all",
    "both",
    "itself",
    "by",
    "with",
    "of",
    "on",
    "due",
    "expected",
    "scheduled",
    "set",
    "planned",
    "should",
    "must",
];
/// What may stand between verb and day, time or place beside names and numbers.
const BEHIND_VERB: &[&str] = &[
    "at",
    "on",
    "in",
    "from",
    "for",
    "by",
    "the",
    "place",
    "off",
    "held",
    "scheduled",
    "set",
    "arranged",
    "due",
    "fixed",
    "promptly",
    "punctually",
    "again",
    "around",
    "about",
    "here",
    "there",
    "evening",
    "of",
    "between",
    "under",
    "going",
    "welcome",
    "way",
    "us",
    "um",
    "am",
    "ab",
    "im",
    "den",
    "dem",
    "statt",
    "uns",
    "wieder",
];

/// Whose talk may be the event: `this term's talk`, `tonight's debate`.
const OWNERS: &[&str] = &[
    "term", "year", "month", "week", "season", "evening", "night", "tonight", "today", "spring",
    "summer", "autumn", "winter", "group", "appg",
];
/// Before a noun, these show that another event is meant.
const OTHER_EVENT: &[&str] = &[
    "a",
    "an",
    "no",
    "another",
    "other",
    "next",
    "last",
    "every",
    "each",
    "any",
    "their",
    "her",
    "his",
    "general",
    "committee",
    "board",
    "planning",
    "staff",
    "business",
    "press",
    "private",
    "monthly",
    "weekly",
    "annual",
];

/// What the words before a day, a time or a place say that the event does; `None` if they are not
/// plainly about it.
pub(super) fn verb(event: &Event<'_>, passage: &Passage<'_>, before: Range<usize>) -> Option<Verb> {
    let lowest = before.start.max(before.end.saturating_sub(12));
    let words = &passage.words;
    let (at, verb) = (lowest..before.end).rev().find_map(|at| {
        let is_noun = at > 0 && words[at - 1].is_any(&["the", "of"]);
        match () {
            () if is_noun => None,
            () if words[at].is_any(BEGINS) => Some((at, Verb::Begins)),
            () if words[at].is_any(ENDS) => Some((at, Verb::Ends)),
            () if words[at].is_any(SPEAKS) => Some((at, Verb::Speaks)),
            () => None,
        }
    })?;
    let fits = |range: Range<usize>, allowed| words[range].iter().all(|word| fits(word, allowed));
    if !fits(at + 1..before.end, BEHIND_VERB) {
        return None;
    }
    let is_subject = |subject: &usize| match verb {
        Verb::Speaks => is_speaker(event, &words[*subject]),
        _ => is_subject(event, passage, *subject, before.start),
    };
    let subject = (lowest..at).rev().find(is_subject);
    // `The lecture, which is free, begins at`
    let first = passage.sentence(at).start;
    let is_far = at == before.start && (first..at.min(first + 3)).any(|at| is_subject(&at));
    (is_far || fits(subject? + 1..at, BEFORE_VERB)).then_some(verb)
}

/// Whether readers are asked to come to what stands behind these words.
pub(super) fn asks_to_come(passage: &Passage<'_>, before: Range<usize>) -> bool {
    const COME: &[&str] = &["gather", "assemble", "come", "join", "meet", "be"];
    let words = &passage.words[before];
    let verb = words.iter().take(2).position(|word| word.is_any(COME));
    verb.is_some_and(|at| {
        (at == 0 || words[0].is_any(&["please", "do", "and"]))
            && words[at + 1..].iter().all(|word| fits(word, BEHIND_VERB))
    })
}

fn is_speaker(event: &Event<'_>, word: &Word<'_>) -> bool {
    let is_last = |name: &&str| name.to_lowercase().split(' ').next_back() == Some(&*word.small);
    event.speakers.iter().any(is_last)
}

/// Whether a word is a name, a number, or one of these.
fn fits(word: &Word<'_>, allowed: &[&str]) -> bool {
    word.kind == Kind::Digits || word.text.starts_with(char::is_uppercase) || word.is_any(allowed)
}

/// Whether the event, or when and where it is, can be the subject that this word names.
pub(super) fn is_subject(
    event: &Event<'_>,
    passage: &Passage<'_>,
    at: usize,
    lowest: usize,
) -> bool {
    let word = &passage.words[at];
    let is_kick_off = word.is("off") && at >= 2 && passage.words[at - 2].is("kick");
    let is_part = word.is("part") && at > 0 && passage.words[at - 1].is_any(&["formal", "main"]);
    let stands_for = is_part || word.is_any(STANDS_FOR) || word.is_any(PLACE) || is_kick_off;
    if word.is("it") {
        is_it(passage, at)
    } else {
        (stands_for || is_event(passage, at)) && is_ours(event, passage, at, lowest)
    }
}

/// Whether the event is the subject as Korean marks it: `이번 강연은`.
pub(super) fn has_korean(passage: &Passage<'_>, range: Range<usize>) -> bool {
    let is_event = |word: &Word<'_>| {
        let noun = word.small.strip_suffix(['은', '는', '이', '가']);
        noun.is_some_and(|noun| EVENT.contains(&noun) && !noun.is_ascii())
    };
    passage.words[range.clone()].iter().any(is_event)
        && !cues::is_about_other(passage, range.clone())
        && !cues::is_around_event(passage, range)
}

/// Whether the event is named in a range.
pub(super) fn is_in(event: &Event<'_>, passage: &Passage<'_>, range: Range<usize>) -> bool {
    let lowest = range.start;
    range.into_iter().any(|at| is_event(passage, at) && is_ours(event, passage, at, lowest))
}

fn is_event(passage: &Passage<'_>, at: usize) -> bool {
    let word = &passage.words[at];
    word.is_any(EVENT)
        || word.is_any(&["we", "wir", "proceedings"])
        || EVENT.iter().any(|name| !name.is_ascii() && word.small.contains(name))
        || word.is("evening") && at > 0 && passage.words[at - 1].is("the")
}

/// Whether nothing before a noun shows that another event is meant.
pub(super) fn is_ours(event: &Event<'_>, passage: &Passage<'_>, at: usize, lowest: usize) -> bool {
    // `the meeting of the trustees`
    let behind = passage.words.get(at + 1..at + 4).unwrap_or_default();
    if let [of, whose, owner] = behind
        && of.is("of")
        && whose.is_any(&["the", "a", "an", "her", "his", "their", "its"])
        && !owner.is_any(OWNERS)
    {
        return false;
    }
    let Some(before) = at.checked_sub(1).filter(|before| *before >= lowest) else { return true };
    let before_it = &passage.words[before];
    if before_it.is("s") && before >= 2 && passage.words[before - 1].is_any(&["'", "’"]) {
        let owner = &passage.words[before - 2];
        let is_speaker =
            event.speakers.iter().any(|name| name.to_lowercase().contains(&owner.small));
        return owner.is_any(OWNERS) || is_speaker || super::names::weekday(owner, false).is_some();
    }
    let is_plural = before_it.is_any(&["'", "’"]);
    !is_plural && !before_it.is_any(OTHER_EVENT)
}

/// Whether `It` begins a paragraph, or follows a sentence about an event that is not another one.
fn is_it(passage: &Passage<'_>, at: usize) -> bool {
    let sentence = passage.sentence(at);
    let block = passage.block(at);
    if sentence.start != at {
        return false;
    }
    if sentence.start == block.start {
        return true;
    }
    let before = passage.sentence(at - 1);
    passage.says(before.clone(), EVENT)
        && !cues::is_about_other(passage, before.clone())
        && !cues::is_around_event(passage, before)
}
