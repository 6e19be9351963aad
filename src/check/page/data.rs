//! Files written into the page, letter by letter (`data:`).

use super::reading::Reading;
use crate::check::{Finding, Level, Rule};

static INLINE_DATA: Rule = Rule {
    code: "I6",
    name: "inline-data",
    level: Level::Warning,
    may_pass: true,
    title: "A picture written into the page",
    why: "Gmail and Outlook do not show it, and it makes the page so long that Gmail cuts it off.",
    mend: "Put the picture beside the draft and name its file: it then travels inside the mail.",
};

pub(super) static RULES: [&Rule; 1] = [&INLINE_DATA];

pub(super) fn check(reading: &Reading<'_>) -> Vec<Finding> {
    let mut findings = in_attributes(reading);
    findings.extend(in_styles(reading));
    findings
}

/// In an attribute of a picture. Links to such files are refused before the page is read.
fn in_attributes(reading: &Reading<'_>) -> Vec<Finding> {
    let pictures = reading.named(&["img"]);
    let found = pictures.filter_map(|(number, element)| {
        let mut attributes = element.html.value().attrs();
        let (name, _) = attributes
            .find(|(name, value)| !["style", "alt", "title"].contains(name) && is_data(value))?;
        let message = format!("`{name}` holds the picture itself (`data:`)");
        let finding = reading.finding(&INLINE_DATA, message, number, &[]);
        Some(finding.fix("put the file beside the draft"))
    });
    found.collect()
}

/// `url(data:…)` in styles.
fn in_styles(reading: &Reading<'_>) -> Vec<Finding> {
    let found = reading.elements.iter().enumerate().filter(|(_, element)| {
        let holds = |css: &str| {
            let css = css.to_ascii_lowercase().replace(['"', '\'', ' '], "");
            css.contains("url(data:")
        };
        let style = element.html.attr("style").is_some_and(holds);
        style || (element.name == "style" && element.html.text().any(holds))
    });
    found
        .map(|(number, _)| {
            let message = "this style holds a picture (`data:`)";
            let finding = reading.finding_on_look(&INLINE_DATA, message, number);
            finding.fix("name a colour instead")
        })
        .collect()
}

/// Whether an attribute's value is a file written out.
pub(super) fn is_data(value: &str) -> bool {
    let start: String = value.trim_start().chars().take(5).collect();
    start.eq_ignore_ascii_case("data:")
}
