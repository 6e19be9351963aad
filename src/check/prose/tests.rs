//! Drafts for the tests of these rules.

use crate::{
    check::Finding,
    diagnostic::{Place, Source},
    draft::{Draft, Kind, Kinds},
};

/// A letter with these lines of front matter, to the members unless they say otherwise.
pub(in crate::check) fn letter(front: &str, body: &str) -> Draft {
    let source = |name, text| Source::new(format!("templates/letter/{name}"), text);
    let schema = source("kind.toml", include_str!("../../../templates/letter/kind.toml"));
    let starter = source("draft.md", include_str!("../../../templates/letter/draft.md"));
    let kind = Kind::parse("letter", schema, starter).expect("a kind");
    let lists = if front.contains("lists:") { "" } else { "lists: [members]\n" };
    let text = format!("---\nkind: letter\n{}\n{lists}---\n{body}", front.trim_end());
    let kinds = Kinds::from([("letter".to_owned(), kind)]);
    Draft::parse("letter", Source::new("drafts/letter.md", text), &kinds).expect("a draft")
}

/// The bytes that a finding points at.
pub(super) fn shown(finding: &Finding) -> String {
    match &finding.fault.place {
        Some(Place::Span { source, span }) => source.text[span.clone()].to_owned(),
        place => panic!("no span: {place:?}"),
    }
}
