//! Words by which a sentence shows what its dates, times and rooms are about.

use std::ops::Range;

use super::{event::Event, passage::Passage, subject};

/// What an announced event is called.
pub(super) const EVENT: &[&str] = &[
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
    "programme",
    "conversation",
    "gathering",
    "dialogue",
    "presentation",
    "symposium",
    "session",
    "concert",
    "행사",
    "강연",
    "세미나",
    "모임",
    "토론회",
    "간담회",
    "veranstaltung",
    "vortrag",
    "tagung",
    "treffen",
];

/// The announced event is the subject where it stands right before one of these.
const IS: &[&str] = &["is", "takes", "will", "begins", "starts", "now", "findet"];

/// What introduces day, hour or room of the announced event.
const HELD: &[&str] = &[
    "join us",
    "it takes place",
    "it will be held",
    "you are invited",
    "are warmly invited",
    "invite you",
    "invites you",
    "' re invited",
    "’ re invited",
    "see you on",
    "seeing you",
    "come to",
    "you can hear",
    "speaks on",
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
    "find us",
    "meet us",
    "with us",
    "be in",
    "모시고",
    "진행됩니다",
    "진행합니다",
    "만나요",
    "함께해",
    "오시",
    "오세요",
    "함께하",
    "모십니다",
    "뵙겠습니다",
];

/// What readers are asked to do with the day.
const NOTE: &[&str] = &["mark", "save", "note", "keep", "hold", "diary", "diaries", "calendar"];

/// What we do at our own events, a few words behind `we`.
const WE_MEET: &[&str] = &["meet", "gather", "hear", "welcome", "treffen", "hören", "begrüßen"];
const WE_HOST: &[&str] = &["join", "host", "have", "listen"];

/// A statement about something else than the announced event as it now stands.
const OTHER: &[&str] = &[
    "also",
    "another",
    "next",
    "last year",
    "last month",
    "last week",
    "last time",
    "last meeting",
    "last talk",
    "last event",
    "last spring",
    "last summer",
    "last autumn",
    "last winter",
    "previous",
    "earlier",
    "later",
    "then",
    "second",
    "instead",
    "planned",
    "postponed",
    "moved from",
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
    "if you miss",
    "if you cannot",
    "first met",
    "본회의",
    "총회",
    "이사회",
    "다과회",
    "repeat",
    "repeated",
    "again",
    "radio",
    "own",
    "television",
    "online",
    "다음",
    "지난",
    "전시",
    "출간",
    "nächste",
    "nächster",
    "letzte",
];

/// What happens before, after and around an event.
const AROUND: &[&str] = &[
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
    "supper",
    "break",
    "arrive",
    "arrival",
    "open",
    "office",
    "hotel",
    "telephone",
    "call",
    "helpline",
    "link",
    "recording",
    "slides",
    "tickets",
    "volunteers",
    "journalists",
    "press",
    "children",
    "sessions",
    "first session",
    "last session",
    "opening session",
    "closing session",
    "morning session",
    "afternoon session",
    "panel",
    "overflow",
    "overspill",
    "screen",
    "cloakroom",
    "livestream",
    "stream",
    "networking",
    "security",
    "full",
    "입장",
    "접수",
    "다과",
    "뒤에",
    "문의",
    "식사",
    "점심",
    "einlass",
    "anmeldung",
    "kaffee",
    "büro",
];

/// Whether the announced event is the subject.
pub(super) fn is_about_event(
    passage: &Passage<'_>,
    range: Range<usize>,
    event: &Event<'_>,
) -> bool {
    range.clone().any(|at| {
        let is_event = passage.words[at].is_any(EVENT);
        is_event
            && at + 1 < range.end
            && passage.words[at + 1].is_any(IS)
            && subject::is_ours(event, passage, at, range.start)
    }) || passage.says(range, &["when :", "date :", "일시"])
}

/// Whether this says when or where the event is held.
pub(super) fn says_when(passage: &Passage<'_>, range: Range<usize>, event: &Event<'_>) -> bool {
    is_about_event(passage, range.clone(), event)
        || we(passage, range.clone(), WE_MEET)
        || passage.says(range, HELD)
}

/// Whether this names who speaks at the event, or what we do there.
pub(super) fn is_near_event(passage: &Passage<'_>, range: Range<usize>, event: &Event<'_>) -> bool {
    let named = |name: &&str| passage.position(range.clone(), &name.to_lowercase()).is_some();
    passage.says(range.clone(), &["our guest"])
        || we(passage, range.clone(), WE_HOST)
        || event.speakers.iter().chain(&event.partners).any(named)
}

/// Whether somebody speaks or is heard.
pub(super) fn is_spoken(passage: &Passage<'_>, range: Range<usize>) -> bool {
    const SPOKEN: &[&str] = &[
        "speak", "speaks", "speaker", "talks", "hear", "meet", "welcome", "host", "hosts",
        "evening",
    ];
    passage.says(range.clone(), SPOKEN) || passage.says(range, EVENT)
}

/// Whether readers are asked to keep the day free, with nothing said of why.
pub(super) fn asks_to_note(
    passage: &Passage<'_>,
    sentence: Range<usize>,
    day: &Range<usize>,
) -> bool {
    sentence.len() <= day.len() + 7 && passage.says(sentence, NOTE)
}

/// Whether `not` stands right before a word.
pub(super) fn is_denied(passage: &Passage<'_>, at: usize) -> bool {
    let before = &passage.words[at.saturating_sub(4)..at];
    before.iter().any(|word| word.is_any(&["not", "no", "never", "nicht", "kein", "keine"]))
}

/// Whether `we` stands at most two words before one of these.
fn we(passage: &Passage<'_>, range: Range<usize>, verbs: &[&str]) -> bool {
    range.clone().filter(|at| passage.words[*at].is_any(&["we", "wir"])).any(|at| {
        let last = range.end.min(at + 4);
        (at + 1..last).filter(|at| passage.words[*at].is_any(verbs)).any(|verb| {
            // `We meet our member of parliament`
            let object = passage.words.get(verb + 1).filter(|_| passage.words[verb].is("meet"));
            object.is_none_or(|word| !word.is_any(&["our", "the", "a", "an", "with", "their"]))
        })
    })
}

/// Whether this is about something else.
pub(super) fn is_about_other(passage: &Passage<'_>, range: Range<usize>) -> bool {
    passage.says(range, OTHER)
}

/// Whether this is about what happens around the event.
pub(super) fn is_around_event(passage: &Passage<'_>, range: Range<usize>) -> bool {
    const WE_ARE: &[&str] = &["is", "are", "be", "we", "to", "warmly", "very", "will", "shall"];
    // `17:10 Welcome`, but not `all are welcome`.
    let welcome = passage.position(range.clone(), "welcome");
    welcome.is_some_and(|at| !passage.words[at - 1].is_any(WE_ARE)) || passage.says(range, AROUND)
}

/// The part of a sentence around some words, as far as the next commas and brackets.
pub(super) fn clause(passage: &Passage<'_>, words: &Range<usize>) -> Range<usize> {
    between(passage, words, &[",", ";", "(", ")", "–", "—", "…"])
}

/// The part of a sentence around some words, as far as the next semicolons and brackets.
pub(super) fn statement(passage: &Passage<'_>, words: &Range<usize>) -> Range<usize> {
    between(passage, words, &[";", "(", ")"])
}

fn between(passage: &Passage<'_>, words: &Range<usize>, ends: &[&str]) -> Range<usize> {
    let sentence = passage.context(words.start);
    let is_end = |at: &usize| passage.words[*at].is_any(ends);
    let start =
        (sentence.start..words.start).rev().find(is_end).map_or(sentence.start, |at| at + 1);
    let end = (words.end.min(sentence.end)..sentence.end).find(is_end).unwrap_or(sentence.end);
    start..end.max(words.end)
}
