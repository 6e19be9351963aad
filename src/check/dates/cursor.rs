//! Walks over words and takes what matches.

use super::{
    korean,
    names::{self, Named},
    words::{Kind, Word},
};

/// How numbers and names are read in a language.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ways {
    pub(super) order: Order,
    pub(super) in_german: bool,
}

/// Which number comes first in `3/12`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    DayFirst,
    MonthFirst,
    Unsure,
}

impl Ways {
    /// As people of this language (BCP 47) write.
    pub(super) fn of(language: &str) -> Self {
        let language = language.to_ascii_lowercase();
        let spoken = language.split('-').next().unwrap_or("");
        let order = match spoken {
            "en" if language == "en" => Order::Unsure,
            "en" if language.split('-').any(|part| part == "us") => Order::MonthFirst,
            "ko" | "ja" | "zh" => Order::MonthFirst,
            _ => Order::DayFirst,
        };
        Self { order, in_german: spoken == "de" }
    }
}

/// What joins two weekdays, days or times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Join {
    And,
    To,
}

pub(super) const TO_MARKS: &[&str] = &["-", "–", "—", "~", "～"];
const TO_WORDS: &[&str] = &["to", "until", "till", "through", "bis", "부터", "시부터", "분부터"];

/// More weekdays or days are not read as one expression, so that no text takes long.
pub(super) const MOST: usize = 8;

/// A position among words. Whatever does not match leaves it where it was.
#[derive(Clone, Copy)]
pub(super) struct Cursor<'t, 'a> {
    pub(super) words: &'t [Word<'a>],
    pub(super) at: usize,
    pub(super) ways: Ways,
}

impl<'t, 'a> Cursor<'t, 'a> {
    /// The word `ahead` words on.
    pub(super) fn peek(&self, ahead: usize) -> Option<&'t Word<'a>> {
        self.words.get(self.at + ahead)
    }

    /// Takes the next word if it is one of these.
    pub(super) fn take(&mut self, texts: &[&str]) -> bool {
        let found = self.peek(0).is_some_and(|word| word.is_any(texts));
        self.at += usize::from(found);
        found
    }

    /// As `take`, without a blank before it.
    pub(super) fn take_glued(&mut self, texts: &[&str]) -> bool {
        self.peek(0).is_some_and(|word| word.glued) && self.take(texts)
    }

    /// Takes a number of `digits` digits.
    pub(super) fn number(&mut self, digits: std::ops::RangeInclusive<usize>) -> Option<i16> {
        let word = self.peek(0)?;
        let number = word.number().filter(|_| digits.contains(&word.text.len()))?;
        self.at += 1;
        Some(number)
    }

    /// Whether the next number is the end of a longer one (`17:30`, `2.3`, `£3`).
    pub(super) fn is_inside_number(&self) -> bool {
        let Some(before) = self.at.checked_sub(1).and_then(|at| self.words.get(at)) else {
            return false;
        };
        let glued = self.peek(0).is_some_and(|word| word.glued);
        glued && (before.is_any(&[":", ".", "/", "-", "£", "$", "€", "#"]) || is_letters(before))
    }

    pub(super) fn join(&mut self) -> Option<Join> {
        if self.take(TO_MARKS) || self.take(TO_WORDS) {
            Some(Join::To)
        } else if self.take(&["and", "&", "und", "·", "or", "oder", "와", "과"]) {
            Some(Join::And)
        } else {
            None
        }
    }

    /// Takes one weekday; a syllable (`목`) only `in_brackets`.
    pub(super) fn weekday(&mut self, in_brackets: bool) -> Option<Named> {
        let word = self.peek(0)?;
        let named = names::weekday(word, self.ways.in_german)
            .or_else(|| korean::weekday(word, in_brackets))?;
        self.at += 1;
        if named.is_short && self.peek(0).is_some_and(|next| next.is(".") && next.glued) {
            self.at += 1;
        }
        Some(named)
    }

    /// Takes at most [`MOST`] weekdays that are joined; empty if there is none.
    pub(super) fn weekdays(&mut self, in_brackets: bool) -> Vec<Named> {
        let mut found = Vec::new();
        let mut ahead = *self;
        while let Some(weekday) = ahead.weekday(in_brackets) {
            found.push(weekday);
            *self = ahead;
            if found.len() == MOST || ahead.join().is_none() && !ahead.take(&[","]) {
                break;
            }
        }
        found
    }

    /// Takes a month's name.
    pub(super) fn month(&mut self) -> Option<i8> {
        let (month, is_short) = names::month(self.peek(0)?)?;
        self.at += 1;
        if is_short {
            self.take_glued(&["."]);
        }
        Some(month)
    }

    /// Takes `2026`, `, 2026` or `’26`.
    pub(super) fn year(&mut self) -> Option<i16> {
        let mut ahead = *self;
        ahead.take(&[","]);
        let year = if ahead.take(&["’", "'"]) {
            of_century(ahead.number(2..=2)?)
        } else {
            ahead.number(4..=4).filter(|year| (1900..2100).contains(year))?
        };
        if ahead.take_glued(&[":"]) {
            return None;
        }
        *self = ahead;
        Some(year)
    }

    /// Whether a paragraph, item, sentence or clause ends here.
    pub(super) fn is_at_end(&self) -> bool {
        self.peek(0).is_none_or(|word| matches!(word.kind, Kind::Border | Kind::Mark))
    }
}

/// `26` is 2026, and `90` is 1990.
pub(super) fn of_century(year: i16) -> i16 {
    if year > 50 { 1900 + year } else { 2000 + year }
}

fn is_letters(word: &Word<'_>) -> bool {
    // Korean writes numbers right behind words.
    word.kind == Kind::Letters && word.text.is_ascii()
}
