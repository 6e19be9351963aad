//! The page's own rules for dark mode: `@media (prefers-color-scheme: dark)`.

use scraper::{ElementRef, Html, Selector};

use super::declaration::{Declaration, declarations};

/// The rules, the one that counts most last.
#[derive(Debug, Default)]
pub(super) struct DarkRules(Vec<Rule>);

#[derive(Debug)]
struct Rule {
    weight: [usize; 3],
    selector: Selector,
    declarations: Vec<Declaration>,
}

impl DarkRules {
    /// Those of every `<style>` of the page. A selector that cannot be read is passed over.
    pub(super) fn of(html: &Html) -> Self {
        let Ok(style) = Selector::parse("style") else { return Self::default() };
        let css: String = html.select(&style).flat_map(|element| element.text()).collect();
        let css = without_comments(&css);
        let mut rules = Vec::new();
        for (condition, inner) in blocks(&css) {
            let condition = condition.replace(char::is_whitespace, "").to_ascii_lowercase();
            if !condition.starts_with("@media")
                || !condition.contains("(prefers-color-scheme:dark)")
                || condition.contains("(max-width")
                || condition.contains("(min-width")
            {
                continue;
            }
            for (selectors, body) in blocks(inner) {
                for selector in selectors.split(',') {
                    let Ok(parsed) = Selector::parse(selector) else { continue };
                    rules.push(Rule {
                        weight: weight(selector),
                        selector: parsed,
                        declarations: declarations(body),
                    });
                }
            }
        }
        rules.sort_by_key(|rule| rule.weight);
        Self(rules)
    }

    /// Whether the page has none.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What they declare for an element whose own `style` declares this, the last word last.
    pub(super) fn cascade<'a>(
        &'a self,
        element: ElementRef<'_>,
        own: &'a [Declaration],
    ) -> Vec<&'a Declaration> {
        let rules: Vec<&Declaration> = self
            .0
            .iter()
            .filter(|rule| rule.selector.matches(&element))
            .flat_map(|rule| &rule.declarations)
            .collect();
        [false, true]
            .into_iter()
            .flat_map(|is_important| {
                let both = rules.iter().copied().chain(own);
                both.filter(move |one| one.is_important == is_important)
            })
            .collect()
    }
}

/// The top-level blocks of CSS: what stands before the braces, and in them.
fn blocks(css: &str) -> Vec<(&str, &str)> {
    let (mut found, mut depth, mut from, mut open) = (Vec::new(), 0_usize, 0, 0);
    for (at, character) in css.char_indices() {
        match character {
            '{' => {
                if depth == 0 {
                    open = at;
                }
                depth += 1;
            }
            '}' if depth == 1 => {
                depth = 0;
                found.push((css[from..open].trim(), &css[open + 1..at]));
                from = at + 1;
            }
            '}' => depth = depth.saturating_sub(1),
            ';' if depth == 0 => from = at + 1,
            _ => {}
        }
    }
    found
}

fn without_comments(css: &str) -> String {
    let mut stretches = css.split("/*");
    let first = stretches.next().unwrap_or_default().to_owned();
    stretches
        .fold(first, |kept, stretch| kept + stretch.split_once("*/").map_or("", |(_, rest)| rest))
}

/// How much a selector counts: ids, classes and the like, elements.
fn weight(selector: &str) -> [usize; 3] {
    let ids = selector.matches('#').count();
    let classes = selector.matches(['.', '[']).count() + selector.matches(':').count();
    let words = selector.split(|c: char| c.is_whitespace() || ">+~".contains(c));
    let elements = words.filter(|word| word.starts_with(|c: char| c.is_ascii_alphabetic())).count();
    [ids, classes, elements]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_taken_apart_at_their_own_braces() {
        assert_eq!(
            blocks("@import 'x'; a { b: c } @media (x) { d { e: f } } g {"),
            [("a", " b: c "), ("@media (x)", " d { e: f } ")]
        );
    }

    #[test]
    fn the_heavier_rule_has_the_last_word() {
        let html = Html::parse_document(
            "<style>@media (prefers-color-scheme:dark) { .a .b { color: red !important } \
             /* p { color: blue } */ p { color: lime !important; width: 1px } } \
             @media print { p { color: navy !important } }</style><div class=a><p class=b>",
        );
        let rules = DarkRules::of(&html);
        let element = html.select(&Selector::parse("p").unwrap()).next().unwrap();
        let own = declarations("color: black; width: 2px");
        let said = rules.cascade(element, &own);
        let said: Vec<&str> = said.iter().map(|declaration| declaration.value.as_str()).collect();
        assert_eq!(said, ["1px", "black", "2px", "lime", "red"]);
    }
}
