//! The templates and kinds of a workspace: those of the program, with its own files laid over.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::Path,
};

use super::{Workspace, builtin, file};
use crate::{
    diagnostic::{Diagnostic, Source},
    draft::{Kind, Kinds},
    render::TemplateSet,
};

/// Deeper folders are not templates.
const MAX_DEPTH: usize = 4;

/// What drafts are read against and rendered with.
#[derive(Clone, Debug)]
pub struct Templates {
    /// The `.hbs` and `.css` files.
    pub set: TemplateSet,
    /// Every folder with a `kind.toml`.
    pub kinds: Kinds,
}

impl Workspace {
    /// Loads all templates and kinds. A file of the workspace wins over the built-in one of the
    /// same path. Every fault is reported.
    pub fn templates(&self) -> Result<Templates, Vec<Diagnostic>> {
        let mut files = builtin::templates();
        let mut faults = Vec::new();
        self.lay_over(&self.root().join("templates"), MAX_DEPTH, &mut files, &mut faults);
        let kinds = kinds(&files, &mut faults);
        if !faults.is_empty() {
            return Err(faults);
        }
        files.retain(|path, _| is_template(path));
        Ok(Templates { set: TemplateSet { files }, kinds })
    }

    fn lay_over(
        &self,
        folder: &Path,
        depth: usize,
        files: &mut BTreeMap<String, Source>,
        faults: &mut Vec<Diagnostic>,
    ) {
        let shown = self.shown(folder);
        let entries = match fs::read_dir(folder).and_then(Iterator::collect::<io::Result<Vec<_>>>) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return,
            Err(error) => {
                let message = format!("`{shown}` cannot be read: {}", file::reason(&error));
                return faults.push(Diagnostic::new(message).hint("check its permissions"));
            }
        };
        for path in entries.into_iter().map(|entry| entry.path()) {
            let shown = self.shown(&path);
            let name = shown.rsplit('/').next().unwrap_or_default();
            if name.starts_with('.') {
                continue;
            }
            if path.is_dir() && depth > 0 {
                match self.inside(&path, &shown) {
                    Ok(_) => self.lay_over(&path, depth - 1, files, faults),
                    Err(fault) => faults.push(fault),
                }
            } else if is_template(name) || matches!(name, "kind.toml" | "draft.md") {
                match self.inside(&path, &shown).and_then(|real| file::text(&real, &shown)) {
                    Ok(source) => {
                        let below = shown.strip_prefix("templates/").unwrap_or(&shown).to_owned();
                        files.insert(below, source);
                    }
                    Err(fault) => faults.push(fault),
                }
            }
        }
    }
}

fn is_template(path: &str) -> bool {
    let extension = Path::new(path).extension();
    extension.is_some_and(|extension| extension == "hbs" || extension == "css")
}

/// Reads each folder with a `kind.toml` as a kind.
fn kinds(files: &BTreeMap<String, Source>, faults: &mut Vec<Diagnostic>) -> Kinds {
    let mut kinds = Kinds::new();
    let folders: BTreeSet<&str> = files
        .keys()
        .filter_map(|path| path.split_once('/'))
        .filter(|(_, file)| matches!(*file, "kind.toml" | "draft.md" | "html.hbs" | "text.hbs"))
        .map(|(folder, _)| folder)
        .collect();
    for name in folders {
        let mut part = |file: &str, what: &str| {
            let source = files.get(&format!("{name}/{file}")).cloned();
            if source.is_none() {
                let message = format!("kind `{name}` has no `{file}`");
                let fault = Diagnostic::new(message).in_file(format!("templates/{name}"));
                faults.push(fault.hint(format!("add it: {what}")));
            }
            source
        };
        let schema = part("kind.toml", "its description, and the keys it adds to front matter");
        let starter = part("draft.md", "what `announce new` begins from");
        let (Some(schema), Some(starter)) = (schema, starter) else { continue };
        match Kind::parse(name, schema, starter) {
            Ok(kind) => {
                kinds.insert(name.to_owned(), kind);
            }
            Err(wrong) => faults.extend(wrong),
        }
    }
    kinds
}
