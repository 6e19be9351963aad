//! How a list is written.

use super::{DIALECT, MARK};
use crate::{audience::Dialect, check::Finding};

/// What was set right when the list at `file` was read.
pub fn repaired(file: &str, dialect: Dialect, has_byte_order_mark: bool) -> Vec<Finding> {
    let separator = match dialect {
        Dialect::Comma => None,
        Dialect::Semicolon => Some("semicolons"),
        Dialect::Tab => Some("tabs"),
    };
    let dialect = separator.map(|separator| {
        DIALECT.finding(format!("cells are separated by {separator}, and were read so"))
    });
    let mark = has_byte_order_mark
        .then(|| MARK.finding("the byte order mark at its beginning was left out"));
    dialect.into_iter().chain(mark).map(|finding| finding.in_file(file)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_from_plain_csv_is_told_once() {
        let told = |dialect, mark| {
            let found = repaired("lists/m.csv", dialect, mark);
            found.iter().map(|finding| finding.rule.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(told(Dialect::Comma, false), <[&str; 0]>::default());
        assert_eq!(told(Dialect::Semicolon, true), ["M5/dialect", "M5/bom"]);
        assert_eq!(told(Dialect::Tab, false), ["M5/dialect"]);
    }
}
