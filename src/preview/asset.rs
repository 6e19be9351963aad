//! The files of the page itself, embedded in the binary: readable in `page/`, served as one document,
//! one style and one script.

use std::sync::LazyLock;

use super::bundle::bundle;

macro_rules! files {
    ($($name:literal)*) => {
        [$(($name, include_str!(concat!("page/", $name)))),*]
    };
}

static DOCUMENT: &str = include_str!("page/index.html");

/// In the order in which later rules win.
static STYLES: [(&str, &str); 9] = files![
    "tokens.css"
    "parts.css"
    "shell.css"
    "list.css"
    "toolbar.css"
    "stage.css"
    "trouble.css"
    "person.css"
    "panel.css"
];

static MODULES: [(&str, &str); 40] = files![
    "address.js"
    "arrow.js"
    "compare.js"
    "counts.js"
    "details.js"
    "differences.js"
    "dom.js"
    "drafts.js"
    "finder.js"
    "finding.js"
    "findings.js"
    "forced-dark.js"
    "frame.js"
    "icons.js"
    "inbox.js"
    "inmail.js"
    "keyboard.js"
    "lines.js"
    "live.js"
    "loader.js"
    "main.js"
    "menu.js"
    "pager.js"
    "panels.js"
    "people.js"
    "person.js"
    "places.js"
    "prose.js"
    "room.js"
    "sandbox.js"
    "sourceview.js"
    "spot.js"
    "stage.js"
    "store.js"
    "tabcount.js"
    "tabs.js"
    "toolbar.js"
    "top.js"
    "trouble.js"
    "views.js"
];

static STYLE: LazyLock<String> = LazyLock::new(|| STYLES.map(|(_, text)| text).concat());

static SCRIPT: LazyLock<String> = LazyLock::new(|| bundle(&MODULES, "main.js"));

/// A file of the page with its media type.
pub(super) fn file(name: &str) -> Option<(&'static str, &'static str)> {
    match name {
        "index.html" => Some((DOCUMENT, "text/html; charset=utf-8")),
        "style.css" => Some((&STYLE, "text/css; charset=utf-8")),
        "main.js" => Some((&SCRIPT, "text/javascript; charset=utf-8")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs};

    use super::*;

    #[test]
    fn every_file_of_the_page_is_served() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/preview/page");
        let there: BTreeSet<String> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        let embedded = STYLES.iter().chain(&MODULES).map(|(name, _)| (*name).to_owned());
        let embedded: BTreeSet<String> = embedded.chain(["index.html".to_owned()]).collect();
        assert_eq!(embedded, there);
    }

    #[test]
    fn the_script_is_of_all_modules_and_none_is_used_before_it_is_there() {
        let script = &*SCRIPT;
        for (name, _) in MODULES {
            let variable = name.replace(['.', '-'], "_");
            let declared = script.find(&format!("\nconst {variable} = (() => {{"));
            let declared = declared.unwrap_or_else(|| panic!("{name} is imported by no module"));
            let used = script.find(&format!(" = {variable};")).unwrap_or(script.len());
            assert!(declared < used, "{name} and a module that it imports import each other");
        }
        let is_left = |line: &&str| line.starts_with("import ") || line.starts_with("export ");
        assert_eq!(script.lines().find(is_left), None);
    }
}
