//! Writes new files: a workspace, a draft. Never over an old one.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    os::unix::fs::PermissionsExt as _,
    path::Path,
};

use jiff::civil;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use super::{Workspace, file, state};
use crate::{
    diagnostic::Diagnostic,
    draft::{Answers, Kind},
};

const FILES: [(&str, &str); 3] = [
    ("announce.toml", include_str!("scaffold/announce.toml")),
    ("lists/members.csv", include_str!("scaffold/members.csv")),
    ("drafts/welcome.md", include_str!("scaffold/welcome.md")),
];

/// Longer file names are cut at a word.
const MAX_SLUG: usize = 60;

/// Writes a working newsroom into `dir`: settings for the sandbox, a list of three people, a first
/// draft, and a line for `.announce/` in `.gitignore`. Refuses where one of these files is.
/// Returns what it wrote.
pub fn init(dir: &Path) -> Result<Vec<String>, Vec<Diagnostic>> {
    if fs::metadata(dir).is_ok_and(|found| !found.is_dir()) {
        let message = format!("`{}` is a file, not a folder", dir.display());
        return Err(vec![Diagnostic::new(message).hint("give `announce init` a folder")]);
    }
    let existing = FILES.iter().filter(|(name, _)| fs::symlink_metadata(dir.join(name)).is_ok());
    let faults: Vec<Diagnostic> = existing
        .map(|(name, _)| {
            Diagnostic::new("it is there already")
                .in_file(*name)
                .hint("move it away, or give `announce init` another folder")
        })
        .collect();
    if !faults.is_empty() {
        return Err(faults);
    }
    let mut written = Vec::new();
    for (name, text) in FILES {
        create(&dir.join(name), name, text).map_err(|fault| vec![fault])?;
        written.push(name.to_owned());
    }
    if ignore_state(dir).map_err(|error| vec![unwritable(".gitignore", &error)])? {
        written.push(".gitignore".to_owned());
    }
    Ok(written)
}

/// Writes `drafts/YYYY-MM-DD-slug.md`, dated by the event or by `today`, and returns its path as
/// shown. Without lists in the answers it takes the workspace's only one.
pub fn new_draft(
    workspace: &Workspace,
    kind: &Kind,
    mut answers: Answers,
    today: civil::Date,
) -> Result<String, Diagnostic> {
    if answers.title.trim().is_empty() || answers.title.contains(char::is_control) {
        return Err(Diagnostic::new("a title is one line of text").hint("put it in quotes"));
    }
    let lists = &workspace.settings().lists;
    if let (true, 1) = (answers.lists.is_empty(), lists.len()) {
        answers.lists = lists.keys().cloned().collect();
    }
    let day = answers.at.map_or(today, civil::DateTime::date);
    let slug = slug(&answers.title).unwrap_or_else(|| kind.name.clone());
    let shown = format!("drafts/{day}-{slug}.md");
    create(&workspace.root().join(&shown), &shown, &kind.starter(&answers))?;
    Ok(shown)
}

/// Writes a draft of this name; its path as shown. All of it or nothing, and on disk when it
/// returns: half a draft would stand in the way of the next try.
pub fn draft(workspace: &Workspace, slug: &str, text: &str) -> Result<String, Diagnostic> {
    let shown = format!("drafts/{slug}.md");
    let path = workspace.root().join(&shown);
    let folder = path.parent().unwrap_or(&path);
    let write = || -> io::Result<()> {
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(text.as_bytes())?;
        // Others may read it: it is to be committed.
        fs::set_permissions(file.path(), fs::Permissions::from_mode(0o644))?;
        file.as_file().sync_all()?;
        file.persist_noclobber(&path)?;
        File::open(folder)?.sync_all()
    };
    write().map_err(|error| unwritable(&shown, &error))?;
    Ok(shown)
}

/// Writes a file that is not there yet, and the folders it needs.
fn create(path: &Path, shown: &str, text: &str) -> Result<(), Diagnostic> {
    let folder = path.parent().unwrap_or(path);
    let write = || -> io::Result<()> {
        fs::create_dir_all(folder)?;
        OpenOptions::new().write(true).create_new(true).open(path)?.write_all(text.as_bytes())
    };
    write().map_err(|error| unwritable(shown, &error))
}

fn unwritable(shown: &str, error: &io::Error) -> Diagnostic {
    match error.kind() {
        io::ErrorKind::AlreadyExists => Diagnostic::new("it is there already")
            .in_file(shown)
            .hint("edit it, or choose another title"),
        _ => Diagnostic::new(format!("it cannot be written: {}", file::reason(error)))
            .in_file(shown)
            .hint("check the permissions of its folder"),
    }
}

/// Adds `.announce/` to `.gitignore`; says whether it had to.
fn ignore_state(dir: &Path) -> io::Result<bool> {
    let path = dir.join(".gitignore");
    let line = format!("{}/", state::FOLDER);
    let present = match fs::read_to_string(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        read => read?,
    };
    if present.lines().any(|existing| existing.trim().trim_matches('/') == state::FOLDER) {
        return Ok(false);
    }
    let gap = if present.is_empty() || present.ends_with('\n') { "" } else { "\n" };
    let mut file = OpenOptions::new().create(true).append(true).open(&path)?;
    file.write_all(format!("{gap}{line}\n").as_bytes())?;
    Ok(true)
}

/// `North Korea's Hidden Revolution` as `north-koreas-hidden-revolution`; none when no letter of
/// the title has an ASCII form.
fn slug(title: &str) -> Option<String> {
    let letters = title.nfkd().filter(|c| !is_combining_mark(*c) && !matches!(c, '\'' | '’' | 'ʼ'));
    let ascii: String = letters
        .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { ' ' })
        .collect();
    let mut slug = String::new();
    for word in ascii.split_whitespace() {
        if !slug.is_empty() && slug.len() + 1 + word.len() > MAX_SLUG {
            break;
        }
        if !slug.is_empty() {
            slug.push('-');
        }
        slug.push_str(&word[..word.len().min(MAX_SLUG)]);
    }
    (!slug.is_empty()).then_some(slug)
}
