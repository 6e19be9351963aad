//! Works templates out as far as constants reach, and leaves what depends on the person.
//!
//! Handlebars' own renderer cannot stop half-way, prints nothing for many a missing value, and
//! overflows the stack on partials that include each other. So its parser reads the templates, and
//! the tree is walked here: each name is either a constant, printed now, or a person's value, kept
//! as a [`Piece`](super::Piece). Branches not taken are looked over as well, so that a misspelling
//! shows before somebody's data leads there.

use std::{collections::HashMap, ops::Range, rc::Rc};

use handlebars::{
    Template as Tree,
    template::{HelperTemplate, TemplateElement},
};
use serde_json::Value;

use super::{
    Escape, Input, Spot, Template,
    call::written,
    document::Document,
    escape::{html, url_part},
    faults::Faults,
    helper,
    position::{Remark, scheme_rule},
    scope::{Known, Scope, Slot},
    sink::{Medium, Sink},
    tags::role,
};
use crate::diagnostic::Diagnostic;

/// Elements that may be worked out for one part: far more than any mail has.
const STEPS: usize = 200_000;

/// Templates that stand inside others.
#[derive(Clone, Debug, Default)]
pub(super) struct Slots {
    pub(super) body: Option<Rc<Document>>,
    pub(super) content: Option<Rc<Document>>,
    pub(super) subject: Option<Rc<Document>>,
    pub(super) preheader: Option<Rc<Document>>,
}

/// One run over the templates of one part of a mail.
pub(super) struct Evaluator<'a> {
    pub(super) input: &'a Input<'a>,
    pub(super) constants: &'a Value,
    pub(super) language: &'a str,
    pub(super) faults: &'a mut Faults,
    pub(super) scopes: Vec<Scope>,
    slots: &'a Slots,
    pub(super) partials: HashMap<String, Option<Rc<Document>>>,
    /// Names of the partials being worked out.
    pub(super) inside: Vec<String>,
    pub(super) sink: Sink,
    /// Above 0, a branch that is not taken is only looked over.
    pub(super) muted: usize,
    steps: usize,
}

/// The place of an element.
#[derive(Clone)]
pub(super) struct At<'d> {
    pub(super) document: &'d Document,
    pub(super) span: Range<usize>,
    role: Option<char>,
}

impl<'a> Evaluator<'a> {
    pub(super) fn new(
        input: &'a Input<'a>,
        constants: &'a Value,
        language: &'a str,
        slots: &'a Slots,
        medium: Medium,
        faults: &'a mut Faults,
    ) -> Self {
        Self {
            input,
            constants,
            language,
            faults,
            scopes: Vec::new(),
            slots,
            partials: HashMap::new(),
            inside: Vec::new(),
            sink: Sink::new(medium),
            muted: 0,
            steps: 0,
        }
    }

    /// Works a whole document out.
    pub(super) fn run(mut self, document: &Document) -> Template {
        self.document(document);
        if self.is_exhausted() {
            let message = "these templates make a mail beyond 5 MB, or work without end";
            self.faults.push(Diagnostic::new(message).in_file(document.source.name.clone()));
        }
        self.sink.finish()
    }

    /// Whether the templates multiply themselves.
    fn is_exhausted(&self) -> bool {
        self.sink.is_full() || self.steps > STEPS
    }

    fn document(&mut self, document: &Document) {
        let outer = std::mem::take(&mut self.scopes);
        self.tree(document, &document.tree, 0..0);
        self.scopes = outer;
    }

    pub(super) fn tree(&mut self, document: &Document, tree: &Tree, around: Range<usize>) {
        for (index, element) in tree.elements.iter().enumerate() {
            self.steps += 1;
            if self.is_exhausted() {
                return;
            }
            let mapping = tree.mapping.get(index);
            let span = mapping.and_then(|mapping| document.span(mapping));
            let role = mapping.and_then(|mapping| document.role(mapping));
            let at = At { document, span: span.unwrap_or_else(|| around.clone()), role };
            self.element(element, &at);
        }
    }

    fn element(&mut self, element: &TemplateElement, at: &At<'_>) {
        match element {
            TemplateElement::RawString(raw) => {
                let is_plain = at.document.is_plain();
                for text in at.document.texts(raw) {
                    if is_plain { self.plain_text(text, at) } else { self.text(text, at) }
                }
            }
            TemplateElement::Expression(call) => self.expression(call, at, true),
            TemplateElement::HtmlExpression(call) => self.expression(call, at, false),
            TemplateElement::HelperBlock(block) => self.block(block, at),
            TemplateElement::PartialExpression(call) => self.partial(call, at),
            TemplateElement::Comment(_) => {}
            _ => {
                self.fault(at, "inline partials, partial blocks and decorators are not known here");
            }
        }
    }

    /// A fault that stands whoever reads the branch.
    pub(super) fn fault(&mut self, at: &At<'_>, message: impl Into<String>) {
        self.faults.at(&at.document.source, &at.span, message);
    }

    pub(super) fn fault_with_hint(
        &mut self,
        at: &At<'_>,
        message: impl Into<String>,
        hint: Option<String>,
    ) {
        let mut fault = Diagnostic::new(message).at(&at.document.source, at.span.clone());
        fault.hint = hint;
        self.faults.push(fault);
    }

    /// A name that means nothing here.
    pub(super) fn unknown_name(&mut self, at: &At<'_>, message: String, hint: Option<String>) {
        let fault = Diagnostic::new(message).at(&at.document.source, at.span.clone());
        self.faults.push(Diagnostic { hint, ..fault.rule("M1/unknown-field") });
    }

    fn text(&mut self, text: &str, at: &At<'_>) {
        if self.muted > 0 {
            return;
        }
        for remark in self.sink.text(text) {
            match remark {
                // The draft's own links have been told where they stand.
                Remark::Scheme(scheme)
                    if at.document.source == self.input.draft.source
                        && self.faults.has(scheme_rule(&scheme), &at.document.source) => {}
                Remark::Scheme(scheme) => self.faults.push(
                    Diagnostic::new(format!("a mail cannot link to `{scheme}:`"))
                        .at(&at.document.source, at.span.clone())
                        .hint("link to http, https, mailto or tel")
                        .rule(scheme_rule(&scheme)),
                ),
                Remark::Remote(address) => self.faults.warn(
                    Diagnostic::new(format!("`{address}` is loaded from the network"))
                        .at(&at.document.source, at.span.clone())
                        .hint("whoever serves it sees who reads; most readers never load it")
                        .rule("I3/remote"),
                ),
            }
        }
    }

    /// Text that is no markup.
    fn plain_text(&mut self, text: &str, at: &At<'_>) {
        if self.sink.medium != Medium::Html {
            return self.text(text, at);
        }
        let mut safe = String::with_capacity(text.len());
        html(text, &mut safe);
        self.text(&safe, at);
    }

    fn expression(&mut self, call: &HelperTemplate, at: &At<'_>, escaped: bool) {
        let known = self.value_of(call, at);
        let name = written(&call.name);
        self.print(known, &name, at, escaped);
    }

    fn print(&mut self, known: Known, name: &str, at: &At<'_>, escaped: bool) {
        if matches!(known, Known::Later(_)) && !escaped {
            let hint = format!("write `{{{{{name}}}}}`");
            let message = format!("`{{{{{{{name}}}}}}}` would let a list write HTML");
            return self.fault_with_hint(at, message, Some(hint));
        }
        if self.muted > 0 {
            return;
        }
        match known {
            Known::Unknown => {}
            Known::Nothing => self.nothing(name, at),
            Known::Slot(slot) => self.slot(slot, at, escaped),
            Known::Later(value) => {
                let spot = Spot {
                    file: at.document.source.name.to_string(),
                    line: at.document.source.line_column(at.span.start).0,
                    span: at.span.clone(),
                };
                let wished = match at.role {
                    Some(role::URL) => Some(Escape::UrlPart),
                    Some(role::LINK) => Some(Escape::PlainLink),
                    _ => None,
                };
                if let Err(place) = self.sink.print(value, wished, spot) {
                    self.fault(at, format!("`{name}` differs by person and cannot stand {place}"));
                }
            }
            Known::Constant(value, _) => match helper::print(&value) {
                Err(message) => {
                    let hint = "go through it with `{{#each}}`, or name one of its values";
                    self.fault_with_hint(at, format!("`{name}`: {message}"), Some(hint.to_owned()));
                }
                Ok(text) if text.trim().is_empty() => self.nothing(name, at),
                Ok(text) => {
                    let text = if at.role == Some(role::URL) { url_part(&text) } else { text };
                    if escaped { self.plain_text(&text, at) } else { self.text(&text, at) }
                }
            },
        }
    }

    fn nothing(&mut self, name: &str, at: &At<'_>) {
        self.fault_with_hint(
            at,
            format!("`{name}` is empty here"),
            Some(format!(
                "set it in the draft, or write `{{{{#if {name}}}}}…{{{{/if}}}}` around it"
            )),
        );
    }

    fn slot(&mut self, slot: Slot, at: &At<'_>, escaped: bool) {
        let (document, is_markup) = match slot {
            Slot::Body => (&self.slots.body, true),
            Slot::Content => (&self.slots.content, true),
            Slot::Subject => (&self.slots.subject, false),
            Slot::Preheader => (&self.slots.preheader, false),
        };
        if is_markup && escaped && self.sink.medium == Medium::Html {
            return self.fault(at, "this is HTML: write it with three braces");
        }
        if let Some(document) = document.clone() {
            self.document(&document);
        }
    }

    pub(super) fn slots(&self) -> &Slots {
        self.slots
    }
}
