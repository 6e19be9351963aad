//! Lines of a given width. A sentinel is part of one word, whatever will stand there.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::render::{
    sentinel::{Segment, Sentinels},
    tags::{Tag, TagKind},
};

/// Columns to reckon with for a value that is not known yet.
const VALUE: usize = 10;

/// Measures text with sentinels.
#[derive(Clone, Copy)]
pub(super) struct Measure<'a> {
    pub(super) sentinels: &'a Sentinels,
    pub(super) tags: &'a [Tag],
}

impl Measure<'_> {
    /// Columns of a text on a terminal (Unicode Standard Annex 11); block tags take none.
    pub(super) fn width(&self, text: &str) -> usize {
        let columns = self.sentinels.segments(text).map(|segment| match segment {
            Segment::Text(text) => text.width(),
            Segment::Mark(number, _) => match self.tags.get(number) {
                Some(tag) if tag.kind == TagKind::Print => VALUE,
                _ => 0,
            },
        });
        columns.sum()
    }

    /// The text with its sentinels' roles left out, to compare.
    pub(super) fn bare(&self, text: &str) -> String {
        let parts = self.sentinels.segments(text).map(|segment| match segment {
            Segment::Text(text) => text.to_owned(),
            Segment::Mark(number, _) => format!("\u{0}{number}\u{0}"),
        });
        parts.collect()
    }

    /// Lines no wider than `width`, unless one word is. `\n` breaks; runs of spaces are one.
    pub(super) fn wrap(&self, text: &str, width: usize) -> Vec<String> {
        text.split('\n').flat_map(|line| self.wrap_line(line, width)).collect()
    }

    fn wrap_line(&self, text: &str, width: usize) -> Vec<String> {
        let mut lines = Vec::new();
        let mut line = String::new();
        let mut columns = 0;
        for word in text.split([' ', '\t']).filter(|word| !word.is_empty()) {
            for (index, part) in self.split_word(word, width).into_iter().enumerate() {
                let wide = self.width(part);
                let gap = usize::from(index == 0 && !line.is_empty());
                if !line.is_empty() && columns + gap + wide > width {
                    lines.push(std::mem::take(&mut line));
                    columns = 0;
                } else if gap == 1 {
                    line.push(' ');
                    columns += 1;
                }
                line.push_str(part);
                columns += wide;
            }
        }
        lines.push(line);
        lines
    }

    /// A word wider than a line, as in Chinese and Japanese, breaks beside a wide character.
    fn split_word<'t>(&self, word: &'t str, width: usize) -> Vec<&'t str> {
        if self.width(word) <= width {
            return vec![word];
        }
        let is_wide = |c: char| c.width() == Some(2);
        let mut parts = Vec::new();
        let (mut start, mut columns, mut before) = (0, 0, None);
        let mut possible = None;
        for (at, character) in word.char_indices() {
            if before.is_some_and(is_wide) || (at > 0 && is_wide(character)) {
                possible = Some(at);
            }
            columns += character.width().unwrap_or(0);
            if let Some(cut) = possible.filter(|cut| columns > width && *cut > start) {
                parts.push(&word[start..cut]);
                columns = word[cut..at].width() + character.width().unwrap_or(0);
                start = cut;
            }
            before = Some(character);
        }
        parts.push(&word[start..]);
        parts
    }
}
