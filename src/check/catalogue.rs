//! All rules in the order of the catalogue.

use std::collections::BTreeSet;

use super::{Rule, copy, dates, early, header, history, lists, page, picture, prose, subject};

/// Every rule.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    let groups: [&'static [&'static Rule]; 9] = [
        &early::RULES,
        &header::RULES,
        &subject::RULES,
        &lists::RULES,
        &prose::RULES,
        &dates::RULES,
        &copy::RULES,
        &picture::RULES,
        &history::RULES,
    ];
    groups.into_iter().chain(page::RULES).flatten().copied()
}

/// The rule of this id (`B4/weekday`).
pub fn rule(id: &str) -> Option<&'static Rule> {
    let (code, name) = id.split_once('/')?;
    rules().find(|rule| (rule.code, rule.name) == (code, name))
}

/// The rules of a code (`B4`, `b4`), or the one that an id names.
pub fn rules_of(code_or_id: &str) -> Vec<&'static Rule> {
    let (code, name) =
        code_or_id.split_once('/').map_or((code_or_id, None), |(code, name)| (code, Some(name)));
    rules()
        .filter(|rule| rule.code.eq_ignore_ascii_case(code))
        .filter(|rule| name.is_none_or(|name| rule.name.eq_ignore_ascii_case(name)))
        .collect()
}

/// The letters of the catalogue, each with what its codes are about.
pub const CHAPTERS: [(char, &str); 8] = [
    ('H', "Headers"),
    ('S', "Subject and preheader"),
    ('M', "Merging and lists"),
    ('B', "Body"),
    ('L', "Links"),
    ('I', "Pictures"),
    ('A', "Accessibility and HTML"),
    ('C', "Campaign"),
];

/// The codes in the order of the catalogue: by chapter, then by number.
pub fn codes() -> Vec<&'static str> {
    let codes: BTreeSet<(usize, u32, &str)> = rules()
        .map(|rule| {
            let chapter = CHAPTERS.iter().position(|(letter, _)| rule.code.starts_with(*letter));
            let number: String = rule.code.chars().filter(char::is_ascii_digit).collect();
            (chapter.unwrap_or(CHAPTERS.len()), number.parse().unwrap_or_default(), rule.code)
        })
        .collect();
    codes.into_iter().map(|(.., code)| code).collect()
}
