//! The lists of a draft, narrowed by the command line, opened as often as they are walked.

use std::{
    collections::{HashMap, HashSet},
    fs::File,
    sync::Arc,
};

use super::{
    Exit, Fault,
    followed::{Followed, Found},
    newsroom::Newsroom,
};
use crate::{
    audience::{self, Address, Audience, Condition, Decision, ListReader, ListSpec, Selection},
    campaign::Received,
    check::{Finding, lists},
    config::ListFile,
    diagnostic::{Diagnostic, closest},
    draft::Draft,
    keys::{Keys, PersonKey},
};

/// What `--list` and `--where` say.
#[derive(Clone, Debug, Default)]
pub(super) struct Narrowing {
    pub(super) lists: Vec<String>,
    pub(super) conditions: Vec<String>,
}

/// Lists, each with its columns.
type Columns = Vec<(ListFile, Vec<String>)>;

/// A draft's lists with their columns, and whom of them the draft means.
pub(super) struct Lists {
    files: Columns,
    /// Names of those that are walked: all, or what `--list` leaves.
    walked: Vec<String>,
    /// Whether the command line leaves somebody out.
    is_narrowed: bool,
    selection: Selection,
    /// What was set right in them.
    repaired: Vec<Finding>,
    /// The campaign whose readers it is for.
    followed: Option<Followed>,
    gone: u64,
}

impl Lists {
    /// Looks at each list's header, and reads the lists and campaigns that are excluded.
    pub(super) fn open(
        newsroom: &Newsroom,
        draft: &Draft,
        narrowing: &Narrowing,
        keys: &Keys,
        suppressed: HashSet<PersonKey>,
    ) -> Result<Self, Fault> {
        if let Some(followed) = newsroom.followed(draft)? {
            return Self::following(newsroom, draft, narrowing, keys, (suppressed, followed));
        }
        let walked = walked(draft, &narrowing.lists)?;
        let (files, repaired) = files(newsroom, draft)?;
        let mut conditions: Vec<Condition> = draft
            .front
            .filter
            .iter()
            .map(|condition| Condition {
                column: condition.column.value.clone(),
                any_of: condition.any_of.clone(),
            })
            .collect();
        for text in &narrowing.conditions {
            conditions.push(condition(text)?);
        }
        let exclude = excluded(newsroom, draft, keys)?;
        let selection = Selection {
            conditions,
            exclude: exclude.into(),
            only: None,
            suppressed: suppressed.into(),
        };
        let is_narrowed = !narrowing.lists.is_empty() || !narrowing.conditions.is_empty();
        Ok(Self { files, walked, is_narrowed, selection, repaired, followed: None, gone: 0 })
    }

    /// Those who got the campaign that the draft follows, wherever they are listed now.
    fn following(
        newsroom: &Newsroom,
        draft: &Draft,
        narrowing: &Narrowing,
        keys: &Keys,
        (suppressed, followed): (HashSet<PersonKey>, Followed),
    ) -> Result<Self, Fault> {
        refuse_narrowing(draft, narrowing, &followed)?;
        let Found { files: named, gone } = followed.find(newsroom, draft, keys)?;
        let (files, repaired) = with_columns(named)?;
        let only: HashSet<PersonKey> = followed.received.keys().copied().collect();
        Ok(Self {
            walked: files.iter().map(|(file, _)| file.name.clone()).collect(),
            files,
            // Nobody who joins a list later is meant.
            is_narrowed: true,
            selection: Selection {
                only: Some(only.into()),
                suppressed: suppressed.into(),
                ..Selection::default()
            },
            repaired,
            followed: Some(followed),
            gone,
        })
    }

    /// Everybody on every list, to read the copies of a draft by whose readers nobody knows here.
    pub(super) fn of_all(newsroom: &Newsroom) -> Result<Self, Fault> {
        let names = newsroom.settings().lists.keys();
        let lists = names.map(|name| newsroom.workspace().list(name)).collect::<Result<_, _>>();
        let (files, repaired) = with_columns(lists.map_err(|fault| Fault::refused(vec![fault]))?)?;
        Ok(Self {
            walked: files.iter().map(|(file, _)| file.name.clone()).collect(),
            files,
            is_narrowed: true,
            selection: Selection::default(),
            repaired,
            followed: None,
            gone: 0,
        })
    }

    /// The same lists for these people alone, whatever the draft says of whom it is for.
    #[must_use]
    pub(super) fn only(self, people: HashSet<PersonKey>) -> Self {
        let only = Some(people.into());
        let selection =
            Selection { only, suppressed: self.selection.suppressed, ..Selection::default() };
        Self { selection, gone: 0, ..self }
    }

    /// The campaign that it follows.
    pub(super) fn followed(&self) -> Option<&Followed> {
        self.followed.as_ref()
    }

    /// How many were meant and are on no list any more.
    pub(super) fn gone(&self) -> u64 {
        self.gone
    }

    /// What people have of the campaign that it follows.
    pub(super) fn received(&self) -> Received {
        self.followed.as_ref().map(|followed| Arc::clone(&followed.received)).unwrap_or_default()
    }

    /// Each list with its columns, in the draft's order.
    pub(super) fn files(&self) -> &[(ListFile, Vec<String>)] {
        &self.files
    }

    /// Whether the command line leaves somebody out.
    pub(super) fn is_narrowed(&self) -> bool {
        self.is_narrowed
    }

    /// What was set right in them as they were read.
    pub(super) fn repaired(&self) -> &[Finding] {
        &self.repaired
    }

    /// Name and path as shown of each list.
    pub(super) fn named(&self) -> Vec<(Arc<str>, String)> {
        self.files.iter().map(|(file, _)| (file.name.as_str().into(), file.shown.clone())).collect()
    }

    /// One walk over everybody, over about so many rows.
    pub(super) fn walk(
        &self,
        keys: &Arc<Keys>,
        rows: u64,
    ) -> Result<impl Iterator<Item = Result<Decision, Diagnostic>> + Send + 'static, Fault> {
        let files: Vec<ListFile> = self.files.iter().map(|(file, _)| file.clone()).collect();
        let open = move |list: &ListSpec| match files.iter().find(|file| *file.name == *list.name) {
            Some(file) => file.open(),
            None => Err(Diagnostic::new(format!("no list `{}`", list.name))),
        };
        let keys = Arc::clone(keys);
        let person = move |address: &Address| keys.person(address);
        let walked = self.files.iter().filter(|(file, _)| self.walked.contains(&file.name));
        let lists = walked.map(|(file, _)| spec(file)).collect();
        let audience = Audience::new(lists, self.selection.clone(), open, person);
        let audience = audience.map_err(|fault| Fault::refused(vec![fault]))?;
        Ok(audience.expecting(usize::try_from(rows).unwrap_or_default()))
    }
}

/// Reads the headers of these lists, and what is to be set right in them.
fn with_columns(lists: Vec<ListFile>) -> Result<(Columns, Vec<Finding>), Fault> {
    let (mut files, mut repaired) = (Vec::new(), Vec::new());
    for file in lists {
        let reader = reader(&file).map_err(|fault| Fault::refused(vec![fault]))?;
        repaired.extend(lists::repaired(&file.shown, &reader));
        files.push((file, reader.columns().to_vec()));
    }
    Ok((files, repaired))
}

/// A follow-up that left some out would leave them with what is wrong.
fn refuse_narrowing(
    draft: &Draft,
    narrowing: &Narrowing,
    followed: &Followed,
) -> Result<(), Fault> {
    let id = &followed.follows.campaign;
    let message = format!("a follow-up goes to everybody who got `{id}`, and to nobody else");
    let front = &draft.front;
    let condition = front.filter.first().map(|condition| &condition.column.span);
    if let Some(span) = condition.or(front.exclude.first().map(|name| &name.span)) {
        let fault = Diagnostic::new(message).hint("take `where` and `exclude` out");
        return Err(Fault::refused(vec![fault.at(&draft.source, span.clone())]));
    }
    if narrowing.lists.is_empty() && narrowing.conditions.is_empty() {
        return Ok(());
    }
    Err(Fault::with_hint(Exit::Usage, message, "leave `--list` and `--where` out"))
}

/// The first fault in the rows of each list. They are read when that is asked for.
pub(super) fn faulty_rows(lists: &Lists) -> impl FnOnce() -> Vec<Diagnostic> + use<> {
    let files: Vec<ListFile> = lists.files.iter().map(|(file, _)| file.clone()).collect();
    move || {
        let fault = |file: &ListFile| match reader(file) {
            Ok(mut rows) => rows.find_map(Result::err),
            Err(fault) => Some(fault),
        };
        files.iter().filter_map(fault).collect()
    }
}

/// A list as `audience` wants it described.
pub(super) fn spec(file: &ListFile) -> ListSpec {
    ListSpec {
        name: file.name.as_str().into(),
        shown: file.shown.as_str().into(),
        email_column: file.email.clone(),
    }
}

/// Opens a list and reads its header.
pub(super) fn reader(file: &ListFile) -> Result<ListReader<File>, Diagnostic> {
    ListReader::open(&spec(file), file.open()?)
}

/// The names of the draft's lists that `--list` leaves.
fn walked(draft: &Draft, narrowed: &[String]) -> Result<Vec<String>, Fault> {
    let names: Vec<&str> = draft.front.lists.iter().map(|list| list.value.as_str()).collect();
    let Some(other) = narrowed.iter().find(|name| !names.contains(&name.as_str())) else {
        let is_left = |name: &&str| narrowed.is_empty() || narrowed.iter().any(|left| left == name);
        return Ok(names.into_iter().filter(is_left).map(str::to_owned).collect());
    };
    let hint = match closest(other, names.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("it names {}; `--list` only narrows", names.join(", ")),
    };
    let message = format!("the draft does not name list `{other}`");
    Err(Fault::with_hint(Exit::Usage, message, hint))
}

/// All lists of the draft with their columns: what is narrowed away still shapes the text, so that
/// a later send of the rest says the same.
fn files(newsroom: &Newsroom, draft: &Draft) -> Result<(Columns, Vec<Finding>), Fault> {
    let mut files = Vec::new();
    let mut repaired = Vec::new();
    let mut faults = Vec::new();
    for list in &draft.front.lists {
        match newsroom.workspace().list(&list.value) {
            Err(fault) => faults.push(fault.at(&draft.source, list.span.clone())),
            Ok(file) => match reader(&file) {
                Err(fault) => faults.push(fault),
                Ok(reader) => {
                    repaired.extend(lists::repaired(&file.shown, &reader));
                    files.push((file, reader.columns().to_vec()));
                }
            },
        }
    }
    if faults.is_empty() { Ok((files, repaired)) } else { Err(Fault::refused(faults)) }
}

/// `--where city=London`; several values of one column are separated by `|`.
fn condition(text: &str) -> Result<Condition, Fault> {
    match text.split_once('=') {
        Some((column, values)) if !column.trim().is_empty() => Ok(Condition {
            column: column.trim().to_owned(),
            any_of: values.split('|').map(|value| value.trim().to_owned()).collect(),
        }),
        _ => Err(Fault::with_hint(
            Exit::Usage,
            format!("`--where {text}` is not a condition"),
            "write `--where city=London`, or `--where 'city=London|Leeds'` for either",
        )),
    }
}

/// Everybody on an excluded list, or in an excluded campaign.
fn excluded(newsroom: &Newsroom, draft: &Draft, keys: &Keys) -> Result<HashSet<PersonKey>, Fault> {
    let mut people = HashSet::new();
    for name in &draft.front.exclude {
        let refused =
            |fault: Diagnostic| Fault::refused(vec![fault.at(&draft.source, name.span.clone())]);
        if let Some(campaign) = name.value.strip_prefix("campaign:") {
            let found = newsroom.people_of(campaign);
            people.extend(found.map_err(|fault| match fault.diagnostics.into_iter().next() {
                Some(fault) => refused(fault),
                None => refused(Diagnostic::new("the campaign cannot be read")),
            })?);
            continue;
        }
        let file = newsroom.workspace().list(&name.value).map_err(refused)?;
        let listed = reader(&file)
            .and_then(|reader| audience::people(reader, |address| keys.person(address)));
        people.extend(listed.map_err(|fault| Fault::refused(vec![fault]))?);
    }
    Ok(people)
}

/// Everybody on the configured lists, by key.
pub(super) fn listed_addresses(newsroom: &Newsroom) -> Result<HashMap<PersonKey, String>, Fault> {
    let keys = newsroom.existing_keys()?;
    let refused = |fault| Fault::refused(vec![fault]);
    let mut known = HashMap::new();
    for name in newsroom.settings().lists.keys() {
        let file = newsroom.workspace().list(name).map_err(refused)?;
        for row in reader(&file).map_err(refused)? {
            if let Ok(address) = row.map_err(refused)?.address {
                known.entry(keys.person(&address)).or_insert_with(|| address.envelope());
            }
        }
    }
    Ok(known)
}
