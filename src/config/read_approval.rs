//! Reads `[approval]`: whether somebody has to look, and who may.

use crate::{
    approval::{Policy, same_name},
    draft::document::{Entry, Faults, Table},
};

/// The section.
pub(super) fn policy(table: &mut Table, faults: &mut Faults<'_>) -> Policy {
    let mut flag = |key: &str, faults: &mut Faults<'_>| {
        table.take(key).and_then(|entry| entry.bool(faults)).unwrap_or_default()
    };
    let (required, by_author) = (flag("required", faults), flag("by_author", faults));
    let approvers = table.take("approvers").map(|entry| approvers(entry, faults));
    Policy { required, approvers: approvers.unwrap_or_default(), by_author }
}

fn approvers(entry: Entry, faults: &mut Faults<'_>) -> Vec<String> {
    let hint = "name who may approve: `approvers = [\"Ann Lee\", \"Jo Park\"]`";
    let (span, since) = (entry.span(), faults.count());
    let mut names: Vec<String> = Vec::new();
    for item in entry.list(faults, hint).unwrap_or_default() {
        let Some(name) = item.line(faults) else { continue };
        if names.iter().any(|earlier| same_name(earlier, &name.value)) {
            let message = format!("`approvers` names `{}` twice", name.value);
            faults.report(name.span, message, "keep one of them");
        } else {
            names.push(name.value);
        }
    }
    if names.is_empty() && faults.count() == since {
        let hint = format!("{hint}, or take it out: then anybody may");
        faults.report(span, "`approvers` names nobody", hint);
    }
    names
}
