//! `announce man`: the manual pages, made from the same texts as `--help`.

use std::{
    fs::{self, Permissions},
    io::{self, ErrorKind, Write as _},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use clap::{Command, CommandFactory as _};
use clap_mangen::Man;

use super::super::{Cli, Exit, Fault, Global, output};
use crate::diagnostic::{Diagnostic, count};

/// What `--help` has no room for: exit status, environment, files, examples.
const SECTIONS: &str = include_str!("sections.roff");

/// Arguments of `announce man`.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Arguments {
    /// The folder; made when it is not there
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

pub(in crate::cli) fn run(global: &Global, arguments: Arguments) -> Result<Exit, Fault> {
    let Arguments { folder } = arguments;
    let folder = global.directory.as_ref().map_or_else(|| folder.clone(), |dir| dir.join(&folder));
    let unwritable = |error: io::Error| {
        let reason = match error.kind() {
            // What making a folder says of a file in its place.
            ErrorKind::AlreadyExists | ErrorKind::NotADirectory => "it is not a folder".to_owned(),
            _ => error.to_string(),
        };
        let message = format!("no page can be written to `{}`: {reason}", folder.display());
        Fault::new(
            Exit::Usage,
            Diagnostic::new(message).hint("name a folder that you may write to"),
        )
    };
    fs::create_dir_all(&folder).map_err(unwritable)?;
    let pages = pages().map_err(Fault::io)?;
    for (name, text) in &pages {
        let path = folder.join(name);
        write(&folder, &path, text).map_err(unwritable)?;
        output::result(path.display());
    }
    let first = folder.join("announce.1");
    let first = first.display().to_string();
    // `man` takes a word without a `/` for a name.
    let first = if first.contains('/') { first } else { format!("./{first}") };
    output::say(format!("{}\nnext: man -l {first}", count(pages.len() as u64, "manual page")));
    Ok(Exit::Done)
}

/// All of it or nothing, and for everybody to read.
fn write(folder: &Path, path: &Path, text: &[u8]) -> io::Result<()> {
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(text)?;
    fs::set_permissions(file.path(), Permissions::from_mode(0o644))?;
    file.persist(path)?;
    Ok(())
}

/// The name and the text of every page, that of the program first.
fn pages() -> io::Result<Vec<(String, Vec<u8>)>> {
    // No page for `help`, which is these pages.
    let mut program = Cli::command().disable_help_subcommand(true);
    program.build();
    let mut pages = Vec::new();
    collect(&program, &mut pages)?;
    Ok(pages)
}

fn collect(command: &Command, pages: &mut Vec<(String, Vec<u8>)>) -> io::Result<()> {
    let page = Man::new(command.clone());
    pages.push((page.get_filename(), render(command, &page)?));
    for below in command.get_subcommands().filter(|command| !command.is_hide_set()) {
        collect(below, pages)?;
    }
    Ok(())
}

/// In the order of man-pages(7).
fn render(command: &Command, page: &Man) -> io::Result<Vec<u8>> {
    let is_program = command.get_name() == "announce";
    let mut text = title(&page.get_filename()).into_bytes();
    page.render_name_section(&mut text)?;
    page.render_synopsis_section(&mut text)?;
    page.render_description_section(&mut text)?;
    page.render_options_section(&mut text)?;
    if command.has_subcommands() {
        page.render_subcommands_section(&mut text)?;
    }
    if is_program {
        text.extend(SECTIONS.as_bytes());
    } else {
        if let Some(notes) = command.get_after_help() {
            text.extend(notes_section(&notes.to_string()).as_bytes());
        }
        text.extend(b".SH SEE ALSO\n.BR announce (1)\n");
    }
    Ok(text)
}

/// The first line. A page has no date of its own: it is as old as its program.
fn title(file_name: &str) -> String {
    let name = file_name.trim_end_matches(".1").to_uppercase();
    let version = env!("CARGO_PKG_VERSION");
    format!(".TH \"{name}\" 1 \"\" \"announce {version}\" \"announce\"\n")
}

/// What stands below the options in `--help`, line by line as it stands there.
fn notes_section(notes: &str) -> String {
    let lines: Vec<String> = notes.lines().map(literal).collect();
    format!(".SH NOTES\n.nf\n{}\n.fi\n", lines.join("\n"))
}

/// A line of text that means nothing to roff.
fn literal(line: &str) -> String {
    let line = line.replace('\\', r"\e").replace('-', r"\-").replace('~', r"\(ti");
    let line = line.replace('^', r"\(ha").replace('`', r"\(ga").replace('\'', r"\(aq");
    if line.starts_with('.') { format!(r"\&{line}") } else { line }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_verb_has_a_page_and_so_has_what_is_below_it() {
        let names: Vec<String> = pages().unwrap().into_iter().map(|(name, _)| name).collect();
        assert_eq!(names[0], "announce.1");
        for name in ["announce-send.1", "announce-schedule.1", "announce-suppress-add.1"] {
            assert!(names.iter().any(|found| found == name), "no {name} in {names:?}");
        }
        assert!(!names.iter().any(|name| name.contains("help")), "{names:?}");
    }

    #[test]
    fn a_note_is_not_taken_for_markup() {
        assert_eq!(literal(".it's a --flag"), r"\&.it\(aqs a \-\-flag");
        assert_eq!(literal(r"a\b ~/x"), r"a\eb \(ti/x");
    }
}
