//! Where in HTML tags, attributes and texts are, so that some can be read or changed and all the
//! rest stays as it is.
//!
//! Cuts as the tokenizer of the HTML standard (§13.2.5) does; it builds no tree.

use std::ops::Range;

/// Elements whose content is no markup.
const RAW: [&str; 9] =
    ["iframe", "noembed", "noframes", "plaintext", "script", "style", "textarea", "title", "xmp"];

/// A stretch of HTML. All of them in order are the whole.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// Text to read, with its character references.
    Text(Range<usize>),
    /// What stands inside an element of this name, and is no markup.
    Raw(String, Range<usize>),
    Tag(Tag),
    /// A comment, a doctype, a conditional of Outlook.
    Comment(Range<usize>),
}

/// `<a href="…">` or `</a>`.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Tag {
    pub(super) span: Range<usize>,
    /// In lower case.
    pub(super) name: String,
    pub(super) is_end: bool,
    pub(super) attributes: Vec<Attribute>,
}

/// An attribute that has a value.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Attribute {
    /// In lower case.
    pub(super) name: String,
    /// Where the value is, without its quotes.
    pub(super) value: Range<usize>,
    /// `"`, `'`, or `None` for a bare value.
    pub(super) quote: Option<u8>,
}

/// Cuts HTML into its stretches.
pub(super) fn tokens(html: &str) -> impl Iterator<Item = Token> {
    let mut cutter = Cutter { html, at: 0, raw: None };
    std::iter::from_fn(move || cutter.next())
}

/// All that is cut at is ASCII, so no cut parts a character.
struct Cutter<'a> {
    html: &'a str,
    at: usize,
    /// The element whose raw content comes next.
    raw: Option<String>,
}

impl Cutter<'_> {
    fn next(&mut self) -> Option<Token> {
        let from = self.at;
        if let Some(name) = self.raw.take() {
            self.at = self.end_of_raw(&name);
            if self.at > from {
                return Some(Token::Raw(name, from..self.at));
            }
        }
        match self.byte(from)? {
            b'<' if self.is_markup(from) => Some(self.markup()),
            _ => {
                let mut at = from + 1;
                while self.byte(at).is_some_and(|byte| byte != b'<') || self.is_bare(at) {
                    at += 1;
                }
                self.at = at;
                Some(Token::Text(from..at))
            }
        }
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.html.as_bytes().get(at).copied()
    }

    /// Whether the `<` here begins a tag or a comment.
    fn is_markup(&self, at: usize) -> bool {
        match self.byte(at + 1) {
            Some(b'!' | b'?') => true,
            Some(b'/') => self.byte(at + 2).is_some(),
            Some(byte) => byte.is_ascii_alphabetic(),
            None => false,
        }
    }

    /// Whether here is a `<` that is only a character.
    fn is_bare(&self, at: usize) -> bool {
        self.byte(at) == Some(b'<') && !self.is_markup(at)
    }

    fn markup(&mut self) -> Token {
        let from = self.at;
        let is_end = self.byte(from + 1) == Some(b'/');
        let name = from + 1 + usize::from(is_end);
        if self.byte(name).is_some_and(|byte| byte.is_ascii_alphabetic()) {
            return Token::Tag(self.tag(name, is_end));
        }
        let rest = &self.html[from..];
        let end = if rest.starts_with("<!--") {
            end_of_comment(rest)
        } else {
            rest.find('>').map_or(rest.len(), |end| end + 1)
        };
        self.at = from + end;
        Token::Comment(from..self.at)
    }

    fn tag(&mut self, name: usize, is_end: bool) -> Tag {
        let from = self.at;
        self.at = name;
        let name = self.word(|byte| byte == b'/');
        let mut attributes = Vec::new();
        loop {
            while self.byte(self.at).is_some_and(|byte| byte == b'/' || byte.is_ascii_whitespace())
            {
                self.at += 1;
            }
            match self.byte(self.at) {
                None => break,
                Some(b'>') => {
                    self.at += 1;
                    break;
                }
                Some(_) => attributes.extend(self.attribute()),
            }
        }
        if !is_end && RAW.contains(&name.as_str()) {
            self.raw = Some(name.clone());
        }
        Tag { span: from..self.at, name, is_end, attributes }
    }

    fn attribute(&mut self) -> Option<Attribute> {
        // A name may begin with `=`.
        let is_odd = self.byte(self.at) == Some(b'=');
        self.at += usize::from(is_odd);
        let rest = self.word(|byte| byte == b'/' || byte == b'=');
        let name = if is_odd { format!("={rest}") } else { rest };
        self.blanks();
        if self.byte(self.at) != Some(b'=') {
            return None;
        }
        self.at += 1;
        self.blanks();
        let quote = self.byte(self.at).filter(|byte| matches!(byte, b'"' | b'\''));
        let Some(mark) = quote else {
            let from = self.at;
            self.word(|_| false);
            return Some(Attribute { name, value: from..self.at, quote });
        };
        let from = self.at + 1;
        let end = self.html[from..].find(char::from(mark)).map(|end| from + end);
        self.at = end.map_or(self.html.len(), |end| end + 1);
        Some(Attribute { name, value: from..end.unwrap_or(self.html.len()), quote })
    }

    /// Goes on to the next blank, `>` or other end; what it passed, in lower case.
    fn word(&mut self, is_end: impl Fn(u8) -> bool) -> String {
        let from = self.at;
        while self
            .byte(self.at)
            .is_some_and(|byte| byte != b'>' && !byte.is_ascii_whitespace() && !is_end(byte))
        {
            self.at += 1;
        }
        self.html[from..self.at].to_ascii_lowercase()
    }

    fn blanks(&mut self) {
        while self.byte(self.at).is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    fn end_of_raw(&self, name: &str) -> usize {
        let bytes = self.html.as_bytes();
        if name == "plaintext" {
            return bytes.len();
        }
        let is_end = |at: &usize| {
            let Some(rest) = bytes[*at..].strip_prefix(b"</") else { return false };
            let Some((found, after)) = rest.split_at_checked(name.len()) else { return false };
            found.eq_ignore_ascii_case(name.as_bytes())
                && after
                    .first()
                    .is_none_or(|byte| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>'))
        };
        let mut marks = memchr::memchr_iter(b'<', &bytes[self.at..]).map(|mark| self.at + mark);
        marks.find(is_end).unwrap_or(bytes.len())
    }
}

/// How long the comment is that the text begins with.
fn end_of_comment(text: &str) -> usize {
    for odd in ["<!-->", "<!--->"] {
        if text.starts_with(odd) {
            return odd.len();
        }
    }
    let ends = ["-->", "--!>"].iter().filter_map(|end| Some(text[4..].find(end)? + 4 + end.len()));
    ends.min().unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What each stretch is, and its text.
    fn cut(html: &str) -> Vec<String> {
        let named = tokens(html).map(|token| match token {
            Token::Text(span) => format!("text {}", &html[span]),
            Token::Raw(name, span) => format!("in {name} {}", &html[span]),
            Token::Comment(span) => format!("comment {}", &html[span]),
            Token::Tag(tag) => {
                let slash = if tag.is_end { "/" } else { "" };
                let attributes = tag.attributes.iter().map(|attribute| {
                    format!(" {}={}", attribute.name, &html[attribute.value.clone()])
                });
                format!("{slash}{}{}", tag.name, attributes.collect::<String>())
            }
        });
        named.collect()
    }

    #[test]
    fn tags_texts_and_comments_are_told_apart() {
        for (html, expected) in [
            ("a<b>c</b >d", &["text a", "b", "text c", "/b", "text d"][..]),
            (
                "<IMG SRC=x/y alt='a > b' hidden w = \"1\"/>z",
                &["img src=x/y alt=a > b w=1", "text z"],
            ),
            ("1 < 2 <3 & a <b", &["text 1 < 2 <3 & a ", "b"]),
            (
                "<!doctype html><!-- <p> --><p><![endif]>",
                &["comment <!doctype html>", "comment <!-- <p> -->", "p", "comment <![endif]>"],
            ),
            ("<!--><i>-->", &["comment <!-->", "i", "text -->"]),
            (
                "<style>a > b { x: '</p>' }</STYLE><p>",
                &["style", "in style a > b { x: '</p>' }", "/style", "p"],
            ),
            ("<title></title><title><b>", &["title", "/title", "title", "in title <b>"]),
            ("<a href=\"x", &["a href=x"]),
            ("<", &["text <"]),
        ] {
            assert_eq!(cut(html), expected, "{html}");
        }
    }

    proptest! {
        #[test]
        fn the_stretches_are_the_whole(html in "(<|>|/|!|--|=|\"|'| |a|style|é|-){0,60}") {
            let mut at = 0;
            for token in tokens(&html) {
                let span = match token {
                    Token::Text(span) | Token::Raw(_, span) | Token::Comment(span) => span,
                    Token::Tag(tag) => tag.span,
                };
                prop_assert_eq!(span.start, at);
                prop_assert!(span.end > at);
                at = span.end;
            }
            prop_assert_eq!(at, html.len());
        }
    }
}
