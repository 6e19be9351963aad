//! The page's rules, each with what breaks it and what nearly does.

mod places;
mod rules;
mod samples;

use super::*;
use crate::render::{proof, tests::Newsroom};

const POSTAL: &str = "1 Sample Street, London";

/// A mail without fault around `kind` and `body`.
fn newsroom(kind: &str, body: &str) -> Newsroom {
    Newsroom::new(body)
        .file(
            "layout.html.hbs",
            "<!doctype html>\n<html lang=\"en\" dir=\"ltr\">\n<head>\n<title>x</title>\n</head>\n<body>\n\
             <div lang=\"en\" dir=\"ltr\">\n<h1>{{draft.subject}}</h1>\n{{{content}}}\n<p>1 Sample \
             Street,<br>London</p>\n<p><a href=\"{{links.unsubscribe}}\">Leave this list</a></p>\n\
             </div>\n</body>\n</html>\n",
        )
        .file(
            "layout.text.hbs",
            "{{{content}}}\n1 Sample Street,\nLondon\n{{links.unsubscribe}}\n",
        )
        .kind(kind)
}

/// `L3/plain-http drafts/talk.md:4:1: …`, one for each finding.
fn found(newsroom: &Newsroom) -> Vec<String> {
    newsroom.with_input(|input| {
        let proof = proof(input).unwrap_or_else(|faults| panic!("{faults:?}"));
        let findings = check(&Page {
            proof: &proof,
            draft: input.draft,
            templates: input.templates,
            postal_address: POSTAL,
            links: 20,
        });
        for finding in &findings {
            assert!(finding.fault.hint.is_some(), "{} has no fix", finding.fault);
            assert!(finding.fault.place.is_some(), "{} has no place", finding.fault);
        }
        findings.iter().map(|finding| format!("{} {}", finding.rule, finding.fault)).collect()
    })
}
