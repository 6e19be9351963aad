//! The files of the page itself, embedded in the binary: readable in `page/`, served as they are.

macro_rules! files {
    ($($name:literal)*) => {
        [$(($name, include_str!(concat!("page/", $name)))),*]
    };
}

static FILES: [(&str, &str); 50] = files![
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
    "index.html"
    "inmail.js"
    "keyboard.js"
    "lines.js"
    "list.css"
    "live.js"
    "loader.js"
    "main.js"
    "menu.js"
    "pager.js"
    "panel.css"
    "panels.js"
    "parts.css"
    "people.js"
    "person.css"
    "person.js"
    "places.js"
    "prose.js"
    "room.js"
    "sandbox.js"
    "shell.css"
    "sourceview.js"
    "spot.js"
    "stage.css"
    "stage.js"
    "store.js"
    "tabcount.js"
    "tabs.js"
    "tokens.css"
    "toolbar.css"
    "toolbar.js"
    "top.js"
    "trouble.css"
    "trouble.js"
    "views.js"
];

/// A file of the page with its media type.
pub(super) fn file(name: &str) -> Option<(&'static str, &'static str)> {
    let (_, text) = FILES.iter().find(|(known, _)| *known == name)?;
    let media_type = match name.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "text/javascript; charset=utf-8",
    };
    Some((text, media_type))
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs};

    use super::*;

    #[test]
    fn every_file_of_the_page_is_served_and_no_other_is() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/preview/page");
        let there: BTreeSet<String> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        let served: BTreeSet<String> = FILES.iter().map(|(name, _)| (*name).to_owned()).collect();
        assert_eq!(served, there);
        assert_eq!(file("../mod.rs"), None);
    }
}
