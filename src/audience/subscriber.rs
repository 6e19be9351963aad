//! A row with a good address.

use std::{fmt, sync::Arc};

use super::Address;

/// The merge fields of one person. The header is shared by all rows of a list.
#[derive(Clone, PartialEq, Eq)]
pub struct Fields {
    /// Column names, as [`column_name`](super::column_name) makes them.
    pub columns: Arc<[String]>,
    /// One value a column, as in the file, trimmed.
    pub values: Vec<String>,
}

impl Fields {
    /// The value of a column.
    pub fn get(&self, column: &str) -> Option<&str> {
        self.values.get(self.place(column)?).map(String::as_str)
    }

    /// The same, to be changed or taken out.
    pub fn get_mut(&mut self, column: &str) -> Option<&mut String> {
        let place = self.place(column)?;
        self.values.get_mut(place)
    }

    fn place(&self, column: &str) -> Option<usize> {
        self.columns.iter().position(|name| name == column)
    }
}

/// Shows the columns and nobody's data.
impl fmt::Debug for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fields").field("columns", &self.columns).finish_non_exhaustive()
    }
}

/// One row of one list with a good address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscriber {
    /// Where the mail goes.
    pub address: Address,
    /// The row's columns.
    pub fields: Fields,
    /// Name of the list (`members`), shared by its rows.
    pub list: Arc<str>,
    /// Physical line in the file; the header is line 1.
    pub line: u64,
}
