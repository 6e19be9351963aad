//! What the sections of `announce.toml` are made of.

use std::path::PathBuf;

use crate::{
    audience::Address,
    draft::document::{Entry, Faults, Table},
};

/// What a path looks like.
pub(super) const PATH_HINT: &str = "write a path, from the folder of `announce.toml`";
/// What an address looks like.
pub(super) const ADDRESS_HINT: &str = "write it as `name@example.org`";

/// Reads one section, and reports its unknown keys.
pub(super) fn section<T>(
    entry: Option<Entry>,
    faults: &mut Faults<'_>,
    read: impl FnOnce(&mut Table, &mut Faults<'_>) -> Option<T>,
) -> Option<T> {
    let path = entry.as_ref()?.path.clone();
    let mut table = entry?.table(faults, &format!("write `[{path}]` and its keys below"))?;
    let section = read(&mut table, faults);
    table.finish(faults);
    section
}

/// A whole number from 1 up.
pub(super) fn number(
    table: &mut Table,
    key: &str,
    default: usize,
    most: usize,
    faults: &mut Faults<'_>,
) -> Option<usize> {
    let Some(entry) = table.take(key) else { return Some(default) };
    let wanted = format!("a whole number from 1 to {most}");
    let hint = format!("write `{key} = {default}`");
    let read = |text: &str| text.parse().ok().filter(|number| (1..=most).contains(number));
    entry.parsed(faults, &wanted, &hint, read).map(|number| number.value)
}

/// One line of text.
pub(super) fn line(entry: Option<Entry>, faults: &mut Faults<'_>) -> Option<String> {
    Some(entry?.line(faults)?.value)
}

/// A path as written.
pub(super) fn path(entry: Option<Entry>, faults: &mut Faults<'_>) -> Option<PathBuf> {
    line(entry, faults).map(PathBuf::from)
}

/// An e-mail address as it goes on the wire: its domain is an A-label.
pub(super) fn address(entry: Option<Entry>, faults: &mut Faults<'_>) -> Option<String> {
    let entry = entry?;
    let path = entry.path.clone();
    let text = entry.line(faults)?;
    match Address::parse(&text.value) {
        Ok(address) => Some(address.envelope()),
        Err(bad) => {
            let message = format!("`{path}` is not an e-mail address: {bad}");
            faults.report(text.span, message, ADDRESS_HINT);
            None
        }
    }
}
