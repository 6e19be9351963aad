//! CSV that a spreadsheet may open.

use std::borrow::Cow;

/// What makes a cell a formula.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// A record without its line end. No spreadsheet takes one of its cells for a formula.
pub(super) fn line(cells: &[String]) -> String {
    let guarded = cells.iter().map(|cell| {
        let is_formula = cell.starts_with(FORMULA);
        if is_formula { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell.as_str()) }
    });
    let mut writer = csv::Writer::from_writer(Vec::new());
    let written = writer.write_record(guarded.map(|cell| cell.into_owned().into_bytes()));
    let bytes = written.ok().and_then(|()| writer.into_inner().ok()).unwrap_or_default();
    String::from_utf8_lossy(&bytes).trim_end_matches('\n').to_owned()
}

/// A cell as it was before [`line()`] guarded it.
pub(super) fn unguarded(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| rest.starts_with(FORMULA)).unwrap_or(cell)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_cannot_become_a_formula() {
        let cells = ["=1+1", "say \"hi\", twice", "2.0.0 Ok"].map(str::to_owned);
        assert_eq!(line(&cells), "'=1+1,\"say \"\"hi\"\", twice\",2.0.0 Ok");
        for cell in ["=1+1", "'quoted'", "ann@example.org"] {
            assert_eq!(unguarded(&line(&[cell.to_owned()])), cell);
        }
    }
}
