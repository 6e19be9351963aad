//! Signs that eyes pass over, written so that they do not.

use std::{fmt::Write as _, ops::Range};

use unicode_normalization::UnicodeNormalization as _;

/// So many characters of a line are shown.
const WIDEST: usize = 100;
/// So many of them stand before what has changed.
const LEAD: usize = 30;

/// A line and the one that has taken its place.
pub(super) struct Pair {
    /// As it was, and as it is, as eyes can read them.
    pub(super) shown: (String, String),
    /// What eyes do not tell apart even so, by its numbers.
    pub(super) lookalikes: Option<String>,
    /// Whether blanks, and nothing else, have changed.
    pub(super) is_blank: bool,
}

/// Two lines side by side. Blanks are marked where nothing but blanks has changed.
pub(super) fn pair(was: &str, is: &str) -> Pair {
    let (of_was, of_is) = difference(was, is);
    let (from, to) = (&was[of_was.clone()], &is[of_is.clone()]);
    let is_blank = from.trim().is_empty() && to.trim().is_empty();
    let marked = |range: &Range<usize>| if is_blank { range.clone() } else { 0..0 };
    Pair {
        shown: (show(was, of_was.start, &marked(&of_was)), show(is, of_is.start, &marked(&of_is))),
        lookalikes: lookalikes(from, to),
        is_blank,
    }
}

/// A line as eyes can read it: blanks at its end as `␣`, other invisible signs by their number, and
/// of a long line the beginning.
pub(super) fn line(text: &str) -> String {
    show(text, 0, &(0..0))
}

/// The part of a line around the byte `at`, with the blanks `marked`.
fn show(text: &str, at: usize, marked: &Range<usize>) -> String {
    let text = text.strip_suffix('\n').unwrap_or(text);
    let ink = text.trim_end_matches(' ').len();
    let (first, length) = (text[..at.min(text.len())].chars().count(), text.chars().count());
    let from = first.saturating_sub(LEAD).min(length.saturating_sub(WIDEST));
    let mut shown = String::new();
    if from > 0 {
        shown.push('…');
    }
    for (at, sign) in text.char_indices().skip(from).take(WIDEST) {
        match sign {
            ' ' if at >= ink || marked.contains(&at) => shown.push('␣'),
            '\t' => shown.push_str("<TAB>"),
            sign if is_invisible(sign) => {
                let _ = write!(shown, "<U+{:04X}>", u32::from(sign));
            }
            sign => shown.push(sign),
        }
    }
    if from + WIDEST < length {
        shown.push('…');
    }
    shown
}

/// The bytes in which two lines differ, in each of them.
pub(super) fn difference(one: &str, other: &str) -> (Range<usize>, Range<usize>) {
    let start: usize = one
        .chars()
        .zip(other.chars())
        .take_while(|(a, b)| a == b)
        .map(|(sign, _)| sign.len_utf8())
        .sum();
    let end: usize = one[start..]
        .chars()
        .rev()
        .zip(other[start..].chars().rev())
        .take_while(|(a, b)| a == b)
        .map(|(sign, _)| sign.len_utf8())
        .sum();
    (start..one.len() - end, start..other.len() - end)
}

/// The numbers of two texts that look alike and are not: a Cyrillic letter in a Latin word, an
/// accent that is a sign of its own.
fn lookalikes(one: &str, other: &str) -> Option<String> {
    let is_plain = |text: &str| text.chars().all(|sign| sign.is_ascii_alphanumeric());
    let is_word = |text: &str| text.chars().all(char::is_alphanumeric);
    let is_swapped = one.chars().count() == other.chars().count()
        && is_word(one)
        && is_word(other)
        && is_plain(one) != is_plain(other);
    let is_recoded = one.nfc().eq(other.nfc());
    let is_short = one.chars().count().max(other.chars().count()) <= 4;
    (is_short && !one.is_empty() && (is_swapped || is_recoded))
        .then(|| format!("{} became {}", numbers(one), numbers(other)))
}

fn numbers(text: &str) -> String {
    let numbers = text.chars().map(|sign| format!("U+{:04X}", u32::from(sign)));
    numbers.collect::<Vec<_>>().join(" ")
}

/// Control and format characters, blanks other than the usual one, and fillers.
fn is_invisible(sign: char) -> bool {
    sign.is_control()
        || (sign.is_whitespace() && sign != ' ')
        || matches!(sign,
            '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
            | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{2800}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}'
            | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}')
}
