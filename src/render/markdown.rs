//! A draft's Markdown as HTML and as text, with sentinels for its tags.

use comrak::{Arena, Node, Options, nodes::NodeValue};

use super::{
    Input,
    faults::Faults,
    figure::Figures,
    plain,
    sentinel::Sentinels,
    surgery::Surgery,
    tags::{self, Tag},
};

/// A draft's body, twice, with sentinels for its tags.
#[derive(Debug)]
pub(super) struct Body {
    pub(super) html: String,
    pub(super) text: String,
    pub(super) tags: Vec<Tag>,
    pub(super) sentinels: Sentinels,
}

/// Renders the body of a draft.
pub(super) fn render(input: &Input<'_>, figures: &mut Figures, faults: &mut Faults) -> Body {
    let (draft, body) = (input.draft, input.draft.body());
    let tags = tags::scan(body);
    let sentinels = Sentinels::absent_from(&draft.source.text);
    let lifted = tags::lift(body, draft.body_start, &tags, &sentinels);
    let arena = Arena::new();
    let options = options();
    let root = comrak::parse_document(&arena, &lifted.text, &options);
    let mut surgery = Surgery {
        source: &draft.source,
        base: draft.body_start,
        tags: &tags,
        sentinels: &sentinels,
        lifted: &lifted,
        faults,
    };
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
    figures.draw(root);
    let mut html = String::new();
    // Writing to a string cannot fail.
    let _ = comrak::format_html(root, &options, &mut html);
    Body { html, text, tags, sentinels }
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
