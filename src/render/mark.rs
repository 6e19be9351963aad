//! An attribute on every element that says where an author wrote it. The marks are put into the
//! templates before these are read, and into what the draft's Markdown becomes: all that is done
//! to the HTML afterwards carries them along.

use std::{collections::BTreeMap, fmt::Write as _, ops::Range};

use super::{
    TemplateSet,
    position::Position,
    tags::{self, TagKind},
};
use crate::diagnostic::{Source, Spanned};

/// What Markdown's own places look like in HTML. In text its quote would be escaped.
const SOURCEPOS: &str = " data-sourcepos=\"";

/// The marks of one page.
#[derive(Debug)]
pub(super) struct Marks {
    /// Name of the attribute; no source holds it.
    pub(super) marker: String,
    /// What the numbers mean: a file and the bytes in it.
    pub(super) spots: Vec<Spanned<Source>>,
}

impl Marks {
    /// With a name for the attribute that none of the sources holds.
    pub(super) fn absent_from<'a>(sources: impl Iterator<Item = &'a Source> + Clone) -> Self {
        let is_absent = |name: &String| !sources.clone().any(|source| source.text.contains(name));
        let names = (0_u32..).map(|round| format!("data-spot{round}z"));
        let marker = names.into_iter().find(is_absent).unwrap_or_default();
        Self { marker, spots: Vec::new() }
    }

    /// The templates with every start tag of their HTML marked.
    pub(super) fn templates(&mut self, templates: &TemplateSet) -> TemplateSet {
        let marked = |(path, source): (&String, &Source)| {
            let source = match path.ends_with("html.hbs") {
                true => Source::new(source.name.clone(), self.template(source)),
                false => source.clone(),
            };
            (path.clone(), source)
        };
        let files: BTreeMap<String, Source> = templates.files.iter().map(marked).collect();
        TemplateSet { files }
    }

    fn template(&mut self, source: &Source) -> String {
        let text = &*source.text;
        let mut reading = Reading { position: Position::default(), opened: 0 };
        let mut begun = Vec::new();
        let (mut marked, mut from) = (String::with_capacity(text.len() * 2), 0);
        for tag in tags::scan(text) {
            self.stretch(source, from..tag.range.start, &mut reading, &mut marked);
            match tag.kind {
                TagKind::Open => begun.push(reading.position.clone()),
                TagKind::Else => {
                    if let Some(position) = begun.last() {
                        reading.position = position.clone();
                    }
                }
                TagKind::Close => {
                    begun.pop();
                }
                _ => {}
            }
            marked.push_str(&text[tag.range.clone()]);
            from = tag.range.end;
        }
        self.stretch(source, from..text.len(), &mut reading, &mut marked);
        marked
    }

    /// Copies text without expressions and marks the tags whose names end in it.
    fn stretch(
        &mut self,
        source: &Source,
        range: Range<usize>,
        reading: &mut Reading,
        into: &mut String,
    ) {
        let start = range.start;
        for (at, character) in source.text[range].char_indices() {
            let was_name = reading.position.is_tag_name();
            reading.position.feed(character.encode_utf8(&mut [0; 4]));
            if reading.position.is_tag_open() {
                reading.opened = start + at;
            }
            if was_name && !reading.position.is_tag_name() {
                let span = reading.opened..start + at;
                self.mark(source, span, into);
            }
            into.push(character);
        }
    }

    /// Rendered Markdown with marks in the place of its own places. `line` gives the bytes of a
    /// line.
    pub(super) fn of_markdown(
        &mut self,
        html: &str,
        source: &Source,
        line: impl Fn(usize) -> Range<usize>,
    ) -> String {
        let mut stretches = html.split(SOURCEPOS);
        let mut marked = stretches.next().unwrap_or_default().to_owned();
        for stretch in stretches {
            let (place, rest) = stretch.split_once('"').unwrap_or((stretch, ""));
            let number = place.split(':').next().and_then(|number| number.parse().ok());
            // First among the attributes: the inliner keeps the order of the others then.
            let tag = marked.rfind('<').unwrap_or(marked.len());
            let name = marked[tag..].find(' ').map_or(marked.len(), |at| tag + at);
            let attributes = marked.split_off(name);
            self.mark(source, line(number.unwrap_or(1)), &mut marked);
            marked.push_str(&attributes);
            marked.push_str(rest);
        }
        marked
    }

    fn mark(&mut self, source: &Source, span: Range<usize>, into: &mut String) {
        // Writing to a string cannot fail.
        let _ = write!(into, " {}=\"{}\"", self.marker, self.spots.len());
        self.spots.push(Spanned::new(source.clone(), span));
    }
}

/// Where the reading of a template stands.
struct Reading {
    position: Position,
    /// Offset of the last `<`.
    opened: usize,
}
