//! Block tags in the Markdown tree: each must close where it opened, and a list that tags cut up is
//! one list.

use comrak::{
    Node,
    nodes::{ListType, NodeValue},
};

use super::{surgery::Surgery, tags::TagKind};

impl Surgery<'_> {
    /// Bullet lists with block tags around single bullets become one list with the tags inside.
    pub(super) fn join_lists(&self, root: Node<'_>) {
        for node in root.descendants().collect::<Vec<_>>() {
            if !is_bullet_list(node) || node.parent().is_none() {
                continue;
            }
            let mut run = self.run_after(node);
            let mut first = node;
            // `{{#each}}` before the first bullet belongs to the list; `{{#if}}` would leave an
            // empty list where it does not hold.
            if let Some(before) = node.previous_sibling().filter(|node| self.is_each(node)) {
                run.insert(0, before);
                first = before;
            }
            while !run.is_empty() && !self.is_balanced(&run) {
                if run.pop().is_some_and(|last| last.same_node(first)) {
                    run.clear();
                }
            }
            if run.iter().all(|part| is_bullet_list(part)) {
                continue;
            }
            for part in run {
                if is_bullet_list(part) {
                    for item in part.children().collect::<Vec<_>>() {
                        node.append(item);
                    }
                    part.detach();
                } else if part.same_node(first) {
                    node.prepend(part);
                } else {
                    node.append(part);
                }
            }
        }
    }

    /// The bullet lists and block tags that follow a list without anything between.
    fn run_after<'t>(&self, list: Node<'t>) -> Vec<Node<'t>> {
        let is_part = |node: &Node<'t>| is_bullet_list(node) || !self.kinds(node).is_empty();
        list.following_siblings().skip(1).take_while(is_part).collect()
    }

    /// What the tags of a lone block tag do; nothing for any other node.
    fn kinds(&self, node: Node<'_>) -> Vec<TagKind> {
        match &node.data().value {
            NodeValue::Raw(marks) => {
                self.numbers(marks).map(|number| self.tags[number].kind).collect()
            }
            _ => Vec::new(),
        }
    }

    fn is_each(&self, node: Node<'_>) -> bool {
        let data = node.data();
        let NodeValue::Raw(marks) = &data.value else { return false };
        let mut numbers = self.numbers(marks);
        let (Some(number), None) = (numbers.next(), numbers.next()) else { return false };
        let tag = self.source.text[self.span(number)].trim_start_matches(['{', '~', '#', ' ']);
        self.tags[number].kind == TagKind::Open && tag.starts_with("each")
    }

    /// Whether everything that opens in the nodes closes in them, and nothing else does.
    fn is_balanced(&self, nodes: &[Node<'_>]) -> bool {
        let mut open = 0_usize;
        for kind in nodes.iter().flat_map(|node| self.kinds(node)) {
            match (kind, open) {
                (TagKind::Open, _) => open += 1,
                (TagKind::Else | TagKind::Close, 0) | (TagKind::Partial, _) => return false,
                (TagKind::Close, _) => open -= 1,
                _ => {}
            }
        }
        open == 0
    }

    /// Each block tag must close where it opened, or HTML elements would cross.
    pub(super) fn check_nesting(&mut self, root: Node<'_>) {
        let mut open: Vec<(usize, usize)> = Vec::new();
        for node in root.descendants() {
            let data = node.data();
            let (text, is_place) = match &data.value {
                NodeValue::Text(text) => (text.as_ref(), false),
                NodeValue::Raw(text) => (text.as_str(), false),
                NodeValue::Link(link) | NodeValue::Image(link) => (link.url.as_str(), true),
                _ => continue,
            };
            let parent = node.parent().unwrap_or(node);
            let place = std::ptr::from_ref(if is_place { node } else { parent }).addr();
            for number in self.numbers(text).collect::<Vec<_>>() {
                let fault = match self.tags[number].kind {
                    TagKind::Open => {
                        open.push((number, place));
                        continue;
                    }
                    TagKind::Else | TagKind::Close => match open.last() {
                        None => Some("this closes nothing"),
                        Some((_, opened)) if *opened != place => Some(
                            "this stands in another paragraph, list or table than its beginning",
                        ),
                        Some(_) => None,
                    },
                    _ => continue,
                };
                if self.tags[number].kind == TagKind::Close {
                    open.pop();
                }
                if let Some(message) = fault {
                    self.faults.at(self.source, &self.span(number), message);
                }
            }
        }
        for (number, _) in open {
            self.faults.at(self.source, &self.span(number), "this is never closed");
        }
    }
}

fn is_bullet_list(node: Node<'_>) -> bool {
    matches!(&node.data().value, NodeValue::List(list) if list.list_type == ListType::Bullet)
}
