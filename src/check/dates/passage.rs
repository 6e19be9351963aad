//! A draft's subject, preheader and body, each read once for all rules.

use std::{collections::HashSet, ops::Range};

use super::{
    cursor::Ways,
    find,
    hours::{self, Hours},
    mention::Mention,
    names,
    words::{self, Kind, Word},
};
use crate::draft::Draft;

/// Where a passage comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Subject,
    Preheader,
    Body,
}

/// A piece of a draft that people read.
pub(super) struct Passage<'a> {
    pub(super) part: Part,
    pub(super) words: Vec<Word<'a>>,
    pub(super) dates: Vec<Mention>,
    pub(super) hours: Vec<Hours>,
    text: &'a str,
    /// What a phrase can begin with here, so that most are passed over at once.
    vocabulary: HashSet<String>,
    sentences: Vec<Range<usize>>,
    borders: Vec<usize>,
}

/// The passages of a draft, in order.
pub(super) fn passages(draft: &Draft, ways: Ways) -> Vec<Passage<'_>> {
    let text = &*draft.source.text;
    let subject = (Part::Subject, draft.front.subject.span.clone());
    let preheader = draft.front.preheader.as_ref().map(|line| (Part::Preheader, line.span.clone()));
    [Some(subject), preheader, Some((Part::Body, draft.body_start..text.len()))]
        .into_iter()
        .flatten()
        .map(|(part, range)| Passage::read(part, text, range, ways))
        .collect()
}

impl<'a> Passage<'a> {
    fn read(part: Part, text: &'a str, range: Range<usize>, ways: Ways) -> Self {
        let words = words::read(text, range);
        let dates = find::mentions(&words, ways);
        let hours = hours::hours(&words, ways);
        let sentences = sentences(&words);
        let is_border = |(at, word): (usize, &Word<'_>)| (word.kind == Kind::Border).then_some(at);
        let borders = words.iter().enumerate().filter_map(is_border).collect();
        let vocabulary = words.iter().flat_map(pieces).collect();
        Self { part, words, dates, hours, text, vocabulary, sentences, borders }
    }

    /// The sentence around a word, within its paragraph, list item or cell.
    pub(super) fn sentence(&self, word: usize) -> Range<usize> {
        let at = self.sentences.partition_point(|sentence| sentence.end <= word);
        self.sentences.get(at).cloned().unwrap_or(word..word)
    }

    /// The dates that begin in a range.
    pub(super) fn dates_in(&self, range: Range<usize>) -> &[Mention] {
        let first = self.dates.partition_point(|date| date.words.start < range.start);
        let end = self.dates.partition_point(|date| date.words.start < range.end);
        self.dates.get(first..end).unwrap_or_default()
    }

    /// The times that begin in a range.
    pub(super) fn hours_in(&self, range: Range<usize>) -> &[Hours] {
        let first = self.hours.partition_point(|hours| hours.words.start < range.start);
        let end = self.hours.partition_point(|hours| hours.words.start < range.end);
        self.hours.get(first..end).unwrap_or_default()
    }

    /// From the border before a word to the one behind it.
    pub(super) fn block(&self, word: usize) -> Range<usize> {
        let next = self.borders.partition_point(|border| *border < word);
        let start = next.checked_sub(1).map_or(0, |before| self.borders[before] + 1);
        start..self.borders.get(next).copied().unwrap_or(self.words.len())
    }

    /// The words of a sentence, and before them what a table says of it in the cell to its left.
    pub(super) fn context(&self, word: usize) -> Range<usize> {
        let sentence = self.sentence(word);
        if self.block(word).start != sentence.start || sentence.start < 2 {
            return sentence;
        }
        let left = self.block(sentence.start - 2);
        let between = &self.text[self.words[left.end - 1].span.end..self.words[word].span.start];
        // Not the last cell of the row above.
        let is_above = between.contains('|') && between.contains('\n');
        if left.len() <= 2 && !is_above { left.start..sentence.end } else { sentence }
    }

    /// Short paragraphs, items and headings among those before a block, the last one first.
    pub(super) fn labels(&self, block: usize) -> impl Iterator<Item = Range<usize>> {
        let before = self.borders.partition_point(|border| *border < block);
        let ends = self.borders[..before].iter().rev().take(40).filter(|end| **end > 0);
        ends.map(|end| self.block(end - 1)).filter(|block| block.len() <= 3)
    }

    /// Whether one of these phrases stands in the range. A Korean phrase may be part of a word.
    pub(super) fn says(&self, range: Range<usize>, phrases: &[&str]) -> bool {
        phrases.iter().any(|phrase| self.position(range.clone(), phrase).is_some())
    }

    /// Where a phrase begins in the range.
    pub(super) fn position(&self, range: Range<usize>, phrase: &str) -> Option<usize> {
        let first = phrase.split(' ').next().unwrap_or_default();
        if !self.vocabulary.contains(first) {
            return None;
        }
        range.clone().find(|at| {
            let words = self.words[*at..range.end].iter().filter(|word| word.kind != Kind::Border);
            let mut pairs = phrase.split(' ').zip(words.map(Some).chain(std::iter::repeat(None)));
            pairs.all(|(part, word)| {
                word.is_some_and(|word| {
                    let may_be_part = !part.is_ascii() && word.kind == Kind::Letters;
                    word.small == part || may_be_part && word.small.contains(part)
                })
            })
        })
    }

    /// The years that are named in the range.
    pub(super) fn years(&self, range: Range<usize>) -> impl Iterator<Item = i16> {
        self.words[range]
            .iter()
            .filter(|word| word.kind == Kind::Digits && word.text.len() == 4)
            .filter_map(Word::number)
            .filter(|year| (1000..2100).contains(year))
    }
}

/// The word, and its parts if a Korean phrase can be one of them.
fn pieces(word: &Word<'_>) -> Vec<String> {
    const LONGEST: usize = 12;
    if word.small.is_ascii() {
        return vec![word.small.clone()];
    }
    let starts = word.small.char_indices().map(|(start, _)| &word.small[start..]);
    let parts = starts.flat_map(|rest| {
        let ends = rest.char_indices().map(|(at, last)| at + last.len_utf8()).take(LONGEST);
        ends.map(|end| rest[..end].to_owned())
    });
    parts.collect()
}

/// Longer sentences are cut, so that no text takes long.
const LONGEST: usize = 100;

fn sentences(words: &[Word<'_>]) -> Vec<Range<usize>> {
    let mut sentences = Vec::new();
    let mut start = 0;
    for (at, word) in words.iter().enumerate() {
        let is_long = at - start > LONGEST;
        if word.kind == Kind::Border || is_long || ends_sentence(words, at) {
            let end = if word.kind == Kind::Border { at } else { at + 1 };
            if end > start {
                sentences.push(start..end);
            }
            start = at + 1;
        }
    }
    sentences
}

fn ends_sentence(words: &[Word<'_>], at: usize) -> bool {
    const SHORT: &[&str] =
        &["mr", "mrs", "ms", "dr", "st", "no", "nr", "prof", "approx", "m", "rt", "hon"];
    let is_followed = words.get(at + 1).is_some_and(|next| !next.glued);
    if !is_followed {
        return false;
    }
    match words[at].text {
        "!" | "?" => true,
        "." => {
            let before = at.checked_sub(1).map(|at| &words[at]);
            let next = &words[at + 1];
            !before.is_some_and(|before| {
                before.is_any(SHORT)
                    || names::weekday(before, false).is_some_and(|named| named.is_short)
                    || names::month(before).is_some_and(|(_, is_short)| is_short)
                    || before.kind == Kind::Digits
                        && (next.kind == Kind::Digits || names::month(next).is_some())
            }) && !next.text.starts_with(char::is_lowercase)
        }
        _ => false,
    }
}
