//! How an element looks: the few properties that decide whether it can be read and pressed.

use scraper::ElementRef;

use super::{
    colour::Colour,
    declaration::Declaration,
    frame::{length, pixels},
};

/// How text of an element looks.
#[derive(Clone, Debug)]
pub(super) struct Look {
    /// None where it cannot be known.
    pub(super) colour: Option<Colour>,
    /// What the text lies on. None where it cannot be known: on a picture, say.
    pub(super) ground: Option<Colour>,
    /// Size of the letters, in pixels.
    pub(super) size: f64,
    pub(super) is_bold: bool,
    line: Line,
    /// Whether it is seen at all.
    pub(super) is_shown: bool,
}

/// How high a line is.
#[derive(Clone, Copy, Debug)]
enum Line {
    Pixels(f64),
    Times(f64),
}

/// Elements whose text nobody sees.
const UNSEEN: [&str; 6] = ["head", "style", "script", "title", "template", "noscript"];

impl Look {
    /// Black on white, as browsers begin.
    pub(super) fn light() -> Self {
        Self {
            colour: Some(Colour::BLACK),
            ground: Some(Colour::WHITE),
            size: 16.0,
            is_bold: false,
            line: Line::Times(1.2),
            is_shown: true,
        }
    }

    /// In dark mode a mail program may begin with anything.
    pub(super) fn dark() -> Self {
        Self { colour: None, ground: None, ..Self::light() }
    }

    /// Height of a line of text, in pixels.
    pub(super) fn line_height(&self) -> f64 {
        match self.line {
            Line::Pixels(pixels) => pixels,
            Line::Times(times) => times * self.size,
        }
    }

    /// The look of an element inside: what it takes over, what its kind and attributes say, and
    /// what is declared, the last word last. `link` is the colour of links that have none.
    pub(super) fn inside<'d>(
        &self,
        element: ElementRef<'_>,
        link: Option<Colour>,
        declared: impl Iterator<Item = &'d Declaration> + Clone,
    ) -> Self {
        let mut look = self.clone();
        look.presume(element, link);
        for Declaration { name, value, .. } in declared.clone() {
            match name.as_str() {
                "font-size" => look.size = size(value, self.size).unwrap_or(look.size),
                "font-weight" => look.weigh(value),
                "font" => look.font(value, self.size),
                _ => {}
            }
        }
        for Declaration { name, value, .. } in declared.clone() {
            match name.as_str() {
                "background" | "background-color" => look.ground = background(value, self.ground),
                "color" if value == "inherit" => look.colour = self.colour,
                "color" => look.colour = Colour::parse(value),
                "line-height" => look.line = line(value, look.size).unwrap_or(look.line),
                "opacity" if value.parse().is_ok_and(|part: f64| part > 0.0 && part < 1.0) => {
                    look.colour = None;
                }
                _ => {}
            }
        }
        let last = |name: &str| {
            declared.clone().filter(|one| one.name == name).last().map(|one| one.value.as_str())
        };
        if last("background-image").is_some_and(|value| value != "none") {
            look.ground = None;
        }
        look.is_shown &= !is_hidden(last) && look.size > 1.0;
        look
    }

    fn presume(&mut self, element: ElementRef<'_>, link: Option<Colour>) {
        let name = element.value().name();
        let factor = match name {
            "h1" => 2.0,
            "h2" => 1.5,
            "h3" => 1.17,
            "h5" | "small" | "sub" | "sup" => 0.83,
            "h6" => 0.67,
            _ => 1.0,
        };
        self.size *= factor;
        self.is_bold |=
            matches!(name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "b" | "strong" | "th");
        if name == "a" && element.attr("href").is_some() {
            self.colour = link;
        }
        let colour = match name {
            "font" => element.attr("color"),
            "body" => element.attr("text"),
            _ => None,
        };
        if let Some(colour) = colour {
            self.colour = Colour::parse(colour);
        }
        if let Some(ground) = element.attr("bgcolor") {
            self.ground = background(ground, self.ground);
        }
        if element.attr("background").is_some() {
            self.ground = None;
        }
        self.is_shown &= !UNSEEN.contains(&name) && element.attr("hidden").is_none();
    }

    fn weigh(&mut self, value: &str) {
        self.is_bold = match value {
            "bold" | "bolder" => true,
            "normal" | "lighter" => false,
            number => number.parse().map_or(self.is_bold, |weight: f64| weight >= 700.0),
        };
    }

    /// `bold 14px/20px Arial`
    fn font(&mut self, value: &str, outer: f64) {
        self.is_bold = false;
        for word in value.split_whitespace() {
            let (letters, height) = word.split_once('/').unwrap_or((word, ""));
            if let Some(found) = size(letters, outer) {
                self.size = found;
                self.line = line(height, found).unwrap_or(Line::Times(1.2));
                return;
            }
            self.weigh(word);
        }
    }
}

/// Whether declarations, found by name, take an element out of sight.
fn is_hidden<'d>(last: impl Fn(&str) -> Option<&'d str>) -> bool {
    let is = |name: &str, words: &[&str]| last(name).is_some_and(|value| words.contains(&value));
    let is_nothing = |name: &str| last(name).and_then(pixels).is_some_and(|length| length <= 0.0);
    let is_far = |name: &str| last(name).and_then(pixels).is_some_and(|length| length <= -999.0);
    is("display", &["none"])
        || is("visibility", &["hidden", "collapse"])
        || last("opacity").is_some_and(|value| value.parse().is_ok_and(|part: f64| part <= 0.0))
        || (is("overflow", &["hidden"])
            && ["height", "max-height", "width", "max-width"].into_iter().any(is_nothing))
        || ["left", "top", "text-indent"].into_iter().any(is_far)
}

/// The ground that a background makes over what lies below.
fn background(value: &str, below: Option<Colour>) -> Option<Colour> {
    if ["none", "inherit", "initial", "unset", "transparent"].contains(&value) {
        return below;
    }
    if value.contains("url(") || value.contains("gradient") {
        return None;
    }
    let colour =
        Colour::parse(value).or_else(|| value.split_whitespace().find_map(Colour::parse))?;
    if colour.is_solid() { Some(colour) } else { below.map(|below| colour.on(below)) }
}

fn line(value: &str, size: f64) -> Option<Line> {
    if value == "normal" {
        return Some(Line::Times(1.2));
    }
    match value.parse() {
        Ok(times) => Some(Line::Times(times)),
        Err(_) => length(value, size).map(Line::Pixels),
    }
}

fn size(value: &str, outer: f64) -> Option<f64> {
    let named = ["xx-small", "x-small", "small", "medium", "large", "x-large", "xx-large"];
    let pixels = [9.0, 10.0, 13.0, 16.0, 18.0, 24.0, 32.0];
    let name = named.iter().position(|name| *name == value).map(|at| pixels[at]);
    name.or_else(|| match value {
        "smaller" => Some(outer * 0.83),
        "larger" => Some(outer * 1.2),
        // A number without a unit counts only when it is nothing.
        _ if value.parse::<f64>().is_ok_and(|number| number != 0.0) => None,
        _ => length(value, outer),
    })
}
