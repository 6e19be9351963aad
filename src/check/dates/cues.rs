//! Words by which a sentence shows what its dates and times are about.

use std::ops::Range;

use super::passage::Passage;

/// What an announced event is called.
const EVENT: [&str; 26] = [
    "event",
    "meeting",
    "talk",
    "conference",
    "seminar",
    "lecture",
    "debate",
    "screening",
    "discussion",
    "launch",
    "workshop",
    "briefing",
    "hearing",
    "forum",
    "webinar",
    "concert",
    "행사",
    "강연",
    "세미나",
    "회의",
    "모임",
    "토론회",
    "veranstaltung",
    "vortrag",
    "tagung",
    "treffen",
];

/// The announced event is the subject: it stands right before one of these.
const IS: [&str; 6] = ["is", "takes", "will", "begins", "starts", "findet"];

/// What introduces the day of the announced event.
const HELD: [&str; 22] = [
    "join us",
    "takes place",
    "take place",
    "will be held",
    "is held",
    "we meet",
    "we will meet",
    "we shall meet",
    "you are invited",
    "are warmly invited",
    "invite you",
    "see you on",
    "when :",
    "date :",
    "열립니다",
    "열리는",
    "개최",
    "일시",
    "초대합니다",
    "엽니다",
    "findet",
    "termin :",
];

/// A sentence about something else than the announced event as it now stands.
const OTHER: [&str; 44] = [
    "also",
    "another",
    "next",
    "last",
    "previous",
    "earlier",
    "later",
    "then",
    "second",
    "instead",
    "planned",
    "postponed",
    "moved",
    "cancelled",
    "book",
    "published",
    "publishes",
    "broadcast",
    "exhibition",
    "edition",
    "report",
    "recording",
    "comes out",
    "was",
    "were",
    "had",
    "after",
    "afterwards",
    "before",
    "since",
    "until",
    "recess",
    "rises",
    "election",
    "anniversary",
    "following",
    "as well",
    "다음",
    "지난",
    "전시",
    "출간",
    "nächste",
    "nächster",
    "letzte",
];

/// What happens before, after and around an event.
const AROUND: [&str; 41] = [
    "doors",
    "door",
    "registration",
    "register",
    "check",
    "coffee",
    "tea",
    "drinks",
    "reception",
    "lunch",
    "breakfast",
    "dinner",
    "break",
    "welcome",
    "arrive",
    "arrival",
    "come",
    "open",
    "office",
    "telephone",
    "call",
    "helpline",
    "session",
    "panel",
    "overflow",
    "overspill",
    "screen",
    "cloakroom",
    "livestream",
    "networking",
    "security",
    "full",
    "입장",
    "접수",
    "문의",
    "식사",
    "점심",
    "einlass",
    "anmeldung",
    "kaffee",
    "büro",
];

/// Whether the announced event is the subject of the sentence.
pub(super) fn is_about_event(passage: &Passage<'_>, sentence: Range<usize>) -> bool {
    sentence.clone().any(|at| {
        let is_event = passage.words[at].is_any(&EVENT);
        is_event && at + 1 < sentence.end && passage.words[at + 1].is_any(&IS)
    }) || passage.says(sentence.clone(), &["when :", "date :", "일시"])
}

/// Whether the sentence says when something is held.
pub(super) fn says_when(passage: &Passage<'_>, sentence: Range<usize>) -> bool {
    is_about_event(passage, sentence.clone()) || passage.says(sentence, &HELD)
}

/// Whether the sentence names the event, those who speak there, or us and you.
pub(super) fn is_near_event(passage: &Passage<'_>, sentence: Range<usize>, names: &[&str]) -> bool {
    passage.says(sentence.clone(), &EVENT)
        || passage.says(sentence.clone(), &["we", "us", "our", "join", "come", "hear"])
        || names
            .iter()
            .any(|name| passage.position(sentence.clone(), &name.to_lowercase()).is_some())
}

/// Whether the sentence is about something else.
pub(super) fn is_about_other(passage: &Passage<'_>, sentence: Range<usize>) -> bool {
    passage.says(sentence, &OTHER)
}

/// Whether the clause is about what happens around the event.
pub(super) fn is_around_event(passage: &Passage<'_>, clause: Range<usize>) -> bool {
    passage.says(clause, &AROUND)
}

/// Whether the clause has a subject that can be the event.
pub(super) fn has_subject(passage: &Passage<'_>, clause: Range<usize>) -> bool {
    passage.says(clause.clone(), &EVENT) || passage.says(clause, &["we", "it"])
}

/// The part of a sentence around some words, as far as the next commas and brackets.
pub(super) fn clause(passage: &Passage<'_>, words: &Range<usize>) -> Range<usize> {
    const ENDS: [&str; 7] = [",", ";", "(", ")", "–", "—", "…"];
    let sentence = passage.context(words.start);
    let is_end = |at: &usize| passage.words[*at].is_any(&ENDS);
    let start =
        (sentence.start..words.start).rev().find(is_end).map_or(sentence.start, |at| at + 1);
    let end = (words.end.min(sentence.end)..sentence.end).find(is_end).unwrap_or(sentence.end);
    start..end.max(words.end)
}
