//! Findings as GitHub's runners read them: workflow commands, which they show beside the lines of a
//! pull request.

use std::path::Path;

use super::json::place;
use crate::check::{Finding, Level};

/// One line. `prefix` leads from the root of the repository to the workspace.
pub(in crate::cli) fn github(finding: &Finding, prefix: &Path) -> String {
    let command = match finding.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note | Level::Fixed => "notice",
    };
    let (file, line, column) = place(finding.fault.place.as_ref());
    let mut properties = Vec::new();
    if let Some(file) = file {
        properties.push(format!("file={}", property(&prefix.join(file).display().to_string())));
    }
    properties.extend(line.map(|line| format!("line={line}")));
    properties.extend(column.map(|column| format!("col={column}")));
    properties.push(format!("title={}", property(&finding.rule.to_string())));
    let fix = finding.fault.hint.as_ref().map(|fix| format!("\nfix: {fix}")).unwrap_or_default();
    let text = data(&format!("{}{fix}", finding.fault.message));
    format!("::{command} {}::{text}", properties.join(","))
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{check::rule, diagnostic::Source};

    #[test]
    fn a_finding_is_one_command_whatever_it_says() {
        let source = Source::new("drafts/a, b.md", "Dear ,\n");
        let finding = rule("M3/greeting").unwrap().finding("100 %: `Dear ,`\nand more");
        let finding = finding.at(&source, 0..6).fix("write a name");
        assert_eq!(
            github(&finding, Path::new("news")),
            "::error file=news/drafts/a%2C b.md,line=1,col=1,title=M3/greeting\
             ::100 %25: `Dear ,`%0Aand more%0Afix: write a name"
        );
    }
}
