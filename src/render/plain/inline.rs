//! Words of a paragraph as text: emphasis, links, notes, pictures.

use comrak::{Node, nodes::NodeValue};

use super::{Plain, picture};
use crate::render::{markdown::text_of, sentinel::Segment};

impl Plain<'_> {
    /// The text below a node on one line; `\n` is a line break the author asked for.
    pub(super) fn inline(&mut self, node: Node<'_>) -> String {
        let mut text = String::new();
        for child in node.children() {
            let data = child.data();
            match &data.value {
                NodeValue::Text(words) => text.push_str(words),
                NodeValue::SoftBreak => text.push(' '),
                NodeValue::LineBreak => text.push('\n'),
                NodeValue::Code(code) => text.extend(["`", &code.literal, "`"]),
                NodeValue::Emph => text.push_str(&self.between("_", child)),
                NodeValue::Strong => text.push_str(&self.between("*", child)),
                NodeValue::Strikethrough => text.push_str(&self.between("~", child)),
                NodeValue::Link(link) => {
                    let words = self.inline(child);
                    let url = link.url.clone();
                    text.push_str(&self.link(words, &url));
                }
                NodeValue::Image(_) => text.push_str(&picture(child)),
                NodeValue::FootnoteReference(reference) => {
                    text.extend([" [note ", &reference.ix.to_string(), "]"]);
                }
                NodeValue::Raw(marks) => text.push_str(marks),
                _ => text.push_str(&text_of(child)),
            }
        }
        text
    }

    fn between(&mut self, sign: &str, node: Node<'_>) -> String {
        format!("{sign}{}{sign}", self.inline(node))
    }

    /// The words and the number of the link; a link that says its own address stays as it is, and
    /// so does one that differs by person: a choice may surround it.
    fn link(&mut self, words: String, url: &str) -> String {
        let shown = ["mailto:", "tel:"].iter().find_map(|known| url.strip_prefix(known));
        let shown = shown.unwrap_or(url);
        let is_own_address = [url, shown].contains(&words.trim())
            || shown.split_once("://").is_some_and(|(_, rest)| rest == words.trim());
        let differs =
            self.measure.sentinels.segments(url).any(|part| matches!(part, Segment::Mark(..)));
        if url.starts_with('#') {
            return words;
        }
        if differs {
            let is_own_address = self.measure.bare(&words) == self.measure.bare(shown);
            return if is_own_address { shown.to_owned() } else { format!("{words} <{shown}>") };
        }
        if is_own_address {
            return words;
        }
        let known = self.links.iter().position(|link| link == shown);
        let number = known.unwrap_or_else(|| {
            self.links.push(shown.to_owned());
            self.links.len() - 1
        });
        format!("{words} [{}]", number + 1)
    }
}
