//! Calls and their values: worked out now if all of them are constants, else kept for the person.

use handlebars::{
    Path,
    template::{HelperTemplate, Parameter, TemplateElement},
};
use serde_json::Value;

use super::{
    Expression, Helper,
    evaluate::{At, Evaluator},
    helper,
    scope::{Known, Name},
};
use crate::diagnostic::closest;

impl Evaluator<'_> {
    /// The value of an expression, a call or a name.
    pub(super) fn value_of(&mut self, call: &HelperTemplate, at: &At<'_>) -> Known {
        let name = written(&call.name);
        if call.params.is_empty() && call.hash.is_empty() {
            return match &call.name {
                Parameter::Path(path) => self.resolve(path, at),
                Parameter::Name(name) => match Path::parse(name) {
                    Ok(path) => self.resolve(&path, at),
                    Err(_) => Known::Unknown,
                },
                other => self.parameter(other, at),
            };
        }
        let Some(helper) = Helper::named(&name) else {
            let hint = self.hint_for_helper(&name, call);
            self.fault_with_hint(at, format!("there is no helper `{name}`"), hint);
            return Known::Unknown;
        };
        if !call.hash.is_empty() {
            self.fault(at, format!("`{name}` takes no named values"));
            return Known::Unknown;
        }
        if !helper.arity().contains(&call.params.len()) {
            let arity = helper.arity();
            let wanted = match (arity.start(), arity.end()) {
                (least, most) if least == most => least.to_string(),
                (least, _) => format!("{least} or more"),
            };
            let given = call.params.len();
            self.fault(at, format!("`{name}` takes {wanted} values and has {given}"));
            return Known::Unknown;
        }
        let arguments: Vec<Known> =
            call.params.iter().map(|parameter| self.parameter(parameter, at)).collect();
        self.apply(helper, &name, arguments, at)
    }

    fn apply(&mut self, helper: Helper, name: &str, arguments: Vec<Known>, at: &At<'_>) -> Known {
        let (mut constants, mut expressions) = (Vec::new(), Vec::new());
        let mut is_later = false;
        for argument in arguments {
            let value = match argument {
                Known::Unknown => return Known::Unknown,
                Known::Slot(_) => {
                    let message = format!("`{name}` cannot work on a text that differs by person");
                    self.fault(at, message);
                    return Known::Unknown;
                }
                Known::Later(expression) => {
                    is_later = true;
                    expressions.push(expression);
                    continue;
                }
                Known::Constant(value, _) => value,
                Known::Nothing => Value::Null,
            };
            expressions.push(Expression::Constant(value.clone()));
            constants.push(value);
        }
        if is_later {
            return Known::Later(Expression::Call(helper, expressions));
        }
        match helper.call(&constants, self.language) {
            Ok(Value::Null) => Known::Nothing,
            Ok(value) => Known::Constant(value, String::new()),
            Err(message) => {
                if self.muted == 0 {
                    self.fault(at, format!("`{name}`: {message}"));
                }
                Known::Unknown
            }
        }
    }

    pub(super) fn parameter(&mut self, parameter: &Parameter, at: &At<'_>) -> Known {
        match parameter {
            Parameter::Literal(Value::Null) => Known::Nothing,
            Parameter::Literal(value) => Known::Constant(value.clone(), String::new()),
            Parameter::Path(path) => self.resolve(path, at),
            Parameter::Name(name) => {
                Path::parse(name).map_or(Known::Unknown, |path| self.resolve(&path, at))
            }
            Parameter::Subexpression(inner) => match inner.as_element() {
                TemplateElement::Expression(call) => self.value_of(call, at),
                _ => Known::Unknown,
            },
            _ => Known::Unknown,
        }
    }

    fn hint_for_helper(&self, name: &str, call: &HelperTemplate) -> Option<String> {
        // `{{first name}}` reads as a call; people mean the column `first_name`.
        let mut words = vec![name.to_owned()];
        words.extend(call.params.iter().map(written));
        let joined = words.join("_").to_lowercase();
        if self.input.lists.iter().any(|list| list.columns.contains(&joined)) {
            return Some(format!("did you mean `{{{{{joined}}}}}`?"));
        }
        let known = Helper::NAMES.iter().map(|(known, _)| *known);
        closest(name, known).map(|known| format!("did you mean `{known}`?"))
    }
}

/// A name, path or literal as written.
pub(super) fn written(parameter: &Parameter) -> String {
    match parameter {
        Parameter::Name(name) => name.clone(),
        Parameter::Path(path) => Name::of(path).written,
        Parameter::Literal(value) => helper::print(value).unwrap_or_default(),
        Parameter::Subexpression(inner) => inner.name().to_owned(),
        _ => String::new(),
    }
}
