//! A parsed template with the way back from its tags to the bytes an author wrote.

use std::{cell::RefCell, collections::HashMap, ops::Range};

use handlebars::{Template as Tree, TemplateError, TemplateErrorReason, template::TemplateMapping};

use super::{
    sentinel::{Segment, Sentinels},
    tags::{self, Tag, TagKind},
};
use crate::diagnostic::{Diagnostic, Source};

/// Who wrote it, which decides what a bare name means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    /// A draft: a bare name is a list column.
    Draft,
    /// A template: a bare name is a constant.
    Template,
}

/// A template ready to be worked out.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) tree: Tree,
    pub(super) source: Source,
    pub(super) dialect: Dialect,
    origin: Origin,
}

/// How the tree's text relates to the source.
#[derive(Debug)]
enum Origin {
    /// The source itself was parsed. Spans once found are kept: a loop asks again and again.
    Source(RefCell<HashMap<(usize, usize), Range<usize>>>),
    /// A value of the draft's front matter was parsed; it stands in these bytes.
    Scalar(Range<usize>),
    /// Rendered Markdown was parsed, with its texts left out.
    Pieces {
        /// Line and column of each tag in what was parsed, and its bytes in the source.
        places: HashMap<(usize, usize), Range<usize>>,
        /// What stands between the tags.
        texts: Vec<String>,
        fillers: Sentinels,
        /// What a tag in a link is told apart by: number of the tag's element to its role.
        roles: HashMap<(usize, usize), char>,
    },
}

/// Parentheses, brackets and blocks nest no deeper than this: the parser recurses.
const DEPTH: usize = 40;

/// No text has more expressions: the parser counts lines from the beginning for each of them.
const MOST: usize = 2000;

impl Document {
    /// Parses a template file.
    pub(super) fn of_file(source: &Source) -> Result<Self, Diagnostic> {
        let place = |at: usize| tags::read(&source.text, at).range;
        if let Some(at) = excess(&source.text) {
            return Err(Diagnostic::new("expressions nest too deeply, or are too many")
                .at(source, place(at)));
        }
        let tree = Tree::compile(&source.text).map_err(|fault| {
            let at = fault.pos().map_or(0, |(line, column)| offset(&source.text, line, column));
            let tag = tag_around(&source.text, at);
            unreadable(&fault, &source.text[tag.clone()]).at(source, tag)
        })?;
        let (source, dialect) = (source.clone(), Dialect::Template);
        Ok(Self { tree, source, dialect, origin: Origin::Source(RefCell::default()) })
    }

    /// Parses a value of the draft's front matter that stands in `span`.
    pub(super) fn of_scalar(
        value: &str,
        source: &Source,
        span: Range<usize>,
    ) -> Result<Self, Diagnostic> {
        let tree = match excess(value) {
            Some(_) => Err(Diagnostic::new("expressions nest too deeply, or are too many")),
            None => Tree::compile(value).map_err(|fault| unreadable(&fault, value)),
        };
        let tree = tree.map_err(|fault| fault.at(source, span.clone()))?;
        let (source, dialect) = (source.clone(), Dialect::Draft);
        Ok(Self { tree, source, dialect, origin: Origin::Scalar(span) })
    }

    /// Parses the tags of a draft in rendered Markdown, where sentinels stand for them. `base` is
    /// the offset of the body in the draft.
    pub(super) fn of_markdown(
        marked: &str,
        sentinels: &Sentinels,
        tags: &[Tag],
        source: &Source,
        base: usize,
    ) -> Result<Self, Diagnostic> {
        let in_draft = |tag: &Tag| base + tag.range.start..base + tag.range.end;
        let fillers = Sentinels::absent_from(&source.text);
        let (mut texts, mut skeleton, mut spots) = (Vec::new(), String::new(), Vec::new());
        for segment in sentinels.segments(marked) {
            match segment {
                Segment::Text(text) => {
                    skeleton.push_str(&fillers.mark(texts.len(), 't'));
                    texts.push(text.to_owned());
                }
                Segment::Mark(number, role) => {
                    let Some(tag) = tags.get(number) else { continue };
                    if tag.kind != TagKind::Comment {
                        spots.push((skeleton.len(), in_draft(tag), role));
                        skeleton.push_str(&source.text[in_draft(tag)]);
                    }
                }
            }
        }
        let whole = base..source.text.len();
        if let Some(at) = excess(&skeleton) {
            let tag = spots.iter().rev().find(|(start, ..)| *start <= at);
            let span = tag.map_or(whole, |(_, span, _)| span.clone());
            return Err(
                Diagnostic::new("expressions nest too deeply, or are too many").at(source, span)
            );
        }
        let tree = Tree::compile(&skeleton).map_err(|fault| {
            let at = fault.pos().map_or(0, |(line, column)| offset(&skeleton, line, column));
            let tag = spots.iter().rev().find(|(start, ..)| *start <= at);
            let span = tag.map_or(whole, |(_, span, _)| span.clone());
            unreadable(&fault, &source.text[span.clone()]).at(source, span)
        })?;
        let mut places = HashMap::new();
        let mut roles = HashMap::new();
        let (mut line, mut column, mut from) = (1, 1, 0);
        for (at, span, role) in spots {
            for character in skeleton[from..at].chars() {
                let is_end = character == '\n';
                (line, column) = if is_end { (line + 1, 1) } else { (line, column + 1) };
            }
            from = at;
            places.insert((line, column), span);
            roles.insert((line, column), role);
        }
        let origin = Origin::Pieces { places, texts, fillers, roles };
        Ok(Self { tree, source: source.clone(), dialect: Dialect::Draft, origin })
    }

    /// The bytes of the tag at a place of the tree.
    pub(super) fn span(&self, mapping: &TemplateMapping) -> Option<Range<usize>> {
        match &self.origin {
            Origin::Source(found) => {
                let mut found = found.borrow_mut();
                let span = found.entry((mapping.0, mapping.1)).or_insert_with(|| {
                    let at = offset(&self.source.text, mapping.0, mapping.1);
                    tag_around(&self.source.text, at)
                });
                Some(span.clone())
            }
            Origin::Scalar(span) => Some(span.clone()),
            Origin::Pieces { places, .. } => places.get(&(mapping.0, mapping.1)).cloned(),
        }
    }

    /// Where in a link the tag stands, for drafts.
    pub(super) fn role(&self, mapping: &TemplateMapping) -> Option<char> {
        match &self.origin {
            Origin::Pieces { roles, .. } => roles.get(&(mapping.0, mapping.1)).copied(),
            _ => None,
        }
    }

    /// Whether its own text is plain, so that HTML has to escape it.
    pub(super) fn is_plain(&self) -> bool {
        matches!(self.origin, Origin::Scalar(_))
    }

    /// The text that a raw string of the tree stands for, piece by piece.
    pub(super) fn texts<'a>(&'a self, raw: &'a str) -> Vec<&'a str> {
        match &self.origin {
            Origin::Pieces { texts, fillers, .. } => fillers
                .segments(raw)
                .filter_map(|segment| match segment {
                    Segment::Text(text) => Some(text),
                    Segment::Mark(number, _) => texts.get(number).map(String::as_str),
                })
                .collect(),
            _ => vec![raw],
        }
    }
}

/// The tag that holds `at`, or the byte itself.
fn tag_around(text: &str, at: usize) -> Range<usize> {
    let start = if text[at..].starts_with("{{") { Some(at) } else { text[..at].rfind("{{") };
    match start.map(|start| tags::read(text, start)) {
        Some(tag) if tag.range.start == at || tag.range.contains(&at) => tag.range,
        _ => at..text[at..].chars().next().map_or(at, |next| at + next.len_utf8()),
    }
}

/// Offset of a line and column, both from 1, the column in characters.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let rest = text.get(start..).unwrap_or_default();
    start + rest.char_indices().nth(column.saturating_sub(1)).map_or(rest.len(), |(at, _)| at)
}

/// Where nesting passes [`DEPTH`] or the number of expressions passes [`MOST`].
fn excess(text: &str) -> Option<usize> {
    let mut blocks = 0_usize;
    for (number, tag) in tags::scan(text).into_iter().enumerate() {
        match tag.kind {
            TagKind::Open => blocks += 1,
            TagKind::Close => blocks = blocks.saturating_sub(1),
            _ => {}
        }
        let opened = text[tag.range.clone()].matches(['(', '[', '{']).count();
        if blocks > DEPTH || opened > DEPTH || number >= MOST {
            return Some(tag.range.start);
        }
    }
    None
}

/// What the parser cannot read, in `written`.
fn unreadable(fault: &TemplateError, written: &str) -> Diagnostic {
    let hint = match written.contains("==") {
        true => "compare by a helper: `{{#if (eq city \"London\")}}`",
        false => "write `\\{{` where two braces are to be read as text",
    };
    match fault.reason() {
        TemplateErrorReason::MismatchingClosedHelper(open, close) => {
            Diagnostic::new(format!("`{close}` is closed where `{open}` is open"))
        }
        _ => Diagnostic::new("this expression cannot be read").hint(hint),
    }
}
