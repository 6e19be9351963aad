//! Where in HTML the writing stands: that decides how a person's value is escaped there, and
//! whether it may stand there at all.
//!
//! Follows the tokenizer of the HTML standard (§13.2.5) as far as templates need it.

use super::escape::Escape;

/// Attributes that hold a link.
const LINKS: [&str; 9] =
    ["href", "src", "action", "background", "cite", "formaction", "longdesc", "poster", "data"];

/// Schemes that a link or picture may have, whoever wrote it.
const SCHEMES: [&str; 5] = ["http", "https", "mailto", "tel", "cid"];

/// Stands for a person's value in an attribute.
const VALUE: char = '\u{FFFC}';

/// What feeding text has brought up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Remark {
    /// A link with a scheme that no mail may have.
    Scheme(String),
    /// A picture that would be loaded from the network, which tells the sender who reads.
    Remote(String),
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Text,
    /// After `<`; what follows it so far.
    TagOpen(String),
    TagName(String),
    /// Between attributes.
    Tag,
    AttributeName(String),
    /// After a name, before `=` or the next name.
    AfterName(String),
    BeforeValue(String),
    Unquoted {
        attribute: String,
        value: String,
    },
    Value {
        attribute: String,
        quote: char,
        value: String,
    },
    /// The last two characters.
    Comment(String),
    /// `<!doctype …>`, `<![if …]>`.
    Declaration,
    /// Inside `style`, `script`, `title`, `textarea`; the text since the last `<`.
    Raw {
        element: String,
        end: String,
    },
}

/// A place in HTML, moved forward by [`Position::feed`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Position {
    state: State,
    element: String,
}

impl Position {
    /// Moves over final text.
    pub(super) fn feed(&mut self, text: &str) -> Vec<Remark> {
        let mut remarks = Vec::new();
        for character in text.chars() {
            let state = std::mem::take(&mut self.state);
            self.state = self.step(state, character, &mut remarks);
        }
        remarks
    }

    /// How a person's value is escaped here, or why it must not stand here.
    pub(super) fn print(&mut self) -> Result<Escape, &'static str> {
        match &mut self.state {
            State::Text | State::Comment(_) => Ok(Escape::Html),
            State::Raw { element, .. } if element == "title" || element == "textarea" => {
                Ok(Escape::Html)
            }
            State::Raw { .. } => Err("inside `<style>` or `<script>`"),
            State::Value { attribute, value, .. } => {
                if attribute == "style" || attribute == "srcset" || attribute.starts_with("on") {
                    return Err("in a `style`, `srcset` or `on…` attribute");
                }
                let escape = match (LINKS.contains(&attribute.as_str()), value.trim().is_empty()) {
                    (false, _) => Escape::Html,
                    (true, true) => Escape::Link,
                    (true, false) => Escape::UrlPart,
                };
                value.push(VALUE);
                Ok(escape)
            }
            _ => Err("inside a tag, outside the quotes of an attribute"),
        }
    }

    /// Whether a choice between two texts may begin here.
    pub(super) fn may_branch(&self) -> bool {
        match &self.state {
            State::Text | State::Comment(_) | State::Value { .. } => true,
            State::Raw { element, .. } => element == "title" || element == "textarea",
            _ => false,
        }
    }

    /// Whether both ways of a choice lead to the same kind of place.
    pub(super) fn rejoins(&self, other: &Self) -> bool {
        match (&self.state, &other.state) {
            (State::Value { attribute: a, .. }, State::Value { attribute: b, .. })
            | (State::Raw { element: a, .. }, State::Raw { element: b, .. }) => a == b,
            (a, b) => std::mem::discriminant(a) == std::mem::discriminant(b),
        }
    }

    /// Whether an HTML comment may stand here.
    pub(super) fn is_text(&self) -> bool {
        self.state == State::Text
    }

    /// Whether a tag begins right here: `<` has come, and no letter yet.
    pub(super) fn is_tag_open(&self) -> bool {
        matches!(&self.state, State::TagOpen(so_far) if so_far.is_empty())
    }

    /// Whether the name of a start tag is being written.
    pub(super) fn is_tag_name(&self) -> bool {
        matches!(&self.state, State::TagName(name) if !name.starts_with('/'))
    }

    fn step(&mut self, state: State, c: char, remarks: &mut Vec<Remark>) -> State {
        match state {
            State::Text if c == '<' => State::TagOpen(String::new()),
            State::Text => State::Text,
            State::TagOpen(so_far) => Self::open(so_far, c),
            State::TagName(mut name) => match c {
                '>' => {
                    self.element = name;
                    self.after_tag()
                }
                c if c.is_whitespace() || (c == '/' && !name.is_empty()) => {
                    self.element = name;
                    State::Tag
                }
                c => {
                    name.push(c.to_ascii_lowercase());
                    State::TagName(name)
                }
            },
            State::Tag => self.between(c),
            State::AttributeName(mut name) => match c {
                '=' => State::BeforeValue(name),
                '>' => self.after_tag(),
                '/' => State::Tag,
                c if c.is_whitespace() => State::AfterName(name),
                c => {
                    name.push(c.to_ascii_lowercase());
                    State::AttributeName(name)
                }
            },
            State::AfterName(name) => match c {
                '=' => State::BeforeValue(name),
                c if c.is_whitespace() => State::AfterName(name),
                c => self.between(c),
            },
            State::BeforeValue(attribute) => match c {
                '"' | '\'' => State::Value { attribute, quote: c, value: String::new() },
                '>' => self.after_tag(),
                c if c.is_whitespace() => State::BeforeValue(attribute),
                c => State::Unquoted { attribute, value: c.to_string() },
            },
            State::Unquoted { attribute, value } if c == '>' || c.is_whitespace() => {
                remarks.extend(self.remark(&attribute, &value));
                if c == '>' { self.after_tag() } else { State::Tag }
            }
            State::Unquoted { attribute, mut value } => {
                value.push(c);
                State::Unquoted { attribute, value }
            }
            State::Value { attribute, quote, value } if c == quote => {
                remarks.extend(self.remark(&attribute, &value));
                State::Tag
            }
            State::Value { attribute, quote, mut value } => {
                value.push(c);
                State::Value { attribute, quote, value }
            }
            State::Comment(last) if c == '>' && last == "--" => State::Text,
            State::Comment(mut last) => {
                if last.chars().count() == 2 {
                    last.remove(0);
                }
                last.push(c);
                State::Comment(last)
            }
            State::Declaration if c == '>' => State::Text,
            State::Declaration => State::Declaration,
            State::Raw { element, end } => Self::raw(element, end, c),
        }
    }

    fn open(mut so_far: String, c: char) -> State {
        so_far.push(c);
        match so_far.as_str() {
            "!" | "!-" => State::TagOpen(so_far),
            "!--" => State::Comment(String::new()),
            "/" => State::TagName("/".to_owned()),
            text if text.starts_with(['!', '?']) => {
                if c == '>' {
                    State::Text
                } else {
                    State::Declaration
                }
            }
            text if text.starts_with(|c: char| c.is_ascii_alphabetic()) => {
                State::TagName(text.to_ascii_lowercase())
            }
            "<" => State::TagOpen(String::new()),
            _ => State::Text,
        }
    }

    fn between(&self, c: char) -> State {
        match c {
            '>' => self.after_tag(),
            '/' => State::Tag,
            c if c.is_whitespace() => State::Tag,
            c => State::AttributeName(c.to_ascii_lowercase().to_string()),
        }
    }

    fn after_tag(&self) -> State {
        match self.element.as_str() {
            "style" | "script" | "title" | "textarea" => {
                State::Raw { element: self.element.clone(), end: String::new() }
            }
            _ => State::Text,
        }
    }

    fn raw(element: String, mut end: String, c: char) -> State {
        if c == '<' {
            end.clear();
        }
        if c == '<' || !end.is_empty() {
            end.push(c.to_ascii_lowercase());
        }
        if end.strip_prefix("</") == Some(element.as_str()) {
            return State::TagName(format!("/{element}"));
        }
        // Longer than any end tag: ordinary text.
        if end.len() > element.len() + 2 {
            end.clear();
        }
        State::Raw { element, end }
    }

    fn remark(&self, attribute: &str, value: &str) -> Option<Remark> {
        if !LINKS.contains(&attribute) {
            return None;
        }
        let loads = attribute == "background" || (attribute == "src" && self.element == "img");
        match scheme(value)? {
            unknown if !SCHEMES.contains(&unknown.as_str()) => Some(Remark::Scheme(unknown)),
            web if loads && web.starts_with("http") => Some(Remark::Remote(value.to_owned())),
            _ => None,
        }
    }
}

/// The rule against links of a scheme that no mail may have.
pub(super) fn scheme_rule(scheme: &str) -> &'static str {
    if scheme == "data" { "L8/data" } else { "L1/scheme" }
}

/// The scheme of a link, in lower case; white space and control characters count for nothing, as
/// browsers have it.
pub(super) fn scheme(link: &str) -> Option<String> {
    let link: String = link.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
    let (scheme, _) = link.split_once(':')?;
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    is_scheme.then(|| scheme.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(html: &str) -> Result<Escape, &'static str> {
        let mut position = Position::default();
        position.feed(html);
        position.print()
    }

    #[test]
    fn the_place_decides_the_escape() {
        assert_eq!(after("<p class=a>Dear "), Ok(Escape::Html));
        assert_eq!(after("<a title='x' href=\""), Ok(Escape::Link));
        assert_eq!(after("<A HREF = 'https://e.org/?c="), Ok(Escape::UrlPart));
        assert_eq!(after("<img alt=\""), Ok(Escape::Html));
        assert_eq!(after("<!--[if mso]><a href=\"x\"> "), Ok(Escape::Html));
        assert_eq!(after("<!doctype html><title>"), Ok(Escape::Html));
        assert_eq!(after("<style>p > a { }</style><p>1 < 2 "), Ok(Escape::Html));
        assert_eq!(after("1 <<a href=\""), Ok(Escape::Link));
    }

    #[test]
    fn values_have_no_place_in_code_or_bare_tags() {
        for html in [
            "<style>p{color:",
            "<p style=\"",
            "<p onclick='",
            "<p ",
            "<",
            "<a href=",
            "<a href=x",
            "<script>'",
        ] {
            assert!(after(html).is_err(), "{html}");
        }
    }

    #[test]
    fn a_choice_stands_where_text_may_and_ends_where_it_began() {
        let at = |html| {
            let mut position = Position::default();
            position.feed(html);
            position
        };
        assert!(at("<p class='").may_branch() && at("<title>").may_branch());
        assert!(!at("<style>").may_branch() && !at("<p ").may_branch());
        assert!(at("<p>a</p>").rejoins(&at("<b>")) && at("<a href='x").rejoins(&at("<i href=\"")));
        assert!(!at("<p title='").rejoins(&at("<p class='")) && !at("<p>").rejoins(&at("<p")));
    }

    #[test]
    fn bad_schemes_and_remote_pictures_are_noticed() {
        let remarks = |html| Position::default().feed(html);
        assert_eq!(
            remarks("<a href=' java\nscript:x'>"),
            [Remark::Scheme("javascript".to_owned())]
        );
        assert_eq!(remarks("<a href='https://e.org'><img src='cid:a@b'>"), []);
        assert_eq!(
            remarks("<a href=javascript:x><img src=cid:a@b>"),
            [Remark::Scheme("javascript".to_owned())]
        );
        for picture in ["<img src=\"https://e.org/p.gif\">", "<img src=https://e.org/p.gif alt>"] {
            assert_eq!(remarks(picture), [Remark::Remote("https://e.org/p.gif".to_owned())]);
        }
    }
}
