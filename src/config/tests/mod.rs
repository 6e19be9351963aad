//! Claims about `announce.toml` and about files of a workspace.

mod assets;
mod drafts;
mod scaffolding;
mod settings;
mod templates;
mod workspace;

use std::{
    fs,
    os::unix::fs::{PermissionsExt as _, symlink},
    path::Path,
};

use jiff::civil;
use tempfile::TempDir;

use super::*;
use crate::{
    diagnostic::{Diagnostic, Place, Source},
    draft::{Answers, Draft},
};

const SENDER: &str = "[sender]
name = \"APPG on North Korea\"
address = \"news@appg.example\"
postal_address = \"Houses of Parliament, London SW1A 0AA\"
timezone = \"Europe/London\"
";
const UNSUBSCRIBE: &str = "[unsubscribe]\nmailto = \"unsubscribe@appg.example\"\n";

fn parse(text: &str) -> Result<Settings, Vec<Diagnostic>> {
    Settings::parse(Source::new("announce.toml", text))
}

/// Settings with this `[smtp]` and whatever follows it.
fn with(smtp_and_more: &str) -> Result<Settings, Vec<Diagnostic>> {
    parse(&format!("{SENDER}{UNSUBSCRIBE}[smtp]\n{smtp_and_more}"))
}

fn shown(faults: &[Diagnostic]) -> Vec<String> {
    let show = |fault: &Diagnostic| {
        let hint = fault.hint.as_ref().expect("every fault says what to do");
        format!("{fault} ({hint})").trim_start_matches("announce.toml:").to_owned()
    };
    faults.iter().map(show).collect()
}

/// The one thing wrong with this `[smtp]` and whatever follows it, without its line.
fn fault(smtp_and_more: &str) -> String {
    let faults = shown(&with(smtp_and_more).unwrap_err());
    assert_eq!(faults.len(), 1, "{faults:?}");
    faults[0].splitn(3, ':').nth(2).unwrap().trim_start().to_owned()
}

/// A new workspace, and the folder that keeps it.
fn newsroom() -> (TempDir, Workspace) {
    let folder = tempfile::tempdir().unwrap();
    scaffold::init(folder.path()).unwrap();
    let workspace = Workspace::open(folder.path()).unwrap();
    (folder, workspace)
}

fn write(folder: &TempDir, path: &str, text: impl AsRef<[u8]>) {
    let path = folder.path().join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}
