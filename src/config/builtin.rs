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
    "article/html.hbs"
    "article/kind.toml"
    "article/text.hbs"
    "event/draft.md"
    "event/html.hbs"
    "event/kind.toml"
    "event/text.hbs"
    "layout.html.hbs"
    "layout.text.hbs"
    "letter/draft.md"
    "letter/html.hbs"
    "letter/kind.toml"
    "letter/text.hbs"
    "notice/draft.md"
    "notice/html.hbs"
    "notice/kind.toml"
    "notice/text.hbs"
    "partials/attachments.html.hbs"
    "partials/attachments.text.hbs"
    "partials/button.html.hbs"
    "partials/changes.html.hbs"
    "partials/changes.text.hbs"
    "partials/event-card.html.hbs"
    "partials/event-card.text.hbs"
    "partials/footer.html.hbs"
    "partials/footer.text.hbs"
    "partials/headline.html.hbs"
    "partials/headline.text.hbs"
    "partials/language-name.html.hbs"
    "partials/language-name.text.hbs"
    "partials/mail-button.html.hbs"
    "partials/masthead.html.hbs"
    "partials/preheader.html.hbs"
    "partials/signature.html.hbs"
    "partials/signature.text.hbs"
    "partials/style.html.hbs"
    "programme/draft.md"
    "programme/html.hbs"
    "programme/kind.toml"
    "programme/text.hbs"
    "roundup/draft.md"
    "roundup/html.hbs"
    "roundup/kind.toml"
    "roundup/text.hbs"
    "statement/draft.md"
    "statement/html.hbs"
    "statement/kind.toml"
    "statement/text.hbs"
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
