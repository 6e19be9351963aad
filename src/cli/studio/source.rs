//! The files behind a mail, as their authors wrote them.

use std::{
    fs::File,
    io::{BufRead as _, BufReader},
    path::Path,
};

use super::super::newsroom::Newsroom;
use crate::preview::SourceText;

/// Lines of a list that are shown before and after the one that is meant: they are people.
const AROUND: usize = 2;

/// Longest line of a list that is shown, in bytes.
const LONGEST: usize = 2_000;

/// The draft at `path`, a template of any kind, or some lines of a list of the newsroom's. Nothing
/// else is read, whatever is asked for.
pub(super) fn text(
    newsroom: &Newsroom,
    path: &Path,
    file: &str,
    line: Option<usize>,
) -> Option<SourceText> {
    let workspace = newsroom.workspace();
    if workspace.root().join(file) == path {
        return Some(SourceText::whole(file, &std::fs::read_to_string(path).ok()?));
    }
    if file == "announce.toml" {
        let text = std::fs::read_to_string(workspace.root().join(file)).ok()?;
        return Some(SourceText::whole(file, &text));
    }
    let lists = newsroom.settings().lists.keys().filter_map(|name| workspace.list(name).ok());
    if let Some(list) = lists.into_iter().find(|list| list.shown == file) {
        return rows(&list.open().ok()?, file, line.unwrap_or(1));
    }
    let templates = newsroom.templates().ok()?;
    let source = templates.set.files.values().find(|source| *source.name == *file)?;
    Some(SourceText::whole(file, &source.text))
}

/// The header of a list and the lines around one.
fn rows(list: &File, file: &str, line: usize) -> Option<SourceText> {
    let mut lines = BufReader::new(list).split(b'\n').map_while(Result::ok).map(|line| {
        let text = String::from_utf8_lossy(&line).trim_end().to_owned();
        text[..text.floor_char_boundary(LONGEST)].to_owned()
    });
    let header = Some(lines.next()?);
    let from = line.saturating_sub(AROUND).max(2);
    let lines = lines.skip(from - 2).take(line + AROUND + 1 - from).collect();
    Some(SourceText { file: file.to_owned(), from, lines, header })
}
