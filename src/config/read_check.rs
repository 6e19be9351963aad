//! Reads `[check]`: levels of rules, and the numbers that they compare with.

use crate::{
    check::{Level, Limits, Policy, Rule, rules, rules_of},
    diagnostic::closest,
    draft::document::{Entry, Faults, Table},
};

/// The section.
pub(super) fn policy(table: &mut Table, faults: &mut Faults<'_>) -> Policy {
    let usual = Limits::default();
    let kilobytes = (usual.html.0 / 1_000, usual.html.1 / 1_000);
    let html = pair(table, "html_kb", kilobytes, faults);
    let limits = Limits {
        subject: pair(table, "subject", usual.subject, faults),
        html: (html.0 * 1_000, html.1 * 1_000),
        links: number(table, "links", usual.links, faults),
        words: pair(table, "words", usual.words, faults),
        repeat_days: number(table, "repeat_days", usual.repeat_days, faults),
        audience_change: number(table, "audience_change", usual.audience_change, faults),
    };
    let mut policy = Policy { limits, ..Policy::default() };
    let hint = "write it as `{ \"L3/plain-http\" = \"error\", \"S2/length\" = \"off\" }`";
    let levels = table.take("levels").and_then(|entry| entry.table(faults, hint));
    for (id, entry) in levels.map(|mut table| table.take_all()).unwrap_or_default() {
        let matching = rules_of(&id.value);
        let stands = |rule: &&&Rule| policy.levels.contains_key(&rule.to_string());
        if let Some(rule) = matching.first().filter(|_| matching.len() == 1).filter(stands) {
            let message = format!("`{rule}` has a level already");
            faults.report(id.span, message, "keep one of them");
            continue;
        }
        let [rule] = matching.as_slice() else {
            let hint = match matching.as_slice() {
                [] => {
                    let ids: Vec<String> = rules().map(ToString::to_string).collect();
                    let near = closest(&id.value, ids.iter().map(String::as_str));
                    near.map_or("`announce explain` lists them".to_owned(), |near| {
                        format!("did you mean `{near}`?")
                    })
                }
                several => {
                    let ids: Vec<String> = several.iter().map(|rule| format!("`{rule}`")).collect();
                    format!("name one of its rules: {}", ids.join(", "))
                }
            };
            faults.report(id.span, format!("`{}` is no rule of the checks", id.value), hint);
            continue;
        };
        let Some(wish) = wish(entry, faults) else { continue };
        let level = wish.level();
        if !rule.may_pass && level != Some(Level::Error) {
            let message = format!("`{rule}` cannot be anything but an error");
            faults.report(id.span, message, "take the line out");
            continue;
        }
        policy.levels.insert(rule.to_string(), level);
    }
    policy
}

/// What a house wishes of a rule.
enum Wish {
    Off,
    At(Level),
}

impl Wish {
    fn level(self) -> Option<Level> {
        match self {
            Self::Off => None,
            Self::At(level) => Some(level),
        }
    }
}

fn wish(entry: Entry, faults: &mut Faults<'_>) -> Option<Wish> {
    let hint = "write one of `error`, `warning`, `note`, `off`";
    let read = |text: &str| match text {
        "error" => Some(Wish::At(Level::Error)),
        "warning" => Some(Wish::At(Level::Warning)),
        "note" => Some(Wish::At(Level::Note)),
        "off" => Some(Wish::Off),
        _ => None,
    };
    entry.parsed(faults, "a level", hint, read).map(|level| level.value)
}

fn number<N: TryFrom<usize> + Copy>(
    table: &mut Table,
    key: &str,
    usual: N,
    faults: &mut Faults<'_>,
) -> N
where
    usize: TryFrom<N>,
{
    let usual_number = usize::try_from(usual).unwrap_or_default();
    let number = super::section::number(table, key, usual_number, 10_000, faults);
    number.and_then(|number| N::try_from(number).ok()).unwrap_or(usual)
}

/// Two numbers, the lesser first.
fn pair(
    table: &mut Table,
    key: &str,
    usual: (usize, usize),
    faults: &mut Faults<'_>,
) -> (usize, usize) {
    let Some(entry) = table.take(key) else { return usual };
    let hint = format!("write `{key} = [{}, {}]`", usual.0, usual.1);
    let span = entry.span();
    let numbers: Vec<usize> = entry
        .list(faults, &hint)
        .unwrap_or_default()
        .into_iter()
        .filter_map(|entry| {
            let read = |text: &str| text.parse().ok().filter(|number| *number <= 1_000_000);
            entry.parsed(faults, "a whole number", &hint, read).map(|number| number.value)
        })
        .collect();
    match numbers.as_slice() {
        [least, most] if least < most => (*least, *most),
        _ => {
            faults.report(span, format!("`{key}` is not two numbers, the lesser first"), hint);
            usual
        }
    }
}
