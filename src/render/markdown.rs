//! A draft's Markdown as HTML and as text, with sentinels for its tags.

use comrak::{Arena, Node, Options, arena_tree::NodeEdge, nodes::NodeValue};

use super::{
    Input,
    faults::Faults,
    figure::Figures,
    mark::Marks,
    plain,
    sentinel::Sentinels,
    surgery::Surgery,
    tags::{self, Tag},
};

/// Quotes, lists and emphasis nest no deeper than this: what writes HTML, and what reads it again
/// to inline CSS, recurses.
const DEPTH: usize = 100;

/// No draft has more paragraphs, table cells and other parts: each gets a style of its own.
const PARTS: usize = 20_000;

/// A draft's body, twice, with sentinels for its tags.
#[derive(Debug)]
pub(super) struct Body {
    pub(super) html: String,
    pub(super) text: String,
    pub(super) tags: Vec<Tag>,
    pub(super) sentinels: Sentinels,
}

/// Renders the body of a draft; with `marks`, so that each element says where it was written.
pub(super) fn render(
    input: &Input<'_>,
    figures: &mut Figures,
    marks: Option<&mut Marks>,
    faults: &mut Faults,
) -> Body {
    let (draft, body) = (input.draft, input.draft.body());
    let tags = tags::scan(body);
    let sentinels = Sentinels::absent_from(&draft.source.text);
    let lifted = tags::lift(body, draft.body_start, &tags, &sentinels);
    let arena = Arena::new();
    let mut options = options();
    options.render.sourcepos = marks.is_some();
    let root = comrak::parse_document(&arena, &lifted.text, &options);
    let mut surgery = Surgery {
        source: &draft.source,
        base: draft.body_start,
        tags: &tags,
        sentinels: &sentinels,
        lifted: &lifted,
        faults,
    };
    if let Some((node, message)) = excess(root) {
        let place = surgery.place(node);
        surgery.faults.at(&draft.source, &place, message);
        return Body { html: String::new(), text: String::new(), tags, sentinels };
    }
    for node in root.descendants().collect::<Vec<_>>() {
        surgery.operate(node);
    }
    surgery.check_nesting(root);
    surgery.join_lists(root);
    for node in root.descendants().collect::<Vec<_>>() {
        let is_picture = matches!(node.data().value, NodeValue::Image(_));
        if is_picture {
            let place = surgery.place(node);
            figures.measure(node, input, &sentinels, place, surgery.faults);
        }
    }
    let text = plain::render(root, &sentinels, &tags);
    figures.draw(root, marks.is_some());
    let mut html = String::new();
    // Writing to a string cannot fail.
    let _ = comrak::format_html(root, &options, &mut html);
    if let Some(marks) = marks {
        html = marks.of_markdown(&html, &draft.source, |line| surgery.line(line));
    }
    Body { html, text, tags, sentinels }
}

/// Where a draft is more than a mail can be.
fn excess(root: Node<'_>) -> Option<(Node<'_>, &'static str)> {
    let (mut depth, mut parts) = (0_usize, 0_usize);
    for edge in root.traverse() {
        let NodeEdge::Start(node) = edge else {
            depth -= 1;
            continue;
        };
        depth += 1;
        // A line of a paragraph costs nothing.
        parts +=
            usize::from(!matches!(node.data().value, NodeValue::Text(_) | NodeValue::SoftBreak));
        if depth > DEPTH {
            return Some((node, "quotes, lists or emphasis nest too deeply"));
        }
        if parts > PARTS {
            return Some((node, "the text has too many parts for a mail"));
        }
    }
    None
}

fn options() -> Options<'static> {
    let mut options = Options::default();
    options.extension.table = true;
    options.extension.autolink = true;
    options.extension.footnotes = true;
    options.extension.strikethrough = true;
    options.extension.cjk_friendly_emphasis = true;
    options.parse.smart = true;
    options
}

/// All text below a node.
pub(super) fn text_of(node: Node<'_>) -> String {
    let mut text = String::new();
    for below in node.descendants() {
        match &below.data().value {
            NodeValue::Text(words) => text.push_str(words),
            NodeValue::Code(code) => text.push_str(&code.literal),
            NodeValue::SoftBreak | NodeValue::LineBreak => text.push(' '),
            _ => {}
        }
    }
    text
}
