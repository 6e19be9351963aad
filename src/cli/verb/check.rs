//! `announce check`: what a careful colleague would notice.

use std::{
    env,
    path::{Path, PathBuf},
};

use super::super::{
    Exit, Fault, Global,
    checked::{Checked, check},
    newsroom::Newsroom,
    output, report,
};
use crate::{
    check::{Finding, Level, Verdict},
    diagnostic::count,
};

/// Arguments of `announce check`.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Arguments {
    /// The drafts: paths, or names in drafts/; all that have not been sent when left out
    #[arg(value_name = "DRAFT")]
    drafts: Vec<String>,

    /// Mend what can be mended without asking: take out of pictures what they tell about places,
    /// cameras and people. The picture itself stays as it is
    #[arg(long)]
    fix: bool,

    /// How findings are written
    #[arg(long, value_enum, default_value_t = Format::Human, value_name = "FORMAT")]
    format: Format,
}

/// For whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// With the lines that they are about, the most important last
    Human,
    /// One JSON document
    Json,
    /// Workflow commands, which GitHub shows beside the lines
    Github,
}

pub(in crate::cli) fn run(global: &Global, arguments: Arguments) -> Result<Exit, Fault> {
    let Arguments { drafts, fix, format } = arguments;
    let newsroom = Newsroom::open(global)?;
    let drafts = if drafts.is_empty() { unsent(&newsroom)? } else { drafts };
    if drafts.is_empty() && format == Format::Human {
        output::say("there is no draft to check\nnext: announce new KIND TITLE");
    }
    let mut verdicts: Vec<Verdict> = Vec::new();
    for draft in &drafts {
        let mut checked = check(&newsroom, &|templates| newsroom.draft(draft, templates), fix)?;
        // What was set right in a list is so for every draft that goes to it.
        let told: Vec<&Finding> = verdicts.iter().flat_map(|verdict| &verdict.findings).collect();
        let is_told = |finding: &Finding| finding.level == Level::Fixed && told.contains(&finding);
        checked.verdict.findings.retain(|finding| !is_told(finding));
        match format {
            Format::Human => tell(draft, &checked),
            Format::Github => tell_github(&newsroom, &checked.verdict),
            Format::Json => {}
        }
        verdicts.push(checked.verdict);
    }
    match format {
        Format::Human => tell_next(&drafts, &verdicts),
        Format::Json => {
            output::result(report::json(&verdicts));
        }
        Format::Github => {}
    }
    let refused = verdicts.iter().any(Verdict::refuses);
    Ok(if refused { Exit::Refused } else { Exit::Done })
}

/// The drafts without a receipt.
fn unsent(newsroom: &Newsroom) -> Result<Vec<String>, Fault> {
    let workspace = newsroom.workspace();
    let mut slugs = workspace.slugs().map_err(|fault| Fault::refused(vec![fault]))?;
    slugs.retain(|slug| !workspace.root().join(format!("drafts/{slug}.sent.toml")).exists());
    Ok(slugs)
}

fn tell(draft: &str, checked: &Checked) {
    let Checked { verdict, copies, .. } = checked;
    for finding in &verdict.findings {
        output::result(report::human(finding));
    }
    let read = match copies {
        Some(copies) => format!("{} read", count(*copies, "copy")),
        None => "no copy could be made, so there may be more".to_owned(),
    };
    let found = report::counted(verdict).unwrap_or_else(|| "nothing to mend".to_owned());
    output::result(format!("{}: {found}; {read}", report::tame(draft)));
}

/// What to do after all of them.
fn tell_next(drafts: &[String], verdicts: &[Verdict]) {
    let last = verdicts.iter().filter_map(|verdict| verdict.findings.last());
    let worst = last.max_by_key(|finding| finding.level);
    match worst.filter(|finding| finding.level > Level::Fixed) {
        Some(finding) => output::say(format!("next: announce explain {}", finding.rule.code)),
        None => drafts.iter().take(1).for_each(|draft| {
            output::say(format!("next: announce send {} --dry-run", report::tame(draft)));
        }),
    }
}

fn tell_github(newsroom: &Newsroom, verdict: &Verdict) {
    let root = newsroom.workspace().root();
    let around = || root.ancestors().find(|folder| folder.join(".git").exists());
    let named = env::var_os("GITHUB_WORKSPACE").map(PathBuf::from);
    let repository = named.or_else(|| around().map(Path::to_owned));
    let prefix = repository.and_then(|top| {
        let (root, top) = (root.canonicalize().ok()?, top.canonicalize().ok()?);
        root.strip_prefix(top).ok().map(PathBuf::from)
    });
    let prefix = prefix.unwrap_or_default();
    for finding in &verdict.findings {
        output::result(report::github(finding, &prefix));
    }
}
