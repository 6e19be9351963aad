//! What mail programs, filters and readers make of the page: its language and structure, whether it
//! can be read and pressed, its links, its pictures, the way out and the address at its foot.
//!
//! The HTML is judged as it is sent, and a finding stands where an author wrote the element: at a
//! tag of a template, or in a line of the draft. How something looks is the template's doing, so
//! such a finding stands at the nearest tag of a template.
//!
//! | file | its one idea |
//! |---|---|
//! | `reading` | the page taken apart, each element with its look and its place |
//! | `declaration`, `style`, `frame` | what styles say; how an element looks; how much room it takes |
//! | `dark`, `colour` | the page's rules for dark mode; how well one colour is read on another |
//! | `structure`, `unclosed` | language, tables, headings, active content; tags that are never closed |
//! | `legible` | contrast and size of text, size of buttons |
//! | `link`, `target` | what links say; where they lead |
//! | `contact` | links that write a mail or ring somebody up |
//! | `reference` | Markdown that was to become a link and did not |
//! | `picture` | pictures, and how much text stands beside them |
//! | `data` | files written into the page |
//! | `foot` | the way out and the postal address |

mod colour;
mod contact;
mod dark;
mod data;
mod declaration;
mod foot;
mod frame;
mod legible;
mod link;
mod picture;
mod reading;
mod reference;
mod structure;
mod style;
mod target;
mod unclosed;

use std::collections::BTreeSet;

use scraper::Html;

use super::{Finding, Rule};
use crate::{
    diagnostic::Place,
    draft::Draft,
    render::{Proof, TemplateSet},
};
use reading::Reading;

/// What there is to judge.
pub struct Page<'a> {
    /// The mail for everybody at once.
    pub proof: &'a Proof,
    /// The announcement.
    pub draft: &'a Draft,
    /// The templates it was made with.
    pub templates: &'a TemplateSet,
    /// Where the sender can be reached by post.
    pub postal_address: &'a str,
    /// Most links.
    pub links: usize,
}

/// The rules of all files here.
pub(super) static RULES: [&[&Rule]; 9] = [
    &structure::RULES,
    &unclosed::RULES,
    &legible::RULES,
    &link::RULES,
    &contact::RULES,
    &reference::RULES,
    &picture::RULES,
    &data::RULES,
    &foot::RULES,
];

/// Reads the page once and finds what is wrong with it.
pub fn check(page: &Page<'_>) -> Vec<Finding> {
    let html = Html::parse_document(&page.proof.html);
    let reading = Reading::new(page, &html);
    let mut findings = structure::check(&reading);
    findings.extend(unclosed::check(page));
    findings.extend(legible::check(&reading));
    findings.extend(link::check(&reading));
    findings.extend(reference::check(&reading));
    findings.extend(picture::check(&reading));
    findings.extend(data::check(&reading));
    findings.extend(foot::check(&reading));
    // A loop writes one tag many times, and two links of a line are one place.
    let mut told = BTreeSet::new();
    findings.retain(|Finding { rule, fault, .. }| {
        let place = match &fault.place {
            Some(Place::Span { source, span }) => Some((source.name.clone(), span.start)),
            _ => None,
        };
        told.insert((rule.code, rule.name, fault.message.clone(), place))
    });
    findings
}

#[cfg(test)]
mod tests;
