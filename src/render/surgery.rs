//! The Markdown tree made fit for mail: no raw HTML, no link that a mail cannot follow, code as the
//! author wrote it, block tags outside paragraphs.

use std::{borrow::Cow, ops::Range};

use comrak::{
    Node,
    nodes::{NodeValue, Sourcepos},
};

use super::{
    faults::Faults,
    markdown::text_of,
    position::{scheme, scheme_rule},
    sentinel::{Segment, Sentinels},
    tags::{Lifted, Tag, TagKind, role},
};
use crate::diagnostic::{Diagnostic, Source};

/// One tree and what is known of the draft it comes from.
pub(super) struct Surgery<'a> {
    pub(super) source: &'a Source,
    pub(super) base: usize,
    pub(super) tags: &'a [Tag],
    pub(super) sentinels: &'a Sentinels,
    pub(super) lifted: &'a Lifted,
    pub(super) faults: &'a mut Faults,
}

/// The parser makes `http://` of a bare `www.example.org`, which names no scheme.
fn encrypt_bare(node: Node<'_>) {
    let said = text_of(node);
    if let NodeValue::Link(link) = &mut node.data_mut().value
        && said.starts_with("www.")
        && link.url.strip_prefix("http://") == Some(&said)
    {
        link.url = format!("https://{said}");
    }
}

impl Surgery<'_> {
    /// Mends one node.
    pub(super) fn operate(&mut self, node: Node<'_>) {
        let place = self.place(node);
        encrypt_bare(node);
        let mut data = node.data_mut();
        match &mut data.value {
            NodeValue::HtmlBlock(block) => {
                let literal = std::mem::take(&mut block.literal);
                self.html(&literal, &place);
                data.value = NodeValue::Raw(String::new());
            }
            NodeValue::HtmlInline(literal) => {
                let literal = std::mem::take(literal);
                let is_break = ["<br>", "<br/>", "<br />"].contains(&literal.as_str());
                if !is_break {
                    self.html(&literal, &place);
                }
                data.value =
                    if is_break { NodeValue::LineBreak } else { NodeValue::Raw(String::new()) };
            }
            NodeValue::Code(code) => code.literal = self.unlift(&code.literal),
            NodeValue::CodeBlock(code) => {
                code.literal = self.unlift(&code.literal);
                code.info = self.unlift(&code.info);
            }
            NodeValue::Link(link) => {
                self.check_link(&link.url, &place);
                link.url = self.mark_url(&link.url);
            }
            NodeValue::Text(text) => {
                if self.numbers(text).any(|number| self.tags[number].kind == TagKind::Comment) {
                    *text = Cow::Owned(self.without_comments(text));
                }
                let odd = self.numbers(text).find_map(|number| match self.tags[number].kind {
                    TagKind::Unclosed => Some((number, "`{{` has no `}}`")),
                    TagKind::Raw => Some((number, "raw blocks are not known in drafts")),
                    _ => None,
                });
                if let Some((number, message)) = odd {
                    let hint = "write `\\{{` where two braces are to be read as text";
                    let fault = Diagnostic::new(message).at(self.source, self.span(number));
                    self.faults.push(fault.hint(hint));
                    *text = Cow::Borrowed("");
                }
            }
            NodeValue::Paragraph => {
                drop(data);
                self.unwrap_block_tags(node);
            }
            _ => {}
        }
    }

    fn without_comments(&self, text: &str) -> String {
        let parts = self.sentinels.segments(text).map(|segment| match segment {
            Segment::Text(text) => text.to_owned(),
            Segment::Mark(number, role) => match self.tags.get(number) {
                Some(tag) if tag.kind == TagKind::Comment => String::new(),
                _ => self.sentinels.mark(number, role),
            },
        });
        parts.collect()
    }

    /// Raw HTML is off; a comment is only dropped.
    fn html(&mut self, literal: &str, place: &Range<usize>) {
        if !literal.trim_start().starts_with("<!--") {
            let fault = Diagnostic::new("HTML is off in drafts").at(self.source, place.clone());
            let hint = "write Markdown, or `\\<` for the sign itself";
            self.faults.push(fault.hint(hint).rule("A3/raw-html"));
        }
    }

    fn check_link(&mut self, url: &str, place: &Range<usize>) {
        let begins_with_tag =
            matches!(self.sentinels.segments(url).next(), Some(Segment::Mark(..)));
        let (message, hint) = match scheme(url) {
            Some(known) if ["http", "https", "mailto", "tel"].contains(&known.as_str()) => return,
            Some(other) => {
                (format!("a mail cannot link to `{other}:`"), "link to http, https, mailto or tel")
            }
            None if begins_with_tag || url.starts_with('#') => return,
            None if url.is_empty() => ("this link leads nowhere".to_owned(), "write its address"),
            None => {
                let shown = self.unlift(url);
                (
                    format!("`{shown}` leads nowhere in a mail"),
                    "attach the file, or write `https://…`",
                )
            }
        };
        let fault = Diagnostic::new(message).at(self.source, place.clone());
        let rule = scheme_rule(&scheme(url).unwrap_or_default());
        self.faults.push(fault.hint(hint).rule(rule));
    }

    /// Sentinels in a destination say so, for the text part's sake.
    fn mark_url(&self, url: &str) -> String {
        let mut marked = String::new();
        for segment in self.sentinels.segments(url) {
            match segment {
                Segment::Text(text) => marked.push_str(text),
                Segment::Mark(number, _) => {
                    let role = if marked.is_empty() { role::LINK } else { role::URL };
                    marked.push_str(&self.sentinels.mark(number, role));
                }
            }
        }
        marked
    }

    /// Code shows what the author wrote.
    fn unlift(&self, literal: &str) -> String {
        let mut written = String::new();
        let mut skip_newline = false;
        for segment in self.sentinels.segments(literal) {
            match segment {
                Segment::Text(text) => {
                    let empty = |text: &str| text.starts_with('\n').then_some(());
                    let rest = text.strip_prefix('\n').unwrap_or(text);
                    let rest = rest.trim_start_matches([' ', '\t']);
                    let text = if skip_newline && empty(rest).is_some() { rest } else { text };
                    skip_newline = false;
                    written.push_str(text);
                }
                Segment::Mark(number, role) => {
                    if role == role::ALONE {
                        // The empty lines that set the tag apart are not the author's.
                        let space = [' ', '\t'];
                        let indent = written.split_off(written.trim_end_matches(space).len());
                        if written.ends_with('\n') {
                            written.pop();
                            written.truncate(written.trim_end_matches(space).len());
                        }
                        written.push_str(&indent);
                        skip_newline = true;
                    }
                    written.push_str(&self.source.text[self.span(number)]);
                }
            }
        }
        written
    }

    /// A paragraph that holds nothing but block tags is none.
    fn unwrap_block_tags(&self, node: Node<'_>) {
        let mut marks = String::new();
        for child in node.children() {
            match &child.data().value {
                NodeValue::Text(text) => {
                    for segment in self.sentinels.segments(text) {
                        match segment {
                            Segment::Text(text) if text.trim().is_empty() => {}
                            Segment::Mark(number, role)
                                if self.tags.get(number).is_some_and(|t| t.kind.is_block()) =>
                            {
                                marks.push_str(&self.sentinels.mark(number, role));
                            }
                            _ => return,
                        }
                    }
                }
                NodeValue::SoftBreak | NodeValue::LineBreak => {}
                _ => return,
            }
        }
        if marks.is_empty() {
            return;
        }
        for child in node.children().collect::<Vec<_>>() {
            child.detach();
        }
        node.data_mut().value = NodeValue::Raw(marks);
    }

    /// Numbers of the tags in marked text.
    pub(super) fn numbers<'a>(&'a self, text: &'a str) -> impl Iterator<Item = usize> + 'a {
        let tags = self.tags.len();
        self.sentinels.segments(text).filter_map(move |segment| match segment {
            Segment::Mark(number, _) if number < tags => Some(number),
            _ => None,
        })
    }

    /// A tag's bytes in the draft.
    pub(super) fn span(&self, number: usize) -> Range<usize> {
        let range = &self.tags[number].range;
        self.base + range.start..self.base + range.end
    }

    /// The line of the draft in which a node begins. Columns are not trusted: sentinels and tags
    /// differ in length.
    pub(super) fn place(&self, node: Node<'_>) -> Range<usize> {
        let Sourcepos { start, .. } = node.data().sourcepos;
        self.line(start.line)
    }

    /// The line of the draft that became this line (from 1) of the lifted text.
    pub(super) fn line(&self, number: usize) -> Range<usize> {
        let lines = &self.lifted.lines;
        let start = lines.get(number.saturating_sub(1)).copied().unwrap_or(self.base);
        let line = self.source.text[start..].split('\n').next().unwrap_or_default();
        let indent = line.len() - line.trim_start().len();
        start + indent..start + line.trim_end().len().max(indent)
    }
}
