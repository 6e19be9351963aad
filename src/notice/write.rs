//! The draft of a notice.

use std::fmt::Write as _;

use serde_json::{Map, Value};

use super::{Aspect, Fact, facts::moment};
use crate::draft::{without_label, written};

/// A title that is longer is cut where it can be.
const LONGEST_TITLE: usize = 48;

/// What a notice is to say.
pub struct Notice<'a> {
    /// The campaign that told people of the event.
    pub follows: &'a str,
    /// The front matter of the event's own draft, as data: language, author and title come from it.
    pub front: &'a Map<String, Value>,
    /// The event as it is now; of one that is called off, as people were told.
    pub event: &'a Map<String, Value>,
    /// What has changed; nothing of an event that is called off.
    pub facts: &'a [Fact],
    /// Whether it does not take place.
    pub cancelled: bool,
    /// Whether a change of it has been told of before.
    pub again: bool,
    /// Whether the event stands in calendars, or is to.
    pub calendar: bool,
    /// Why, in the author's words.
    pub because: Option<&'a str>,
}

impl Notice<'_> {
    /// `Room changed: North Korea’s Hidden Revolution`.
    pub fn subject(&self) -> String {
        format!("{}: {}", self.headline(), short(title(self.front)))
    }

    /// The whole draft.
    pub fn text(&self) -> String {
        let mut text = String::from("---\nkind: notice\n");
        let mut line = |key: &str, value: &str| {
            let _ = writeln!(text, "{key}: {value}");
        };
        line("follows", &name(self.follows));
        line("subject", &quoted(&self.subject()));
        line("preheader", &quoted(&self.preheader()));
        if let Some(language) = self.front.get("language").and_then(Value::as_str) {
            line("language", language);
        }
        if let Some(author) = self.front.get("author").filter(|author| author.is_object()) {
            line("author", &person(author));
        }
        line("status", "draft");
        if !self.calendar {
            line("calendar", "false");
        }
        if self.cancelled {
            line("cancelled", "true");
        }
        text.push_str(&event(self.event, title(self.front)));
        if !self.facts.is_empty() {
            text.push_str("changes:\n");
        }
        for Fact { aspect, was, is } in self.facts {
            let _ = write!(text, "  - {{ what: {}", quoted(&aspect.to_string()));
            for (key, value) in [("was", was), ("is", is)] {
                if let Some(value) = value {
                    let _ = write!(text, ", {key}: {}", quoted(value));
                }
            }
            text.push_str(" }\n");
        }
        text.push_str("---\n");
        text.push_str(&self.body());
        text
    }

    /// What has changed, in a word or two.
    fn headline(&self) -> String {
        if self.cancelled {
            return "Cancelled".to_owned();
        }
        let vital: Vec<String> = self
            .facts
            .iter()
            .filter(|fact| fact.aspect.is_vital())
            .flat_map(|fact| match fact.aspect {
                Aspect::DateAndTime => vec![Aspect::Date, Aspect::Time],
                aspect => vec![aspect],
            })
            .map(|aspect| aspect.to_string().to_lowercase())
            .collect();
        let words = match (vital.as_slice(), self.facts) {
            ([], [one]) if one.aspect != Aspect::Partners => one.aspect.to_string(),
            ([], _) => "Details".to_owned(),
            ([one], _) => capital(one),
            ([others @ .., last], _) => capital(&format!("{} and {last}", others.join(", "))),
        };
        format!("{words} changed{}", if self.again { " again" } else { "" })
    }

    fn moment(&self) -> String {
        let language = self.front.get("language").and_then(Value::as_str).unwrap_or("en");
        moment(&Value::from(self.event.clone()), language)
    }

    fn preheader(&self) -> String {
        let moment = self.moment();
        let place = self.event.get("place").and_then(Value::as_str).unwrap_or_default();
        if self.cancelled {
            return format!("It does not take place: {moment}, {place}");
        }
        let has = |aspects: &[Aspect]| self.facts.iter().any(|fact| aspects.contains(&fact.aspect));
        match has(&[Aspect::Room, Aspect::Place]) {
            true => format!("It is now in {place}, on {moment}"),
            false if has(&[Aspect::Date, Aspect::DateAndTime, Aspect::Time]) => {
                format!("It is now on {moment}, in {place}")
            }
            false => format!("What has changed, and all that holds now: {moment}, {place}"),
        }
    }

    fn body(&self) -> String {
        let title = plain(title(self.front));
        let (first, calendar, last) = match self.cancelled {
            true => (
                format!(
                    "We are sorry: “{title}”, planned for {}, does not take place.",
                    self.moment()
                ),
                "If it stands in your calendar, the attached entry takes it out. If you put it there by \
                 a link,\nplease delete it yourself.",
                "Thank you for having wanted to come.",
            ),
            false => (
                format!(
                    "Please note a change to an event that we wrote to you about: “{title}”.\nBelow is \
                     everything as it is now."
                ),
                "If it stands in your calendar, the attached entry brings it up to date. If you put it \
                 there\nby a link, please change it yourself.",
                "We are sorry for the trouble.",
            ),
        };
        let because = self.because.map(str::trim);
        let calendar = Some(calendar).filter(|_| self.calendar);
        let paragraphs = [Some(&*first), because, calendar, Some(last)];
        paragraphs.into_iter().flatten().collect::<Vec<_>>().join("\n\n") + "\n"
    }
}

/// What an event is called in a line: its subject without a label before it, or its title where the
/// subject is not the same for everybody.
fn title(front: &Map<String, Value>) -> &str {
    let subject = front.get("subject").and_then(Value::as_str).unwrap_or_default();
    let own = front.get("event").and_then(|event| event.get("title")).and_then(Value::as_str);
    own.filter(|_| subject.contains("{{")).unwrap_or_else(|| without_label(subject))
}

/// A title that leaves room for what has happened: cut at a colon or dash, or at a word.
fn short(title: &str) -> String {
    if title.chars().count() <= LONGEST_TITLE {
        return title.to_owned();
    }
    let cuts = [": ", " – ", " — ", " - "];
    let cut = cuts.iter().filter_map(|cut| title.split_once(cut)).map(|(before, _)| before);
    let whole = cut.filter(|before| (8..=LONGEST_TITLE).contains(&before.chars().count()));
    if let Some(before) = whole.max_by_key(|before| before.len()) {
        return before.to_owned();
    }
    let kept: String = title.chars().take(LONGEST_TITLE).collect();
    let kept = kept.rsplit_once(' ').map_or(kept.as_str(), |(words, _)| words);
    format!("{}…", kept.trim_end_matches([',', ';', ':', '.', ' ']))
}

/// A text that Markdown leaves as it is (`CommonMark` §2.4).
fn plain(text: &str) -> String {
    let is_sign = |c: char| c.is_ascii_punctuation() && !matches!(c, ',' | '.' | ':' | ';' | '\'');
    text.chars().flat_map(|c| is_sign(c).then_some('\\').into_iter().chain([c])).collect()
}

/// The event as its author would write it. In a calendar it stays what it was called, so it always
/// has a title.
fn event(event: &Map<String, Value>, title: &str) -> String {
    let mut text = String::from("event:\n");
    if !event.contains_key("title") {
        let _ = writeln!(text, "  title: {}", quoted(title));
    }
    for key in ["title", "starts", "ends", "timezone", "place", "access", "admission", "register"] {
        if let Some(value) = event.get(key).and_then(Value::as_str) {
            let value = match key {
                "starts" | "ends" => value
                    .parse()
                    .ok()
                    .filter(|_| value.contains('T'))
                    .map_or_else(|| value.to_owned(), written),
                _ => quoted(value.strip_prefix("mailto:").unwrap_or(value)),
            };
            let _ = writeln!(text, "  {key}: {value}");
        }
    }
    if let Some(Value::Array(partners)) = event.get("partners") {
        let partners: Vec<String> = partners.iter().filter_map(Value::as_str).map(quoted).collect();
        let _ = writeln!(text, "  partners: [{}]", partners.join(", "));
    }
    if let Some(Value::Array(speakers)) = event.get("speakers") {
        text.push_str("  speakers:\n");
        for speaker in speakers {
            let _ = writeln!(text, "    - {}", person(speaker));
        }
    }
    text
}

/// `{ name: "Ana Example", role: "University of Example" }`.
fn person(person: &Value) -> String {
    let of = |key: &str| person.get(key).and_then(Value::as_str).map(quoted);
    let role = of("role").map(|role| format!(", role: {role}")).unwrap_or_default();
    format!("{{ name: {}{role} }}", of("name").unwrap_or_default())
}

/// A JSON string is also a double-quoted YAML scalar (YAML 1.2 §1.2).
fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// An id, in quotes where YAML would read something else.
fn name(id: &str) -> String {
    let is_plain = id.contains(|c: char| c.is_ascii_alphabetic())
        && !["true", "false", "null"].contains(&id.to_ascii_lowercase().as_str());
    if is_plain { id.to_owned() } else { quoted(id) }
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
