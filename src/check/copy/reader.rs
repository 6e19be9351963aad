//! Reads one copy after another.

use super::{GREETING, LEFTOVER, STAND_IN, greeting, leftover};
use crate::{
    check::Rule,
    render::{Expanded, Piece, Rendered, Template},
};

/// Stands for a person's value in what everybody shares.
const VALUE: char = '\u{FFFC}';

/// What is wrong with a copy, without saying whose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// The rule.
    pub rule: &'static Rule,
    /// The words that are wrong, or the column whose value is.
    pub words: String,
}

impl Flaw {
    /// Without what may come from somebody's row.
    fn without_data(mut self) -> Self {
        if *self.rule == LEFTOVER {
            self.words = leftover::shape(&self.words);
        }
        self
    }
}

/// Reads the copies of one campaign.
#[derive(Clone, Debug, Default)]
pub struct Reader {
    columns: Vec<String>,
    shared: Vec<Flaw>,
}

impl Reader {
    /// Reads what everybody shares; `columns` are those of the lists.
    pub fn new(expanded: &Expanded, columns: &[String]) -> Self {
        let [subject, html, text] = [&expanded.subject, &expanded.html, &expanded.text].map(flat);
        let mut shared: Vec<Flaw> = Vec::new();
        let found = [&subject, &text, &html].into_iter().flat_map(|part| left_over(part));
        let others =
            [&subject, &text].into_iter().flat_map(|part| leftover::columns(part, columns));
        let others = others.map(|tag| Flaw { rule: &LEFTOVER, words: tag.to_owned() });
        let greeting = greeting_nobody(greeting::beginnings(&text));
        for flaw in found.chain(emphasised(&text)).chain(others).chain(greeting) {
            if !shared.contains(&flaw) {
                shared.push(flaw);
            }
        }
        Self { columns: expanded.columns.clone(), shared }
    }

    /// What is wrong with every copy.
    pub fn shared(&self) -> &[Flaw] {
        &self.shared
    }

    /// What is wrong with this copy alone; `values` are those of [`Expanded::columns`].
    pub fn read<S>(&self, copy: &Rendered<'_, S>, values: &[String]) -> Vec<Flaw> {
        let text = copy.text.own_lines();
        let parts = [copy.subject.as_str(), text, copy.html.own_lines()];
        let tags = parts.into_iter().flat_map(left_over).chain(emphasised(text));
        let read =
            tags.chain(greeting_nobody(text.lines())).filter(|flaw| !self.shared.contains(flaw));
        let mut flaws: Vec<Flaw> = Vec::new();
        for flaw in read.map(Flaw::without_data) {
            if !flaws.contains(&flaw) {
                flaws.push(flaw);
            }
        }
        let empty = self.columns.iter().zip(values).filter(|(_, value)| stands_in(value));
        flaws.extend(empty.map(|(column, _)| Flaw { rule: &STAND_IN, words: column.clone() }));
        flaws
    }
}

fn left_over(text: &str) -> impl Iterator<Item = Flaw> {
    leftover::all(text).map(|tag| Flaw { rule: &LEFTOVER, words: tag.to_owned() })
}

fn emphasised(text: &str) -> impl Iterator<Item = Flaw> {
    leftover::emphasised(text).map(|words| Flaw { rule: &LEFTOVER, words })
}

fn greeting_nobody<'a>(lines: impl Iterator<Item = &'a str>) -> Option<Flaw> {
    greeting::first(lines).map(|words| Flaw { rule: &GREETING, words: words.to_owned() })
}

/// Whether a cell says that there is nothing in it. In the spelling of programs: `None` and `Null`
/// are names.
fn stands_in(value: &str) -> bool {
    const STAND_INS: [&str; 12] = [
        "NULL",
        "null",
        "N/A",
        "n/a",
        "#N/A",
        "#REF!",
        "NaN",
        "undefined",
        "-",
        "--",
        "?",
        "(blank)",
    ];
    value.len() <= 9 && STAND_INS.contains(&value)
}

/// All constant text of a template, one after another; a person's value is a sign of its own.
pub(in crate::check) fn flat(template: &Template) -> String {
    let mut text = String::new();
    flatten(template, &mut text);
    text
}

/// All that is constant, both ways of each choice.
fn flatten(template: &Template, into: &mut String) {
    for piece in &template.0 {
        match piece {
            Piece::Text(text) => into.push_str(text),
            Piece::Print { .. } => into.push(VALUE),
            Piece::If { then, otherwise, .. } => {
                flatten(then, into);
                into.push(VALUE);
                flatten(otherwise, into);
            }
        }
    }
}
