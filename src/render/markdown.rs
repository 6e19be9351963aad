//! A draft's Markdown as a tree that is fit for mail: no raw HTML, no link that a mail cannot
//! follow, pictures measured, `{{…}}` where it may stand.

use std::{borrow::Cow, ops::Range};

use comrak::{
    Arena, Node, Options,
    nodes::{ListType, NodeValue, Sourcepos},
};

use super::{
    Input,
    faults::Faults,
    figure::Figures,
    plain,
    position::scheme,
    sentinel::{Segment, Sentinels},
    tags::{self, Lifted, Tag, TagKind, role},
};
use crate::diagnostic::{Diagnostic, Source};

/// A draft's body, twice, with sentinels for its tags.
#[derive(Debug)]
pub(super) struct Body {
    pub(super) html: String,
    pub(super) text: String,
    pub(super) tags: Vec<Tag>,
    pub(super) sentinels: Sentinels,
}

/// Renders the body of a draft.
pub(super) fn render(input: &Input<'_>, figures: &mut Figures, faults: &mut Faults) -> Body {
    let (draft, body) = (input.draft, input.draft.body());
    let tags = tags::scan(body);
    let sentinels = Sentinels::absent_from(&draft.source.text);
    let lifted = tags::lift(body, draft.body_start, &tags, &sentinels);
    let arena = Arena::new();
    let options = options();
    let root = comrak::parse_document(&arena, &lifted.text, &options);
    let mut surgery = Surgery {
        source: &draft.source,
        base: draft.body_start,
        tags: &tags,
        sentinels: &sentinels,
        lifted: &lifted,
        faults,
    };
    for node in root.descendants().collect::<Vec<_>>() {
        surgery.operate(node);
    }
    surgery.check_nesting(root);
    for node in root.descendants().collect::<Vec<_>>() {
        surgery.join_list(node);
    }
    for node in root.descendants().collect::<Vec<_>>() {
        let is_picture = matches!(node.data().value, NodeValue::Image(_));
        if is_picture {
            let place = surgery.place(node);
            figures.measure(node, input, &sentinels, place, surgery.faults);
        }
    }
    let text = plain::render(root, &sentinels, &tags);
    figures.draw(root);
    let mut html = String::new();
    // Writing to a string cannot fail.
    let _ = comrak::format_html(root, &options, &mut html);
    Body { html, text, tags, sentinels }
}

fn options() -> Options<'static> {
    let mut options = Options::default();
    options.extension.table = true;
    options.extension.autolink = true;
    options.extension.footnotes = true;
    options.extension.strikethrough = true;
    options.extension.cjk_friendly_emphasis = true;
    options.parse.smart = true;
    options
}

/// All text below a node.
pub(super) fn text_of(node: Node<'_>) -> String {
    let mut text = String::new();
    for below in node.descendants() {
        match &below.data().value {
            NodeValue::Text(words) => text.push_str(words),
            NodeValue::Code(code) => text.push_str(&code.literal),
            NodeValue::SoftBreak | NodeValue::LineBreak => text.push(' '),
            _ => {}
        }
    }
    text
}

struct Surgery<'a> {
    source: &'a Source,
    base: usize,
    tags: &'a [Tag],
    sentinels: &'a Sentinels,
    lifted: &'a Lifted,
    faults: &'a mut Faults,
}

impl Surgery<'_> {
    fn operate<'t>(&mut self, node: Node<'t>) {
        let place = self.place(node);
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

    /// Raw HTML is off; a comment is only dropped.
    fn html(&mut self, literal: &str, place: &Range<usize>) {
        if !literal.trim_start().starts_with("<!--") {
            let fault = Diagnostic::new("HTML is off in drafts").at(self.source, place.clone());
            self.faults.push(fault.hint("write Markdown, or `\\<` for the sign itself"));
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
        self.faults.push(Diagnostic::new(message).at(self.source, place.clone()).hint(hint));
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
                    let text =
                        if skip_newline { text.strip_prefix('\n').unwrap_or(text) } else { text };
                    skip_newline = false;
                    written.push_str(text);
                }
                Segment::Mark(number, role) => {
                    if role == role::ALONE {
                        // The empty lines that set the tag apart are not the author's.
                        let indent = written.trim_end_matches([' ', '\t']).len();
                        let indent = written.split_off(indent);
                        if written.ends_with('\n') {
                            written.pop();
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

    /// `{{#each}}` around one bullet list goes inside it: one list, not one for each item.
    fn join_list(&self, node: Node<'_>) {
        let kinds = |node: Node<'_>| match &node.data().value {
            NodeValue::Raw(marks) => {
                self.numbers(marks).map(|number| self.tags[number].kind).collect()
            }
            _ => Vec::new(),
        };
        let is_bullet_list = matches!(&node.data().value,
            NodeValue::List(list) if list.list_type == ListType::Bullet);
        if !is_bullet_list {
            return;
        }
        let (Some(before), Some(after)) = (node.previous_sibling(), node.next_sibling()) else {
            return;
        };
        let repeats = match &before.data().value {
            NodeValue::Raw(marks) => self.numbers(marks).any(|number| {
                self.source.text[self.span(number)]
                    .trim_start_matches(['{', '~', '#'])
                    .trim_start()
                    .starts_with("each")
            }),
            _ => false,
        };
        if repeats && kinds(before) == [TagKind::Open] && kinds(after) == [TagKind::Close] {
            node.prepend(before);
            node.append(after);
        }
    }

    /// Each block tag must close where it opened, or HTML elements would cross.
    fn check_nesting(&mut self, root: Node<'_>) {
        let mut open: Vec<(usize, usize)> = Vec::new();
        for node in root.descendants() {
            let data = node.data();
            let (text, is_place) = match &data.value {
                NodeValue::Text(text) => (text.as_ref(), false),
                NodeValue::Raw(text) => (text.as_str(), false),
                NodeValue::Link(link) | NodeValue::Image(link) => (link.url.as_str(), true),
                _ => continue,
            };
            let parent = node.parent().unwrap_or(node);
            let place = std::ptr::from_ref(if is_place { node } else { parent }).addr();
            for number in self.numbers(text).collect::<Vec<_>>() {
                let fault = match self.tags[number].kind {
                    TagKind::Open => {
                        open.push((number, place));
                        continue;
                    }
                    TagKind::Else | TagKind::Close => match open.last() {
                        None => Some("this closes nothing"),
                        Some((_, opened)) if *opened != place => Some(
                            "this stands in another paragraph, list or table than its beginning",
                        ),
                        Some(_) => None,
                    },
                    _ => continue,
                };
                if self.tags[number].kind == TagKind::Close {
                    open.pop();
                }
                if let Some(message) = fault {
                    self.faults.at(self.source, &self.span(number), message);
                }
            }
        }
        for (number, _) in open {
            self.faults.at(self.source, &self.span(number), "this is never closed");
        }
    }

    /// Numbers of the tags in marked text.
    fn numbers<'a>(&'a self, text: &'a str) -> impl Iterator<Item = usize> + 'a {
        let tags = self.tags.len();
        self.sentinels.segments(text).filter_map(move |segment| match segment {
            Segment::Mark(number, _) if number < tags => Some(number),
            _ => None,
        })
    }

    /// A tag's bytes in the draft.
    fn span(&self, number: usize) -> Range<usize> {
        let range = &self.tags[number].range;
        self.base + range.start..self.base + range.end
    }

    /// The line of the draft in which a node begins. Columns are not trusted: sentinels and tags
    /// differ in length.
    fn place(&self, node: Node<'_>) -> Range<usize> {
        let Sourcepos { start, .. } = node.data().sourcepos;
        let lines = &self.lifted.lines;
        let start = lines.get(start.line.saturating_sub(1)).copied().unwrap_or(self.base);
        let line = self.source.text[start..].split('\n').next().unwrap_or_default();
        let indent = line.len() - line.trim_start().len();
        start + indent..start + line.trim_end().len().max(indent)
    }
}
