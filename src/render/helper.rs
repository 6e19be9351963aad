//! The functions templates may call. The same code works on constants once a campaign and on a
//! person's values, so both read alike.

use std::{cmp::Ordering, ops::RangeInclusive};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{date, escape};

/// A function that templates may call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Helper {
    /// `default a b`: `a`, or `b` when `a` is empty.
    Default,
    /// `date x`: `Wednesday 2 November 2016`.
    Date,
    /// `date_short x`: `2 November 2016`.
    DateShort,
    /// `time x`: `17:00`.
    Time,
    /// `plural n "one" "many"`: the word that goes with the number.
    Plural,
    /// `url x`: percent-encoded.
    Url,
    /// `eq a b`: whether both print alike.
    Eq,
    /// `ne a b`: whether they do not.
    Ne,
    /// `gt a b`, numbers.
    Gt,
    /// `gte a b`, numbers.
    Gte,
    /// `lt a b`, numbers.
    Lt,
    /// `lte a b`, numbers.
    Lte,
    /// `not a`: whether `a` is empty, `0` or false.
    Not,
    /// `and a b …`: whether none is empty, `0` or false.
    And,
    /// `or a b …`: whether any is not.
    Or,
    /// `len a`: how many items or characters.
    Len,
}

impl Helper {
    /// Every helper by the name templates call it.
    pub(super) const NAMES: [(&'static str, Self); 16] = [
        ("default", Self::Default),
        ("date", Self::Date),
        ("date_short", Self::DateShort),
        ("time", Self::Time),
        ("plural", Self::Plural),
        ("url", Self::Url),
        ("eq", Self::Eq),
        ("ne", Self::Ne),
        ("gt", Self::Gt),
        ("gte", Self::Gte),
        ("lt", Self::Lt),
        ("lte", Self::Lte),
        ("not", Self::Not),
        ("and", Self::And),
        ("or", Self::Or),
        ("len", Self::Len),
    ];

    pub(super) fn named(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(known, _)| *known == name).map(|(_, helper)| *helper)
    }

    /// How many arguments it takes.
    pub(super) fn arity(self) -> RangeInclusive<usize> {
        match self {
            Self::Date | Self::DateShort | Self::Time | Self::Url | Self::Not | Self::Len => 1..=1,
            Self::Plural => 3..=3,
            Self::And | Self::Or => 2..=8,
            _ => 2..=2,
        }
    }

    /// Calls it; the arity is the caller's duty. The error is a message about the value.
    pub(super) fn call(self, arguments: &[Value], language: &str) -> Result<Value, String> {
        let argument = |index: usize| arguments.get(index).unwrap_or(&Value::Null);
        let first = argument(0);
        let ordering = || compare(first, argument(1));
        Ok(match self {
            Self::Default => (if is_empty(first) { argument(1) } else { first }).clone(),
            Self::Date => date::long(&print(first)?, language)?.into(),
            Self::DateShort => date::short(&print(first)?, language)?.into(),
            Self::Time => date::time(&print(first)?)?.into(),
            Self::Plural => {
                argument(if (number(first)? - 1.0).abs() < f64::EPSILON { 1 } else { 2 }).clone()
            }
            Self::Url => escape::url_part(&print(first)?).into(),
            Self::Eq => alike(first, argument(1)).into(),
            Self::Ne => (!alike(first, argument(1))).into(),
            Self::Gt => (ordering()? == Ordering::Greater).into(),
            Self::Gte => (ordering()? != Ordering::Less).into(),
            Self::Lt => (ordering()? == Ordering::Less).into(),
            Self::Lte => (ordering()? != Ordering::Greater).into(),
            Self::Not => (!truthy(first)).into(),
            Self::And => arguments.iter().all(truthy).into(),
            Self::Or => arguments.iter().any(truthy).into(),
            Self::Len => match first {
                Value::Array(items) => items.len(),
                Value::Object(entries) => entries.len(),
                other => print(other)?.chars().count(),
            }
            .into(),
        })
    }
}

/// Truth as Handlebars has it: not empty, not `0`, not `false`.
pub(super) fn truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(holds) => *holds,
        Value::Number(number) => number.as_f64().is_some_and(|number| number != 0.0),
        Value::String(text) => !text.trim().is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(entries) => !entries.is_empty(),
    }
}

/// Whether printing it would leave a hole.
pub(super) fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(entries) => entries.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// A value as text; nothing for null.
pub(super) fn print(value: &Value) -> Result<String, String> {
    match value {
        Value::Null => Ok(String::new()),
        Value::Bool(holds) => Ok(holds.to_string()),
        Value::Number(number) => Ok(number.to_string()),
        Value::String(text) => Ok(text.clone()),
        Value::Array(_) => Err("a list cannot be printed".to_owned()),
        Value::Object(_) => Err("a group of values cannot be printed".to_owned()),
    }
}

/// CSV knows only text, so `3` and `"3"` are the same.
fn alike(a: &Value, b: &Value) -> bool {
    a == b || matches!((print(a), print(b)), (Ok(a), Ok(b)) if a == b)
}

fn compare(a: &Value, b: &Value) -> Result<Ordering, String> {
    Ok(number(a)?.total_cmp(&number(b)?))
}

fn number(value: &Value) -> Result<f64, String> {
    let text = print(value)?;
    text.trim().parse().map_err(|_| format!("`{text}` is not a number"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn call(helper: Helper, arguments: &[Value]) -> Value {
        helper.call(arguments, "en-GB").unwrap()
    }

    #[test]
    fn a_default_stands_in_for_emptiness_only() {
        assert_eq!(call(Helper::Default, &[json!(" "), json!("friend")]), json!("friend"));
        assert_eq!(call(Helper::Default, &[json!(0), json!("none")]), json!(0));
    }

    #[test]
    fn a_number_in_a_list_compares_with_a_number_in_a_template() {
        assert_eq!(call(Helper::Eq, &[json!("3"), json!(3)]), json!(true));
        assert_eq!(call(Helper::Gt, &[json!("10"), json!(9)]), json!(true));
        assert_eq!(call(Helper::Plural, &[json!("1"), json!("seat"), json!("seats")]), "seat");
        assert!(Helper::Lt.call(&[json!("ten"), json!(9)], "en").is_err());
    }

    #[test]
    fn truth_is_that_of_handlebars() {
        for empty in [json!(null), json!(false), json!(0), json!(""), json!([])] {
            assert_eq!(call(Helper::Not, &[empty]), json!(true));
        }
        assert_eq!(call(Helper::And, &[json!("x"), json!(1)]), json!(true));
        assert_eq!(call(Helper::Or, &[json!(""), json!(0)]), json!(false));
    }
}
