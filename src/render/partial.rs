//! `{{> name}}`: another template worked out in place, with parameters of its own.

use std::rc::Rc;

use handlebars::template::DecoratorTemplate;

use super::{
    call::written,
    document::Document,
    evaluate::{At, Evaluator},
    scope::Scope,
    sink::Medium,
};
use crate::diagnostic::closest;

/// Partials nest no deeper than this.
const DEPTH: usize = 16;

impl Evaluator<'_> {
    pub(super) fn partial(&mut self, call: &DecoratorTemplate, at: &At<'_>) {
        let name = written(&call.name);
        if self.inside.contains(&name) {
            let mut chain = self.inside.clone();
            chain.push(name);
            let message = format!("partials include each other: {}", chain.join(" → "));
            let hint = "take one of these `{{> …}}` tags out".to_owned();
            return self.fault_with_hint(at, message, Some(hint));
        }
        if self.inside.len() >= DEPTH {
            return self.fault(at, format!("partials nest deeper than {DEPTH}"));
        }
        let this = match call.params.as_slice() {
            [] => self.scopes.last().and_then(|scope| scope.this.clone()),
            [context] => Some(self.parameter(context, at)),
            _ => return self.fault(at, format!("`{{{{> {name}}}}}` takes one unnamed value")),
        };
        let mut scope = Scope { is_partial: true, ..Scope::new(this) };
        for (key, value) in &call.hash {
            let known = self.parameter(value, at);
            scope.names.insert(key.clone(), known);
        }
        let Some(partial) = self.load(&name, at) else { return };
        self.inside.push(name);
        self.scopes.push(scope);
        self.tree(&partial, &partial.tree, 0..0);
        self.scopes.pop();
        self.inside.pop();
    }

    fn load(&mut self, name: &str, at: &At<'_>) -> Option<Rc<Document>> {
        if let Some(loaded) = self.partials.get(name) {
            return loaded.clone();
        }
        let end = if self.sink.medium == Medium::Html { ".html.hbs" } else { ".text.hbs" };
        let files = &self.input.templates.files;
        let loaded = if let Some(source) = files.get(&format!("partials/{name}{end}")) {
            self.faults.take(Document::of_file(source)).map(Rc::new)
        } else {
            let known = files.keys().filter_map(|path| {
                path.strip_prefix("partials/").and_then(|path| path.strip_suffix(end))
            });
            let hint = closest(name, known).map_or_else(
                || format!("make `templates/partials/{name}{end}`"),
                |known| format!("did you mean `{{{{> {known}}}}}`?"),
            );
            self.fault_with_hint(at, format!("there is no partial `{name}`"), Some(hint));
            None
        };
        self.partials.insert(name.to_owned(), loaded.clone());
        loaded
    }
}
