//! Segments, exclusions and suppressions: who of the listed people is meant.

use std::{collections::HashSet, io::Read, sync::Arc};

use super::{
    Address, Fields, ListReader, ListSpec, Row, address::lower_nfc, column_name,
    header::did_you_mean,
};
use crate::{diagnostic::Diagnostic, keys::PersonKey};

/// One condition of a segment: a column holds one of some values. Case, Unicode spelling and
/// surrounding white space do not matter; there is no other comparison and no negation, because a
/// condition that is read the wrong way round mails the wrong people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// The column, in any spelling that [`column_name`] brings to its name.
    pub column: String,
    /// The values that pass; at least one, none of them empty.
    pub any_of: Vec<String>,
}

/// Who of the listed people is meant. The default means everybody. A clone shares the people.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// All must hold.
    pub conditions: Vec<Condition>,
    /// People left out by `exclude`.
    pub exclude: Arc<HashSet<PersonKey>>,
    /// Whom alone it is for: rows of anybody else are no rows of the audience.
    pub only: Option<Arc<HashSet<PersonKey>>>,
    /// People never to be mailed.
    pub suppressed: Arc<HashSet<PersonKey>>,
}

/// Everybody on a list, for [`Selection::exclude`]. Rows that cannot be mailed name nobody.
pub fn people<R: Read>(
    list: ListReader<R>,
    key: impl Fn(&Address) -> PersonKey,
) -> Result<HashSet<PersonKey>, Diagnostic> {
    let person = |row: Result<Row, Diagnostic>| match row {
        Ok(row) => row.address.ok().map(|address| Ok(key(&address))),
        Err(fault) => Some(Err(fault)),
    };
    list.filter_map(person).collect()
}

/// Checked conditions, their values folded for comparing.
pub(super) struct Segment {
    conditions: Vec<(String, HashSet<String>)>,
}

impl Segment {
    /// Refuses conditions that say nothing, or something other than they seem to say.
    pub(super) fn new(conditions: &[Condition]) -> Result<Self, Diagnostic> {
        let conditions = conditions.iter().map(fold).collect::<Result<_, _>>()?;
        Ok(Self { conditions })
    }

    /// Where the segment's columns stand in this list. It must have all of them: people must not
    /// be left out, or let in, because their list does not know.
    pub(super) fn resolve(
        &self,
        list: &ListSpec,
        columns: &[String],
    ) -> Result<Vec<usize>, Diagnostic> {
        let find = |(wanted, _): &(String, HashSet<String>)| {
            columns.iter().position(|column| column == wanted).ok_or_else(|| {
                Diagnostic::new(format!(
                    "`where` asks for `{wanted}`, which list `{}` does not have",
                    list.name
                ))
                .in_file(list.shown.clone())
                .hint(did_you_mean(wanted, columns))
                .rule("M10/where")
            })
        };
        self.conditions.iter().map(find).collect()
    }

    /// Whether a row passes; `places` are those of its list.
    pub(super) fn admits(&self, places: &[usize], fields: &Fields) -> bool {
        self.conditions.iter().zip(places).all(|((_, values), place)| {
            fields.values.get(*place).is_some_and(|value| values.contains(&lower_nfc(value.trim())))
        })
    }
}

fn fold(condition: &Condition) -> Result<(String, HashSet<String>), Diagnostic> {
    let Condition { column: typed, any_of } = condition;
    let column = column_name(typed);
    let looks_like_an_operator = |text: &str| text.contains(['!', '<', '>', '=', '~', '*', '^']);
    if column.is_empty() {
        return Err(Diagnostic::new("a condition of `where` names no column")
            .hint("write it as `city=London`"));
    }
    if looks_like_an_operator(typed) || any_of.iter().any(|value| value.trim().starts_with('!')) {
        return Err(Diagnostic::new(format!("the condition on `{column}` is not a comparison"))
            .hint("`where` knows only `column=value`; leave people out with `exclude`"));
    }
    if any_of.is_empty() {
        return Err(Diagnostic::new(format!("the condition on `{column}` has no value"))
            .hint("nobody would pass; name a value, or take the condition away"));
    }
    if any_of.iter().any(|value| value.trim().is_empty()) {
        return Err(Diagnostic::new(format!("the condition on `{column}` has an empty value"))
            .hint("rows without a value cannot be selected; name a value"));
    }
    Ok((column, any_of.iter().map(|value| lower_nfc(value.trim())).collect()))
}
