//! Fills the draft that a new announcement begins from.

use std::borrow::Cow;

use jiff::civil;

use super::{fence, notation};
use crate::diagnostic::{Diagnostic, Source, closest};

/// What is known of a new announcement. In a kind's `draft.md` the tokens `[[title]]`,
/// `[[at]]` (`2016-11-02 17:00`), `[[date]]` (its day), `[[place]]` and `[[lists]]` stand for
/// them; in front matter they become quoted YAML, in the body plain text. What is not known
/// becomes nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    /// Subject of the mail and title of the event.
    pub title: String,
    /// When the event begins.
    pub at: Option<civil::DateTime>,
    /// Whether it is a matter of the whole day.
    pub all_day: bool,
    /// Where it is.
    pub place: Option<String>,
    /// Names of lists.
    pub lists: Vec<String>,
}

const TOKENS: [&str; 5] = ["title", "at", "date", "place", "lists"];

/// Whether the value of a token stands in YAML or in Markdown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Context {
    FrontMatter,
    Body,
}

impl Answers {
    fn day(&self) -> String {
        self.at.map_or_else(String::new, |at| at.date().to_string())
    }

    fn text(&self, token: &str, context: Context) -> Option<String> {
        let quote = |text: &str| match context {
            Context::FrontMatter => quoted(text),
            Context::Body => text.to_owned(),
        };
        match token {
            "title" => Some(quote(&self.title)),
            "at" if self.all_day => Some(self.day()),
            "at" => Some(self.at.map_or_else(String::new, notation::written)),
            "date" => Some(self.day()),
            "place" => Some(self.place.as_deref().map_or_else(String::new, quote)),
            "lists" if context == Context::FrontMatter => {
                let names: Vec<Cow<'_, str>> =
                    self.lists.iter().map(|name| quoted_name(name)).collect();
                Some(format!("[{}]", names.join(", ")))
            }
            "lists" => Some(self.lists.join(", ")),
            _ => None,
        }
    }
}

/// A JSON string is also a double-quoted YAML scalar (YAML 1.2 §1.2).
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn quoted_name(name: &str) -> Cow<'_, str> {
    let is_plain = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    let is_word = !["true", "false", "null"].contains(&name.to_ascii_lowercase().as_str());
    if is_plain && is_word { name.into() } else { quoted(name).into() }
}

/// Replaces every token.
pub(super) fn fill(starter: &str, answers: &Answers) -> String {
    let body = fence::split(starter).map_or(0, |fences| fences.body_start);
    let (front, body) = starter.split_at(body);
    let mut filled = replace(front, answers, Context::FrontMatter);
    filled.push_str(&replace(body, answers, Context::Body));
    filled
}

fn replace(text: &str, answers: &Answers, context: Context) -> String {
    let mut filled = String::new();
    let mut copied = 0;
    for token in tokens(text) {
        let Some(answer) = answers.text(token.name, context) else { continue };
        filled.push_str(&text[copied..token.start]);
        filled.push_str(&answer);
        copied = token.end;
        if answer.is_empty() && text[copied..].starts_with(['\n', '\r']) {
            filled.truncate(filled.trim_end_matches(' ').len());
        }
    }
    filled.push_str(&text[copied..]);
    filled
}

struct Token<'t> {
    name: &'t str,
    start: usize,
    end: usize,
}

/// `[[word]]` in small letters; anything else in brackets is text.
fn tokens(text: &str) -> impl Iterator<Item = Token<'_>> {
    text.match_indices("[[").filter_map(|(start, _)| {
        let inner = &text[start + 2..];
        let length = inner.find("]]")?;
        let name = &inner[..length];
        let is_word = !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c == '_');
        is_word.then_some(Token { name, start, end: start + length + 4 })
    })
}

/// What is wrong with a `draft.md`.
pub(super) fn check(starter: &Source) -> Vec<Diagnostic> {
    let mut wrong: Vec<Diagnostic> = fence::split(&starter.text)
        .err()
        .map(|fault| fault.diagnostic(starter))
        .into_iter()
        .collect();
    for token in tokens(&starter.text).filter(|token| !TOKENS.contains(&token.name)) {
        let hint = match closest(token.name, TOKENS) {
            Some(near) => format!("did you mean `[[{near}]]`?"),
            None => {
                format!("the tokens are {}", TOKENS.map(|name| format!("[[{name}]]")).join(", "))
            }
        };
        let fault = Diagnostic::new(format!("no token `[[{}]]`", token.name));
        wrong.push(fault.at(starter, token.start..token.end).hint(hint));
    }
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;

    const STARTER: &str = "---\nsubject: [[title]]\nlists: [[lists]]\nevent:\n  starts: [[at]]\n  \
        place: [[place]]\n---\n# [[title]]\n\nIn [[place]], [[see]] [a[0]].\n";

    fn answers() -> Answers {
        Answers { title: "A \"quoted\": title".into(), ..Answers::default() }
    }

    #[test]
    fn answers_are_quoted_in_front_matter_and_plain_in_the_body() {
        let answers = Answers {
            at: Some(civil::date(2026, 12, 3).at(18, 30, 0, 0)),
            place: Some("Room 20: left".into()),
            lists: vec!["members".into(), "true".into()],
            ..answers()
        };
        assert_eq!(
            fill(STARTER, &answers),
            "---\nsubject: \"A \\\"quoted\\\": title\"\nlists: [members, \"true\"]\nevent:\n  \
             starts: 2026-12-03 18:30\n  place: \"Room 20: left\"\n---\n# A \"quoted\": title\n\n\
             In Room 20: left, [[see]] [a[0]].\n"
        );
    }

    #[test]
    fn what_is_not_known_stays_empty() {
        let filled = fill(STARTER, &answers());
        assert!(filled.contains("\n  starts:\n  place:\n---"), "{filled}");
    }

    #[test]
    fn a_title_with_a_token_in_it_is_not_filled_again() {
        let answers = Answers { title: "[[place]]".into(), place: Some("x".into()), ..answers() };
        assert!(fill(STARTER, &answers).contains("subject: \"[[place]]\""));
    }

    #[test]
    fn an_unknown_token_is_reported_with_a_suggestion() {
        let wrong = check(&Source::new("draft.md", "---\nsubject: [[titel]]\n---\n"));
        assert_eq!(wrong[0].to_string(), "draft.md:2:10: no token `[[titel]]`");
        assert_eq!(wrong[0].hint.as_deref(), Some("did you mean `[[title]]`?"));
    }
}
