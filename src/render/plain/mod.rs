//! The text part, made from the Markdown tree for reading: 72 columns, underlined headings, links
//! as `[1]` with a list at the end, tables aligned.

mod inline;
mod table;
mod wrap;

use comrak::{
    Node,
    nodes::{ListDelimType, ListType, NodeList, NodeValue},
};

use super::{
    figure::{self, caption},
    markdown::text_of,
    sentinel::Sentinels,
    tags::Tag,
};
use wrap::Measure;

/// Columns of a line.
const WIDTH: usize = 72;

/// Renders a body.
pub(super) fn render(root: Node<'_>, sentinels: &Sentinels, tags: &[Tag]) -> String {
    let mut plain = Plain { measure: Measure { sentinels, tags }, links: Vec::new(), notes: 0 };
    let mut text = plain.blocks(root, WIDTH, "\n\n");
    for (index, link) in plain.links.iter().enumerate() {
        text.extend(["[", &(index + 1).to_string(), "] ", link, "\n"]);
    }
    text.truncate(text.trim_end_matches('\n').len());
    text
}

struct Plain<'a> {
    measure: Measure<'a>,
    links: Vec<String>,
    notes: usize,
}

impl Plain<'_> {
    /// The blocks below a node, each with `end` after it; block tags have nothing after them, so
    /// that a choice not taken leaves no gap.
    fn blocks(&mut self, node: Node<'_>, width: usize, end: &str) -> String {
        let mut text = String::new();
        for child in node.children() {
            let block = self.block(child, width, end);
            text.push_str(&block);
            let is_tag = matches!(child.data().value, NodeValue::Raw(_));
            if !is_tag && !block.is_empty() {
                // A list that ends in a tag has the end of its last item before it.
                let ended = joined_list_gap(child).unwrap_or_default();
                text.push_str(end.strip_prefix(ended).unwrap_or_default());
            }
        }
        text
    }

    /// One block without the line end after it.
    fn block(&mut self, node: Node<'_>, width: usize, end: &str) -> String {
        let data = node.data();
        match &data.value {
            NodeValue::Raw(marks) => marks.clone(),
            NodeValue::Paragraph => {
                let text = figure::alone(node).map_or_else(|| self.inline(node), picture);
                self.measure.wrap(&text, width).join("\n")
            }
            NodeValue::Heading(heading) => {
                let text = self.inline(node);
                let mut lines = self.measure.wrap(&text, width);
                let longest = lines.iter().map(|line| self.measure.width(line)).max();
                let line = if heading.level == 1 { "=" } else { "-" };
                lines.push(line.repeat(longest.unwrap_or_default()));
                lines.join("\n")
            }
            NodeValue::BlockQuote => {
                let text = self.blocks(node, width.saturating_sub(2).max(20), "\n\n");
                hang(text.trim_end_matches('\n'), "> ", "> ")
            }
            NodeValue::List(list) => self.list(node, list, width, end),
            NodeValue::CodeBlock(code) => hang(code.literal.trim_end_matches('\n'), "    ", "    "),
            NodeValue::ThematicBreak => "* * *".to_owned(),
            NodeValue::Table(table) => {
                let rows = self.rows(node);
                self.measure.table(&rows, &table.alignments, width)
            }
            NodeValue::FootnoteDefinition(_) => {
                self.notes += 1;
                let label = format!("[note {}] ", self.notes);
                let text = self.blocks(node, width, "\n\n");
                hang(text.trim_end_matches('\n'), &label, "")
            }
            _ => String::new(),
        }
    }

    fn list(&mut self, node: Node<'_>, kind: &NodeList, width: usize, end: &str) -> String {
        let gap = if kind.tight { "\n" } else { end };
        let last = kind.start + node.children().count();
        let mut text = String::new();
        let mut number = kind.start;
        for child in node.children() {
            if let NodeValue::Raw(marks) = &child.data().value {
                text.push_str(marks);
                continue;
            }
            let marker = match (kind.list_type, kind.delimiter) {
                (ListType::Bullet, _) => "- ".to_owned(),
                (ListType::Ordered, delimiter) => {
                    let sign = if delimiter == ListDelimType::Paren { ')' } else { '.' };
                    let label = format!("{number}{sign} ");
                    format!("{label:<width$}", width = last.to_string().len() + 2)
                }
            };
            number += 1;
            let inner = width.saturating_sub(marker.len()).max(20);
            let item = self.blocks(child, inner, gap);
            let indent = " ".repeat(marker.len());
            text.push_str(&hang(item.trim_end_matches('\n'), &marker, &indent));
            text.push_str(gap);
        }
        if text.ends_with(gap) {
            text.truncate(text.len() - gap.len());
        }
        text
    }

    fn rows(&mut self, table: Node<'_>) -> Vec<Vec<String>> {
        let row = |row: Node<'_>, plain: &mut Self| -> Vec<String> {
            row.children().map(|cell| plain.inline(cell).replace('\n', " ")).collect()
        };
        table.children().map(|child| row(child, self)).collect()
    }
}

/// `[Picture: what it shows. Caption (Credit)]`
fn picture(node: Node<'_>) -> String {
    let data = node.data();
    let title = match &data.value {
        NodeValue::Image(image) => image.title.clone(),
        _ => String::new(),
    };
    let said = caption(&title);
    let mut parts = Vec::new();
    let alt = text_of(node);
    for part in [alt.trim(), said.text] {
        if !part.is_empty() {
            parts.push(part.to_owned());
        }
    }
    let mut text = String::from("[Picture");
    for (index, part) in parts.iter().enumerate() {
        let ended = text.ends_with(['.', '!', '?', '…']);
        text.push_str(match (index, ended) {
            (0, _) => ": ",
            (_, true) => " ",
            (_, false) => ". ",
        });
        text.push_str(part);
    }
    if let Some(credit) = said.credit {
        text.push(' ');
        text.push_str(credit);
    }
    text.push(']');
    text
}

/// The line end that stands before the closing tag inside a list.
fn joined_list_gap(node: Node<'_>) -> Option<&'static str> {
    let is_tag = matches!(node.last_child()?.data().value, NodeValue::Raw(_));
    match &node.data().value {
        NodeValue::List(list) if is_tag => Some(if list.tight { "\n" } else { "\n\n" }),
        _ => None,
    }
}

/// Puts `first` before the first line and `rest` before the others.
fn hang(text: &str, first: &str, rest: &str) -> String {
    let mut hung = String::new();
    for (index, line) in text.split('\n').enumerate() {
        if index > 0 {
            hung.push('\n');
        }
        let prefix = if index == 0 { first } else { rest };
        hung.push_str(if line.is_empty() { prefix.trim_end() } else { prefix });
        hung.push_str(line);
    }
    hung
}
