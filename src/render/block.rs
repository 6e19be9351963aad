//! `{{#if}}`, `{{#unless}}`, `{{#each}}`, `{{#with}}`: unrolled over constants; a choice by person
//! is kept, with both branches worked out.

use std::collections::BTreeSet;

use handlebars::{
    Template as Tree,
    template::{BlockParam, HelperTemplate},
};
use serde_json::Value;

use super::{
    call::written,
    evaluate::{At, Evaluator},
    helper,
    scope::{Known, Scope},
};
use crate::diagnostic::closest;

impl Evaluator<'_> {
    pub(super) fn block(&mut self, block: &HelperTemplate, at: &At<'_>) {
        let name = written(&block.name);
        let inner = |evaluator: &mut Self, tree: Option<&Tree>| {
            if let Some(tree) = tree {
                evaluator.tree(at.document, tree, at.span.clone());
            }
        };
        match name.as_str() {
            "raw" => return inner(self, block.template.as_ref()),
            "if" | "unless" | "each" | "with" => {}
            other => {
                let hint = closest(other, ["if", "unless", "each", "with"])
                    .map(|known| format!("did you mean `{{{{#{known}}}}}`?"));
                return self.fault_with_hint(at, format!("there is no `{{{{#{other}}}}}`"), hint);
            }
        }
        let [subject] = block.params.as_slice() else {
            return self.fault(at, format!("`{{{{#{name}}}}}` takes one value"));
        };
        if !block.hash.is_empty() {
            return self.fault(at, format!("`{{{{#{name}}}}}` takes no options"));
        }
        let subject_name = written(subject);
        let known = self.parameter(subject, at);
        match name.as_str() {
            "each" | "with" => self.walk(block, known, &subject_name, at, name == "each"),
            _ => {
                let (then, otherwise) = (block.template.as_ref(), block.inverse.as_ref());
                let (then, otherwise) =
                    if name == "if" { (then, otherwise) } else { (otherwise, then) };
                self.choose(known, then, otherwise, at);
            }
        }
    }

    fn choose(&mut self, test: Known, then: Option<&Tree>, otherwise: Option<&Tree>, at: &At<'_>) {
        let visit = |evaluator: &mut Self, tree: Option<&Tree>, is_taken: bool| {
            evaluator.muted += usize::from(!is_taken);
            if let Some(tree) = tree {
                evaluator.tree(at.document, tree, at.span.clone());
            }
            evaluator.muted -= usize::from(!is_taken);
        };
        let holds = match test {
            Known::Later(test) if self.muted == 0 => {
                if let Err(place) = self.sink.begin(test) {
                    return self.fault(at, format!("a choice by person cannot stand {place}"));
                }
                visit(self, then, true);
                self.sink.otherwise();
                visit(self, otherwise, true);
                if let Err(message) = self.sink.end() {
                    self.fault(at, message);
                }
                return;
            }
            Known::Later(_) | Known::Unknown => {
                visit(self, then, false);
                return visit(self, otherwise, false);
            }
            Known::Constant(value, _) => helper::truthy(&value),
            Known::Slot(_) => true,
            Known::Nothing => false,
        };
        visit(self, then, holds);
        visit(self, otherwise, !holds);
    }

    /// `{{#each}}` and `{{#with}}`.
    fn walk(
        &mut self,
        block: &HelperTemplate,
        subject: Known,
        name: &str,
        at: &At<'_>,
        is_each: bool,
    ) {
        let items: Vec<(Value, Known)> = match subject {
            Known::Unknown | Known::Nothing => Vec::new(),
            Known::Later(_) | Known::Slot(_) => {
                let message = format!("`{name}` is one text, not a list or group of values");
                return self.fault(at, message);
            }
            Known::Constant(value, origin) => match value {
                Value::Array(items) if is_each => alike(items)
                    .into_iter()
                    .enumerate()
                    .map(|(index, item)| (index.into(), Known::Constant(item, origin.clone())))
                    .collect(),
                Value::Object(entries) if is_each => entries
                    .into_iter()
                    .map(|(key, item)| {
                        let origin = format!("{origin}.{key}");
                        (key.into(), Known::Constant(item, origin))
                    })
                    .collect(),
                value if is_each && !helper::is_empty(&value) => {
                    let message = format!("`{name}` is one value, not a list");
                    return self.fault(at, message);
                }
                value if helper::truthy(&value) => {
                    vec![(Value::Null, Known::Constant(value, origin))]
                }
                _ => Vec::new(),
            },
        };
        let count = items.len();
        let visit = |evaluator: &mut Self, scope: Scope| {
            evaluator.scopes.push(scope);
            if let Some(tree) = &block.template {
                evaluator.tree(at.document, tree, at.span.clone());
            }
            evaluator.scopes.pop();
        };
        for (index, (key, item)) in items.into_iter().enumerate() {
            let mut scope = Scope::new(Some(item.clone()));
            match &block.block_param {
                Some(BlockParam::Single(value)) => {
                    scope.names.insert(written(value), item);
                }
                Some(BlockParam::Pair((value, place))) => {
                    let place_known = Known::Constant(key.clone(), String::new());
                    scope.names.insert(written(value), item);
                    scope.names.insert(written(place), place_known);
                }
                _ => {}
            }
            if is_each {
                scope.locals.insert("index", index.into());
                scope.locals.insert("key", key);
                scope.locals.insert("first", (index == 0).into());
                scope.locals.insert("last", (index + 1 == count).into());
            }
            visit(self, scope);
        }
        self.muted += usize::from(count == 0);
        if count == 0 {
            visit(self, Scope::new(Some(Known::Unknown)));
        }
        self.muted -= usize::from(count == 0);
        self.muted += usize::from(count > 0);
        if let Some(tree) = &block.inverse {
            self.tree(at.document, tree, at.span.clone());
        }
        self.muted -= usize::from(count > 0);
    }
}

/// Gives every item the keys of all: a key that some have is one that others leave out.
fn alike(mut items: Vec<Value>) -> Vec<Value> {
    let keys: BTreeSet<String> =
        items.iter().filter_map(Value::as_object).flat_map(|item| item.keys().cloned()).collect();
    for item in items.iter_mut().filter_map(Value::as_object_mut) {
        for key in &keys {
            item.entry(key).or_insert(Value::Null);
        }
    }
    items
}
