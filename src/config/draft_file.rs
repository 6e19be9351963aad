//! Finds drafts by the names people give them, and reads them.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::{Workspace, file};
use crate::{
    diagnostic::{Diagnostic, Source, closest},
    draft::{Draft, Kinds},
};

/// A draft as it lies on the disk.
#[derive(Clone, Debug)]
pub struct DraftFile {
    /// Its name without `.md`.
    pub slug: String,
    /// Where it is: no link.
    pub path: PathBuf,
    /// Its text, under the path as shown.
    pub source: Source,
}

impl Workspace {
    /// Reads the draft that `named` means: a path from `here`, a path from the workspace, or a
    /// slug, with or without `.md`.
    pub fn draft(&self, named: &str, here: &Path, kinds: &Kinds) -> Result<Draft, Vec<Diagnostic>> {
        let DraftFile { slug, source, .. } =
            self.draft_text(named, here).map_err(|fault| vec![fault])?;
        Draft::parse(&slug, source, kinds)
    }

    /// The text of the draft that `named` means, whatever it says.
    pub fn draft_text(&self, named: &str, here: &Path) -> Result<DraftFile, Diagnostic> {
        let (slug, path) = self.draft_file(named, here)?;
        let shown = self.shown(&path);
        // With its place: the name was right, the file is not.
        let source = file::text(&path, &shown).map_err(|fault| match fault.place {
            Some(_) => fault,
            None => fault.in_file(&*shown),
        })?;
        Ok(DraftFile { slug, path, source })
    }

    /// The slug and the file of the draft that `named` means, unread.
    pub fn draft_file(&self, named: &str, here: &Path) -> Result<(String, PathBuf), Diagnostic> {
        let path = self.find_draft(named, here)?;
        Ok((slug(&path, &self.shown(&path))?, path))
    }

    /// The bytes of the draft of this slug in `drafts/`, and its path as shown.
    pub fn draft_bytes(&self, slug: &str) -> Result<(Vec<u8>, String), Diagnostic> {
        let shown = format!("drafts/{slug}.md");
        let path = self.inside(&self.root().join(&shown), &shown)?;
        Ok((file::bytes(&path, &shown, file::MAX_TEXT_BYTES)?, shown))
    }

    /// The slugs of all drafts in `drafts/`, sorted.
    pub fn slugs(&self) -> Result<Vec<String>, Diagnostic> {
        let folder = self.root().join("drafts");
        let entries = match fs::read_dir(&folder).and_then(Iterator::collect::<io::Result<Vec<_>>>)
        {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => {
                let message = format!("`drafts` cannot be read: {}", file::reason(&error));
                return Err(Diagnostic::new(message).hint("check its permissions"));
            }
        };
        let files = entries.iter().filter(|entry| entry.path().is_file());
        let names = files.filter_map(|entry| entry.file_name().into_string().ok());
        let mut slugs: Vec<String> = names
            .filter(|name| !name.starts_with('.'))
            .filter_map(|name| name.strip_suffix(".md").map(str::to_owned))
            .collect();
        slugs.sort();
        Ok(slugs)
    }

    fn find_draft(&self, named: &str, here: &Path) -> Result<PathBuf, Diagnostic> {
        let folders = [here.to_owned(), self.root().to_owned(), self.root().join("drafts")];
        let with_ending = format!("{named}.md");
        let found = folders
            .iter()
            .flat_map(|folder| [folder.join(named), folder.join(&with_ending)])
            .find(|path| path.extension().is_some_and(|ending| ending == "md") && path.is_file());
        match found {
            Some(path) => self.inside(&path, named),
            None => Err(self.no_draft(named)),
        }
    }

    fn no_draft(&self, named: &str) -> Diagnostic {
        let fault = Diagnostic::new(format!("no draft `{named}`"));
        let slugs = self.slugs().unwrap_or_default();
        let stem = Path::new(named).file_name().and_then(|name| name.to_str()).unwrap_or(named);
        let stem = stem.strip_suffix(".md").unwrap_or(stem);
        let mut longer = slugs.iter().filter(|slug| slug.contains(stem) && stem.len() > 2);
        let near = closest(stem, slugs.iter().map(String::as_str));
        let near = near.or_else(|| longer.next().map(String::as_str));
        fault.hint(match near.filter(|_| longer.next().is_none()) {
            Some(near) => format!("did you mean `drafts/{near}.md`?"),
            None if slugs.is_empty() => "`announce new KIND TITLE` makes one".to_owned(),
            None => "`ls drafts` shows them; a draft ends in `.md`".to_owned(),
        })
    }
}

/// Whether a name can be that of a campaign, a receipt and an archive page: up to 100 of the ASCII
/// letters, digits, `.`, `_` and `-`, a letter or digit first. Behind it may stand `~` and a number:
/// what follows a campaign is named so.
pub fn is_slug(name: &str) -> bool {
    let name = match name.rsplit_once('~') {
        Some((name, number)) if !number.is_empty() && number.len() <= 4 => {
            if !number.bytes().all(|digit| digit.is_ascii_digit()) {
                return false;
            }
            name
        }
        _ => name,
    };
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    let begins = name.starts_with(|c: char| c.is_ascii_alphanumeric());
    begins && name.chars().all(is_plain) && name.len() <= 100
}

fn slug(path: &Path, shown: &str) -> Result<String, Diagnostic> {
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    if is_slug(stem) {
        return Ok(stem.to_owned());
    }
    Err(Diagnostic::new("the name of a draft is the id of its campaign")
        .in_file(shown)
        .hint("rename it: up to 100 of the letters a-z, digits, `.`, `_` and `-`"))
}
