//! What a column may be called, and which one holds the address.

use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};

use super::Address;
use crate::diagnostic::{Diagnostic, closest};

/// Names an address column may have when none is configured.
const ADDRESS_COLUMNS: [&str; 4] = ["email", "e_mail", "mail", "email_address"];

/// Names that mean something else in a template.
const NAMESPACES: [&str; 6] = ["draft", "event", "sender", "links", "list", "subscriber"];
const HELPERS: [&str; 22] = [
    "if", "unless", "else", "each", "with", "lookup", "default", "date", "time", "plural", "eq",
    "ne", "gt", "gte", "lt", "lte", "and", "or", "not", "len", "log", "raw",
];
const LITERALS: [&str; 5] = ["this", "as", "true", "false", "null"];

/// A header as the merge field it becomes: NFC, lower case, words joined by `_` (`First Name`,
/// `first-name` and `FirstName` are `first_name`).
pub fn column_name(header: &str) -> String {
    let mut name = String::new();
    let mut previous_is_lower = false;
    let mut word_ended = false;
    for c in header.nfc() {
        if !c.is_alphanumeric() && !is_combining_mark(c) {
            word_ended = true;
            continue;
        }
        let is_capital = c.to_lowercase().ne([c]);
        if (word_ended || (previous_is_lower && is_capital)) && !name.is_empty() {
            name.push('_');
        }
        word_ended = false;
        previous_is_lower = c.is_lowercase();
        name.extend(c.to_lowercase());
    }
    name.nfc().collect()
}

/// The columns of a header record, as merge fields or, in a table that no template reads, under
/// any name. The fault has no place yet.
pub(super) fn columns(header: &[String], merged: bool) -> Result<Vec<String>, Diagnostic> {
    if header.iter().any(|typed| Address::parse(typed).is_ok()) {
        return Err(Diagnostic::new("the first line is not a header: it has an address in it")
            .hint("put a line above it that names the columns, such as `email,first_name`"));
    }
    let mut columns: Vec<String> = Vec::with_capacity(header.len());
    for (index, typed) in header.iter().enumerate() {
        let column = column_name(typed);
        let number = index + 1;
        if column.is_empty() {
            return Err(Diagnostic::new(format!("column {number} has no name"))
                .hint("name it in the first line, or delete the column"));
        }
        if let Some(first) = columns.iter().position(|other| *other == column) {
            return Err(Diagnostic::new(format!(
                "columns {} and {number} are both called `{column}`",
                first + 1
            ))
            .hint("rename one of them (case, spaces and punctuation do not tell names apart)"));
        }
        if merged && is_reserved(&column) {
            return Err(Diagnostic::new(format!(
                "column {number} is called `{column}`, which means something else in a template"
            ))
            .hint(format!("rename it, for instance to `their_{column}`")));
        }
        columns.push(column);
    }
    Ok(columns)
}

fn is_reserved(column: &str) -> bool {
    NAMESPACES.contains(&column) || HELPERS.contains(&column) || LITERALS.contains(&column)
}

/// Which of the columns holds the address. The fault has no place yet.
pub(super) fn address_column(
    columns: &[String],
    configured: Option<&str>,
    list: &str,
) -> Result<usize, Diagnostic> {
    if let Some(configured) = configured {
        let name = column_name(configured);
        return columns.iter().position(|column| *column == name).ok_or_else(|| {
            Diagnostic::new(format!("there is no column `{configured}` for the address"))
                .hint(did_you_mean(&name, columns))
        });
    }
    let mut found = (0..columns.len()).filter(|i| ADDRESS_COLUMNS.contains(&columns[*i].as_str()));
    match (found.next(), found.next()) {
        (Some(column), None) => Ok(column),
        (Some(one), Some(other)) => Err(Diagnostic::new(format!(
            "both `{}` and `{}` could hold the address",
            columns[one], columns[other]
        ))
        .hint(format!("say which under `[lists]`: `{list} = {{ file = \"…\", email = \"…\" }}`"))),
        (None, _) => Err(Diagnostic::new(format!(
            "there is no column for the address, only {}",
            listed(columns)
        ))
        .hint(format!(
            "call it `email`, or name it under `[lists]`: `{list} = {{ file = \"…\", email = \"…\" }}`"
        ))),
    }
}

/// `did you mean …?`, or what there is.
pub(super) fn did_you_mean(name: &str, columns: &[String]) -> String {
    match closest(name, columns.iter().map(String::as_str)) {
        Some(column) => format!("did you mean `{column}`?"),
        None => format!("the list has {}", listed(columns)),
    }
}

fn listed(columns: &[String]) -> String {
    columns.iter().map(|column| format!("`{column}`")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn headers_become_merge_fields() {
        for (header, column) in [
            ("email", "email"),
            (" First Name ", "first_name"),
            ("first-name", "first_name"),
            ("FirstName", "first_name"),
            ("E-Mail", "e_mail"),
            ("EMAIL", "email"),
            ("E-mail (private)", "e_mail_private"),
            ("Straße", "straße"),
            ("ÉTÉ", "été"),
            ("Pre\u{301}nom", "pr\u{E9}nom"),
            ("이름", "이름"),
            ("\u{FEFF}email", "email"),
            ("क्रम", "क्रम"),
            ("Address 2", "address_2"),
            ("a𝐀", "a𝐀"),
            (" -- ", ""),
        ] {
            assert_eq!(column_name(header), column);
        }
    }

    proptest! {
        #[test]
        fn a_merge_field_names_itself(header in any::<String>()) {
            let column = column_name(&header);
            prop_assert_eq!(column_name(&column), column);
        }
    }
}
