//! A kind of announcement: what its front matter may say, and what a new draft begins from.
//!
//! `kind.toml` is a description and the keys that the kind adds:
//!
//! ```toml
//! description = "an invitation to an event"
//! calendar = true
//!
//! [fields.event]
//! type = "table"
//! required = true
//! description = "when and where it is"
//!
//! [fields.event.fields.starts]
//! type = "date or date-time"
//! required = true
//! description = "when it begins"
//! ```
//!
//! With `calendar = true` the table `event` is of one to come: it goes into the readers' calendars.
//! [`Shape`] lists the types. `draft.md` is a draft with tokens in it: see [`Answers`].

use std::collections::BTreeMap;

use super::{
    document::{self, Entry, Faults, Table},
    read,
    schema::{self, Field, Shape},
    starter::{self, Answers},
};
use crate::diagnostic::{Diagnostic, Source, closest};

/// The kinds of a workspace by name.
pub type Kinds = BTreeMap<String, Kind>;

/// A kind as its `kind.toml` defines it.
#[derive(Clone, Debug)]
pub struct Kind {
    /// Folder name (`event`).
    pub name: String,
    /// One line for `announce new --help` (`an invitation to an event`).
    pub description: String,
    /// Whether it tells of an event to come, which goes into the readers' calendars.
    pub calendar: bool,
    /// The keys it adds to front matter.
    pub fields: Vec<Field>,
    starter: Source,
}

impl Kind {
    /// Reads a kind from its `kind.toml` and its `draft.md`. Every fault of both is reported.
    pub fn parse(name: &str, kind_toml: Source, starter: Source) -> Result<Self, Vec<Diagnostic>> {
        let mut wrong = starter::check(&starter);
        match parse_schema(&kind_toml) {
            Ok(schema) if wrong.is_empty() => {
                let Schema { description, calendar, fields } = schema;
                Ok(Self { name: name.to_owned(), description, calendar, fields, starter })
            }
            Ok(_) => Err(wrong),
            Err(faults) => {
                wrong.splice(..0, faults);
                Err(wrong)
            }
        }
    }

    /// A new draft of this kind. What has no answer stays empty, for the author.
    pub fn starter(&self, answers: &Answers) -> String {
        starter::fill(&self.starter.text, answers)
    }

    /// The dotted paths of keys that a draft may leave out (`event.partners`,
    /// `event.speakers.role`).
    pub fn optional_keys(&self) -> Vec<String> {
        schema::optional(&self.fields)
    }
}

/// Names that a kind's own keys cannot have: every draft has them, or templates do.
const RESERVED: [&[&str]; 2] = [&read::KEYS, &["draft", "sender", "subscriber", "links"]];

struct Schema {
    description: String,
    calendar: bool,
    fields: Vec<Field>,
}

fn parse_schema(source: &Source) -> Result<Schema, Vec<Diagnostic>> {
    let node = document::parse_toml(source)?;
    let mut faults = Faults::new(source);
    let schema = Table::document(node, 0..0, &mut faults).and_then(|mut table| {
        let description = description(&mut table, &mut faults);
        let calendar = table.take("calendar").map_or(Some(false), |entry| entry.bool(&mut faults));
        let fields = match table.take("fields") {
            Some(entry) => fields(entry, &RESERVED, &mut faults),
            None => Vec::new(),
        };
        table.finish(&mut faults);
        Some(Schema { description: description?, calendar: calendar?, fields })
    });
    faults.finish(schema)
}

fn fields(entry: Entry, reserved: &[&[&str]], faults: &mut Faults<'_>) -> Vec<Field> {
    let Some(mut table) = entry.table(faults, "write `[fields.name]` for each key") else {
        return Vec::new();
    };
    let mut fields = Vec::new();
    for (name, entry) in table.take_all() {
        if !is_name(&name.value) {
            let message = format!("`{}` cannot be a key", entry.path);
            faults.report(name.span, message, "write small letters, digits and `_`: `first_name`");
            continue;
        }
        if reserved.iter().any(|names| names.contains(&name.value.as_str())) {
            let message = format!("`{}` already means something else", name.value);
            faults.report(name.span, message, "give the key another name");
            continue;
        }
        fields.extend(field(name.value, entry, faults));
    }
    fields
}

fn field(name: String, entry: Entry, faults: &mut Faults<'_>) -> Option<Field> {
    let mut table = entry.table(faults, "give it `type` and `description`")?;
    let required = table.take("required").map_or(Some(false), |entry| entry.bool(faults));
    let description = description(&mut table, faults);
    let types = format!("one of: {}", Shape::NAMES.join(", "));
    let written = table.require("type", &types, faults).and_then(|entry| entry.line(faults));
    let inner = table.take("fields");
    let span = table.span();
    table.finish(faults);
    let written = written?;

    let is_table = matches!(written.value.as_str(), "table" | "list of tables");
    let inner = match inner {
        Some(inner) if is_table => self::fields(inner, &[], faults),
        Some(inner) => {
            inner.refuse(faults, "is only for tables", "set `type = \"table\"`, or leave it out");
            return None;
        }
        None => Vec::new(),
    };
    if is_table && inner.is_empty() {
        let message = format!("table `{name}` has no keys");
        faults.report(span, message, "add them as `[fields.….fields.name]`");
        return None;
    }
    let Some(shape) = Shape::named(&written.value, inner) else {
        let near = closest(&written.value, Shape::NAMES);
        let hint = near.map_or(types, |near| format!("did you mean `{near}`?"));
        faults.report(written.span, format!("no type `{}`", written.value), hint);
        return None;
    };
    Some(Field { name, shape, required: required?, description: description? })
}

fn description(table: &mut Table, faults: &mut Faults<'_>) -> Option<String> {
    let hint = "say in a few words what it is, for people who write drafts";
    Some(table.require("description", hint, faults)?.line(faults)?.value)
}

/// Whether templates can ask for it.
fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}
