//! What is wrong with copies, told to staff: by rows of their lists, never by person.

use super::{CLIPPED, Flaw, GREETING, LARGE, LEFTOVER};
use crate::{
    check::{Finding, Limits},
    diagnostic::{Source, group_thousands},
    render::RowsOfList,
};

/// Rows of the lists whose copies have the same flaw.
pub type Rows = [RowsOfList];

/// A flaw of these rows' copies. It stands in the first of them.
pub fn about_rows(flaw: &Flaw, rows: &Rows) -> Finding {
    let Flaw { rule, words } = flaw;
    let lists: Vec<String> = rows.iter().map(RowsOfList::to_string).collect();
    let lists = lists.join(" and ");
    let finding = if **rule == LEFTOVER {
        let fix = "empty the cell, or write what it should say";
        rule.finding(format!("a merge tag (`{words}`) is left in the mail for {lists}")).fix(fix)
    } else if **rule == GREETING {
        let fix = "give the name a fallback: `{{default first_name \"friend\"}}`";
        rule.finding(format!("the mail greets nobody (`{words}`) for {lists}")).fix(fix)
    } else {
        let fix = format!("empty the cells, and print `{{{{default {words} \"…\"}}}}`");
        rule.finding(format!("`{words}` holds only a sign for nothing in {lists}")).fix(fix)
    };
    match rows.first().and_then(|list| Some((&list.file, list.lines.first()?))) {
        Some((file, line)) => finding.at_line(file, *line),
        None => finding,
    }
}

/// A flaw of every copy. It stands where its words are first found; none if the author has said with
/// a backslash that it is meant.
pub fn about_everybody(flaw: &Flaw, sources: &[Source]) -> Option<Finding> {
    let Flaw { rule, words } = flaw;
    let finding = if **rule == LEFTOVER {
        let fix = "write the field as `{{column}}`, or take the tag out";
        rule.finding(format!("`{words}` is left in every copy")).fix(fix)
    } else {
        let fix = "write whom you greet: `Dear {{default first_name \"friend\"}},`";
        rule.finding(format!("the mail greets nobody: `{words}`")).fix(fix)
    };
    let places = sources.iter().flat_map(|source| {
        source.text.match_indices(words.as_str()).map(move |(at, _)| (source, at))
    });
    let (meant, left): (Vec<_>, Vec<_>) =
        places.partition(|(source, at)| source.text[..*at].ends_with(['\\', '`']));
    // Two braces without a backslash were merged: if one of them has it, that is the one.
    let is_meant = !meant.is_empty() && (left.is_empty() || words.starts_with("{{"));
    match left.first() {
        _ if is_meant => None,
        Some((source, at)) => Some(finding.at(source, *at..at + words.len())),
        None => Some(finding),
    }
}

/// The largest copy's HTML, if it is too large: `bytes` as it travels, and the row that it is for.
pub fn oversize(bytes: usize, file: &str, line: u64, limits: &Limits) -> Option<Finding> {
    let (large, clipped) = limits.html;
    let rule = match bytes {
        bytes if bytes >= clipped => &CLIPPED,
        bytes if bytes >= large => &LARGE,
        _ => return None,
    };
    let size = group_thousands(bytes as u64);
    let message =
        format!("the largest copy has {size} bytes of HTML; Gmail cuts off at about 102,000");
    Some(
        rule.finding(message).at_line(file, line).fix("shorten the text, or link to the long part"),
    )
}
