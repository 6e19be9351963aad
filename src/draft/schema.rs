//! What the front matter of a kind may say, and the check of what it does say.

use std::ops::Range;

use serde_json::{Map, Value};

use super::{
    document::{Entry, Faults, Table},
    notation,
};

/// One key that a kind adds to front matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// The key (`starts`).
    pub name: String,
    /// What its value is.
    pub shape: Shape,
    /// Whether a draft must have it.
    pub required: bool,
    /// One line for people who write drafts.
    pub description: String,
}

/// What a value is. `kind.toml` writes it as `type`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// `text`: one text, not blank.
    Text,
    /// `bool`: `true` or `false`.
    Bool,
    /// `date`: `2016-11-02`.
    Date,
    /// `date-time`: `2016-11-02 17:00`, local; in data `2016-11-02T17:00:00`.
    DateTime,
    /// `date or date-time`: either, in data as theirs. Where a table has `starts` and `ends` of this
    /// type, both are written alike.
    DateOrTime,
    /// `time zone`: a name of the IANA database.
    TimeZone,
    /// `language`: a BCP 47 tag.
    Language,
    /// `address`: an e-mail address.
    Address,
    /// `url`: a web link.
    Url,
    /// `url or address`: in data a link, `https://…` or `mailto:…`.
    UrlOrAddress,
    /// `list of text`.
    ListOfText,
    /// `table`: keys of its own.
    Table(Vec<Field>),
    /// `list of tables`: each with the same keys.
    ListOfTables(Vec<Field>),
}

impl Shape {
    /// The names that `type` may have.
    pub(super) const NAMES: [&str; 13] = [
        "text",
        "bool",
        "date",
        "date-time",
        "date or date-time",
        "time zone",
        "language",
        "address",
        "url",
        "url or address",
        "list of text",
        "table",
        "list of tables",
    ];

    /// Reads a `type`; `fields` are the keys of a table.
    pub(super) fn named(name: &str, fields: Vec<Field>) -> Option<Self> {
        Some(match name {
            "text" => Self::Text,
            "bool" => Self::Bool,
            "date" => Self::Date,
            "date-time" => Self::DateTime,
            "date or date-time" => Self::DateOrTime,
            "time zone" => Self::TimeZone,
            "language" => Self::Language,
            "address" => Self::Address,
            "url" => Self::Url,
            "url or address" => Self::UrlOrAddress,
            "list of text" => Self::ListOfText,
            "table" => Self::Table(fields),
            "list of tables" => Self::ListOfTables(fields),
            _ => return None,
        })
    }
}

/// Takes the keys of `fields` from `table`. Optional keys that are absent or empty stay absent.
pub(super) fn read(
    table: &mut Table,
    fields: &[Field],
    faults: &mut Faults<'_>,
) -> Map<String, Value> {
    let mut data = Map::new();
    let mut end = None;
    for field in fields {
        let entry = if field.required {
            table.require(&field.name, &field.description, faults)
        } else {
            table.take(&field.name)
        };
        if field.name == "ends" && field.shape == Shape::DateOrTime {
            end = entry.as_ref().map(Entry::span);
        }
        if let Some(value) = entry.and_then(|entry| value(entry, &field.shape, faults)) {
            data.insert(field.name.clone(), value);
        }
    }
    if let Some(end) = end {
        refuse_mixture(&data, end, faults);
    }
    data
}

/// An event is on whole days or from a time to a time.
fn refuse_mixture(data: &Map<String, Value>, end: Range<usize>, faults: &mut Faults<'_>) {
    let (Some(Value::String(starts)), Some(Value::String(ends))) =
        (data.get("starts"), data.get("ends"))
    else {
        return;
    };
    let (message, hint) = match (notation::date(starts), notation::date(ends)) {
        (Some(_), None) => (
            "`ends` has a time, and `starts` has none",
            "give `starts` a time, or leave the time out of both for whole days",
        ),
        (None, Some(_)) => (
            "`starts` has a time, and `ends` has none",
            "give `ends` a time, as in `2016-11-02 18:30`",
        ),
        _ => return,
    };
    faults.report(end, message.to_owned(), hint);
}

fn value(entry: Entry, shape: &Shape, faults: &mut Faults<'_>) -> Option<Value> {
    let day = |text: &str| notation::date(text).map(|day| day.to_string());
    let time = |text: &str| {
        notation::date_time(text).map(|time| time.strftime("%Y-%m-%dT%H:%M:%S").to_string())
    };
    let text = match shape {
        Shape::Text => entry.text(faults),
        Shape::Bool => return entry.bool(faults).map(Value::Bool),
        Shape::Date => entry.parsed(faults, "a date", "write it as `2016-11-02`", day),
        Shape::DateTime => {
            entry.parsed(faults, "a date and time", "write it as `2016-11-02 17:00`", time)
        }
        Shape::DateOrTime => {
            let hint = "write it as `2016-11-02 17:00`, or as `2016-11-02` for whole days";
            entry.parsed(faults, "a date, or a date and time", hint, |text| {
                day(text).or_else(|| time(text))
            })
        }
        Shape::TimeZone => {
            let zone = entry.time_zone(faults)?.value;
            return zone.iana_name().map(Value::from);
        }
        Shape::Language => {
            entry.parsed(faults, "a language tag", "write it as `en-GB`", notation::language)
        }
        Shape::Address => {
            let hint = "write it as `name@example.org`";
            entry.parsed(faults, "an e-mail address", hint, notation::address)
        }
        Shape::Url => entry.parsed(faults, "a link", "begin it with `https://`", notation::url),
        Shape::UrlOrAddress => {
            let hint = "begin a link with `https://`, write an address as `name@example.org`";
            entry.parsed(faults, "a link or an e-mail address", hint, notation::url_or_address)
        }
        Shape::ListOfText => {
            let items = entry.list(faults, "write it as `[one, two]`")?;
            let texts = items.into_iter().filter_map(|item| item.text(faults));
            return Some(texts.map(|text| Value::String(text.value)).collect());
        }
        Shape::Table(fields) => return self::table(entry, fields, faults),
        Shape::ListOfTables(fields) => {
            let items = entry.list(faults, &list_hint(fields))?;
            return Some(
                items.into_iter().filter_map(|item| table(item, fields, faults)).collect(),
            );
        }
    };
    text.map(|text| Value::String(text.value))
}

fn table(entry: Entry, fields: &[Field], faults: &mut Faults<'_>) -> Option<Value> {
    let mut table = entry.table(faults, &table_hint(fields))?;
    let data = read(&mut table, fields, faults);
    table.finish(faults);
    Some(Value::Object(data))
}

fn table_hint(fields: &[Field]) -> String {
    let keys: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
    format!("its keys are {}", keys.join(", "))
}

fn list_hint(fields: &[Field]) -> String {
    let keys: Vec<String> = fields.iter().map(|field| format!("{}: …", field.name)).collect();
    format!("write it as `[{{ {} }}]`", keys.join(", "))
}

/// The dotted paths of keys that a draft may leave out, also inside optional tables.
pub(super) fn optional(fields: &[Field]) -> Vec<String> {
    let mut paths = Vec::new();
    collect_optional(fields, "", false, &mut paths);
    paths
}

fn collect_optional(fields: &[Field], path: &str, inside_optional: bool, paths: &mut Vec<String>) {
    for field in fields {
        let path = format!("{path}{}", field.name);
        let is_optional = inside_optional || !field.required;
        if is_optional {
            paths.push(path.clone());
        }
        match &field.shape {
            Shape::Table(fields) => {
                collect_optional(fields, &format!("{path}."), is_optional, paths);
            }
            // Each item is there when it is asked for.
            Shape::ListOfTables(fields) => {
                collect_optional(fields, &format!("{path}."), false, paths);
            }
            _ => {}
        }
    }
}
