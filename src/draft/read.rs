//! Reads front matter: the keys every draft has here, the kind's own by its schema.

use jiff::{SignedDuration, civil};

use super::{
    Attachment, Author, Condition, FrontMatter, Kinds, Publication,
    document::{self, Entry, Faults, Table},
    fence, notation, schema,
};
use crate::diagnostic::{Diagnostic, Source, Spanned, closest};

/// The keys that every draft may have.
pub(crate) const KEYS: [&str; 14] = [
    "kind",
    "subject",
    "preheader",
    "lists",
    "follows",
    "where",
    "exclude",
    "language",
    "send_at",
    "status",
    "late_after",
    "author",
    "attachments",
    "calendar",
];

/// Front matter, and where the body begins.
pub(super) fn front_matter(
    source: &Source,
    kinds: &Kinds,
) -> Result<(FrontMatter, usize), Vec<Diagnostic>> {
    let fences = fence::split(&source.text).map_err(|fault| vec![fault.diagnostic(source)])?;
    let node = document::parse_yaml(source, fences.yaml).map_err(|fault| vec![fault])?;
    let mut faults = Faults::new(source);
    let front = Table::document(node, fences.opening, &mut faults).and_then(|mut table| {
        let front = read(&mut table, kinds, &mut faults);
        table.finish(&mut faults);
        front
    });
    faults.finish(front.map(|front| (front, fences.body_start)))
}

fn read(table: &mut Table, kinds: &Kinds, faults: &mut Faults<'_>) -> Option<FrontMatter> {
    let kind = kind(table, kinds, faults);
    let since = faults.count();
    let subject = table
        .require("subject", "write the line that inboxes show: `subject: \"…\"`", faults)
        .and_then(|entry| entry.line(faults));
    faults.known_as("S1/empty", since);
    let preheader = table.take("preheader").and_then(|entry| entry.line(faults));
    let follows = table.take("follows").and_then(|entry| entry.line(faults));
    let lists = lists(table, follows.is_some(), faults);
    let filter = table.take("where").map_or_else(Vec::new, |entry| conditions(entry, faults));
    let exclude = table.take("exclude").map_or_else(Vec::new, |entry| {
        names(entry, "write it as `[press, \"campaign:slug\"]`", faults)
    });
    let language = table.take("language").and_then(|entry| {
        entry.parsed(faults, "a language tag", "write it as `en-GB`", notation::language)
    });
    let send_at = send_at(table, faults);
    let status = status(table, faults);
    let late_after = late_after(table, faults);
    let author = table.take("author").and_then(|entry| author(entry, faults));
    let attachments =
        table.take("attachments").map_or_else(Vec::new, |entry| attachments(entry, faults));
    let calendar = table.take("calendar").and_then(|entry| entry.bool(faults)).unwrap_or(true);
    let of_kind = kind.as_ref().and_then(|kind| kinds.get(&kind.value));
    let announces = of_kind.is_some_and(|kind| kind.calendar);
    let fields = if let Some(kind) = of_kind {
        schema::read(table, &kind.fields, faults)
    } else {
        // Without a kind nobody can say which other keys are right.
        table.take_all();
        serde_json::Map::new()
    };
    Some(FrontMatter {
        kind: kind?,
        subject: subject?,
        preheader,
        lists,
        follows,
        filter,
        exclude,
        language,
        send_at,
        status,
        late_after,
        author,
        attachments,
        calendar,
        announces,
        fields,
    })
}

fn kind(table: &mut Table, kinds: &Kinds, faults: &mut Faults<'_>) -> Option<Spanned<String>> {
    let names = kinds.keys().map(String::as_str);
    let known = format!("one of: {}", names.clone().collect::<Vec<_>>().join(", "));
    let kind = table.require("kind", &known, faults)?.line(faults)?;
    if kinds.contains_key(&kind.value) {
        return Some(kind);
    }
    let hint = closest(&kind.value, names).map_or(known, |near| format!("did you mean `{near}`?"));
    faults.report(kind.span, format!("no kind `{}`", kind.value), hint);
    None
}

/// A draft that follows a campaign needs none: it goes to that campaign's readers.
fn lists(table: &mut Table, follows: bool, faults: &mut Faults<'_>) -> Vec<Spanned<String>> {
    let hint = "name the lists it goes to, as in `announce.toml`: `lists: [members]`";
    let entry = match follows {
        true => table.take("lists"),
        false => table.require("lists", hint, faults),
    };
    let Some(entry) = entry else { return Vec::new() };
    let span = entry.span();
    if matches!(&entry.node.value, document::Value::List(items) if items.is_empty()) {
        faults.report(span, "`lists` is empty", hint);
    }
    names(entry, hint, faults)
}

/// A list of names, each once.
fn names(entry: Entry, hint: &str, faults: &mut Faults<'_>) -> Vec<Spanned<String>> {
    let path = entry.path.clone();
    let mut names: Vec<Spanned<String>> = Vec::new();
    for item in entry.list(faults, hint).unwrap_or_default() {
        let Some(name) = item.line(faults) else { continue };
        if names.iter().any(|earlier| earlier.value == name.value) {
            let message = format!("`{path}` names `{}` twice", name.value);
            faults.report(name.span, message, "keep one of them");
        } else {
            names.push(name);
        }
    }
    names
}

fn conditions(entry: Entry, faults: &mut Faults<'_>) -> Vec<Condition> {
    let hint = "write it as `where: { city: London, language: [en, ko] }`";
    let Some(mut table) = entry.table(faults, hint) else { return Vec::new() };
    let mut conditions: Vec<Condition> = Vec::new();
    for (column, entry) in table.take_all() {
        let path = entry.path.clone();
        if entry.node.value == document::Value::Empty {
            faults.report(column.span, format!("`{path}` is empty"), hint);
            continue;
        }
        let span = entry.span();
        let values = entry.one_or_more(faults).unwrap_or_default();
        if values.is_empty() {
            faults.report(span, format!("`{path}` accepts nothing"), hint);
            continue;
        }
        let any_of = values.into_iter().filter_map(|value| cell(value, faults)).collect();
        conditions.push(Condition { column, any_of });
    }
    conditions
}

/// A value as a list's cell would hold it: `true` is the word.
fn cell(entry: Entry, faults: &mut Faults<'_>) -> Option<String> {
    match entry.node.value {
        document::Value::Bool(value) => Some(value.to_string()),
        _ => entry.line(faults).map(|line| line.value),
    }
}

pub(super) fn send_at(
    table: &mut Table,
    faults: &mut Faults<'_>,
) -> Option<Spanned<civil::DateTime>> {
    let hint = "write it as `2016-10-26 09:00`";
    let entry = table.take("send_at")?;
    entry.parsed(faults, "a date and time", hint, notation::date_time)
}

pub(super) fn status(table: &mut Table, faults: &mut Faults<'_>) -> Publication {
    let hint = "write `draft` while you work on it, `ready` when it may be sent";
    let read = |text: &str| match &*text.to_ascii_lowercase() {
        "draft" => Some(Publication::Draft),
        "ready" => Some(Publication::Ready),
        _ => None,
    };
    let entry = table.take("status");
    let status = entry.and_then(|entry| entry.parsed(faults, "`draft` or `ready`", hint, read));
    status.map(|status| status.value).unwrap_or_default()
}

pub(super) fn late_after(table: &mut Table, faults: &mut Faults<'_>) -> Option<SignedDuration> {
    let entry = table.take("late_after")?;
    let hint = "write it as `2h` or `90min`";
    entry.parsed(faults, "a length of time", hint, notation::duration).map(|length| length.value)
}

fn author(entry: Entry, faults: &mut Faults<'_>) -> Option<Author> {
    let hint = "write it as `author: { name: …, role: … }`";
    let mut table = entry.table(faults, hint)?;
    let name = table.require("name", hint, faults).and_then(|entry| entry.line(faults));
    let role = table.take("role").and_then(|entry| entry.line(faults));
    table.finish(faults);
    Some(Author { name: name?.value, role: role.map(|role| role.value) })
}

fn attachments(entry: Entry, faults: &mut Faults<'_>) -> Vec<Attachment> {
    let hint = "write it as `[files/programme.pdf]` or `[{ file: …, title: … }]`";
    let mut attachments: Vec<Attachment> = Vec::new();
    for item in entry.list(faults, hint).unwrap_or_default() {
        let Some(attachment) = attachment(item, hint, faults) else { continue };
        if attachments.iter().any(|earlier| earlier.file.value == attachment.file.value) {
            let message = format!("`{}` is attached twice", attachment.file.value);
            faults.report(attachment.file.span, message, "keep one of them");
        } else {
            attachments.push(attachment);
        }
    }
    attachments
}

fn attachment(entry: Entry, hint: &str, faults: &mut Faults<'_>) -> Option<Attachment> {
    if !entry.is_table() {
        return Some(Attachment { file: entry.line(faults)?, title: None });
    }
    let mut table = entry.table(faults, hint)?;
    let file = table.require("file", hint, faults).and_then(|entry| entry.line(faults));
    let title = table.take("title").and_then(|entry| entry.line(faults));
    table.finish(faults);
    Some(Attachment { file: file?, title: title.map(|title| title.value) })
}
