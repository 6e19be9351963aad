//! One person's mail from a campaign's flat templates.

use std::borrow::Cow;

use serde_json::Value;

use super::{
    Expanded, Expression, Field, Hole, Lack,
    escape::one_line,
    form::{Form, Step},
    helper,
    lines::Lines,
};

/// Longest value that is put into a mail, in bytes.
const LONGEST: usize = 16 * 1024;

/// What one person's mail says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered<'a, S> {
    /// The subject, one line, unencoded.
    pub subject: String,
    /// The HTML part, whole.
    pub html: Lines<'a, S>,
    /// The text part, `\n` line ends.
    pub text: Lines<'a, S>,
}

/// What is filled in.
#[derive(Clone, Copy)]
pub struct Person<'a> {
    /// The person's values of [`Expanded::columns`], in that order.
    pub values: &'a [String],
    /// Why this person gets it (`list.title`).
    pub list_title: &'a str,
    /// The person's unsubscribe link (`links.unsubscribe`), http, https or mailto.
    pub unsubscribe: &'a str,
}

/// Fills a campaign's templates for one person after another.
#[derive(Debug)]
pub struct Renderer<S> {
    language: String,
    columns: Vec<String>,
    subject: Form<S>,
    preheader: Option<Form<S>>,
    html: Form<S>,
    text: Form<S>,
}

impl<S> Renderer<S> {
    /// Gets ready for a campaign: lines that everybody shares, whole and with their line ends, are
    /// given to `prepare` once, and what it makes of them stands for them in every copy.
    pub fn new<E>(expanded: &Expanded, prepare: impl Fn(&str) -> Result<S, E>) -> Result<Self, E> {
        Ok(Self {
            language: expanded.language.clone(),
            columns: expanded.columns.clone(),
            subject: Form::uncut(&expanded.subject),
            preheader: expanded.preheader.as_ref().map(Form::uncut),
            html: Form::cut(&expanded.html, &prepare)?,
            text: Form::cut_before_end(&expanded.text, &prepare)?,
        })
    }

    /// One person's mail, or every hole in it, each once.
    pub fn render(&self, person: &Person<'_>) -> Result<Rendered<'_, S>, Vec<Hole>> {
        let mut filling = Filling { renderer: self, person, holes: Vec::new() };
        let subject = filling.fill(&self.subject).into_own();
        let html = filling.fill(&self.html);
        let mut text = filling.fill(&self.text);
        if let Some(preheader) = &self.preheader {
            filling.fill(preheader);
        }
        if !filling.holes.is_empty() {
            return Err(filling.holes);
        }
        let mut line = String::with_capacity(subject.len());
        one_line(subject.trim(), &mut line);
        // The last line that is not blank is own: the form was cut before it.
        let own = text.own();
        own.truncate(own.trim_end().len());
        own.push('\n');
        Ok(Rendered { subject: line, html, text })
    }
}

/// One person's turn.
struct Filling<'a, 'p, S> {
    renderer: &'a Renderer<S>,
    person: &'p Person<'p>,
    holes: Vec<Hole>,
}

impl<'a, 'p, S> Filling<'a, 'p, S> {
    fn fill(&mut self, form: &'a Form<S>) -> Lines<'a, S> {
        // So much a step seldom needs to grow.
        let mut lines = Lines::from(String::with_capacity(64 * form.0.len()));
        self.steps(form, &mut lines);
        lines
    }

    fn steps(&mut self, form: &'a Form<S>, into: &mut Lines<'a, S>) {
        for step in &form.0 {
            match step {
                Step::Shared(lines) => into.share(lines),
                Step::Text(text) => into.own().push_str(text),
                Step::If { test, then, otherwise } => {
                    // A test that cannot be read is false: nothing is printed on its word.
                    let holds = self.value(test).is_ok_and(|value| helper::truthy(&value));
                    self.steps(if holds { then } else { otherwise }, into);
                }
                Step::Print { value, escape, spot } => {
                    let lack = match self.text(value) {
                        Err(_) => Lack::Reading,
                        Ok(text) if text.trim().is_empty() => Lack::Empty,
                        Ok(text) if text.len() > LONGEST => Lack::Brevity,
                        Ok(text) => match escape.write(&text, into.own()) {
                            Some(()) => continue,
                            None => Lack::Link,
                        },
                    };
                    let name = value.names().first().copied().unwrap_or_default();
                    let hole = Hole { column: name.to_owned(), lack, spot: spot.clone() };
                    if !self.holes.contains(&hole) {
                        self.holes.push(hole);
                    }
                }
            }
        }
    }

    fn field(&self, field: &Field) -> &'p str {
        match field {
            Field::Unsubscribe => self.person.unsubscribe,
            Field::ListTitle => self.person.list_title,
            Field::Column(column) => {
                let index = self.renderer.columns.iter().position(|known| known == column);
                index.and_then(|at| self.person.values.get(at)).map_or("", String::as_str)
            }
        }
    }

    fn text(&self, expression: &Expression) -> Result<Cow<'p, str>, String> {
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
                helper.call(&arguments?, &self.renderer.language)
            }
        }
    }
}
