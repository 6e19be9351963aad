//! `announce explain`: what a check means.

use super::super::{Exit, Fault, Global, checks::near, output};
use crate::check::{CHAPTERS, Rule, codes, markdown, plain, rules, rules_of, weight};

/// Arguments of `announce explain`.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Arguments {
    /// A code, a rule, or both: `B4`, `weekday`, `B4/weekday`; a list of all when left out
    #[arg(value_name = "CODE")]
    codes: Vec<String>,

    /// All of them as one Markdown page
    #[arg(long, conflicts_with = "codes")]
    markdown: bool,
}

pub(in crate::cli) fn run(_global: &Global, arguments: Arguments) -> Result<Exit, Fault> {
    let Arguments { codes, markdown: as_page } = arguments;
    if as_page {
        output::result(markdown().trim_end());
    } else if codes.is_empty() {
        output::result(contents());
        output::say("next: announce explain CODE");
    }
    let mut pages = Vec::new();
    for code in codes {
        let found = find(&code);
        if found.is_empty() {
            return Err(Fault::with_hint(Exit::Usage, format!("no check `{code}`"), near(&code)));
        }
        pages.extend(found.into_iter().map(plain));
    }
    if !pages.is_empty() {
        output::result(pages.join("\n\n\n"));
    }
    Ok(Exit::Done)
}

fn find(named: &str) -> Vec<&'static Rule> {
    let by_code = rules_of(named);
    if by_code.is_empty() {
        rules().filter(|rule| rule.name.eq_ignore_ascii_case(named)).collect()
    } else {
        by_code
    }
}

/// One line a rule, by chapter.
fn contents() -> String {
    let width = rules().map(|rule| rule.to_string().len()).max().unwrap_or_default();
    let mut lines = Vec::new();
    for (letter, title) in CHAPTERS {
        lines.push(title.to_owned());
        for code in codes().into_iter().filter(|code| code.starts_with(letter)) {
            for rule in rules_of(code) {
                let id = rule.to_string();
                lines.push(format!("  {id:<width$}  {:<13}  {}", weight(rule), rule.title));
            }
        }
        lines.push(String::new());
    }
    lines.join("\n").trim_end().to_owned()
}
