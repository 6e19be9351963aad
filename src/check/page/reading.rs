//! A page taken apart: its elements in order, how each looks, and where each was written.

use std::{iter, ops::Range};

use scraper::{ElementRef, Html, Node};

use super::{
    Page,
    colour::Colour,
    dark::DarkRules,
    declaration::{Declaration, declarations},
    style::Look,
};
use crate::{
    check::{Finding, Rule},
    diagnostic::Source,
};

/// A page as one reads it.
pub(super) struct Reading<'a> {
    pub(super) page: &'a Page<'a>,
    /// All elements in the order of the page.
    pub(super) elements: Vec<Element<'a>>,
    /// All texts that are more than blank, in order.
    pub(super) texts: Vec<Text<'a>>,
    /// Whether the page says how it looks in the dark.
    pub(super) has_dark_rules: bool,
}

/// One element.
pub(super) struct Element<'a> {
    pub(super) html: ElementRef<'a>,
    /// The name of its tag.
    pub(super) name: &'a str,
    /// Its parent's number.
    pub(super) parent: Option<usize>,
    /// What its `style` says, inlined rules among it, the last word last.
    pub(super) declared: Vec<Declaration>,
    pub(super) light: Look,
    /// By the page's own rules for dark mode.
    pub(super) dark: Look,
    /// It stands in the second branch of a choice by person: whoever reads it does not read the first.
    pub(super) is_alternative: bool,
}

/// One text.
pub(super) struct Text<'a> {
    pub(super) text: &'a str,
    /// Number of the element it stands in.
    pub(super) inside: usize,
}

impl<'a> Reading<'a> {
    pub(super) fn new(page: &'a Page<'a>, html: &'a Html) -> Self {
        let rules = DarkRules::of(html);
        let (mut elements, mut texts) = (Vec::<Element<'a>>::new(), Vec::new());
        let begins = format!("{} else", page.proof.marker);
        let ends = format!("{} end", page.proof.marker);
        let mut alternatives = 0_usize;
        let mut ahead = vec![(html.tree.root(), None)];
        while let Some((node, parent)) = ahead.pop() {
            let mut below = parent;
            match node.value() {
                Node::Comment(comment) if comment.comment == *begins => alternatives += 1,
                Node::Comment(comment) if comment.comment == *ends => {
                    alternatives = alternatives.saturating_sub(1);
                }
                Node::Text(text) => {
                    if let Some(inside) = parent.filter(|_| !text.trim().is_empty()) {
                        texts.push(Text { text, inside });
                    }
                }
                _ => {}
            }
            if let Some(html) = ElementRef::wrap(node) {
                below = Some(elements.len());
                let outer = parent.map(|parent| &elements[parent]);
                elements.push(element(html, parent, outer, &rules, alternatives > 0));
            }
            let children: Vec<_> = node.children().map(|child| (child, below)).collect();
            ahead.extend(children.into_iter().rev());
        }
        Self { page, elements, texts, has_dark_rules: !rules.is_empty() }
    }

    /// Elements of this name with their numbers.
    pub(super) fn named<'r>(
        &'r self,
        names: &'r [&str],
    ) -> impl Iterator<Item = (usize, &'r Element<'a>)> {
        self.elements.iter().enumerate().filter(|(_, element)| names.contains(&element.name))
    }

    /// An element and all around it, from the inside.
    pub(super) fn around(&self, number: usize) -> impl Iterator<Item = &Element<'a>> {
        iter::successors(self.elements.get(number), |element| {
            element.parent.and_then(|parent| self.elements.get(parent))
        })
    }

    /// What an element says to a reader: its text, or what its pictures show.
    pub(super) fn says(&self, number: usize) -> String {
        let element = self.elements[number].html;
        let mut said: String = element.text().collect();
        for picture in element.descendent_elements().filter(|inner| inner.value().name() == "img") {
            said.push(' ');
            said.push_str(picture.attr("alt").unwrap_or_default());
        }
        said.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// All that is seen, in one.
    pub(super) fn seen(&self) -> String {
        let seen = self.texts.iter().filter(|text| self.elements[text.inside].light.is_shown);
        seen.map(|text| text.text).collect::<Vec<_>>().join(" ")
    }

    /// A finding about an element. Of a line of the draft, the first of `words` that stands in it is
    /// the place.
    pub(super) fn finding(
        &self,
        rule: &'static Rule,
        message: impl Into<String>,
        number: usize,
        words: &[&str],
    ) -> Finding {
        let finding = rule.finding(message);
        match self.around(number).find_map(|element| self.spot(element)) {
            Some((source, line)) => finding.at(source, self.narrowed(source, line, words)),
            None => finding,
        }
    }

    /// A finding about a value, which may come from the front matter of the draft: it then stands
    /// there, not at the tag of the template that prints it.
    pub(super) fn finding_on_value(
        &self,
        rule: &'static Rule,
        message: impl Into<String>,
        number: usize,
        value: &str,
        words: &[&str],
    ) -> Finding {
        let draft = &self.page.draft.source;
        let front = &draft.text[..self.page.draft.body_start];
        let of_template = self.around(number).find_map(|element| self.spot(element));
        let is_foreign = of_template
            .is_some_and(|(source, _)| !self.is_draft(source) && !source.text.contains(value));
        let at = front.find(value).filter(|_| is_foreign && value.len() > 3);
        match at {
            Some(at) => rule.finding(message).at(draft, at..at + value.len()),
            None => self.finding(rule, message, number, words),
        }
    }

    /// A finding about how an element looks: the template decides that, not the draft.
    pub(super) fn finding_on_look(
        &self,
        rule: &'static Rule,
        message: impl Into<String>,
        number: usize,
    ) -> Finding {
        let finding = rule.finding(message);
        match self.template_place(number) {
            Some((source, span)) => finding.at(source, span),
            None => finding,
        }
    }

    /// The nearest tag of a template around an element.
    pub(super) fn template_place(&self, number: usize) -> Option<(&'a Source, Range<usize>)> {
        let mut spots = self.around(number).filter_map(|element| self.spot(element));
        spots.find(|(source, _)| !self.is_draft(source))
    }

    /// Whether an element was written in the draft.
    pub(super) fn is_of_draft(&self, number: usize) -> bool {
        let spot = self.around(number).find_map(|element| self.spot(element));
        spot.is_some_and(|(source, _)| self.is_draft(source))
    }

    /// Where an element was written.
    pub(super) fn spot(&self, element: &Element<'a>) -> Option<(&'a Source, Range<usize>)> {
        let mark = element.html.attr(&self.page.proof.marker)?;
        let spot = self.page.proof.spots.get(mark.parse::<usize>().ok()?)?;
        Some((&spot.value, spot.span.clone()))
    }

    fn is_draft(&self, source: &Source) -> bool {
        source.name == self.page.draft.source.name
    }

    fn narrowed(&self, source: &Source, line: Range<usize>, words: &[&str]) -> Range<usize> {
        if !self.is_draft(source) {
            return line;
        }
        let text = &source.text[line.clone()];
        let found = words.iter().filter(|words| !words.is_empty()).find_map(|words| {
            text.find(words).map(|at| line.start + at..line.start + at + words.len())
        });
        found.unwrap_or(line)
    }
}

fn element<'a>(
    html: ElementRef<'a>,
    parent: Option<usize>,
    outer: Option<&Element<'a>>,
    rules: &DarkRules,
    is_alternative: bool,
) -> Element<'a> {
    let mut declared = html.attr("style").map(declarations).unwrap_or_default();
    declared.sort_by_key(|declaration| declaration.is_important);
    let (light, dark) = (Look::light(), Look::dark());
    let (light, dark) = outer.map_or((&light, &dark), |outer| (&outer.light, &outer.dark));
    let cascade = rules.cascade(html, &declared);
    let light = light.inside(html, Some(Colour::LINK), declared.iter());
    let dark = dark.inside(html, None, cascade.into_iter());
    Element { html, name: html.value().name(), parent, declared, light, dark, is_alternative }
}
