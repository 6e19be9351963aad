//! Finds what a name means: a constant, a list column, or a fault with the name that was meant.

use handlebars::Path;
use serde_json::Value;

use super::{
    Expression, Field,
    document::Dialect,
    evaluate::{At, Evaluator},
    scope::{Known, Name, Slot, Step, step},
};
use crate::diagnostic::closest;

/// Names that mean the same everywhere.
const NAMESPACES: [&str; 7] =
    ["draft", "event", "sender", "calendar", "subscriber", "links", "list"];

impl Evaluator<'_> {
    /// What a path means where it stands; a fault is reported.
    pub(super) fn resolve(&mut self, path: &Path, at: &At<'_>) -> Known {
        let name = Name::of(path);
        if let Some(local) = &name.local {
            return self.local(&name, local, at);
        }
        let depth = if name.from_root { 0 } else { self.scopes.len().saturating_sub(name.ups) };
        let Some((first, rest)) = name.names.split_first() else {
            return self.this(depth);
        };
        if let Some(known) = self.in_scopes(first, depth, name.from_this) {
            return self.descend(known, first, rest, &name, at);
        }
        if let Some(known) = self.slot_of(first, rest) {
            return known;
        }
        match first.as_str() {
            "subscriber" => self.subscriber(rest, &name, at),
            "links" => self.links(rest, &name, at),
            "list" => match rest {
                [title] if title == "title" => Known::Later(Expression::Field(Field::ListTitle)),
                _ => self.unknown(&name, &["list.title".to_owned()], at),
            },
            _ if NAMESPACES.contains(&first.as_str()) => {
                let root = Known::Constant(self.constants.clone(), String::new());
                self.descend_from(root, &name.names, &name, at)
            }
            _ if depth == 0 && at.document.dialect == Dialect::Draft && rest.is_empty() => {
                self.column(first, at)
            }
            _ => self.nowhere(first, &name, depth, at),
        }
    }

    fn this(&self, depth: usize) -> Known {
        let scope = depth.checked_sub(1).and_then(|index| self.scopes.get(index));
        let this = scope.and_then(|scope| scope.this.clone());
        this.unwrap_or_else(|| Known::Constant(self.constants.clone(), String::new()))
    }

    /// A block or partial parameter of any level around, or a key of this level's value; with an
    /// explicit `this` the key only.
    fn in_scopes(&self, name: &str, depth: usize, from_this: bool) -> Option<Known> {
        let scopes = &self.scopes[..depth];
        let here = scopes.last()?;
        let named = if from_this {
            here.names.get(name).filter(|_| here.is_partial)
        } else {
            scopes.iter().rev().find_map(|scope| scope.names.get(name))
        };
        if let Some(known) = named {
            return Some(known.clone());
        }
        let this = here.this.as_ref()?;
        let is_namespace = NAMESPACES.contains(&name);
        match step(this, name, self.input.optional) {
            // Whatever an item holds is not known when there is none.
            Step::Found(Known::Unknown) if is_namespace => None,
            Step::Found(known) => Some(known),
            Step::LeftOut if !is_namespace => Some(Known::Nothing),
            _ => None,
        }
    }

    fn slot_of(&self, first: &str, rest: &[String]) -> Option<Known> {
        let slots = self.slots();
        let (slot, document) = match (first, rest) {
            ("body", []) => (Slot::Body, &slots.body),
            ("content", []) => (Slot::Content, &slots.content),
            ("draft", [key]) if key == "subject" => (Slot::Subject, &slots.subject),
            ("draft", [key]) if key == "preheader" => (Slot::Preheader, &slots.preheader),
            _ => return None,
        };
        document.as_ref().map(|_| Known::Slot(slot))
    }

    fn descend(
        &mut self,
        known: Known,
        first: &str,
        rest: &[String],
        name: &Name,
        at: &At<'_>,
    ) -> Known {
        match known {
            Known::Later(_) | Known::Slot(_) if !rest.is_empty() => {
                self.fault(at, format!("`{first}` is one text and has no `{}`", rest.join(".")));
                Known::Unknown
            }
            known => self.descend_from(known, rest, name, at),
        }
    }

    fn descend_from(
        &mut self,
        mut known: Known,
        names: &[String],
        name: &Name,
        at: &At<'_>,
    ) -> Known {
        for (index, key) in names.iter().enumerate() {
            known = match step(&known, key, self.input.optional) {
                Step::Found(found) => found,
                Step::LeftOut => return Known::Nothing,
                Step::Missing(siblings) => {
                    let parent = names[..index].join(".");
                    let candidates: Vec<String> = siblings
                        .into_iter()
                        .map(|sibling| match parent.as_str() {
                            "" => sibling,
                            parent => format!("{parent}.{sibling}"),
                        })
                        .collect();
                    return self.unknown(name, &candidates, at);
                }
            };
        }
        known
    }

    fn unknown(&mut self, name: &Name, candidates: &[String], at: &At<'_>) -> Known {
        let hint = closest(&name.written, candidates.iter().map(String::as_str))
            .map(|known| format!("did you mean `{known}`?"));
        self.unknown_name(at, format!("there is no `{}`", name.written), hint);
        Known::Unknown
    }

    fn nowhere(&mut self, first: &str, name: &Name, depth: usize, at: &At<'_>) -> Known {
        let is_column = self.input.lists.iter().any(|list| list.columns.iter().any(|c| c == first));
        if is_column {
            let hint = format!("a list column is `subscriber.{first}` here");
            self.unknown_name(at, format!("there is no `{}`", name.written), Some(hint));
            return Known::Unknown;
        }
        let mut candidates: Vec<String> = NAMESPACES.map(str::to_owned).to_vec();
        if let Known::Constant(Value::Object(entries), _) = self.this(depth) {
            candidates.extend(entries.keys().cloned());
        }
        candidates.extend(self.scopes.iter().flat_map(|scope| scope.names.keys().cloned()));
        self.unknown(name, &candidates, at)
    }

    fn local(&mut self, name: &Name, local: &str, at: &At<'_>) -> Known {
        let around = self.scopes.iter().rev().filter(|scope| !scope.locals.is_empty());
        match around.clone().nth(name.ups).and_then(|scope| scope.locals.get(local)) {
            Some(value) => Known::Constant(value.clone(), String::new()),
            // An `{{#each}}` over nothing is only looked over.
            None if self.scopes.iter().any(|scope| scope.this == Some(Known::Unknown)) => {
                Known::Unknown
            }
            None => {
                let known = ["@index", "@first", "@last", "@key"].map(str::to_owned);
                self.unknown(name, &known, at)
            }
        }
    }

    fn subscriber(&mut self, rest: &[String], name: &Name, at: &At<'_>) -> Known {
        if let [column] = rest {
            return self.column(column, at);
        }
        let hint = Some("name a column: `subscriber.first_name`".to_owned());
        self.unknown_name(at, format!("`{}` is no column", name.written), hint);
        Known::Unknown
    }

    fn links(&mut self, rest: &[String], name: &Name, at: &At<'_>) -> Known {
        match rest.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
            ["unsubscribe"] => Known::Later(Expression::Field(Field::Unsubscribe)),
            // There is no archive yet; layouts ask with `{{#if}}`.
            ["view"] => Known::Nothing,
            _ => self.unknown(name, &["links.unsubscribe".to_owned(), "links.view".to_owned()], at),
        }
    }

    /// A list column, which every list must have.
    fn column(&mut self, column: &str, at: &At<'_>) -> Known {
        let lacking: Vec<_> = self
            .input
            .lists
            .iter()
            .filter(|list| !list.columns.iter().any(|known| known == column))
            .collect();
        if lacking.is_empty() {
            return Known::Later(Expression::Field(Field::Column(column.to_owned())));
        }
        let files: Vec<_> = lacking.iter().map(|list| format!("`{}`", list.file)).collect();
        let message = format!("`{column}` is no column of {}", files.join(" and "));
        let columns = self.input.lists.iter().flat_map(|list| list.columns.iter());
        let candidates: Vec<&str> = columns.map(String::as_str).filter(|c| *c != column).collect();
        let hint = match closest(column, candidates) {
            Some(known) => format!("did you mean `{known}`?"),
            None if lacking.len() < self.input.lists.len() => {
                format!("add the column to {}", files.join(" and "))
            }
            None => format!("add a column `{column}` to the list"),
        };
        self.unknown_name(at, message, Some(hint));
        Known::Unknown
    }
}
