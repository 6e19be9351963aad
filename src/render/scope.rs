//! The levels of names around a place in a template, and the steps into their values.

use std::collections::BTreeMap;

use handlebars::{Path, PathSeg};
use serde_json::Value;

use super::Expression;

/// What is known of a value while templates are worked out.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Known {
    /// A constant, and the front matter key it comes from (`event.speakers`), if any.
    Constant(Value, String),
    /// A person's value.
    Later(Expression),
    /// A text that is itself a template.
    Slot(Slot),
    /// A constant that this draft leaves out.
    Nothing,
    /// Reported as a fault already, or of a branch that is only looked over.
    Unknown,
}

/// Texts that are templates themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slot {
    /// `{{{body}}}` in a kind's template.
    Body,
    /// `{{{content}}}` in a layout.
    Content,
    /// `draft.subject`, when it has expressions.
    Subject,
    /// `draft.preheader`, when it has expressions.
    Preheader,
}

/// A name as written, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Name {
    /// How many `../` it begins with.
    pub(super) ups: usize,
    /// Begins with `@root`.
    pub(super) from_root: bool,
    /// Begins with `this` or `./`, after any `../`.
    pub(super) from_this: bool,
    /// `@index` and the like.
    pub(super) local: Option<String>,
    /// The dotted names.
    pub(super) names: Vec<String>,
    /// As written.
    pub(super) written: String,
}

impl Name {
    pub(super) fn of(path: &Path) -> Self {
        match path {
            Path::Local((ups, name, written)) => Self {
                ups: *ups,
                from_root: false,
                from_this: false,
                local: Some(name.clone()),
                names: Vec::new(),
                written: written.clone(),
            },
            Path::Relative((segments, written)) => {
                let named = segments.iter().filter_map(|segment| match segment {
                    PathSeg::Named(name) => Some(name.clone()),
                    _ => None,
                });
                let mut keys: Vec<String> = named.collect();
                if keys.first().is_some_and(|key| key == "this") {
                    keys.remove(0);
                }
                Self {
                    ups: written.matches("../").count(),
                    from_root: written.starts_with("@root"),
                    from_this: is_from_this(written.trim_start_matches("../")),
                    local: None,
                    names: keys,
                    written: written.clone(),
                }
            }
        }
    }
}

fn is_from_this(written: &str) -> bool {
    let rest = written.strip_prefix("this").or_else(|| written.strip_prefix('.'));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '/']))
}

/// One level of `{{#each}}`, `{{#with}}` or a partial.
#[derive(Clone, Debug)]
pub(super) struct Scope {
    /// What `this` is; the constants at large when `None`.
    pub(super) this: Option<Known>,
    /// Block parameters (`as |item|`) and parameters of a partial.
    pub(super) names: BTreeMap<String, Known>,
    /// A partial: its parameters are keys of its `this` as well.
    pub(super) is_partial: bool,
    /// `@index`, `@first`, `@last`, `@key`.
    pub(super) locals: BTreeMap<&'static str, Value>,
}

impl Scope {
    pub(super) fn new(this: Option<Known>) -> Self {
        Self { this, names: BTreeMap::new(), is_partial: false, locals: BTreeMap::new() }
    }
}

/// A step into a value.
pub(super) enum Step {
    /// There is such a key.
    Found(Known),
    /// The draft leaves it out, as its kind allows.
    LeftOut,
    /// There is no such key; these are the ones there are.
    Missing(Vec<String>),
}

/// Goes one name down. `optional` are the keys that a draft may leave out.
pub(super) fn step(value: &Known, name: &str, optional: &[String]) -> Step {
    let Known::Constant(value, origin) = value else {
        return match value {
            Known::Nothing => Step::LeftOut,
            Known::Unknown => Step::Found(Known::Unknown),
            _ => Step::Missing(Vec::new()),
        };
    };
    let path = if origin.is_empty() { name.to_owned() } else { format!("{origin}.{name}") };
    let found = match value {
        Value::Object(entries) => entries.get(name).cloned(),
        Value::Array(items) if name == "length" => Some(items.len().into()),
        Value::Array(items) => name.parse().ok().and_then(|at: usize| items.get(at).cloned()),
        _ => None,
    };
    match found {
        Some(Value::Null) => Step::LeftOut,
        Some(found) if matches!(value, Value::Array(_)) => {
            Step::Found(Known::Constant(found, origin.clone()))
        }
        Some(found) => Step::Found(Known::Constant(found, path)),
        None => {
            let key = path.strip_prefix("draft.").unwrap_or(&path);
            let below = |known: &&String| {
                known.strip_prefix(key).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            };
            if optional.iter().any(|known| below(&known)) {
                return Step::LeftOut;
            }
            let mut siblings: Vec<String> = match value {
                Value::Object(entries) => entries.keys().cloned().collect(),
                _ => Vec::new(),
            };
            let prefix = key.strip_suffix(name).unwrap_or_default();
            siblings.extend(optional.iter().filter_map(|known| {
                Some(known.strip_prefix(prefix)?.split('.').next()?.to_owned())
            }));
            Step::Missing(siblings)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(written: &str) -> Name {
        Name::of(&Path::parse(written).unwrap())
    }

    #[test]
    fn names_are_taken_apart() {
        assert_eq!(name("../../a.b").ups, 2);
        assert_eq!(name("../a.b").names, ["a", "b"]);
        assert_eq!(name("@root.draft.kind").names, ["draft", "kind"]);
        assert!(name("@root/draft").from_root);
        assert_eq!(name("@index").local.as_deref(), Some("index"));
        assert_eq!(name("@../index").ups, 1);
        assert_eq!(name("this").names, [""; 0]);
        assert_eq!(name("this.role").names, ["role"]);
        assert_eq!(name("./first_name").names, ["first_name"]);
        for from_this in ["this", "this.role", "this/role", "./role", "../this.role"] {
            assert!(name(from_this).from_this, "{from_this}");
        }
        for bare in ["role", "../role", "thistle"] {
            assert!(!name(bare).from_this, "{bare}");
        }
    }
}
