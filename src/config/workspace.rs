//! The folder with an `announce.toml`: finds it, and knows what lies where.

use std::{
    fs::{self, File},
    path::{Component, Path, PathBuf},
};

use super::{Settings, file, state};
use crate::diagnostic::{Diagnostic, closest};

const SETTINGS_FILE: &str = "announce.toml";

/// A newsroom on the disk.
#[derive(Clone, Debug)]
pub struct Workspace {
    root: PathBuf,
    settings: Settings,
}

/// One of the configured lists, to be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListFile {
    /// Its name (`members`).
    pub name: String,
    /// The path as shown (`lists/members.csv`).
    pub shown: String,
    /// Where it is.
    pub path: PathBuf,
    /// The address column, where the header does not say it.
    pub email: Option<String>,
    /// Why people get this, a sentence for the footer.
    pub title: String,
}

impl Workspace {
    /// The workspace that `start` is in: the nearest folder with an `announce.toml`, upwards.
    pub fn find(start: &Path) -> Result<Self, Vec<Diagnostic>> {
        let start = start.canonicalize().map_err(|error| {
            let shown = start.display();
            vec![Diagnostic::new(format!("`{shown}` cannot be read: {}", file::reason(&error)))]
        })?;
        match start.ancestors().find(|folder| folder.join(SETTINGS_FILE).is_file()) {
            Some(root) => Self::open(root),
            None => Err(vec![
                Diagnostic::new("there is no `announce.toml` in this folder or above it")
                    .hint("`announce init` makes a workspace here, `-C DIR` names another folder"),
            ]),
        }
    }

    /// The workspace in this very folder.
    pub fn open(dir: &Path) -> Result<Self, Vec<Diagnostic>> {
        let settings = dir.join(SETTINGS_FILE);
        if !settings.is_file() {
            let message = format!("there is no `announce.toml` in `{}`", dir.display());
            return Err(vec![
                Diagnostic::new(message)
                    .hint(format!("`announce init {}` makes a workspace there", dir.display())),
            ]);
        }
        let root = dir.canonicalize().map_err(|error| {
            let shown = dir.display();
            vec![Diagnostic::new(format!("`{shown}` cannot be read: {}", file::reason(&error)))]
        })?;
        let source = file::text(&settings, SETTINGS_FILE).map_err(|fault| vec![fault])?;
        Ok(Self { root, settings: Settings::parse(source)? })
    }

    /// The folder, absolute and without symbolic links.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// What `announce.toml` says.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// A path of the settings (`smtp.ca_file`, `ledger.secret_file`) from wherever we stand.
    pub fn path(&self, written: &Path) -> PathBuf {
        self.root.join(written)
    }

    /// The list of this name.
    pub fn list(&self, name: &str) -> Result<ListFile, Diagnostic> {
        let Some(list) = self.settings.lists.get(name) else {
            let names = self.settings.lists.keys().map(String::as_str);
            let hint = match closest(name, names.clone()) {
                Some(near) => format!("did you mean `{near}`?"),
                None if self.settings.lists.is_empty() => {
                    "add it to `announce.toml`: `[lists]`, `members = \"lists/members.csv\"`".into()
                }
                None => format!("`announce.toml` has {}", names.collect::<Vec<_>>().join(", ")),
            };
            return Err(Diagnostic::new(format!("no list `{name}`")).hint(hint));
        };
        Ok(ListFile {
            name: name.to_owned(),
            shown: self.shown(&list.file),
            path: self.path(&list.file),
            email: list.email.clone(),
            title: list.title.clone(),
        })
    }

    /// How a path is shown: from the workspace, with `/`. One outside stays as it is.
    pub(super) fn shown(&self, path: &Path) -> String {
        let inside = path.strip_prefix(&self.root).unwrap_or(path);
        let parts = inside.components().filter(|part| *part != Component::CurDir);
        let text: Vec<_> = parts.map(|part| part.as_os_str().to_string_lossy()).collect();
        if inside.is_absolute() { inside.display().to_string() } else { text.join("/") }
    }

    /// Where `path` really is, if that is inside the workspace and not state.
    pub(super) fn inside(&self, path: &Path, shown: &str) -> Result<PathBuf, Diagnostic> {
        let real = path.canonicalize().map_err(|error| {
            Diagnostic::new(format!("`{shown}` cannot be read: {}", file::reason(&error)))
                .hint("check the path and its permissions")
        })?;
        if real.starts_with(&self.root) && !real.starts_with(self.root.join(state::FOLDER)) {
            return Ok(real);
        }
        Err(Diagnostic::new(format!("`{shown}` is not in the workspace"))
            .hint("copy it there; `..` and links that lead out are not followed"))
    }
}

impl ListFile {
    /// Opens the file for reading. A pipe is refused unopened.
    pub fn open(&self) -> Result<File, Diagnostic> {
        let unreadable = |reason: String| {
            Diagnostic::new(format!("`{}` cannot be read: {reason}", self.shown))
                .hint(format!("check `lists.{}` in `announce.toml`", self.name))
        };
        let metadata =
            fs::metadata(&self.path).map_err(|error| unreadable(file::reason(&error)))?;
        if !metadata.is_file() {
            return Err(unreadable("not a regular file".to_owned()));
        }
        File::open(&self.path).map_err(|error| unreadable(file::reason(&error)))
    }
}
