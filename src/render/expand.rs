//! All that is done once a campaign, in the order that makes it right: tags out, Markdown,
//! templates, CSS.

use std::{collections::BTreeSet, rc::Rc};

use super::{
    Expanded, Expression, Field, Input, Piece, Template, context, css,
    document::Document,
    evaluate::{Evaluator, Slots},
    faults::Faults,
    figure::Figures,
    mark::Marks,
    markdown,
    sink::Medium,
};
use crate::diagnostic::{Diagnostic, Spanned, closest};

/// Works out everything that is the same for all people, or says all that stands in the way.
pub fn expand(input: &Input<'_>) -> Result<Expanded, Vec<Diagnostic>> {
    expand_marked(input, None).map(|(expanded, _)| expanded)
}

/// The same, and the HTML part before its CSS was inlined. `marks` takes the places of what the
/// draft's Markdown became.
pub(super) fn expand_marked(
    input: &Input<'_>,
    marks: Option<&mut Marks>,
) -> Result<(Expanded, Template), Vec<Diagnostic>> {
    let mut faults = Faults::default();
    let mut figures = Figures::default();
    let language = context::language(input);
    let constants = context::constants(input, &language);
    let front = &input.draft.front;
    let subject = scalar(&front.subject, input, &mut faults);
    let preheader = front.preheader.as_ref().and_then(|text| scalar(text, input, &mut faults));
    let preheader_value = front.preheader.as_ref().map_or("", |text| text.value.as_str());
    let body = markdown::render(input, &mut figures, marks, &mut faults);
    let part = |medium: Medium, faults: &mut Faults| {
        let marked = if medium == Medium::Html { &body.html } else { &body.text };
        let draft = &input.draft;
        let document = Document::of_markdown(
            marked,
            &body.sentinels,
            &body.tags,
            &draft.source,
            draft.body_start,
        );
        let body = faults.take(document)?;
        let end = if medium == Medium::Html { "html.hbs" } else { "text.hbs" };
        let slots = Slots {
            body: Some(Rc::new(body)),
            content: None,
            subject: subject.clone().filter(|_| front.subject.value.contains("{{")),
            preheader: preheader.clone().filter(|_| preheader_value.contains("{{")),
        };
        let kind = format!("{}/{end}", front.kind.value);
        let is_needed = medium == Medium::Html;
        let content = match input.templates.files.get(&kind) {
            Some(source) => faults.take(Document::of_file(source)).map(Rc::new),
            None if is_needed => {
                faults.push(no_kind(input, &kind));
                None
            }
            None => slots.body.clone(),
        };
        let layout = format!("layout.{end}");
        let Some(source) = input.templates.files.get(&layout) else {
            let message = "there is no such template";
            faults.push(Diagnostic::new(message).in_file(format!("templates/{layout}")));
            return None;
        };
        let layout = faults.take(Document::of_file(source))?;
        let slots = Slots { content: Some(content?), ..slots };
        let evaluator = Evaluator::new(input, &constants, &language, &slots, medium, faults);
        Some((evaluator.run(&layout), source.name.clone()))
    };
    let html = part(Medium::Html, &mut faults);
    let text = part(Medium::Text, &mut faults);
    let mut line = |document: &Rc<Document>| {
        let slots = Slots::default();
        let faults = &mut faults;
        Evaluator::new(input, &constants, &language, &slots, Medium::Line, faults).run(document)
    };
    let subject = subject.as_ref().map(&mut line);
    let preheader = preheader.as_ref().map(&mut line);
    let inlined = html.and_then(|(html, file)| {
        let inlined = css::inline(&html);
        let inlined = inlined.map_err(|message| Diagnostic::new(message).in_file(file));
        faults.take(inlined).map(|inlined| (inlined, html))
    });
    let warnings = faults.into_result()?;
    let (Some(subject), Some((html, written)), Some((text, _))) = (subject, inlined, text) else {
        return Err(vec![Diagnostic::new("the templates gave nothing")]);
    };
    let columns = columns([Some(&subject), preheader.as_ref(), Some(&html), Some(&text)]);
    let pictures = figures.pictures;
    let expanded =
        Expanded { language, subject, preheader, html, text, columns, pictures, warnings };
    Ok((expanded, written))
}

fn scalar(text: &Spanned<String>, input: &Input<'_>, faults: &mut Faults) -> Option<Rc<Document>> {
    let source = &input.draft.source;
    faults.take(Document::of_scalar(&text.value, source, text.span.clone())).map(Rc::new)
}

fn no_kind(input: &Input<'_>, path: &str) -> Diagnostic {
    let kind = &input.draft.front.kind;
    let kinds = input.templates.files.keys().filter_map(|path| path.strip_suffix("/html.hbs"));
    let hint = closest(&kind.value, kinds).map_or_else(
        || format!("make `templates/{path}`"),
        |known| format!("did you mean `{known}`?"),
    );
    Diagnostic::new(format!("there is no kind `{}`", kind.value))
        .at(&input.draft.source, kind.span.clone())
        .hint(hint)
}

/// Every list column that any of the templates needs, in order.
fn columns<'a>(templates: impl IntoIterator<Item = Option<&'a Template>>) -> Vec<String> {
    let mut columns = BTreeSet::new();
    for template in templates.into_iter().flatten() {
        of_template(template, &mut columns);
    }
    columns.into_iter().collect()
}

fn of_template(template: &Template, columns: &mut BTreeSet<String>) {
    for piece in &template.0 {
        match piece {
            Piece::Text(_) => {}
            Piece::Print { value, .. } => of_expression(value, columns),
            Piece::If { test, then, otherwise } => {
                of_expression(test, columns);
                of_template(then, columns);
                of_template(otherwise, columns);
            }
        }
    }
}

fn of_expression(expression: &Expression, columns: &mut BTreeSet<String>) {
    match expression {
        Expression::Field(Field::Column(column)) => {
            columns.insert(column.clone());
        }
        Expression::Field(_) | Expression::Constant(_) => {}
        Expression::Call(_, arguments) => {
            for argument in arguments {
                of_expression(argument, columns);
            }
        }
    }
}
