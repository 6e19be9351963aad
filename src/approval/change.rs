//! What has changed between two exhibits, each change where somebody would look for it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::{Audience, Exhibit, Filed, Hunk, Text, hunk::hunks, visible};
use crate::diagnostic::{count, group_thousands};

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Of what.
    pub part: Part,
    /// From what to what.
    pub how: How,
}

/// What an approval covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// A key of the front matter, dotted (`event.starts`).
    FrontMatter(String),
    /// The Markdown.
    Body,
    /// A template, by its path below `templates/`.
    Template(String),
    /// A file that travels along, by its path as the draft writes it.
    File(String),
    /// A key of the settings, dotted (`sender.name`).
    Setting(String),
    /// The columns of the lists that the mail shows.
    Columns,
    /// `lists`, `where` or `exclude`.
    Audience(&'static str),
}

/// How it has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum How {
    /// Lines of a text.
    Lines(Hunk),
    /// A value, which may have come or gone.
    Value {
        /// As it was.
        was: Option<String>,
        /// As it is.
        is: Option<String>,
    },
    /// The bytes of a file, by their number.
    Bytes {
        /// As they were.
        was: u64,
        /// As they are.
        is: u64,
    },
}

impl Change {
    fn value(part: Part, was: Option<String>, is: Option<String>) -> Self {
        Self { part, how: How::Value { was, is } }
    }

    /// What has changed, without its place.
    pub fn words(&self) -> String {
        let how = match &self.how {
            How::Lines(hunk) => return hunk.words(),
            How::Bytes { was, is } if was == is => "same size, other bytes".to_owned(),
            How::Bytes { was, is } => {
                format!("{}, was {}", count(*is, "byte"), group_thousands(*was))
            }
            How::Value { was, is } => values(&self.part, was.as_deref(), is.as_deref()),
        };
        format!("{}: {how}", self.part.name())
    }

    /// The lines with `-` and `+`; nothing where the words say it all.
    pub fn diff(&self) -> Vec<String> {
        match &self.how {
            How::Lines(hunk) => hunk.diff(),
            How::Bytes { .. } | How::Value { .. } => Vec::new(),
        }
    }
}

impl Part {
    fn name(&self) -> String {
        match self {
            Self::FrontMatter(key) | Self::Setting(key) => format!("`{key}`"),
            Self::Body => "the text".to_owned(),
            Self::Template(path) => format!("`templates/{path}`"),
            Self::File(path) => format!("`{path}`"),
            Self::Columns => "columns of the lists that it shows".to_owned(),
            Self::Audience(what) => format!("`{what}`"),
        }
    }
}

fn values(part: &Part, was: Option<&str>, is: Option<&str>) -> String {
    let is_list = matches!(part, Part::Audience(_) | Part::Columns);
    match (was, is) {
        (Some(was), Some(is)) if is_list => format!("{was} → {is}"),
        (Some(was), Some(is)) => {
            let pair = visible::pair(was, is);
            let numbers = pair.lookalikes.map(|numbers| format!(" ({numbers})"));
            let (was, is) = pair.shown;
            format!("was `{was}`, is `{is}`{}", numbers.unwrap_or_default())
        }
        (None, Some(_)) if matches!(part, Part::Template(_) | Part::File(_)) => "is new".to_owned(),
        (Some(_), None) if matches!(part, Part::Template(_)) => "is no longer used".to_owned(),
        (Some(_), None) if matches!(part, Part::File(_)) => "travels along no longer".to_owned(),
        (None, Some(is)) => format!("is new: `{}`", visible::line(is)),
        (Some(was), None) => format!("is gone; it was `{}`", visible::line(was)),
        (None, None) => String::new(),
    }
}

/// All that has changed; nothing if the two are the same.
pub fn changes(then: &Exhibit, now: &Exhibit) -> Vec<Change> {
    let (was, is) = (&then.shape, &now.shape);
    let mut changes = keys(&was.front_matter, &is.front_matter, Part::FrontMatter);
    changes.extend(texts(&was.body, &is.body, &Part::Body));
    changes.extend(templates(&was.templates, &is.templates));
    changes.extend(files(&was.files, &is.files));
    changes.extend(keys(&was.settings, &is.settings, Part::Setting));
    if was.columns != is.columns {
        changes.push(list(Part::Columns, &was.columns, &is.columns));
    }
    changes.extend(audience(&then.audience, &now.audience));
    changes
}

fn texts(was: &Text, is: &Text, part: &Part) -> Vec<Change> {
    let changed = hunks(was.as_str(), is.as_str()).into_iter();
    changed.map(|hunk| Change { part: part.clone(), how: How::Lines(hunk) }).collect()
}

fn templates(was: &BTreeMap<String, Text>, is: &BTreeMap<String, Text>) -> Vec<Change> {
    let paths: BTreeSet<&String> = was.keys().chain(is.keys()).collect();
    let changed = paths.into_iter().flat_map(|path| {
        let part = Part::Template(path.clone());
        match (was.get(path), is.get(path)) {
            (Some(was), Some(is)) => texts(was, is, &part),
            (was, is) => {
                let (was, is) = (was.map(|_| String::new()), is.map(|_| String::new()));
                vec![Change::value(part, was, is)]
            }
        }
    });
    changed.collect()
}

fn files(was: &[Filed], is: &[Filed]) -> Vec<Change> {
    let of = |files: &[Filed], path: &str| -> Option<Filed> {
        files.iter().find(|file| file.path == path).cloned()
    };
    let paths: BTreeSet<&String> = was.iter().chain(is).map(|file| &file.path).collect();
    let changed = paths.into_iter().filter_map(|path| {
        let part = Part::File(path.clone());
        match (of(was, path), of(is, path)) {
            (Some(was), Some(is)) if was == is => None,
            (Some(was), Some(is)) => {
                Some(Change { part, how: How::Bytes { was: was.size, is: is.size } })
            }
            (was, is) => Some(Change::value(part, was.map(|f| f.path), is.map(|f| f.path))),
        }
    });
    let mut changed: Vec<Change> = changed.collect();
    if changed.is_empty() && was != is {
        let paths = |files: &[Filed]| files.iter().map(|f| f.path.clone()).collect::<Vec<_>>();
        let part = Part::Setting("files".to_owned());
        changed.push(list(part, &paths(was), &paths(is)));
    }
    changed
}

fn audience(was: &Audience, is: &Audience) -> Vec<Change> {
    let conditions = |audience: &Audience| -> Vec<String> {
        let shown = |(column, values): &(String, Vec<String>)| {
            format!("{column} = {}", values.join(" or "))
        };
        audience.filter.iter().map(shown).collect()
    };
    let mut changed = Vec::new();
    if was.lists != is.lists {
        changed.push(list(Part::Audience("lists"), &was.lists, &is.lists));
    }
    if was.filter != is.filter {
        changed.push(list(Part::Audience("where"), &conditions(was), &conditions(is)));
    }
    if was.exclude != is.exclude {
        changed.push(list(Part::Audience("exclude"), &was.exclude, &is.exclude));
    }
    changed
}

fn list(part: Part, was: &[String], is: &[String]) -> Change {
    let shown = |names: &[String]| match names {
        [] => "nothing".to_owned(),
        names => visible::line(&names.join(", ")),
    };
    Change::value(part, Some(shown(was)), Some(shown(is)))
}

fn keys(
    was: &Map<String, Value>,
    is: &Map<String, Value>,
    part: impl Fn(String) -> Part,
) -> Vec<Change> {
    let keys: BTreeSet<&String> = was.keys().chain(is.keys()).collect();
    let mut changed = Vec::new();
    for key in keys {
        let (was, is) = (was.get(key).unwrap_or(&Value::Null), is.get(key).unwrap_or(&Value::Null));
        if was == is {
            continue;
        }
        let (mut then, mut now) = (BTreeMap::new(), BTreeMap::new());
        leaves(key, was, &mut then);
        leaves(key, is, &mut now);
        let paths: BTreeSet<&String> = then.keys().chain(now.keys()).collect();
        let differing: Vec<&String> =
            paths.into_iter().filter(|path| then.get(*path) != now.get(*path)).collect();
        // Values of other kinds that read the same: `3` and `"3"`.
        if differing.is_empty() {
            let part = part(key.clone());
            changed.push(Change::value(part, Some(was.to_string()), Some(is.to_string())));
        }
        for path in differing {
            let (was, is) = (then.get(path).cloned(), now.get(path).cloned());
            changed.push(Change::value(part(path.clone()), was, is));
        }
    }
    changed
}

/// The texts of a tree by their dotted paths; items of a list count from 1.
fn leaves(path: &str, value: &Value, found: &mut BTreeMap<String, String>) {
    match value {
        Value::Null => {}
        Value::Object(table) => {
            table.iter().for_each(|(key, value)| leaves(&format!("{path}.{key}"), value, found));
        }
        Value::Array(items) => {
            for (position, item) in items.iter().enumerate() {
                leaves(&format!("{path}[{}]", position + 1), item, found);
            }
        }
        Value::String(text) => {
            found.insert(path.to_owned(), text.clone());
        }
        other => {
            found.insert(path.to_owned(), other.to_string());
        }
    }
}
