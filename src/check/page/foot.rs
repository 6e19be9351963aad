//! What every mail owes its reader: a way out that can be seen and pressed, and an address.

use super::{Page, link, reading::Reading};
use crate::{
    check::{Finding, Level, Rule},
    render::UNSUBSCRIBE,
};

static WAY_OUT: Rule = Rule {
    code: "L9",
    name: "unsubscribe",
    level: Level::Error,
    may_pass: false,
    title: "No way out that can be seen",
    why: "Everybody must be able to leave the list: the law asks for it, and who cannot leave reports \
          the mail as spam.",
    mend: "Keep `<a href=\"{{links.unsubscribe}}\">Unsubscribe</a>` in the layout, in a size and colour \
           that can be read.",
};

static FAR: Rule = Rule {
    code: "B2",
    name: "far-unsubscribe",
    level: Level::Error,
    may_pass: true,
    title: "The way out is cut off",
    why: "Gmail shows about the first 100,000 bytes of a page and hides the rest, the link to \
          unsubscribe with it.",
    mend: "Make the mail shorter: say the rest on a web page, and link to it.",
};

static TEXT: Rule = Rule {
    code: "B3",
    name: "text",
    level: Level::Error,
    may_pass: true,
    title: "The text part is empty, or has no way out",
    why: "People who read plain text, and programs that read a mail aloud, have only that part.",
    mend: "Keep `{{{content}}}` and `Unsubscribe: {{links.unsubscribe}}` in the text layout.",
};

static POSTAL: Rule = Rule {
    code: "C6",
    name: "postal",
    level: Level::Error,
    may_pass: true,
    title: "No postal address",
    why: "The law of many countries asks a sender to say where it can be reached, and filters trust \
          a sender that does.",
    mend: "Keep `{{sender.postal_address}}` at the foot of both layouts.",
};

pub(super) static RULES: [&Rule; 4] = [&WAY_OUT, &FAR, &TEXT, &POSTAL];

/// Gmail clips a page near 102 kB.
const FAR_OUT: usize = 100_000;

/// Letters of the way out are no smaller, in pixels, and stand out this much: less is hiding it.
/// What is merely hard to read is told by the rules for text.
const LEAST_SIZE: f64 = 8.0;
const LEAST_CONTRAST: f64 = 2.0;

pub(super) fn check(reading: &Reading<'_>) -> Vec<Finding> {
    let page = reading.page;
    let mut findings = Vec::new();
    findings.extend(way_out(reading));
    findings.extend(far(reading));
    findings.extend(text(page));
    findings.extend(postal(reading));
    findings
}

/// Numbers of the links to unsubscribe.
fn ways_out(reading: &Reading<'_>) -> Vec<usize> {
    let leads = |(number, href): (usize, &str)| href.contains(UNSUBSCRIBE).then_some(number);
    link::links(reading).filter_map(leads).collect()
}

fn way_out(reading: &Reading<'_>) -> Option<Finding> {
    let ways = ways_out(reading);
    let Some(first) = ways.first() else {
        let finding = WAY_OUT.finding("the HTML has no link to unsubscribe");
        let finding = in_layout(finding, reading.page, "layout.html.hbs");
        return Some(
            finding.fix("write `<a href=\"{{links.unsubscribe}}\">Unsubscribe</a>` in the layout"),
        );
    };
    if !reading.page.proof.html_unsubscribes {
        let message = "not everybody’s mail has the link to unsubscribe";
        let finding = reading.finding_on_look(&WAY_OUT, message, *first);
        return Some(finding.fix("take it out of the `{{#if}}` that depends on the person"));
    }
    let faults: Option<Vec<&str>> = ways.iter().map(|way| hidden(reading, *way)).collect();
    let fault = *faults?.first()?;
    let message = format!("the link to unsubscribe {fault}");
    let finding = reading.finding_on_look(&WAY_OUT, message, *first);
    Some(finding.fix("set it in the size and colour of the text around it"))
}

/// How a link is kept from being seen, if it is.
fn hidden(reading: &Reading<'_>, way: usize) -> Option<&'static str> {
    let look = &reading.elements[way].light;
    let is_inside = |inside: usize| {
        reading.around(inside).any(|outer| outer.html == reading.elements[way].html)
    };
    let mut inner = reading.texts.iter().filter(|text| is_inside(text.inside));
    let seen = inner.find(|text| reading.elements[text.inside].light.is_shown);
    let has_picture = reading
        .named(&["img"])
        .any(|(number, picture)| picture.light.is_shown && is_inside(number));
    let look = match seen {
        _ if !look.is_shown => return Some("is hidden"),
        None if has_picture => return None,
        None => return Some("has no text"),
        Some(text) => &reading.elements[text.inside].light,
    };
    let is_pale = look
        .colour
        .zip(look.ground)
        .is_some_and(|(colour, ground)| colour.contrast(ground) < LEAST_CONTRAST);
    if look.size < LEAST_SIZE {
        Some("is too small to be seen")
    } else {
        is_pale.then_some("cannot be told from its ground")
    }
}

fn far(reading: &Reading<'_>) -> Option<Finding> {
    let proof = reading.page.proof;
    let at = proof.html.find(UNSUBSCRIBE)?;
    let bytes = proof.unmarked(&proof.html[..at]).len();
    let way = *ways_out(reading).first()?;
    (bytes > FAR_OUT).then(|| {
        let kilobytes = bytes / 1000;
        let message = format!("the link to unsubscribe stands {kilobytes} kB into the page");
        let finding = reading.finding_on_look(&FAR, message, way);
        finding.fix("shorten the mail, or link to the rest of it")
    })
}

fn text(page: &Page<'_>) -> Option<Finding> {
    let (message, fix) = if page.proof.text.trim().is_empty() {
        ("the text part is empty", "write `{{{content}}}` in it")
    } else if page.proof.text_unsubscribes {
        return None;
    } else if page.proof.text.contains(UNSUBSCRIBE) {
        let fix = "take it out of the `{{#if}}` that depends on the person";
        ("not everybody’s text part has a way to unsubscribe", fix)
    } else {
        ("the text part has no way to unsubscribe", "write `{{links.unsubscribe}}` in it")
    };
    Some(in_layout(TEXT.finding(message), page, "layout.text.hbs").fix(fix))
}

/// Letter by letter: a template may set the address in lines.
fn postal(reading: &Reading<'_>) -> Vec<Finding> {
    let page = reading.page;
    let letters = |text: &str| -> String {
        text.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect()
    };
    let address = letters(page.postal_address);
    [
        ("HTML", reading.seen(), "layout.html.hbs"),
        ("text", page.proof.text.clone(), "layout.text.hbs"),
    ]
    .into_iter()
    .filter(|(_, text, _)| address.is_empty() || !letters(text).contains(&address))
    .map(|(part, _, layout)| {
        let finding = POSTAL.finding(format!("the {part} part does not show the postal address"));
        in_layout(finding, page, layout).fix("write `{{sender.postal_address}}` in it")
    })
    .collect()
}

fn in_layout(finding: Finding, page: &Page<'_>, layout: &str) -> Finding {
    match page.templates.files.get(layout) {
        Some(source) => finding.in_file(&source.name),
        None => finding,
    }
}
