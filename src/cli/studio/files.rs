//! `announce preview --out`: copies as files, to be looked at, kept or compared without a server.

use std::{
    fs,
    io::{self, Write as _},
    os::unix::fs::DirBuilderExt as _,
    path::Path,
};

use super::{
    super::{Exit, Fault},
    edition::CopyDesk,
};
use crate::{
    diagnostic::Diagnostic,
    preview::{Edition as _, Reading, data_url, framed},
};

/// What a copy is written as.
const ENDINGS: [&str; 3] = ["html", "txt", "eml"];

/// What was written.
pub(in crate::cli) struct Written {
    pub(in crate::cli) copies: usize,
    pub(in crate::cli) files: usize,
    /// What stands in the way of the others, each with the row that it concerns.
    pub(in crate::cli) faults: Vec<Diagnostic>,
}

/// Writes one person's copy as `SLUG.html`, `.txt` and `.eml`.
pub(in crate::cli) fn write_one(
    desk: &CopyDesk,
    number: usize,
    folder: &Path,
) -> Result<Written, Fault> {
    prepare(folder)?;
    let mut written = Written { copies: 0, files: 0, faults: Vec::new() };
    written.add(desk, number, folder, &desk.line().slug)?;
    Ok(written)
}

/// Writes everybody's copy as `SLUG-0001.html` and so on, in the order in which they are sent. What
/// an earlier preview has written of this draft goes: it may be of people who get nothing any more.
pub(in crate::cli) fn write_all(desk: &CopyDesk, folder: &Path) -> Result<Written, Fault> {
    prepare(folder)?;
    let slug = &desk.line().slug;
    let others = desk.newsroom.workspace().slugs().unwrap_or_default();
    clear(folder, slug, &others).map_err(Fault::io)?;
    let mut written = Written { copies: 0, files: 0, faults: Vec::new() };
    let digits = desk.people().to_string().len().max(4);
    for number in 0..desk.people() {
        written.add(desk, number, folder, &format!("{slug}-{:0digits$}", number + 1))?;
    }
    Ok(written)
}

impl Written {
    fn add(
        &mut self,
        desk: &CopyDesk,
        number: usize,
        folder: &Path,
        name: &str,
    ) -> Result<(), Fault> {
        let message = match desk.copy(number) {
            Ok(message) => message,
            Err(faults) => {
                self.faults.extend(faults);
                return Ok(());
            }
        };
        let reading = Reading::of(&message);
        // A file stands alone, so it carries its pictures.
        let html = reading.html.as_ref().map(|html| framed(html, &reading, data_url));
        let parts =
            [html.as_deref().map(str::as_bytes), Some(reading.text.as_bytes()), Some(&message)];
        for (ending, bytes) in ENDINGS.into_iter().zip(parts) {
            let Some(bytes) = bytes else { continue };
            let file = format!("{name}.{ending}");
            write(folder, &file, bytes).map_err(|error| {
                let message = format!("`{file}` cannot be written: {error}");
                let hint = "check the folder, the disk and the permissions, then run again";
                Fault::with_hint(Exit::TryAgain, message, hint)
            })?;
            self.files += 1;
        }
        self.copies += 1;
        Ok(())
    }
}

/// Makes the folder, for its owner alone; one that is there keeps its permissions.
fn prepare(folder: &Path) -> Result<(), Fault> {
    let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(folder);
    made.map_err(|error| {
        let message = format!("`{}` cannot be made: {error}", folder.display());
        Fault::with_hint(Exit::Usage, message, "`--out` takes a folder")
    })
}

/// Writes a file whole or not at all, for its owner alone: it holds somebody's address.
fn write(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    let mut file = tempfile::Builder::new().prefix(".unfinished-").tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.persist(folder.join(name))?;
    Ok(())
}

/// Removes `SLUG-0001.html` and its like, unless it may be the copy of another draft.
fn clear(folder: &Path, slug: &str, others: &[String]) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let number = name.to_str().and_then(|name| name.strip_prefix(slug)?.strip_prefix('-'));
        let number = number.and_then(|rest| rest.split_once('.'));
        let is_ours = number.is_some_and(|(digits, ending)| {
            let is_number = digits.len() >= 4 && digits.bytes().all(|byte| byte.is_ascii_digit());
            let is_of_another = others.contains(&format!("{slug}-{digits}"));
            is_number && ENDINGS.contains(&ending) && !is_of_another
        });
        if is_ours {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}
