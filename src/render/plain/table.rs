//! Tables with aligned columns, or as records where they are too wide for a line.

use comrak::nodes::TableAlignment;

use super::{hang, wrap::Measure};

impl Measure<'_> {
    /// The first row is the header.
    pub(super) fn table(
        &self,
        rows: &[Vec<String>],
        alignments: &[TableAlignment],
        width: usize,
    ) -> String {
        let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
        let widest = |column: usize| {
            rows.iter().filter_map(|row| row.get(column)).map(|cell| self.width(cell)).max()
        };
        let widths: Vec<usize> =
            (0..columns).map(|column| widest(column).unwrap_or_default()).collect();
        let total: usize = widths.iter().sum::<usize>() + 2 * columns.saturating_sub(1);
        if total > width {
            return self.records(rows, width);
        }
        let mut lines = Vec::new();
        for (index, row) in rows.iter().enumerate() {
            let cells = widths.iter().enumerate().map(|(column, wide)| {
                let cell = row.get(column).map_or("", String::as_str);
                let gap = wide - self.width(cell);
                let left = match alignments.get(column) {
                    Some(TableAlignment::Right) => gap,
                    Some(TableAlignment::Center) => gap / 2,
                    _ => 0,
                };
                format!("{}{cell}{}", " ".repeat(left), " ".repeat(gap - left))
            });
            lines.push(cells.collect::<Vec<_>>().join("  ").trim_end().to_owned());
            if index == 0 {
                let rule: Vec<_> = widths.iter().map(|wide| "-".repeat(*wide)).collect();
                lines.push(rule.join("  "));
            }
        }
        lines.join("\n")
    }

    /// `Header: cell`, a line each, an empty line between rows.
    fn records(&self, rows: &[Vec<String>], width: usize) -> String {
        let Some((header, rows)) = rows.split_first() else { return String::new() };
        let record = |row: &Vec<String>| {
            let lines = row.iter().enumerate().filter(|(_, cell)| !cell.is_empty()).map(
                |(column, cell)| {
                    let label = header.get(column).filter(|label| !label.is_empty());
                    let line = label.map_or(cell.clone(), |label| format!("{label}: {cell}"));
                    hang(&self.wrap(&line, width - 2).join("\n"), "", "  ")
                },
            );
            lines.collect::<Vec<_>>().join("\n")
        };
        rows.iter().map(record).collect::<Vec<_>>().join("\n\n")
    }
}
