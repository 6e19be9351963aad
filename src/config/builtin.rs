//! The templates that come with the program.

use std::collections::BTreeMap;

use crate::diagnostic::Source;

macro_rules! embedded {
    ($($path:literal)*) => {
        [$(($path, include_str!(concat!("../../templates/", $path)))),*]
    };
}

/// Every file below `templates/`; a test holds this list to the tree.
const FILES: &[(&str, &str)] = &embedded! {
    "article/draft.md"
    "article/kind.toml"
    "event/draft.md"
    "event/kind.toml"
    "letter/draft.md"
    "letter/kind.toml"
    "programme/draft.md"
    "programme/kind.toml"
    "roundup/draft.md"
    "roundup/kind.toml"
    "statement/draft.md"
    "statement/kind.toml"
};

/// All of them by their path below `templates/`.
pub(super) fn templates() -> BTreeMap<String, Source> {
    let named = |&(path, text): &(&str, &str)| {
        (path.to_owned(), Source::new(format!("built-in templates/{path}"), text))
    };
    FILES.iter().map(named).collect()
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::*;

    fn collect(folder: &Path, prefix: &str, found: &mut Vec<String>) {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let name = format!("{prefix}{}", entry.file_name().to_str().unwrap());
            if entry.path().is_dir() {
                collect(&entry.path(), &format!("{name}/"), found);
            } else {
                found.push(name);
            }
        }
    }

    #[test]
    fn every_file_of_the_tree_is_embedded() {
        let mut found = Vec::new();
        collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("templates"), "", &mut found);
        found.sort();
        let embedded: Vec<&str> = FILES.iter().map(|(path, _)| *path).collect();
        assert_eq!(embedded, found, "name every template in `FILES`, sorted");
    }
}
