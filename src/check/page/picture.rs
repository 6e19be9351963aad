//! Pictures: described, sized, sent along, and not instead of words.

use unicode_width::UnicodeWidthChar as _;

use super::{
    data::is_data,
    reading::{Element, Reading},
};
use crate::{
    check::{Finding, Level, Rule, early::REMOTE},
    render::VALUE,
};

static ALT: Rule = Rule {
    code: "I1",
    name: "alt",
    level: Level::Error,
    may_pass: true,
    title: "A picture without a description",
    why: "Whoever does not see pictures, because of their eyes or their mail program, hears or reads \
          the file's name instead.",
    mend: "Say in `alt` what it shows. A picture that only decorates has `alt=\"\"`.",
};

static WIDTH: Rule = Rule {
    code: "I2",
    name: "width",
    level: Level::Warning,
    may_pass: true,
    title: "A picture without a width",
    why: "Outlook heeds only the `width` in the tag. Without it a photograph is drawn in its full size \
          and tears the page apart.",
    mend: "Write `width=\"560\"`, or what it is to be wide, in the tag.",
};

static SOURCE: Rule = Rule {
    code: "I3",
    name: "source",
    level: Level::Error,
    may_pass: true,
    title: "A picture that nobody sees, or that tells who reads",
    why: "A mail has no folder: the file of such a picture is not there. And one that is loaded from \
          the web tells its server who reads the mail, and when.",
    mend: "Put the picture beside the draft and write `![what it shows](files/picture.jpg)`: it then \
           travels inside the mail.",
};

static TEXT_SHARE: Rule = Rule {
    code: "I6",
    name: "text-share",
    level: Level::Warning,
    may_pass: true,
    title: "More pictures than words",
    why: "Filters distrust a mail that is mostly picture, because they cannot read it. Nor can people \
          whose program shows none.",
    mend: "Say in words what the pictures say, or leave some out.",
};

pub(super) static RULES: [&Rule; 4] = [&ALT, &WIDTH, &SOURCE, &TEXT_SHARE];

/// The least share of text, in hundredths.
const LEAST_SHARE: f64 = 40.0;

/// A picture across the sheet counts for as many letters: about half the room it takes.
const LETTERS: f64 = 500.0;

/// The sheet's width in pixels. A smaller picture counts for less, one of unknown width as this.
const SHEET: f64 = 560.0;

pub(super) fn check(reading: &Reading<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (number, element) in reading.named(&["img"]) {
        findings.extend(picture(reading, number, element));
    }
    findings.extend(loaded(reading));
    findings.extend(share(reading));
    findings
}

/// What `srcset` and the `url()` of styles load; expansion knows only what other attributes do.
fn loaded(reading: &Reading<'_>) -> Vec<Finding> {
    let found = reading.elements.iter().enumerate().flat_map(|(number, element)| {
        let set = element.html.attr("srcset").filter(|set| !is_data(set)).unwrap_or_default();
        let in_set = set.split(',').filter_map(|one| one.split_whitespace().next());
        let styles = element.declared.iter().flat_map(|one| one.value.split("url(").skip(1));
        let in_styles = styles.filter_map(|rest| rest.split(')').next());
        let addresses = in_set.chain(in_styles).map(|one| one.trim_matches(['"', '\'', ' ']));
        let finding = |address: &str| {
            let is_remote =
                ["http:", "https:", "//"].iter().any(|begin| address.starts_with(begin));
            let (rule, message) = match address {
                _ if is_remote => (&REMOTE, format!("`{address}` is loaded from the network")),
                "" => return None,
                inside if inside.contains(':') || inside.starts_with([VALUE, '#']) => return None,
                _ => (&SOURCE, format!("`{address}` is not in the mail")),
            };
            let finding = reading.finding_on_look(rule, message, number);
            Some(finding.fix("put the picture into the draft, or name a colour"))
        };
        addresses.filter_map(finding).collect::<Vec<_>>()
    });
    found.collect()
}

fn picture(reading: &Reading<'_>, number: usize, element: &Element<'_>) -> Vec<Finding> {
    let attribute = |name: &str| element.html.attr(name).map(str::trim);
    let mut findings = Vec::new();
    if attribute("alt").is_none() {
        let finding = reading.finding(&ALT, "this picture has no `alt`", number, &[]);
        findings.push(finding.fix("say what it shows: `alt=\"…\"`"));
    }
    if let Some(file) = attribute("alt").filter(|alt| is_file_name(alt)) {
        let message = format!("`{file}` is the file’s name, and does not say what it shows");
        let finding = reading.finding(&ALT, message, number, &[file]);
        findings.push(finding.fix("say what the picture shows"));
    }
    if width(element).is_none() {
        let finding = reading.finding(&WIDTH, "this picture has no `width`", number, &[]);
        findings.push(finding.fix("write its width in pixels: `width=\"560\"`"));
    }
    let source = attribute("src").unwrap_or_default();
    let is_written_out = element.html.attr("srcset").is_some_and(is_data);
    if source.is_empty() && !is_written_out {
        let finding = reading.finding(&SOURCE, "this picture has no file", number, &[]);
        findings.push(finding.fix("name its file in `src`, or take the tag out"));
    } else if !source.is_empty() && !source.starts_with(VALUE) && !source.contains(':') {
        let message = format!("`{source}` is not in the mail");
        let finding = reading.finding(&SOURCE, message, number, &[source]);
        findings.push(finding.fix("put the picture into the draft: `![…](files/…)`"));
    }
    findings
}

/// `IMG_2034.jpg`, as programs write it that insert pictures.
fn is_file_name(alt: &str) -> bool {
    let is_ending = |end: &str| {
        ["jpg", "jpeg", "png", "gif", "webp", "heic"].iter().any(|it| end.eq_ignore_ascii_case(it))
    };
    !alt.contains(char::is_whitespace)
        && alt.rsplit_once('.').is_some_and(|(_, end)| is_ending(end))
}

fn width(element: &Element<'_>) -> Option<f64> {
    let width = element.html.attr("width")?.trim();
    let share = width.strip_suffix('%').and_then(|share| share.parse::<f64>().ok());
    let pixels = width.strip_suffix("px").unwrap_or(width).parse().ok();
    share.map(|share| SHEET * share / 100.0).or(pixels)
}

/// Letters that are seen, beside pictures that are worth letters.
fn share(reading: &Reading<'_>) -> Option<Finding> {
    let pictures = reading.named(&["img"]).filter(|(_, element)| element.light.is_shown);
    let (numbers, widths): (Vec<usize>, Vec<f64>) = pictures
        .filter(|(_, element)| !element.is_alternative)
        .map(|(number, element)| (number, width(element).unwrap_or(SHEET).clamp(0.0, SHEET)))
        .unzip();
    let as_letters = widths.iter().sum::<f64>() / SHEET * LETTERS;
    let letters = reading.seen().chars().filter(|c| c.is_alphanumeric()).map(room).sum::<f64>();
    let share = 100.0 * letters / (letters + as_letters);
    let first = numbers.first().filter(|_| share < LEAST_SHARE)?;
    let message = format!("only {} % of this mail is text", share.floor());
    Some(reading.finding(&TEXT_SHARE, message, *first, &[]).fix("say in words what it shows"))
}

/// A letter of Korean says as much as two of English.
fn room(letter: char) -> f64 {
    if letter.width() == Some(2) { 2.0 } else { 1.0 }
}
