//! A module knows only its neighbours: the table of the house as a test.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// A name and the only places that may say it.
const CRATES: [(&str, &[&str]); 21] = [
    ("similar", &["src/approval/"]),
    ("clap_complete", &["src/cli/verb/completions"]),
    ("clap_mangen", &["src/cli/verb/man"]),
    ("lettre", &["src/compose/", "src/deliver/smtp/"]),
    ("handlebars", &["src/render/"]),
    ("comrak", &["src/render/"]),
    ("css_inline", &["src/render/"]),
    ("scraper", &["src/check/page/"]),
    ("axum", &["src/preview/"]),
    ("futures_util", &["src/preview/"]),
    ("notify", &["src/preview/watch"]),
    ("opener", &["src/cli/verb/preview"]),
    ("clap", &["src/cli/"]),
    ("csv", &["src/audience/", "src/cli/"]),
    ("mail_parser", &["src/preview/reading"]),
    ("governor", &["src/deliver/pace"]),
    ("rusqlite", &["src/ledger/sqlite"]),
    ("rustix", &["src/cli/"]),
    ("toml", &["src/config/", "src/draft/document"]),
    ("serde_saphyr", &["src/draft/"]),
    ("tokio_rustls", &["src/deliver/smtp/", "src/sandbox/"]),
];

/// A module and the modules it must not know.
const STRANGERS: [(&str, &[&str]); 15] = [
    (
        "approval",
        &[
            "audience", "render", "compose", "deliver", "ledger", "campaign", "cli", "config",
            "clock", "sandbox", "schedule",
        ],
    ),
    (
        "schedule",
        &[
            "draft", "audience", "render", "compose", "deliver", "ledger", "campaign", "cli",
            "config", "clock", "sandbox", "approval",
        ],
    ),
    (
        "calendar",
        &[
            "draft", "audience", "render", "compose", "deliver", "ledger", "campaign", "cli",
            "config", "clock", "sandbox", "check", "preview", "schedule", "keys",
        ],
    ),
    (
        "notice",
        &[
            "audience", "compose", "deliver", "ledger", "campaign", "cli", "config", "clock",
            "sandbox", "check", "preview", "schedule", "keys", "calendar", "approval",
        ],
    ),
    (
        "draft",
        &[
            "audience", "render", "compose", "deliver", "ledger", "campaign", "cli", "config",
            "clock",
        ],
    ),
    (
        "audience",
        &[
            "render", "compose", "deliver", "ledger", "campaign", "cli", "config", "clock",
            "sandbox",
        ],
    ),
    (
        "render",
        &["check", "compose", "deliver", "ledger", "campaign", "cli", "config", "clock", "sandbox"],
    ),
    (
        "compose",
        &[
            "draft", "audience", "deliver", "ledger", "campaign", "cli", "config", "clock",
            "sandbox",
        ],
    ),
    ("deliver", &["draft", "audience", "render", "ledger", "campaign", "cli", "config", "sandbox"]),
    ("ledger", &["check", "draft", "render", "compose", "cli", "config", "sandbox"]),
    ("check", &["deliver", "ledger", "campaign", "cli", "config", "sandbox"]),
    (
        "preview",
        &["draft", "render", "campaign", "deliver", "ledger", "cli", "config", "clock", "sandbox"],
    ),
    ("campaign", &["cli", "config", "sandbox"]),
    ("config", &["campaign", "cli", "ledger", "sandbox"]),
    ("sandbox", &["draft", "audience", "render", "compose", "ledger", "campaign", "cli", "config"]),
];

#[test]
fn every_library_is_named_only_in_its_room() {
    let mut faults = Vec::new();
    for (file, code) in sources() {
        for (name, rooms) in CRATES {
            let named = code.lines().any(|line| {
                line.contains(&format!("{name}::")) || line.trim() == format!("use {name};")
            });
            if named && !rooms.iter().any(|room| file.starts_with(room)) {
                faults.push(format!("{file} names `{name}`, which belongs to {rooms:?}"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_module_knows_only_its_neighbours() {
    let mut faults = Vec::new();
    for (file, code) in sources() {
        for (module, strangers) in STRANGERS {
            if !file.starts_with(&format!("src/{module}/")) {
                continue;
            }
            for stranger in strangers {
                if imports(&code, stranger) {
                    faults.push(format!("{file} knows `{stranger}`"));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn no_file_grows_past_500_lines() {
    let long: Vec<String> = sources()
        .into_iter()
        .map(|(file, code)| (file, code.lines().count()))
        .filter(|(_, lines)| *lines > 500)
        .map(|(file, lines)| format!("{file}: {lines} lines"))
        .collect();
    assert!(long.is_empty(), "{}", long.join("\n"));
}

/// Whether the code, outside its tests, uses `crate::NAME`, also inside a braced import.
fn imports(code: &str, name: &str) -> bool {
    if code.contains(&format!("crate::{name}::")) || code.contains(&format!("crate::{name};")) {
        return true;
    }
    code.split("use crate::{").skip(1).any(|rest| {
        let block = rest.split("};").next().unwrap_or_default();
        let mut depth = 0_usize;
        let mut word = String::new();
        for character in block.chars().chain([',']) {
            match character {
                '{' => depth += 1,
                '}' => depth = depth.saturating_sub(1),
                ',' | ':' if depth == 0 => {
                    if word.trim() == name {
                        return true;
                    }
                    word.clear();
                }
                other if depth == 0 => word.push(other),
                _ => {}
            }
        }
        false
    })
}

/// All files below `src/` with their code up to the tests, comments left out.
fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    collect(&root.join("src"), &mut files);
    let is_test = |path: &PathBuf| {
        path.ends_with("tests.rs") || path.components().any(|part| part.as_os_str() == "tests")
    };
    files.retain(|path| !is_test(path));
    files.sort();
    files
        .into_iter()
        .map(|path| {
            let text = fs::read_to_string(&path).expect("a readable source file");
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            let code: Vec<&str> =
                code.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
            let name = path.strip_prefix(root).unwrap_or(&path).display().to_string();
            (name, code.join("\n"))
        })
        .collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a readable folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}
