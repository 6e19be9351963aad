//! The mail for everybody at once, for the checks: what all branches of all choices say, with a
//! sign in the place of each person's values, and with the place where each element was written.

use super::{
    Expanded, Expression, Field, Input, Piece, Template,
    expand::{expand, expand_marked},
    mark::Marks,
    position::Position,
};
use crate::diagnostic::{Diagnostic, Source, Spanned};

/// Stands for a person's value.
pub const VALUE: char = '\u{FFFC}';

/// Stands for the person's `links.unsubscribe`: a value like others, and told apart.
pub const UNSUBSCRIBE: &str = "\u{FFFC}\u{FFFB}";

/// A campaign's mail as the checks read it.
#[derive(Clone, Debug)]
pub struct Proof {
    /// The HTML part with its CSS inlined. Branches of a choice by person follow one another; a
    /// comment of [`Proof::marker`] and `else` or `end` stands before and after the second. A choice
    /// inside an attribute is made once: it has one of its texts.
    pub html: String,
    /// The same before an HTML parser read it and mended it: as the templates wrote it.
    pub written: String,
    /// The text part.
    pub text: String,
    /// Where the elements of both were written: the value of their [`Proof::marker`] is an index.
    /// In a template it is the tag up to the end of its name, in a draft the line.
    pub spots: Vec<Spanned<Source>>,
    /// The name of an attribute that no source holds.
    pub marker: String,
    /// Whether the HTML of every person has that person's `links.unsubscribe`, whichever branches
    /// are theirs.
    pub html_unsubscribes: bool,
    /// The same of the text part.
    pub text_unsubscribes: bool,
}

/// Works out the mail for everybody. It fails only where [`expand()`] fails.
pub fn proof(input: &Input<'_>) -> Result<Proof, Vec<Diagnostic>> {
    let (expanded, written, marks) = expand_with_marks(input)?;
    let Expanded { html, text, .. } = expanded;
    let Marks { marker, spots } = marks;
    Ok(Proof {
        html: page(&html, &marker),
        written: page(&written, &marker),
        html_unsubscribes: unsubscribes(&html),
        text_unsubscribes: unsubscribes(&text),
        text: words(&text),
        spots,
        marker,
    })
}

/// The templates with a mark on every element, and the HTML part before its CSS was inlined.
pub(super) fn expand_with_marks(
    input: &Input<'_>,
) -> Result<(Expanded, Template, Marks), Vec<Diagnostic>> {
    let sources = input.templates.files.values().chain([&input.draft.source]);
    let mut marks = Marks::absent_from(sources);
    let templates = marks.templates(input.templates);
    let marked = Input { templates: &templates, ..*input };
    match expand_marked(&marked, Some(&mut marks)) {
        Ok((expanded, written)) => Ok((expanded, written, marks)),
        // Places in marked templates are nobody's: the faults of the plain ones are told.
        Err(faults) => Err(expand(input).err().unwrap_or(faults)),
    }
}

impl Proof {
    /// HTML without its marks: what is sent, with signs for values.
    pub fn unmarked(&self, html: &str) -> String {
        let attribute = format!(" {}=\"", self.marker);
        let comment = format!("<!--{} ", self.marker);
        let mut plain = String::with_capacity(html.len());
        for (index, stretch) in html.split(&attribute).enumerate() {
            let end = if index == 0 { None } else { stretch.find('"') };
            plain.push_str(end.map_or(stretch, |end| &stretch[end + 1..]));
        }
        let mut stretches = plain.split(&comment);
        let first = stretches.next().unwrap_or_default().to_owned();
        stretches.fold(first, |plain, stretch| {
            plain + stretch.split_once("-->").map_or(stretch, |(_, rest)| rest)
        })
    }
}

/// A page of HTML in one line of reading.
pub(super) fn page(template: &Template, marker: &str) -> String {
    let mut page = Page { html: String::new(), position: Position::default(), marker };
    page.write(template);
    page.html
}

struct Page<'a> {
    html: String,
    position: Position,
    marker: &'a str,
}

impl Page<'_> {
    fn write(&mut self, template: &Template) {
        for piece in &template.0 {
            match piece {
                Piece::Text(text) => {
                    self.position.feed(text);
                    self.html.push_str(text);
                }
                Piece::Print { value, .. } => self.html.push_str(sign(value)),
                Piece::If { then, otherwise, .. } => self.choose(then, otherwise),
            }
        }
    }

    /// Only whole elements can follow one another; half a tag is chosen.
    fn choose(&mut self, then: &Template, otherwise: &Template) {
        let (length, begun_at) = (self.html.len(), self.position.clone());
        self.write(then);
        if !begun_at.is_text() && self.html.len() == length {
            return self.write(otherwise);
        }
        if !begun_at.is_text() || !self.position.is_text() || otherwise.0.is_empty() {
            return;
        }
        for (word, branch) in [("else", Some(otherwise)), ("end", None)] {
            self.html.extend(["<!--", self.marker, " ", word, "-->"]);
            if let Some(branch) = branch {
                self.write(branch);
            }
        }
    }
}

/// The text part in one.
pub(super) fn words(template: &Template) -> String {
    let piece = |piece: &Piece| match piece {
        Piece::Text(text) => text.clone(),
        Piece::Print { value, .. } => sign(value).to_owned(),
        Piece::If { then, otherwise, .. } => words(then) + &words(otherwise),
    };
    template.0.iter().map(piece).collect()
}

fn sign(value: &Expression) -> &'static str {
    match value {
        Expression::Field(Field::Unsubscribe) => UNSUBSCRIBE,
        _ => "\u{FFFC}",
    }
}

/// Whether all ways through a template print `links.unsubscribe`. It is never empty.
fn unsubscribes(template: &Template) -> bool {
    let is_link = |value: &Expression| *value == Expression::Field(Field::Unsubscribe);
    template.0.iter().any(|piece| match piece {
        Piece::Text(_) => false,
        Piece::Print { value, .. } => is_link(value),
        Piece::If { test, then, otherwise } => {
            unsubscribes(then) && (is_link(test) || unsubscribes(otherwise))
        }
    })
}
