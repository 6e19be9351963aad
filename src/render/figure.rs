//! Pictures of a draft: measured, given a content id, and drawn as a figure when alone in a paragraph.

use std::{collections::BTreeMap, fmt::Write as _, ops::Range};

use comrak::{Node, nodes::NodeValue};

use super::{
    Input, Picture,
    escape::html,
    faults::Faults,
    markdown::text_of,
    position::scheme,
    sentinel::{Segment, Sentinels},
};
use crate::diagnostic::Diagnostic;

/// No picture is drawn wider: Outlook heeds only the attribute, and the text column is 600 wide
/// with its margins.
const WIDEST: u32 = 560;

/// The pictures of one draft.
#[derive(Debug, Default)]
pub(super) struct Figures {
    /// In order of first appearance, each file once.
    pub(super) pictures: Vec<Picture>,
    widths: BTreeMap<String, u32>,
}

/// What is said under a picture.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Caption<'a> {
    pub(super) text: &'a str,
    pub(super) credit: Option<&'a str>,
}

/// `Caption (Credit)`: the credit is what stands in parentheses at the end.
pub(super) fn caption(title: &str) -> Caption<'_> {
    let title = title.trim();
    let opening = title.ends_with(')').then(|| title.rfind('(')).flatten();
    match opening {
        Some(at) => Caption { text: title[..at].trim_end(), credit: Some(&title[at..]) },
        None => Caption { text: title, credit: None },
    }
}

/// The picture of a paragraph that holds nothing else.
pub(super) fn alone(paragraph: Node<'_>) -> Option<Node<'_>> {
    let child = paragraph.first_child()?;
    let is_only = child.next_sibling().is_none();
    let is_picture = matches!(child.data().value, NodeValue::Image(_));
    (is_only && is_picture).then_some(child)
}

impl Figures {
    /// Looks at a picture's file and gives it a content id.
    pub(super) fn measure(
        &mut self,
        node: Node<'_>,
        input: &Input<'_>,
        sentinels: &Sentinels,
        place: Range<usize>,
        faults: &mut Faults,
    ) {
        let source = &input.draft.source;
        let alt = text_of(node).trim().to_owned();
        let data = node.data();
        let NodeValue::Image(image) = &data.value else { return };
        let file = &image.url;
        let fault =
            |message: String| Diagnostic::new(message).at(source, place.clone()).rule("I3/file");
        if scheme(file).is_some() || file.starts_with("//") {
            let hint = "put the picture beside the draft: a remote one tells its server who reads";
            return faults.push(fault(format!("`{file}` is not a file of ours")).hint(hint));
        }
        if sentinels.segments(file).any(|segment| matches!(segment, Segment::Mark(..))) {
            return faults.push(fault("a picture is the same for everybody".to_owned()));
        }
        if alt.is_empty() {
            let hint = "write what it shows between the brackets: many read without pictures";
            let warning = fault(format!("`{file}` is not described"));
            faults.warn(warning.hint(hint).rule("I1/undescribed"));
        }
        if self.widths.contains_key(file) {
            return;
        }
        match (input.picture)(file) {
            Ok(size) => {
                self.widths.insert(file.clone(), size.width);
                let number = self.pictures.len() + 1;
                let slug = input.draft.slug.chars().filter(|c| is_plain(*c));
                let slug: String = ['.'].into_iter().chain(slug).collect();
                let domain = &input.sender.domain;
                let cid = format!("picture-{number}{}@{domain}", slug.trim_end_matches('.'));
                let words = sentinels.segments(&alt).filter_map(|segment| match segment {
                    Segment::Text(text) => Some(text),
                    Segment::Mark(..) => None,
                });
                let alt = words.collect();
                self.pictures.push(Picture { cid, file: file.clone(), alt });
            }
            Err(fault) => faults.push(fault.at(source, place).rule("I3/file")),
        }
    }

    /// Replaces every picture of the tree by its HTML, which says its place as Markdown's does if
    /// `placed`.
    pub(super) fn draw(&self, root: Node<'_>, placed: bool) {
        for node in root.descendants().collect::<Vec<_>>() {
            let is_paragraph = matches!(node.data().value, NodeValue::Paragraph);
            let figure = is_paragraph.then(|| alone(node)).flatten();
            let drawn = match figure {
                Some(image) => self.figure(image, placed),
                None => self.image(node, "", placed),
            };
            if let Some(drawn) = drawn {
                for child in node.children().collect::<Vec<_>>() {
                    child.detach();
                }
                node.data_mut().value = NodeValue::Raw(drawn);
            }
        }
    }

    fn figure(&self, image: Node<'_>, placed: bool) -> Option<String> {
        let drawn = self.image(image, "figure-image", placed)?;
        let mut drawn = format!("<div{} class=\"figure\">{drawn}", place(image, placed));
        let data = image.data();
        let NodeValue::Image(link) = &data.value else { return None };
        let Caption { text, credit } = caption(&link.title);
        if !text.is_empty() || credit.is_some() {
            drawn.push_str("<p class=\"figure-caption\">");
            html(text, &mut drawn);
            if let Some(credit) = credit {
                drawn.push_str(if text.is_empty() { "" } else { " " });
                drawn.push_str("<span class=\"figure-credit\">");
                html(credit, &mut drawn);
                drawn.push_str("</span>");
            }
            drawn.push_str("</p>");
        }
        drawn.push_str("</div>\n");
        Some(drawn)
    }

    fn image(&self, node: Node<'_>, class: &str, placed: bool) -> Option<String> {
        let data = node.data();
        let NodeValue::Image(link) = &data.value else { return None };
        let picture = self.pictures.iter().find(|picture| picture.file == link.url)?;
        let width = self.widths.get(&link.url)?.min(&WIDEST);
        let mut drawn = format!("<img{}", place(node, placed));
        if !class.is_empty() {
            let _ = write!(drawn, " class=\"{class}\"");
        }
        drawn.push_str(" src=\"cid:");
        html(&picture.cid, &mut drawn);
        drawn.push_str("\" alt=\"");
        html(text_of(node).trim(), &mut drawn);
        let _ = write!(drawn, "\" width=\"{width}\">");
        Some(drawn)
    }
}

fn place(node: Node<'_>, placed: bool) -> String {
    if placed { format!(" data-sourcepos=\"{}\"", node.data().sourcepos) } else { String::new() }
}

fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_credit_is_the_last_parenthesis() {
        let parts = caption("Two members (left) (Credit: Human Atlas)");
        assert_eq!(parts.text, "Two members (left)");
        assert_eq!(parts.credit, Some("(Credit: Human Atlas)"));
        assert_eq!(caption("Plain").credit, None);
        assert_eq!(caption("(Human Atlas)").text, "");
    }
}
