//! `announce lists`: what the lists hold.

use std::sync::Arc;

use serde_json::json;

use super::super::{Exit, Fault, Global, audience::reader, newsroom::Newsroom, output};
use crate::{
    audience::{Survey, bad_address, survey},
    config::ListFile,
    diagnostic::{count, group_thousands},
};

/// Faults of a list that are shown one by one; more are only counted.
const SHOWN: usize = 20;

/// Arguments of `announce lists`.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Arguments {
    /// Only this list
    #[arg(value_name = "LIST")]
    list: Option<String>,

    /// One JSON document on stdout, without addresses
    #[arg(long)]
    json: bool,
}

pub(in crate::cli) fn run(global: &Global, arguments: Arguments) -> Result<Exit, Fault> {
    let Arguments { list, json } = arguments;
    let newsroom = Newsroom::open(global)?;
    let names = match list {
        Some(name) => vec![name],
        None => newsroom.settings().lists.keys().cloned().collect(),
    };
    if names.is_empty() {
        output::say("no lists yet: add one to `[lists]` in `announce.toml`");
    }
    let mut faults = Vec::new();
    let mut documents = Vec::new();
    for name in names {
        let file =
            newsroom.workspace().list(&name).map_err(|fault| Fault::new(Exit::Usage, fault))?;
        match reader(&file).and_then(survey) {
            Err(diagnostic) => faults.push(diagnostic),
            Ok(survey) if json => documents.push(document(&file, &survey)),
            Ok(survey) => {
                output::result(text(&file, &survey));
            }
        }
    }
    if json {
        output::result(json!({ "schema": 1, "lists": documents }));
    }
    if faults.is_empty() { Ok(Exit::Done) } else { Err(Fault::refused(faults)) }
}

fn text(file: &ListFile, survey: &Survey) -> String {
    let shown = &file.shown;
    let mut lines = vec![
        format!("{} ({shown}, `{}` between cells)", file.name, separator(survey)),
        format!("  {} · {} can be mailed", count(survey.rows, "row"), group_thousands(survey.good),),
        format!("  columns {}", survey.columns.join(", ")),
    ];
    for (line, cell, reason) in survey.bad.iter().take(SHOWN) {
        let fault = bad_address(&Arc::from(shown.as_str()), *line, cell, *reason);
        let why = fault.hint.as_deref().map(|hint| format!(": {hint}")).unwrap_or_default();
        lines.push(format!("  {fault}{why}"));
    }
    for (line, first) in survey.duplicates.iter().take(SHOWN) {
        lines.push(format!("  {shown}:{line}: the same person as in line {first}"));
    }
    let faults = survey.bad.len() + survey.duplicates.len();
    let shown = survey.bad.len().min(SHOWN) + survey.duplicates.len().min(SHOWN);
    if faults > shown {
        lines.push(format!("  and {} more", group_thousands((faults - shown) as u64)));
    }
    lines.join("\n")
}

fn separator(survey: &Survey) -> char {
    match survey.dialect.separator() {
        '\t' => '⇥',
        other => other,
    }
}

fn document(file: &ListFile, survey: &Survey) -> serde_json::Value {
    json!({
        "name": file.name,
        "file": file.shown,
        "rows": survey.rows,
        "good": survey.good,
        "bad_lines": survey.bad.iter().map(|(line, ..)| line).collect::<Vec<_>>(),
        "duplicate_lines": survey.duplicates.iter().map(|(line, _)| line).collect::<Vec<_>>(),
        "columns": survey.columns.to_vec(),
    })
}
