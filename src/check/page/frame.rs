//! The box around an element, and lengths.

use scraper::ElementRef;

use super::declaration::Declaration;

/// A length in pixels; `em` is the size of letters around, and a percentage is one of that.
pub(super) fn length(value: &str, em: f64) -> Option<f64> {
    let end = value.find(|c: char| c.is_ascii_alphabetic() || c == '%').unwrap_or(value.len());
    let number: f64 = value[..end].trim().parse().ok()?;
    let unit = match &value[end..] {
        "px" | "" => 1.0,
        "pt" => 4.0 / 3.0,
        "em" => em,
        "rem" => 16.0,
        "%" => em / 100.0,
        _ => return None,
    };
    Some(number * unit)
}

/// A length that depends on nothing around it.
pub(super) fn pixels(value: &str) -> Option<f64> {
    if value.ends_with('%') { None } else { length(value, 16.0) }
}

/// The box around an element.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Frame {
    /// Above and below together, with the border.
    pub(super) padding: f64,
    /// The least height that is asked for.
    pub(super) height: f64,
    /// Whether the element itself has a border.
    pub(super) has_border: bool,
}

impl Frame {
    /// From declarations; `em` is the size of the element's letters.
    pub(super) fn of(element: ElementRef<'_>, declared: &[Declaration], em: f64) -> Self {
        let (mut top, mut bottom, mut borders) = (0.0, 0.0, [0.0; 2]);
        let mut frame = Self::default();
        let width = |value: &str| value.split_whitespace().find_map(|word| length(word, em));
        for Declaration { name, value, .. } in declared {
            match name.as_str() {
                "padding" => {
                    let sides: Vec<f64> = value
                        .split_whitespace()
                        .map(|side| length(side, em).unwrap_or(0.0))
                        .collect();
                    top = sides.first().copied().unwrap_or(0.0);
                    bottom = sides.get(2).copied().unwrap_or(top);
                }
                "padding-top" => top = length(value, em).unwrap_or(0.0),
                "padding-bottom" => bottom = length(value, em).unwrap_or(0.0),
                "border" | "border-width" => borders = [width(value).unwrap_or(0.0); 2],
                "border-top" | "border-top-width" => borders[0] = width(value).unwrap_or(0.0),
                "border-bottom" | "border-bottom-width" => borders[1] = width(value).unwrap_or(0.0),
                "height" | "min-height" => {
                    frame.height = pixels(value).unwrap_or(0.0).max(frame.height);
                }
                _ => {}
            }
        }
        let attribute = element.attr("height").and_then(|height| height.parse().ok());
        frame.height = frame.height.max(attribute.unwrap_or(0.0));
        frame.padding = top + bottom + borders[0] + borders[1];
        frame.has_border = borders.iter().all(|border| *border > 0.0);
        frame
    }
}
