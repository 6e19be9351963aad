//! One person's mail from a campaign's flat templates.

use std::{borrow::Cow, sync::Arc};

use serde_json::Value;

use super::{Expanded, Expression, Field, Hole, Lack, Piece, Template, escape::one_line, helper};
use crate::audience::Fields;

/// Longest value that is put into a mail, in bytes.
const LONGEST: usize = 16 * 1024;

/// What one person's mail says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// The subject, one line, unencoded.
    pub subject: String,
    /// The HTML part, whole.
    pub html: String,
    /// The text part, `\n` line ends.
    pub text: String,
}

/// What is filled in.
#[derive(Clone, Copy)]
pub struct Person<'a> {
    /// The person's columns; those of [`Expanded::columns`] suffice.
    pub fields: &'a Fields,
    /// Why this person gets it (`list.title`).
    pub list_title: &'a str,
    /// The person's unsubscribe link (`links.unsubscribe`), http, https or mailto.
    pub unsubscribe: &'a str,
}

/// Fills a campaign's templates for one person after another. Cheap to clone, one a thread.
#[derive(Clone, Debug)]
pub struct Renderer {
    expanded: Arc<Expanded>,
}

impl Renderer {
    /// Gets ready for a campaign.
    pub fn new(expanded: &Expanded) -> Self {
        Self { expanded: Arc::new(expanded.clone()) }
    }

    /// One person's mail, or every hole in it, each once.
    pub fn render(&self, person: &Person<'_>) -> Result<Rendered, Vec<Hole>> {
        let expanded = &*self.expanded;
        let mut filling = Filling { person, language: &expanded.language, holes: Vec::new() };
        let subject = filling.fill(&expanded.subject);
        let html = filling.fill(&expanded.html);
        let text = filling.fill(&expanded.text);
        if let Some(preheader) = &expanded.preheader {
            filling.fill(preheader);
        }
        if !filling.holes.is_empty() {
            return Err(filling.holes);
        }
        let mut line = String::with_capacity(subject.len());
        one_line(subject.trim(), &mut line);
        Ok(Rendered { subject: line, html, text: format!("{}\n", text.trim_end()) })
    }
}

/// One person's turn.
struct Filling<'a> {
    person: &'a Person<'a>,
    language: &'a str,
    holes: Vec<Hole>,
}

impl<'a> Filling<'a> {
    fn fill(&mut self, template: &'a Template) -> String {
        let mut text = String::new();
        self.pieces(template, &mut text);
        text
    }

    fn pieces(&mut self, template: &'a Template, into: &mut String) {
        for piece in &template.0 {
            match piece {
                Piece::Text(text) => into.push_str(text),
                Piece::If { test, then, otherwise } => {
                    // A test that cannot be read is false: nothing is printed on its word.
                    let holds = self.value(test).is_ok_and(|value| helper::truthy(&value));
                    self.pieces(if holds { then } else { otherwise }, into);
                }
                Piece::Print { value, escape, spot } => {
                    let lack = match self.text(value) {
                        Err(_) => Lack::Reading,
                        Ok(text) if text.trim().is_empty() => Lack::Empty,
                        Ok(text) if text.len() > LONGEST => Lack::Brevity,
                        Ok(text) => match escape.write(&text, into) {
                            Some(()) => continue,
                            None => Lack::Link,
                        },
                    };
                    let hole = Hole { column: name(value), lack, spot: spot.clone() };
                    if !self.holes.contains(&hole) {
                        self.holes.push(hole);
                    }
                }
            }
        }
    }

    fn field(&self, field: &Field) -> &'a str {
        match field {
            Field::Unsubscribe => self.person.unsubscribe,
            Field::ListTitle => self.person.list_title,
            Field::Column(column) => {
                let fields = self.person.fields;
                let index = fields.columns.iter().position(|known| known == column);
                index.and_then(|index| fields.values.get(index)).map_or("", String::as_str)
            }
        }
    }

    fn text(&self, expression: &Expression) -> Result<Cow<'a, str>, String> {
        match expression {
            Expression::Field(field) => Ok(Cow::Borrowed(self.field(field))),
            other => helper::print(&self.value(other)?).map(Cow::Owned),
        }
    }

    fn value(&self, expression: &Expression) -> Result<Value, String> {
        match expression {
            Expression::Field(field) => Ok(self.field(field).into()),
            Expression::Constant(value) => Ok(value.clone()),
            Expression::Call(helper, arguments) => {
                let arguments: Result<Vec<Value>, String> =
                    arguments.iter().map(|argument| self.value(argument)).collect();
                helper.call(&arguments?, self.language)
            }
        }
    }
}

/// The first field of an expression, as people know it.
fn name(expression: &Expression) -> String {
    match expression {
        Expression::Field(Field::Column(column)) => column.clone(),
        Expression::Field(Field::Unsubscribe) => "links.unsubscribe".to_owned(),
        Expression::Field(Field::ListTitle) => "list.title".to_owned(),
        Expression::Constant(_) => String::new(),
        Expression::Call(_, arguments) => {
            arguments.iter().map(name).find(|name| !name.is_empty()).unwrap_or_default()
        }
    }
}
