//! What a line or a row of a table says it is about: `Start time: 17:00`, `| Room | 17 |`,
//! `Venue – Committee Room 17`.

use super::{passage::Passage, words::Kind};

/// What follows a label.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Label {
    Day,
    Start,
    End,
    Place,
}

const LABELS: &[(Label, &[&str])] = &[
    (
        Label::Day,
        &["date", "day", "when", "날짜", "일시", "일자", "datum", "termin", "wann", "tag"],
    ),
    (
        Label::Start,
        &[
            "time",
            "times",
            "when",
            "start",
            "starts",
            "begin",
            "begins",
            "beginning",
            "시간",
            "일시",
            "시작",
            "uhrzeit",
            "zeit",
            "beginn",
            "wann",
            "termin",
        ],
    ),
    (Label::End, &["end", "ends", "finish", "finishes", "종료", "ende"]),
    (Label::Place, &["place", "where", "room", "venue", "location", "장소", "ort", "raum", "wo"]),
];

/// Before a label, these leave it one.
const WITH: &[&str] =
    &["the", "our", "new", "event", "start", "date", "time", "강연", "행사", "and", "&", "–", "of"];

/// Whether the line in which a word stands begins with such a label.
pub(super) fn is(label: Label, passage: &Passage<'_>, at: usize) -> bool {
    let context = passage.context(at);
    let words = &passage.words[context.start..at];
    let names = LABELS.iter().filter(|(kind, _)| *kind == label).map(|(_, names)| *names);
    let is_label = |place: usize| names.clone().any(|names| words[place].is_any(names));
    let is_mark = |place: usize| {
        words[place].kind == Kind::Border || words[place].is_any(&[":", "–", "—", "-"])
    };
    let Some(mark) = (0..words.len().min(5)).find(|place| is_mark(*place)) else { return false };
    let mut named = 0..mark;
    let all_known = (0..mark).all(|place| {
        LABELS.iter().any(|(_, names)| words[place].is_any(names)) || words[place].is_any(WITH)
    });
    all_known && named.any(is_label)
}
