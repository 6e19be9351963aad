//! The room as a whole: a small newsroom, expanded and rendered.

mod cuts;
mod data;
mod drafts;
mod marked;
mod places;
mod proof;
mod templates;

use std::{cell::RefCell, collections::BTreeMap, convert::Infallible};

use serde_json::{Map, Value, json};

use super::*;
use crate::{
    diagnostic::{Diagnostic, Source, Spanned},
    draft::{Draft, FrontMatter, Publication},
};

pub(crate) use cuts::any_letter;
pub(crate) use proof::with_samples;

/// A draft, templates and lists that a test bends to its purpose.
pub(crate) struct Newsroom {
    subject: String,
    preheader: Option<String>,
    language: &'static str,
    fields: Map<String, Value>,
    body: String,
    files: BTreeMap<String, Source>,
    lists: Vec<ListColumns>,
    optional: Vec<String>,
    calendar: Option<CalendarLinks>,
    asked: RefCell<Vec<String>>,
}

impl Newsroom {
    pub(crate) fn new(body: &str) -> Self {
        let fields = json!({ "event": {
            "starts": "2016-11-02T17:00:00",
            "place": "Committee Room 20",
            "speakers": [{ "name": "Jieun Baek", "role": "Oxford" }, { "name": "Jung Gwang Il" }],
        } });
        let Value::Object(fields) = fields else { unreachable!() };
        let list = ListColumns {
            name: "members".to_owned(),
            file: "lists/members.csv".to_owned(),
            columns: ["email", "first_name", "city", "website"].map(str::to_owned).to_vec(),
        };
        let newsroom = Self {
            subject: "News".to_owned(),
            preheader: None,
            language: "en-GB",
            fields,
            body: body.to_owned(),
            files: BTreeMap::new(),
            lists: vec![list],
            optional: ["event.partners", "sponsors"].map(str::to_owned).to_vec(),
            calendar: None,
            asked: RefCell::default(),
        };
        newsroom
            .file("layout.html.hbs", "<html><head><title>{{draft.subject}}</title></head><body>{{{content}}}</body></html>")
            .file("layout.text.hbs", "{{{content}}}")
            .file("event/html.hbs", "{{{body}}}")
    }

    pub(crate) fn file(mut self, path: &str, text: &str) -> Self {
        self.files.insert(path.to_owned(), Source::new(format!("templates/{path}"), text));
        self
    }

    pub(crate) fn subject(mut self, subject: &str) -> Self {
        subject.clone_into(&mut self.subject);
        self
    }

    pub(crate) fn kind(self, html: &str) -> Self {
        self.file("event/html.hbs", html)
    }

    /// Whatever is expanded is proofed as well.
    fn expand(&self) -> Result<Expanded, Vec<Diagnostic>> {
        self.with_input(|input| {
            let expanded = expand(input);
            if let Ok(expanded) = &expanded {
                let asked = self.asked.borrow().clone();
                proof::assert_faithful(input, expanded);
                *self.asked.borrow_mut() = asked;
            }
            expanded
        })
    }

    pub(crate) fn with_input<T>(&self, then: impl FnOnce(&Input<'_>) -> T) -> T {
        let head = format!("---\nsubject: {}\n---\n", self.subject);
        let text = format!("{head}{}", self.body);
        let preheader = self.preheader.clone().map(|text| Spanned::new(text, 4..11));
        let front = FrontMatter {
            kind: Spanned::new("event".to_owned(), 0..3),
            subject: Spanned::new(self.subject.clone(), 13..13 + self.subject.len()),
            preheader,
            lists: Vec::new(),
            follows: None,
            filter: Vec::new(),
            exclude: Vec::new(),
            language: Some(Spanned::new(self.language.to_owned(), 0..3)),
            send_at: None,
            status: Publication::Draft,
            late_after: None,
            author: None,
            attachments: Vec::new(),
            calendar: true,
            announces: true,
            fields: self.fields.clone(),
        };
        let draft = Draft {
            slug: "talk".to_owned(),
            source: Source::new("drafts/talk.md", text),
            front,
            body_start: head.len(),
        };
        let sender = Sender {
            name: "APPG".to_owned(),
            address: "news@appg.example".to_owned(),
            domain: "appg.example".to_owned(),
            language: "en-GB".to_owned(),
            timezone: "Europe/London".to_owned(),
            ..Sender::default()
        };
        let picture = |file: &str| {
            self.asked.borrow_mut().push(file.to_owned());
            match file {
                "files/missing.jpg" => {
                    Err(Diagnostic::new(format!("`{file}` cannot be read: no such file")))
                }
                _ => Ok(PictureSize { width: 1200, height: 800 }),
            }
        };
        then(&Input {
            draft: &draft,
            templates: &TemplateSet { files: self.files.clone() },
            sender: &sender,
            calendar: self.calendar.as_ref(),
            lists: &self.lists,
            optional: &self.optional,
            picture: &picture,
        })
    }

    fn render(&self, values: &[(&str, &str)]) -> Mail {
        let expanded = self.expand().unwrap_or_else(|faults| panic!("{}", lines(&faults)));
        fill(&expanded, values).unwrap_or_else(|holes| panic!("{holes:?}"))
    }

    fn holes(&self, values: &[(&str, &str)]) -> Vec<(String, Lack)> {
        let holes = fill(&self.expand().unwrap(), values).unwrap_err();
        holes.into_iter().map(|hole| (hole.column, hole.lack)).collect()
    }

    fn faults(&self) -> String {
        lines(&self.expand().map(|_| ()).unwrap_err())
    }

    fn body_html(&self, values: &[(&str, &str)]) -> String {
        let html = self.render(values).html;
        let body = html.split("<body>").nth(1).unwrap().split("</body>").next().unwrap();
        body.trim().to_owned()
    }
}

fn lines(faults: &[Diagnostic]) -> String {
    let line = |fault: &Diagnostic| match &fault.hint {
        Some(hint) => format!("{fault} (hint: {hint})"),
        None => fault.to_string(),
    };
    faults.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// One person's mail in one piece.
#[derive(Debug, PartialEq)]
struct Mail {
    subject: String,
    html: String,
    text: String,
}

fn fill(expanded: &Expanded, values: &[(&str, &str)]) -> Result<Mail, Vec<Hole>> {
    let value = |column: &String| {
        let value = values.iter().find(|(name, _)| name == column);
        value.map_or_else(String::new, |(_, value)| (*value).to_owned())
    };
    let values: Vec<String> = expanded.columns.iter().map(value).collect();
    let renderer = Renderer::new(expanded, |lines| Ok::<_, Infallible>(lines.to_owned())).unwrap();
    let Rendered { subject, html, text } = renderer.render(&Person {
        values: &values,
        list_title: "you are a member",
        unsubscribe: "mailto:unsubscribe@appg.example?subject=abc",
    })?;
    Ok(Mail { subject, html: html.to_string(), text: text.to_string() })
}
