//! Whether text can be read and buttons pressed.

use std::collections::BTreeSet;

use super::{
    colour::Colour,
    frame::Frame,
    reading::{Element, Reading},
    style::Look,
};
use crate::{
    check::{Finding, Level, Rule},
    render::VALUE,
};

static CONTRAST: Rule = Rule {
    code: "A4",
    name: "contrast",
    level: Level::Warning,
    may_pass: true,
    title: "Text too pale for its ground",
    why: "Pale text is lost on weak eyes, on a poor screen and in the sun. The accessibility guidelines \
          (WCAG) ask for a contrast of 4.5:1, and of 3:1 for large text.",
    mend: "Make the text darker or its ground lighter, in the styles of the template.",
};

static DARK_CONTRAST: Rule = Rule {
    code: "A4",
    name: "dark-contrast",
    level: Level::Warning,
    may_pass: true,
    title: "Text that cannot be read in dark mode",
    why: "Many people read their mail light on dark. A colour that is set for one of text and ground \
          and not for the other leaves dark on dark.",
    mend: "Set text and ground together in the `@media (prefers-color-scheme: dark)` rules of the \
           template.",
};

static SMALL_TEXT: Rule = Rule {
    code: "A5",
    name: "small-text",
    level: Level::Warning,
    may_pass: true,
    title: "Text smaller than 14 pixels",
    why: "On a telephone such text is read with effort or not at all, and some programs enlarge it \
          and break the page.",
    mend: "Set a `font-size` of 14 pixels or more in the styles of the template.",
};

static SMALL_BUTTON: Rule = Rule {
    code: "A5",
    name: "small-button",
    level: Level::Warning,
    may_pass: true,
    title: "A button lower than 44 pixels",
    why: "A finger is broader than a pointer: what is lower is missed, or its neighbour is hit.",
    mend: "Give the button more `padding` above and below, in the styles of the template.",
};

pub(super) static RULES: [&Rule; 4] = [&CONTRAST, &DARK_CONTRAST, &SMALL_TEXT, &SMALL_BUTTON];

/// The contrast that small and large text needs (WCAG 2.2, 1.4.3).
const SMALL_NEEDS: f64 = 4.5;
const LARGE_NEEDS: f64 = 3.0;

/// Where text becomes large, in pixels: 18 points, and 14 when bold.
const LARGE: f64 = 24.0;
const LARGE_BOLD: f64 = 18.66;

const LEAST_TEXT: f64 = 14.0;
const LEAST_BUTTON: f64 = 44.0;

pub(super) fn check(reading: &Reading<'_>) -> Vec<Finding> {
    let mut findings = texts(reading);
    findings.extend(buttons(reading));
    findings
}

/// Each fault of look once for a file.
fn texts(reading: &Reading<'_>) -> Vec<Finding> {
    let mut told = BTreeSet::new();
    let mut findings = Vec::new();
    for text in &reading.texts {
        let inside = text.inside;
        let element = &reading.elements[inside];
        let is_readable = text.text.contains(|c: char| c.is_alphanumeric() || c == VALUE);
        if !element.light.is_shown || !is_readable {
            continue;
        }
        let file = reading.template_place(inside).map(|(source, _)| source.name.clone());
        let pale = [pale(element), pale_in_the_dark(element, reading.has_dark_rules)];
        for (rule, message, fix) in pale.into_iter().flatten().chain(small(reading, inside)) {
            if told.insert((rule.name, message.clone(), file.clone())) {
                findings.push(reading.finding_on_look(rule, message, inside).fix(fix));
            }
        }
    }
    findings
}

type Fault = (&'static Rule, String, String);

fn pale(element: &Element<'_>) -> Option<Fault> {
    let Look { colour, ground, .. } = element.light;
    let fault = too_close(colour?, ground?, &element.light)?;
    let lighter = colour?.contrast(Colour::BLACK) > ground?.contrast(Colour::BLACK);
    let fix = match lighter {
        true => "make the text lighter or its ground darker",
        false => "make the text darker or its ground lighter",
    };
    Some((&CONTRAST, fault, fix.to_owned()))
}

/// By the page's own rules for dark mode, where it has any. Where it has none, the apps of Gmail and
/// Outlook darken it by themselves: they turn the lightness of text and ground over, which is
/// imitated here. Text that is too pale by day is not told again.
fn pale_in_the_dark(element: &Element<'_>, has_rules: bool) -> Option<Fault> {
    if has_rules {
        let Look { colour, ground, is_shown, .. } = element.dark;
        let fault = is_shown.then(|| too_close(colour?, ground?, &element.dark))??;
        let fix = "set the colours of text and ground together in the rules for dark mode";
        return Some((&DARK_CONTRAST, format!("in dark mode {fault}"), fix.to_owned()));
    }
    let Look { colour, ground, .. } = element.light;
    let (colour, ground) = (colour?.on(ground?), ground?);
    if too_close(colour, ground, &element.light).is_some() {
        return None;
    }
    let fault = too_close(colour.turned_over(), ground.turned_over(), &element.light)?;
    let fix = "write rules for dark mode: `@media (prefers-color-scheme: dark)`";
    Some((&DARK_CONTRAST, format!("darkened by the mail program {fault}"), fix.to_owned()))
}

fn too_close(colour: Colour, ground: Colour, look: &Look) -> Option<String> {
    let is_large = look.size >= LARGE || (look.is_bold && look.size >= LARGE_BOLD);
    let (size, needs) = if is_large { ("large", LARGE_NEEDS) } else { ("small", SMALL_NEEDS) };
    let ratio = colour.contrast(ground);
    // Rounded down: 4.49 is not 4.5.
    let shown = (ratio * 10.0).floor() / 10.0;
    let colour = colour.on(ground);
    (ratio < needs)
        .then(|| format!("`{colour}` on `{ground}` is {shown}:1, and {size} text needs {needs}:1"))
}

/// Notes and formulas, which are set small, are passed over.
fn small(reading: &Reading<'_>, inside: usize) -> Option<Fault> {
    let size = reading.elements[inside].light.size;
    let is_raised = reading.around(inside).any(|outer| matches!(outer.name, "sup" | "sub"));
    if size >= LEAST_TEXT || is_raised {
        return None;
    }
    let message = format!("this text is {} px high, and needs {LEAST_TEXT}", short(size));
    Some((&SMALL_TEXT, message, format!("set `font-size: {LEAST_TEXT}px` or more")))
}

fn buttons(reading: &Reading<'_>) -> Vec<Finding> {
    let mut told = BTreeSet::new();
    let low = reading.named(&["a"]).filter_map(|(number, element)| {
        let height = button_height(reading, number, element)?;
        let message = format!("this button is {} px high, and needs {LEAST_BUTTON}", short(height));
        let file =
            reading.template_place(number).map(|(source, span)| (source.name.clone(), span.start));
        let is_new = height < LEAST_BUTTON && told.insert((message.clone(), file));
        is_new.then(|| {
            let fix = "give it more `padding` above and below";
            reading.finding_on_look(&SMALL_BUTTON, message, number).fix(fix)
        })
    });
    low.collect()
}

/// How high a link is that is drawn as a button: with padding in a box of its own, or alone in a
/// coloured cell.
fn button_height(reading: &Reading<'_>, number: usize, link: &Element<'_>) -> Option<f64> {
    let outer = link.parent.and_then(|parent| reading.elements.get(parent))?;
    let says = reading.says(number);
    // How high a picture is drawn is not known.
    let has_picture = link.html.descendent_elements().any(|inner| inner.value().name() == "img");
    let is_link = link.html.attr("href").is_some() && !has_picture;
    if !link.light.is_shown || !is_link || says.is_empty() {
        return None;
    }
    let frame = Frame::of(link.html, &link.declared, link.light.size);
    let is_boxed =
        frame.padding > 0.0 && (frame.has_border || link.light.ground != outer.light.ground);
    let mut height = (link.light.line_height() + frame.padding).max(frame.height);
    let around_cell = outer.parent.and_then(|parent| reading.elements.get(parent));
    let is_cell = matches!(outer.name, "td" | "th")
        && around_cell.is_some_and(|around| around.light.ground != outer.light.ground)
        && link.parent.is_some_and(|parent| reading.says(parent) == says);
    if is_cell {
        let cell = Frame::of(outer.html, &outer.declared, outer.light.size);
        height = (height + cell.padding).max(cell.height);
    }
    (is_boxed || is_cell).then_some(height)
}

/// `12` or `12.5`
fn short(pixels: f64) -> f64 {
    (pixels * 10.0).round() / 10.0
}
