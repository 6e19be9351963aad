//! `name: value`, as styles and rules say it.

/// One `name: value` of CSS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Declaration {
    pub(super) name: String,
    pub(super) value: String,
    pub(super) is_important: bool,
}

/// The declarations of a `style` attribute or of a rule.
pub(super) fn declarations(css: &str) -> Vec<Declaration> {
    let (mut declarations, mut quote, mut depth, mut from) = (Vec::new(), None, 0_usize, 0);
    for (at, character) in css.char_indices().chain([(css.len(), ';')]) {
        match (quote, character) {
            (Some(open), _) if at < css.len() && character == open => quote = None,
            (Some(_), _) if at < css.len() => {}
            (None, '"' | '\'') => quote = Some(character),
            (None, '(') => depth += 1,
            (None, ')') => depth = depth.saturating_sub(1),
            (_, ';') if depth == 0 || at == css.len() => {
                declarations.extend(declaration(&css[from..at]));
                from = at + 1;
            }
            _ => {}
        }
    }
    declarations
}

fn declaration(text: &str) -> Option<Declaration> {
    let (name, value) = text.split_once(':')?;
    let value = value.trim().to_ascii_lowercase();
    let important =
        value.strip_suffix("important").and_then(|rest| rest.trim_end().strip_suffix('!'));
    let is_important = important.is_some();
    let value = important.unwrap_or(&value).trim_end().to_owned();
    Some(Declaration { name: name.trim().to_ascii_lowercase(), value, is_important })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_end_at_semicolons_outside_quotes_and_parentheses() {
        let css = "Color: RED ! important; background: url(data:a;b) ';' ; x; font: 'a;b";
        let said: Vec<String> = declarations(css)
            .into_iter()
            .map(|one| {
                format!("{}={}{}", one.name, one.value, if one.is_important { "!" } else { "" })
            })
            .collect();
        assert_eq!(said, ["color=red!", "background=url(data:a;b) ';'", "font='a;b"]);
    }
}
