//! Numbers of rooms in the text against the place of the event.

use std::ops::Range;

use super::{
    Calendar, cues,
    differs::DIFFERS,
    event::Event,
    label::{self, Label},
    names,
    passage::{Part, Passage},
    subject,
    words::{self, Kind, Word},
};
use crate::check::Finding;

/// Nouns that have a number behind them, with a capital.
const BEFORE: &[(&str, Noun)] = &[
    ("room", Noun::Room),
    ("raum", Noun::Room),
    ("회의실", Noun::Room),
    ("hall", Noun::Hall),
    ("saal", Noun::Hall),
    ("suite", Noun::Suite),
    ("theatre", Noun::Theatre),
];
/// Nouns right behind a number.
const BEHIND: &[&str] = &["호", "호실", "회의실"];

/// Who is spoken of where the room is the event's.
const OURS: &[&str] = &["we", "us", "our", "you"];

/// What else is done in a room, and how others are found.
const NOT_THERE: &[&str] = &[
    "coats",
    "bags",
    "lift",
    "lifts",
    "toilet",
    "toilets",
    "prayer",
    "quiet",
    "children",
    "film",
    "films",
    "stall",
    "choir",
    "rehearses",
    "press",
    "journalists",
    "beside",
    "near",
    "opposite",
    "past",
    "above",
    "below",
    "office",
    "lunch",
    "photographs",
];

/// What has a number, in whatever language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Noun {
    Room,
    Hall,
    Suite,
    Theatre,
}

/// `Room 17`
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Room {
    noun: Noun,
    number: String,
    words: Range<usize>,
}

pub(super) fn check(
    calendar: &Calendar<'_>,
    event: &Event<'_>,
    passages: &[Passage<'_>],
) -> Vec<Finding> {
    let place = rooms(&words::read(event.place, 0..event.place.len()));
    let [right] = &place[..] else { return Vec::new() };
    let said: Vec<(&Passage<'_>, Room)> = passages
        .iter()
        .flat_map(|passage| rooms(&passage.words).into_iter().map(move |room| (passage, room)))
        .filter(|(_, room)| room.noun == right.noun)
        .collect();
    let Some((_, first)) = said.first() else { return Vec::new() };
    // Several rooms are those of sessions, or of other meetings.
    if first.number == right.number || said.iter().any(|(_, room)| room.number != first.number) {
        return Vec::new();
    }
    let of_event = said.iter().filter(|(passage, room)| is_of_event(event, passage, room));
    of_event.map(|(passage, room)| differs(calendar, event, passage, room)).collect()
}

/// Whether the event is said to be in this room.
fn is_of_event(event: &Event<'_>, passage: &Passage<'_>, room: &Room) -> bool {
    let sentence = passage.context(room.words.start);
    let clause = cues::clause(passage, &room.words);
    let mut days = passage.dates_in(sentence.clone()).iter();
    let is_meant = passage.part != Part::Body
        || cues::says_when(passage, sentence.clone(), event)
        || cues::is_near_event(passage, sentence.clone(), event)
        || label::is(Label::Place, passage, room.words.start)
        || subject::verb(event, passage, clause.start..room.words.start).is_some()
        || subject::asks_to_come(passage, clause.start..room.words.start)
        || names_place(event, passage, sentence.clone())
            && (room.words.start - clause.start <= 2 || passage.says(sentence.clone(), OURS));
    is_meant
        && !cues::is_denied(passage, room.words.start)
        && !passage.says(sentence.clone(), NOT_THERE)
        && !names_other_month(event, passage, sentence.clone())
        && days.all(|date| date.readings.iter().any(|day| event.starts_on(*day)))
        && !cues::is_about_other(passage, sentence)
        && !cues::is_around_event(passage, clause)
}

/// Whether a month is named in which the event is not.
pub(super) fn names_other_month(
    event: &Event<'_>,
    passage: &Passage<'_>,
    range: Range<usize>,
) -> bool {
    let mut months = passage.words[range].iter().filter_map(names::month);
    months.any(|(month, _)| month != event.starts.month())
}

/// Whether a name from the place stands beside the room: `Committee`, `Portcullis House`.
fn names_place(event: &Event<'_>, passage: &Passage<'_>, range: Range<usize>) -> bool {
    let is_name = |word: &&str| {
        let is_noun = BEFORE.iter().any(|(noun, _)| word.eq_ignore_ascii_case(noun));
        word.len() > 3 && word.starts_with(char::is_uppercase) && !is_noun
    };
    let mut names = event.place.split([' ', ',']).filter(is_name);
    names.any(|name| passage.words[range.clone()].iter().any(|word| word.text == name))
}

pub(super) fn rooms(words: &[Word<'_>]) -> Vec<Room> {
    let pair = |at: usize| {
        let (word, next) = (&words[at], words.get(at + 1)?);
        let capital = !word.text.starts_with(char::is_lowercase);
        if let Some((_, noun)) = BEFORE.iter().find(|(name, _)| word.is(name) && capital)
            && next.kind == Kind::Digits
        {
            let letter = words
                .get(at + 2)
                .filter(|word| word.glued && word.text.len() == 1 && word.kind == Kind::Letters);
            let number = format!("{}{}", next.text, letter.map_or("", |word| word.text));
            return Some(Room { noun: *noun, number, words: at..at + 2 });
        }
        let is_room = next.glued && BEHIND.iter().any(|name| next.small.starts_with(name));
        (is_room && word.kind == Kind::Digits).then(|| Room {
            noun: Noun::Room,
            number: word.text.to_owned(),
            words: at..at + 2,
        })
    };
    (0..words.len()).filter_map(pair).collect()
}

fn differs(
    calendar: &Calendar<'_>,
    event: &Event<'_>,
    passage: &Passage<'_>,
    room: &Room,
) -> Finding {
    let source = &calendar.draft.source;
    let span =
        passage.words[room.words.start].span.start..passage.words[room.words.end - 1].span.end;
    let said = &source.text[span.clone()];
    let place = event.place;
    let message = format!("the text says `{said}`, and `event.place` says `{place}`");
    DIFFERS
        .finding(message)
        .fix("change the text or `event.place`, whichever is wrong")
        .at(source, span)
}
