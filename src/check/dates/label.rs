//! What a line or a row of a table says it is about: `Start time: 17:00`, `| Room | 17 |`,
//! `Venue – Committee Room 17`.

use super::{
    cues::EVENT,
    passage::Passage,
    words::{Kind, Word},
};

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

/// Labels of all there is to say.
const GENERAL: &[&str] = &["details", "information", "info", "practicalities"];

/// Before a label, these leave it one.
const WITH: &[&str] =
    &["the", "our", "new", "event", "start", "date", "time", "강연", "행사", "and", "&", "–", "of"];

/// Whether the line in which a word stands begins with such a label.
pub(super) fn is(label: Label, passage: &Passage<'_>, at: usize) -> bool {
    let context = passage.context(at);
    let words = &passage.words[context.start..at];
    let names = LABELS.iter().filter(|(kind, _)| *kind == label).map(|(_, names)| *names);
    let is_general =
        |word: &Word<'_>| label != Label::End && (word.is_any(GENERAL) || word.is_any(EVENT));
    let is_known = |word: &Word<'_>| {
        LABELS.iter().any(|(_, names)| named(word, names)) || word.is_any(WITH) || is_general(word)
    };
    let Some(mark) = words.iter().take(5).position(ends_label) else { return false };
    let label_words = &words[..=mark];
    label_words.iter().all(|word| is_known(word) || ends_label(word))
        && label_words
            .iter()
            .any(|word| is_general(word) || names.clone().any(|names| named(word, names)))
}

fn named(word: &Word<'_>, names: &[&str]) -> bool {
    // `시간은`
    names.contains(&word.small.trim_end_matches(['은', '는']))
}

fn ends_label(word: &Word<'_>) -> bool {
    word.kind == Kind::Border
        || word.is_any(&[":", "–", "—", "-"])
        || word.text.ends_with(['은', '는']) && LABELS.iter().any(|(_, names)| named(word, names))
}
