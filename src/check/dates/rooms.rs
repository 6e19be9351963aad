//! Numbers of rooms in the text against the place of the event.

use std::ops::Range;

use super::{
    Calendar, cues,
    differs::DIFFERS,
    event::Event,
    passage::Passage,
    words::{self, Kind, Word},
};
use crate::check::Finding;

/// Nouns that have a number behind them, with a capital.
const BEFORE: [&str; 7] = ["room", "hall", "suite", "theatre", "raum", "saal", "회의실"];
/// Nouns right behind a number.
const BEHIND: [&str; 3] = ["호", "호실", "회의실"];

/// What else rooms are for, or when else they were used.
const ELSEWHERE: [&str; 2] = ["office", "hotel"];

/// `Room 17`
#[derive(Clone, Debug, PartialEq, Eq)]
struct Room {
    noun: &'static str,
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
    let found = said.iter().filter_map(|(passage, room)| {
        let sentence = passage.sentence(room.words.start);
        let is_other = cues::is_about_other(passage, sentence.clone())
            || cues::is_around_event(passage, cues::clause(passage, &room.words))
                && !is_asked(passage, sentence.clone())
            || passage.says(sentence, &ELSEWHERE);
        (!is_other).then(|| differs(calendar, event, passage, room))
    });
    found.collect()
}

/// `Please come to Committee Room 17.`
fn is_asked(passage: &Passage<'_>, sentence: Range<usize>) -> bool {
    passage.says(sentence, &["please come", "come to"])
}

fn rooms(words: &[Word<'_>]) -> Vec<Room> {
    let pair = |at: usize| {
        let (word, next) = (&words[at], words.get(at + 1)?);
        let capital = !word.text.starts_with(char::is_lowercase);
        if let Some(noun) = BEFORE.into_iter().find(|noun| word.is(noun) && capital)
            && next.kind == Kind::Digits
        {
            let letter = words
                .get(at + 2)
                .filter(|word| word.glued && word.text.len() == 1 && word.kind == Kind::Letters);
            let number = format!("{}{}", next.text, letter.map_or("", |word| word.text));
            return Some(Room { noun, number, words: at..at + 2 });
        }
        let noun = BEHIND.into_iter().find(|noun| next.small.starts_with(noun) && next.glued)?;
        (word.kind == Kind::Digits).then(|| Room {
            noun,
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
