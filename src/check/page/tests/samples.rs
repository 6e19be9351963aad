//! The samples are without fault; no page makes the reader stumble.

use proptest::prelude::*;

use super::*;
use crate::{diagnostic::Source, render::tests::with_samples};

#[test]
fn the_samples_have_no_findings() {
    let mut told = Vec::new();
    with_samples(|slug, input| {
        let proof = proof(input).unwrap();
        let findings = check(&Page {
            proof: &proof,
            draft: input.draft,
            templates: input.templates,
            postal_address: input.sender.postal_address.as_deref().unwrap(),
            links: 20,
        });
        told.extend(findings.iter().map(|one| format!("{slug}: {} {}", one.rule, one.fault)));
    });
    assert!(told.is_empty(), "{}", told.join("\n"));
}

#[test]
fn every_rule_has_its_own_name() {
    let mut names: Vec<String> =
        RULES.iter().flat_map(|rules| rules.iter()).map(ToString::to_string).collect();
    let all = names.len();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), all);
}

/// Pieces of which pages are made, whole and broken.
const PIECES: [&str; 40] = [
    "<",
    ">",
    "</",
    "\"",
    "'",
    "=",
    "<!--",
    "-->",
    "<p>",
    "</p>",
    "<td style=\"",
    "</table>",
    "<table>",
    "<a href=\"",
    "<a href=\"https://",
    "mailto:",
    "tel:+",
    "data:",
    "%e2",
    "[a][b]",
    "[^1]",
    "<style>",
    "</style>",
    "@media (prefers-color-scheme: dark) {",
    "}",
    "{",
    ";",
    "color:",
    "background: url(",
    "font: 1",
    "px/",
    "rgb(1,2",
    "#fff",
    "é북\u{FFFC}",
    "\u{FFFB}",
    " data-spot0z=\"9999\"",
    "<!--data-spot0z else-->",
    "<img src=\"",
    " ",
    "<h6>x",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_page_makes_the_reader_panic(pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..60)) {
        let html = pieces.concat();
        newsroom("{{{body}}}", &html.replace("{{", "")).with_input(|input| {
            let proof = Proof {
                html: html.clone(),
                written: html.clone(),
                text: html.clone(),
                spots: vec![crate::diagnostic::Spanned::new(Source::new("x", "<p"), 0..2)],
                marker: "data-spot0z".to_owned(),
                html_unsubscribes: true,
                text_unsubscribes: false,
            };
            check(&Page { proof: &proof, draft: input.draft, templates: input.templates, postal_address: "", links: 20 });
        });
    }
}
