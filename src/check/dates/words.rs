//! Reads Markdown as words that know where they stand, with borders where one thing ends.

use std::ops::Range;

/// What a word is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Letters of any script.
    Letters,
    /// ASCII digits.
    Digits,
    /// One character of punctuation.
    Mark,
    /// An expression or an address: nobody knows what it says.
    Hole,
    /// The end of a paragraph, a list item, a heading or a table cell.
    Border,
}

/// A run of letters, a run of digits, or one mark.
#[derive(Clone, Debug)]
pub(super) struct Word<'a> {
    pub(super) text: &'a str,
    /// The text in small letters.
    pub(super) small: String,
    pub(super) kind: Kind,
    pub(super) span: Range<usize>,
    /// Whether no blank stands before it.
    pub(super) glued: bool,
}

impl Word<'_> {
    /// Its value, where it is a number of at most four digits.
    pub(super) fn number(&self) -> Option<i16> {
        let short = self.kind == Kind::Digits && self.text.len() <= 4;
        if short { self.text.parse().ok() } else { None }
    }

    pub(super) fn is(&self, text: &str) -> bool {
        self.small == text
    }

    pub(super) fn is_any(&self, texts: &[&str]) -> bool {
        texts.contains(&self.small.as_str())
    }
}

/// Longer link destinations are not taken for one, so that no text takes long.
const LONGEST_LINK: usize = 2000;

/// The words in a range of `text`. Emphasis, link destinations, comments and line prefixes are
/// passed over.
pub(super) fn read(text: &str, range: Range<usize>) -> Vec<Word<'_>> {
    let mut reader = Reader { text: &text[..range.end], at: range.start, ..Reader::default() };
    reader.border();
    reader.line_start();
    while let Some(next) = reader.rest().chars().next() {
        reader.step(next);
    }
    reader.border();
    reader.words
}

#[derive(Default)]
struct Reader<'a> {
    text: &'a str,
    at: usize,
    words: Vec<Word<'a>>,
    glued: bool,
    in_heading: bool,
    above: Above,
}

/// What stands above a line.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Above {
    #[default]
    Blank,
    Item,
    Text,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn push(&mut self, kind: Kind, text: &'a str, length: usize) {
        let span = self.at..self.at + length;
        self.words.push(Word { text, small: text.to_lowercase(), kind, span, glued: self.glued });
        self.at += length;
        self.glued = true;
    }

    fn border(&mut self) {
        if self.words.last().is_none_or(|word| word.kind != Kind::Border) {
            self.push(Kind::Border, "", 0);
        }
        self.glued = false;
    }

    /// Skips to the end of the first `end` after here, or to the end of the line.
    fn skip_past(&mut self, end: &str) {
        let rest = self.rest();
        let line = rest.find('\n').unwrap_or(rest.len());
        self.at += rest[..line].find(end).map_or(line, |found| found + end.len());
    }

    fn line_start(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches([' ', '\t', '>']).len();
        let rest = self.rest();
        let line = rest.lines().next().unwrap_or("");
        if line.trim().is_empty() {
            self.border();
            self.above = Above::Blank;
            return;
        }
        let is_rule = line.chars().all(|c| "-=*_|: \t\r".contains(c));
        if is_rule || line.starts_with("```") || line.starts_with("~~~") {
            self.border();
            self.at += line.len();
        } else if let Some(length) = self.list_marker(line) {
            self.border();
            self.at += length;
            self.above = Above::Item;
            return;
        } else if line.starts_with('#') {
            self.border();
            self.at += line.len() - line.trim_start_matches('#').len();
            self.in_heading = true;
        }
        if self.above == Above::Blank {
            self.above = Above::Text;
        }
    }

    /// The length of `- ` or `3. ` at the start of a line. As in Markdown, a number above 1 does
    /// not begin a list in the middle of a paragraph.
    fn list_marker(&self, line: &str) -> Option<usize> {
        let digits = line.bytes().take_while(u8::is_ascii_digit).count();
        let marks: &[char] = if digits == 0 { &['-', '*', '+'] } else { &['.', ')'] };
        let blank_after = line[digits..].strip_prefix(marks)?.starts_with([' ', '\t']);
        let begins = digits == 0 || &line[..digits] == "1" || self.above != Above::Text;
        (blank_after && digits < 4 && begins).then_some(digits + 1)
    }

    fn step(&mut self, next: char) {
        let rest = self.rest();
        match next {
            '\n' => {
                self.at += 1;
                self.glued = false;
                if std::mem::take(&mut self.in_heading) {
                    self.border();
                }
                self.line_start();
            }
            _ if next.is_whitespace() => {
                self.at += next.len_utf8();
                self.glued = false;
            }
            '|' => {
                self.border();
                self.at += 1;
            }
            '~' if rest.starts_with("~~") => self.at += 2,
            '[' if rest.starts_with("[^") => self.skip_past("]"),
            ']' if rest.starts_with("](") => self.destination(),
            ']' if rest.starts_with("][") => {
                self.at += 1;
                self.skip_past("]");
            }
            '*' | '`' | '_' | '\\' | '[' | ']' => self.at += 1,
            '<' if rest.starts_with("<!--") => {
                self.at += rest.find("-->").map_or(rest.len(), |end| end + 3);
            }
            '{' if rest.starts_with("{{") => self.hole(rest.find("}}").map(|end| end + 2)),
            '&' if rest.starts_with("&nbsp;") => {
                self.at += "&nbsp;".len();
                self.glued = false;
            }
            '&' if rest.starts_with("&ndash;") => self.push(Kind::Mark, "–", "&ndash;".len()),
            _ if next.is_ascii_digit() => {
                let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
                self.push(Kind::Digits, &rest[..digits], digits);
            }
            _ if next.is_alphabetic() => self.letters(),
            _ => self.push(Kind::Mark, &rest[..next.len_utf8()], next.len_utf8()),
        }
    }

    fn letters(&mut self) {
        let rest = self.rest();
        let end = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
        if rest[end..].starts_with("://") || rest.starts_with("www.") {
            self.hole(rest.find(|c: char| c.is_whitespace() || ")>\"|".contains(c)));
        } else {
            self.push(Kind::Letters, &rest[..end], end);
        }
    }

    fn hole(&mut self, length: Option<usize>) {
        let rest = self.rest();
        let length = length.unwrap_or(rest.len());
        self.push(Kind::Hole, &rest[..length], length);
    }

    /// Skips `](files/map (1).png "Title")`.
    fn destination(&mut self) {
        let mut depth = 0_usize;
        for (offset, character) in self.rest().char_indices().take(LONGEST_LINK) {
            match character {
                '(' => depth += 1,
                ')' if depth == 1 => {
                    self.at += offset + 1;
                    return;
                }
                ')' => depth -= 1,
                '\n' if self.rest()[offset + 1..].starts_with('\n') => break,
                _ => {}
            }
        }
        self.at += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        read(text, 0..text.len())
            .iter()
            .map(|word| match word.kind {
                Kind::Border => "/",
                Kind::Hole => "…",
                _ => word.text,
            })
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[test]
    fn markup_is_passed_over_and_blocks_have_borders() {
        for (text, words) in [
            ("On **Thursday** 3rd\nof _May_", "/ On Thursday 3 rd of May /"),
            ("# Title\ntext\n\nmore", "/ Title / text / more /"),
            ("> - one\n> - two", "/ one / two /"),
            ("am\n3. Mai\n\n3. Mai", "/ am 3 . Mai / Mai /"),
            ("| a | b |\n|---|---|\n| c | d |", "/ a / b / c / d /"),
            ("[Thu 3](x/4 \"Fri (5)\"), <https://a.example/2026/12/03>", "/ Thu 3 , < … > /"),
            ("{{default day \"Monday\"}} 3<!-- 4\n5 -->[^6]", "/ … 3 /"),
            ("12월 3일(목)~4일", "/ 12 월 3 일 ( 목 ) ~ 4 일 /"),
        ] {
            assert_eq!(shown(text), words, "{text}");
        }
    }

    #[test]
    fn a_word_knows_its_bytes() {
        let text = "é *Thursday*";
        let words = read(text, 3..text.len());
        assert_eq!(&text[words[1].span.clone()], "Thursday");
    }
}
