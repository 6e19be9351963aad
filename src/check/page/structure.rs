//! What a screen reader and a mail program's filter go by: language, tables, headings, and nothing
//! that acts.

use super::reading::{Element, Reading};
use crate::check::{Finding, Level, Rule};

static LANGUAGE: Rule = Rule {
    code: "A1",
    name: "language",
    level: Level::Error,
    may_pass: true,
    title: "The page does not say its language",
    why: "A screen reader speaks a text in the voice of its language. Many mail programs throw away \
          the outer tags, so what stands directly inside `<body>` has to say it again.",
    mend: "In the layout, give `<html>` and each element directly inside `<body>` \
           `lang=\"{{draft.language}}\" dir=\"{{draft.dir}}\"`.",
};

static TABLE_ROLE: Rule = Rule {
    code: "A2",
    name: "table-role",
    level: Level::Error,
    may_pass: true,
    title: "A table that only arranges the page",
    why: "A screen reader reads out rows and columns of every table. Where a table only puts things \
          in their place, that is noise.",
    mend: "Give the table `role=\"presentation\"`. A table of facts has headings (`<th>`) and needs \
           no role.",
};

static ACTIVE: Rule = Rule {
    code: "A3",
    name: "active",
    level: Level::Error,
    may_pass: true,
    title: "A script, a form or something else that acts",
    why: "Mail programs take such parts out, and filters hold a mail that has them for an attack.",
    mend: "Take it out of the template, and link to a web page that does it.",
};

static HEADING_ORDER: Rule = Rule {
    code: "A4",
    name: "heading-order",
    level: Level::Warning,
    may_pass: true,
    title: "Headings out of order",
    why: "People who do not see the page find their way by its headings: one at the top, and below \
          each only the next size down.",
    mend: "Let a mail have one first-level heading, and leave no level out. In a draft `##` is the \
           first below the subject.",
};

pub(super) static RULES: [&Rule; 4] = [&LANGUAGE, &TABLE_ROLE, &ACTIVE, &HEADING_ORDER];

/// Elements that act, or hold what does.
const ACTING: [&str; 11] = [
    "script", "form", "input", "button", "select", "textarea", "iframe", "object", "embed",
    "applet", "frame",
];

/// Elements that a parser opens again behind the end of a block in which they were left open (HTML
/// §13.2.4.3): they stand in `<body>` though nobody wrote them there.
const REOPENED: [&str; 14] = [
    "a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u",
];

pub(super) fn check(reading: &Reading<'_>) -> Vec<Finding> {
    let mut findings = languages(reading);
    findings.extend(tables(reading));
    findings.extend(acting(reading));
    findings.extend(headings(reading));
    findings
}

fn languages(reading: &Reading<'_>) -> Vec<Finding> {
    let has = |element: &Element<'_>, name: &str| {
        element.html.attr(name).is_some_and(|value| !value.trim().is_empty())
    };
    let is_outermost = |element: &Element<'_>| {
        let parent = element.parent.and_then(|parent| reading.elements.get(parent));
        element.light.is_shown
            && !REOPENED.contains(&element.name)
            && (element.name == "html" || parent.is_some_and(|parent| parent.name == "body"))
    };
    let silent = reading.elements.iter().enumerate().filter(|(_, element)| {
        is_outermost(element) && !(has(element, "lang") && has(element, "dir"))
    });
    silent
        .map(|(number, element)| {
            let lacking: Vec<String> = ["lang", "dir"]
                .into_iter()
                .filter(|name| !has(element, name))
                .map(|name| format!("`{name}`"))
                .collect();
            let message = format!("`<{}>` has no {}", element.name, lacking.join(" and no "));
            reading
                .finding(&LANGUAGE, message, number, &[])
                .fix("write `lang=\"{{draft.language}}\" dir=\"{{draft.dir}}\"` in the tag")
        })
        .collect()
}

fn tables(reading: &Reading<'_>) -> Vec<Finding> {
    let arranges = |element: &Element<'_>| {
        element.html.attr("role").is_none_or(|role| role.trim().is_empty())
            && !element.html.descendent_elements().any(|inner| {
                matches!(inner.value().name(), "th" | "caption") && is_own(inner, element)
            })
    };
    reading
        .named(&["table"])
        .filter(|(_, element)| arranges(element))
        .map(|(number, _)| {
            reading
                .finding(&TABLE_ROLE, "this table has no `role`", number, &[])
                .fix("write `role=\"presentation\"` in the tag")
        })
        .collect()
}

/// Whether a part belongs to this table, not to one inside it.
fn is_own(part: scraper::ElementRef<'_>, table: &Element<'_>) -> bool {
    let mut around = part.ancestors().filter_map(scraper::ElementRef::wrap);
    around.find(|outer| outer.value().name() == "table") == Some(table.html)
}

fn acting(reading: &Reading<'_>) -> Vec<Finding> {
    let found = reading.elements.iter().enumerate().filter_map(|(number, element)| {
        let handler = element.html.value().attrs().map(|(name, _)| name);
        let handler = handler.into_iter().find(|name| name.len() > 2 && name.starts_with("on"));
        let what = match handler {
            _ if ACTING.contains(&element.name) => format!("`<{}>`", element.name),
            Some(name) => format!("`{name}`"),
            None => return None,
        };
        let message = format!("{what} has no place in a mail");
        Some(reading.finding(&ACTIVE, message, number, &[]).fix("take it out"))
    });
    found.collect()
}

fn headings(reading: &Reading<'_>) -> Vec<Finding> {
    let (mut findings, mut before, mut has_first) = (Vec::new(), 0, false);
    for (number, element) in reading.named(&["h1", "h2", "h3", "h4", "h5", "h6"]) {
        let says = reading.says(number);
        if !element.light.is_shown || element.is_alternative || says.is_empty() {
            continue;
        }
        let level = usize::from(element.name.as_bytes()[1] - b'0');
        let fault = if level == 1 && has_first {
            Some(("this is a second first-level heading".to_owned(), 2))
        } else if level > before + 1 {
            let message = match before {
                0 => format!("the first heading is of level {level}"),
                _ => format!("a heading of level {level} follows one of level {before}"),
            };
            Some((message, before + 1))
        } else {
            None
        };
        has_first |= level == 1;
        before = level;
        if let Some((message, right)) = fault {
            let fix = if reading.is_of_draft(number) {
                let marks = "#".repeat(right);
                format!("begin its line with `{marks} `, in place of the marks that are there")
            } else {
                format!("make it `<h{right}>`")
            };
            findings.push(reading.finding(&HEADING_ORDER, message, number, &[&says]).fix(fix));
        }
    }
    findings
}
