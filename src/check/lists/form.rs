//! How a list is written.

use std::io::Read;

use super::{COLUMNS, DIALECT, MARK};
use crate::{
    audience::{Dialect, ListReader, column_name, visible},
    check::Finding,
};

/// What was set right when the list at `file` was opened.
pub fn repaired<R: Read>(file: &str, list: &ListReader<R>) -> Vec<Finding> {
    let separator = match list.dialect() {
        Dialect::Comma => None,
        Dialect::Semicolon => Some("semicolons"),
        Dialect::Tab => Some("tabs"),
    };
    let dialect = separator.map(|separator| {
        DIALECT.finding(format!("cells are separated by {separator}, and were read so"))
    });
    let mark = list
        .has_byte_order_mark()
        .then(|| MARK.finding("the byte order mark at its beginning was left out"));
    let columns = list.renamed().map(|typed| {
        let (shown, name) = (visible(typed), column_name(typed));
        COLUMNS.finding(format!("columns are fields by plain names: `{shown}` is `{name}`"))
    });
    dialect.into_iter().chain(mark).chain(columns).map(|finding| finding.in_file(file)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audience::ListSpec;

    #[test]
    fn what_differs_from_plain_csv_is_told_once() {
        let told = |text: &str| {
            let list =
                ListSpec { name: "m".into(), shown: "lists/m.csv".into(), email_column: None };
            let found = repaired("lists/m.csv", &ListReader::open(&list, text.as_bytes()).unwrap());
            found.iter().map(|finding| finding.rule.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(told("email,first_name\n"), <[&str; 0]>::default());
        assert_eq!(told("\u{FEFF}email;first_name\n"), ["M5/dialect", "M5/bom"]);
        assert_eq!(told("email\tFirst name\n"), ["M5/dialect", "M5/columns"]);
    }
}
