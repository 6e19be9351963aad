//! From a draft and everything around it to the inputs of a campaign: what is frozen, and what a
//! rehearsal, a test and a preview are made from.

use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

use super::{Digest, Inputs, Thread, occasion::Occasion};
use crate::{
    approval::{Audience, Exhibit, Filed, Shape},
    calendar::Entry,
    compose::{self, Unsubscribe},
    diagnostic::{Diagnostic, Spanned},
    draft::Draft,
    render::{self, CalendarLinks, ListColumns, PictureSize, Places, Proof, TemplateSet},
};

/// Everything that shapes a campaign's messages, loaded.
pub struct Materials<'a> {
    /// The announcement.
    pub draft: &'a Draft,
    /// All templates.
    pub templates: &'a TemplateSet,
    /// Front matter keys that drafts may leave out, of all kinds: partials are shared.
    pub optional: &'a [String],
    /// Who sends.
    pub sender: &'a render::Sender,
    /// How people leave the list.
    pub unsubscribe: &'a Unsubscribe,
    /// Where bounces go.
    pub bounces: Option<&'a str>,
    /// The lists, in the draft's order, and why their people get it.
    pub lists: &'a [ListColumns],
    /// One sentence a list, in the same order.
    pub titles: &'a [String],
    /// The zone of local times.
    pub zone: &'a TimeZone,
    /// Reads a file beside the draft by its path as written.
    pub read: &'a dyn Fn(&str) -> Result<Vec<u8>, Diagnostic>,
}

/// A campaign's inputs, and what stands for them.
pub struct Prepared {
    /// To be frozen.
    pub inputs: Inputs,
    /// What they add up to.
    pub digest: Digest,
    /// The same for people to approve, with whom the draft is for.
    pub exhibit: Exhibit,
}

/// Expands the templates and gathers the files, or says all that is wrong.
pub fn prepare(materials: &Materials<'_>) -> Result<Prepared, Vec<Diagnostic>> {
    let Materials { draft, .. } = materials;
    let mut faults = Vec::new();
    let attachments = attachments(materials, &mut faults);
    let occasion = Occasion::of(draft, materials.zone);
    let calendar = occasion.as_ref().and_then(|occasion| entry(occasion, materials, &mut faults));
    let size = |file: &str| {
        let bytes = (materials.read)(file)?;
        render::size(&bytes).ok_or_else(|| {
            Diagnostic::new(format!("`{file}` is not a PNG, JPEG or GIF picture"))
                .hint("save it as one of these: mail programs show no others")
        })
    };
    let links = calendar.as_ref().map(|entry| links(draft, entry));
    let input = input(materials, links.as_ref(), &size);
    let expanded = match render::expand(&input) {
        Ok(expanded) if faults.is_empty() => expanded,
        Ok(_) => return Err(faults),
        Err(more) => {
            faults.extend(more);
            return Err(faults);
        }
    };
    let pictures = expanded.pictures.iter().map(|picture| {
        let bytes = (materials.read)(&picture.file).map_err(|diagnostic| vec![diagnostic])?;
        let file_name = file_name(&picture.file);
        let media_type = media_type(&file_name, &bytes);
        Ok(compose::Picture { cid: picture.cid.clone(), file_name, media_type, bytes })
    });
    let pictures = pictures.collect::<Result<Vec<_>, Vec<Diagnostic>>>()?;
    let language = draft.front.language.as_ref().map(|language| language.value.clone());
    let inputs = Inputs {
        expanded,
        sender: from(materials.sender),
        unsubscribe: materials.unsubscribe.clone(),
        bounces: materials.bounces.map(str::to_owned),
        language: language.unwrap_or_else(|| materials.sender.language.clone()),
        titles: materials.titles.to_vec(),
        deadline: occasion.as_ref().and_then(Occasion::begins),
        calendar,
        draft: draft.source.name.to_string(),
        thread: Thread::new(&draft.slug),
        attachments,
        pictures,
    };
    let exhibit = Exhibit { shape: shape(materials, &inputs), audience: audience(draft) };
    Ok(Prepared { digest: Digest::of(&exhibit.shape), inputs, exhibit })
}

/// The `From` name and addresses of the message.
fn from(sender: &render::Sender) -> compose::Sender {
    let render::Sender { name, address, reply_to, domain, .. } = sender.clone();
    compose::Sender { name, address, reply_to, domain }
}

/// The mail for everybody at once, as the checks read it. `inputs` are what these materials were
/// prepared to.
pub fn proof(materials: &Materials<'_>, inputs: &Inputs) -> Result<Proof, Vec<Diagnostic>> {
    let links = inputs.calendar.as_ref().map(|entry| links(materials.draft, entry));
    render::proof(&input(materials, links.as_ref(), &size_in(inputs)))
}

/// Where the elements of each copy were written, as a preview shows it. `inputs` are what these
/// materials were prepared to.
pub fn places(materials: &Materials<'_>, inputs: &Inputs) -> Result<Places, Vec<Diagnostic>> {
    let links = inputs.calendar.as_ref().map(|entry| links(materials.draft, entry));
    render::places(&input(materials, links.as_ref(), &size_in(inputs)))
}

/// The sizes of pictures that have been read.
fn size_in(inputs: &Inputs) -> impl Fn(&str) -> Result<PictureSize, Diagnostic> {
    |file| {
        let mut pictures = inputs.expanded.pictures.iter().zip(&inputs.pictures);
        let picture = pictures.find(|(named, _)| named.file == file);
        let size = picture.and_then(|(_, picture)| render::size(&picture.bytes));
        size.ok_or_else(|| Diagnostic::new(format!("`{file}` is no picture")))
    }
}

fn input<'a>(
    materials: &Materials<'a>,
    calendar: Option<&'a CalendarLinks>,
    picture: &'a dyn Fn(&str) -> Result<PictureSize, Diagnostic>,
) -> render::Input<'a> {
    let Materials { draft, templates, optional, sender, lists, .. } = *materials;
    render::Input { draft, templates, sender, calendar, lists, optional, picture }
}

/// How readers get the event into their calendars, for the templates. A link makes a new entry, so
/// that what follows an announcement has none: the entry that is there would stay wrong beside it.
fn links(draft: &Draft, entry: &Entry) -> CalendarLinks {
    let file = entry.file_name.clone();
    let links = entry.web_links().filter(|_| draft.front.follows.is_none());
    let (google, outlook) = links.map(|links| (links.google, links.outlook)).unzip();
    CalendarLinks { file, google, outlook }
}

fn attachments(
    materials: &Materials<'_>,
    faults: &mut Vec<Diagnostic>,
) -> Vec<compose::Attachment> {
    let mut attachments = Vec::new();
    for attachment in &materials.draft.front.attachments {
        match (materials.read)(&attachment.file.value) {
            Ok(bytes) => {
                let file_name = file_name(&attachment.file.value);
                let media_type = media_type(&file_name, &bytes);
                attachments.push(compose::Attachment { file_name, media_type, bytes });
            }
            Err(fault) => {
                let span = attachment.file.span.clone();
                faults.push(fault.at(&materials.draft.source, span).rule("B6/file"));
            }
        }
    }
    attachments
}

/// What readers' calendars are to have.
fn entry(
    occasion: &Occasion<'_>,
    materials: &Materials<'_>,
    faults: &mut Vec<Diagnostic>,
) -> Option<Entry> {
    occasion.entry(materials.sender, materials.zone).unwrap_or_else(|fault| {
        faults.push(fault);
        None
    })
}

/// The last part of a path as written.
fn file_name(path: &str) -> String {
    path.rsplit('/').next().unwrap_or(path).to_owned()
}

fn media_type(file_name: &str, bytes: &[u8]) -> String {
    compose::media_type(file_name, bytes).to_owned()
}

fn shape(materials: &Materials<'_>, inputs: &Inputs) -> Shape {
    let front = &materials.draft.front;
    let front_matter = json!({
        "kind": front.kind.value,
        "subject": front.subject.value,
        "preheader": front.preheader.as_ref().map(|preheader| &preheader.value),
        "language": front.language.as_ref().map(|language| &language.value),
        "author": front.author,
        "attachments": front.attachments.iter().map(|attachment| {
            json!({ "file": attachment.file.value, "title": attachment.title })
        }).collect::<Vec<_>>(),
        "calendar": front.calendar,
    });
    let mut front_matter = table(front_matter);
    if let Some(follows) = &front.follows {
        front_matter.insert("follows".to_owned(), follows.value.clone().into());
    }
    // A kind never adds a key that every draft has.
    let front_matter = front.fields.clone().into_iter().chain(front_matter).collect();
    let kind = &front.kind.value;
    let used = |path: &str| {
        path.starts_with("layout.")
            || path.starts_with("partials/")
            || (path.strip_prefix(kind.as_str())).is_some_and(|rest| rest.starts_with('/'))
                && std::path::Path::new(path).extension().is_some_and(|end| end == "hbs")
    };
    let templates = materials.templates.files.iter().filter(|(path, _)| used(path));
    let pictures = inputs.expanded.pictures.iter().zip(&inputs.pictures);
    let pictures = pictures.map(|(named, picture)| Filed::new(&named.file, &picture.bytes));
    let papers = front.attachments.iter().zip(&inputs.attachments);
    let papers = papers.map(|(named, paper)| Filed::new(&named.file.value, &paper.bytes));
    let lists = materials.lists.iter().zip(&inputs.titles);
    let lists: Map<String, Value> =
        lists.map(|(list, title)| (list.name.clone(), json!({ "title": title }))).collect();
    Shape {
        front_matter,
        body: materials.draft.body().into(),
        templates: templates.map(|(path, source)| (path.clone(), (&*source.text).into())).collect(),
        files: papers.chain(pictures).collect(),
        settings: table(json!({
            "sender": materials.sender,
            "unsubscribe": inputs.unsubscribe,
            "bounces": { "address": inputs.bounces },
            "lists": lists,
        })),
        columns: inputs.expanded.columns.clone(),
    }
}

fn table(value: Value) -> Map<String, Value> {
    if let Value::Object(table) = value { table } else { Map::new() }
}

fn audience(draft: &Draft) -> Audience {
    let values = |names: &[Spanned<String>]| names.iter().map(|name| name.value.clone()).collect();
    let conditions = draft.front.filter.iter();
    Audience {
        lists: values(&draft.front.lists),
        filter: conditions
            .map(|condition| (condition.column.value.clone(), condition.any_of.clone()))
            .collect(),
        exclude: values(&draft.front.exclude),
    }
}
