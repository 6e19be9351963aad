//! Colours as CSS writes them, and how well one can be read on another.

use std::fmt;

/// A colour: red, green and blue from 0 to 1, and how much of it covers what lies below.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Colour {
    rgb: [f64; 3],
    cover: f64,
}

/// Names that mails use. A name that is missing here is not judged.
const NAMES: [(&str, u32); 24] = [
    ("black", 0x00_00_00),
    ("white", 0xff_ff_ff),
    ("gray", 0x80_80_80),
    ("grey", 0x80_80_80),
    ("silver", 0xc0_c0_c0),
    ("lightgray", 0xd3_d3_d3),
    ("lightgrey", 0xd3_d3_d3),
    ("darkgray", 0xa9_a9_a9),
    ("darkgrey", 0xa9_a9_a9),
    ("dimgray", 0x69_69_69),
    ("whitesmoke", 0xf5_f5_f5),
    ("red", 0xff_00_00),
    ("maroon", 0x80_00_00),
    ("orange", 0xff_a5_00),
    ("yellow", 0xff_ff_00),
    ("olive", 0x80_80_00),
    ("lime", 0x00_ff_00),
    ("green", 0x00_80_00),
    ("aqua", 0x00_ff_ff),
    ("teal", 0x00_80_80),
    ("blue", 0x00_00_ff),
    ("navy", 0x00_00_80),
    ("fuchsia", 0xff_00_ff),
    ("purple", 0x80_00_80),
];

impl Colour {
    pub(super) const BLACK: Self = Self { rgb: [0.0; 3], cover: 1.0 };
    pub(super) const WHITE: Self = Self { rgb: [1.0; 3], cover: 1.0 };
    /// What browsers give links.
    pub(super) const LINK: Self = Self { rgb: [0.0, 0.0, 238.0 / 255.0], cover: 1.0 };

    /// `#rgb`, `#rrggbb`, `#rrggbbaa`, `rgb()`, `rgba()`, `transparent` or a common name.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_lowercase();
        if text == "transparent" {
            return Some(Self { rgb: [0.0; 3], cover: 0.0 });
        }
        if let Some(digits) = text.strip_prefix('#') {
            return Self::hexadecimal(digits);
        }
        if let Some(values) = text.strip_prefix("rgba(").or_else(|| text.strip_prefix("rgb(")) {
            return Self::of_values(values.strip_suffix(')')?);
        }
        let (_, number) = NAMES.iter().find(|(name, _)| *name == text)?;
        Self::hexadecimal(&format!("{number:06x}"))
    }

    fn hexadecimal(digits: &str) -> Option<Self> {
        let digits: Option<Vec<u32>> = digits.chars().map(|digit| digit.to_digit(16)).collect();
        let digits = digits?;
        let channels: Vec<u32> = match digits.len() {
            3 | 4 => digits.iter().map(|digit| digit * 17).collect(),
            6 | 8 => digits.chunks(2).map(|pair| pair[0] * 16 + pair[1]).collect(),
            _ => return None,
        };
        let channels: Vec<f64> =
            channels.into_iter().map(|channel| f64::from(channel) / 255.0).collect();
        let cover = channels.get(3).copied().unwrap_or(1.0);
        Some(Self { rgb: [channels[0], channels[1], channels[2]], cover })
    }

    fn of_values(values: &str) -> Option<Self> {
        let separators = |c: char| c == ',' || c == '/' || c.is_whitespace();
        let values = values.split(separators).filter(|value| !value.is_empty());
        let number = |(index, value): (usize, &str)| {
            let (value, most) = match value.strip_suffix('%') {
                Some(percent) => (percent, 100.0),
                None => (value, if index < 3 { 255.0 } else { 1.0 }),
            };
            value.parse().ok().map(|value: f64| (value / most).clamp(0.0, 1.0))
        };
        let values: Option<Vec<f64>> = values.enumerate().map(number).collect();
        let (rgb, cover) = values.as_deref()?.split_first_chunk()?;
        match cover {
            [] => Some(Self { rgb: *rgb, cover: 1.0 }),
            [cover] => Some(Self { rgb: *rgb, cover: *cover }),
            _ => None,
        }
    }

    /// What is seen when it lies on `ground`.
    pub(super) fn on(self, ground: Self) -> Self {
        let mix = |at: usize| self.rgb[at] * self.cover + ground.rgb[at] * (1.0 - self.cover);
        Self { rgb: [mix(0), mix(1), mix(2)], cover: 1.0 }
    }

    /// Whether nothing shows through.
    pub(super) fn is_solid(self) -> bool {
        self.cover >= 1.0
    }

    /// Contrast ratio of WCAG 2.2, from 1 to 21.
    pub(super) fn contrast(self, ground: Self) -> f64 {
        let (a, b) = (self.on(ground).luminance(), ground.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// Relative luminance (WCAG 2.2).
    fn luminance(self) -> f64 {
        let [red, green, blue] = self.rgb.map(linear);
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// The colour with its CIE lightness turned over, dark for light, its hue kept: white becomes
    /// black, navy a light blue.
    pub(super) fn turned_over(self) -> Self {
        let lightness = |luminance: f64| {
            let root = if luminance > 216.0 / 24_389.0 {
                luminance.cbrt()
            } else {
                (24_389.0 / 27.0 * luminance + 16.0) / 116.0
            };
            116.0 * root - 16.0
        };
        let luminance = |lightness: f64| {
            if lightness > 8.0 {
                ((lightness + 16.0) / 116.0).powi(3)
            } else {
                lightness * 27.0 / 24_389.0
            }
        };
        let wanted = luminance(100.0 - lightness(self.luminance()));
        let now = self.luminance();
        // Towards black by scaling, towards white by mixing: both reach any luminance.
        let channel = |channel: f64| {
            let channel = linear(channel);
            let turned = if wanted <= now {
                channel * wanted / now.max(f64::MIN_POSITIVE)
            } else {
                channel + (1.0 - channel) * (wanted - now) / (1.0 - now)
            };
            unlinear(turned)
        };
        Self { rgb: self.rgb.map(channel), cover: self.cover }
    }
}

fn linear(channel: f64) -> f64 {
    if channel <= 0.040_45 { channel / 12.92 } else { ((channel + 0.055) / 1.055).powf(2.4) }
}

fn unlinear(channel: f64) -> f64 {
    if channel <= 0.003_130_8 { channel * 12.92 } else { 1.055 * channel.powf(1.0 / 2.4) - 0.055 }
}

/// `#rrggbb`
impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("#")?;
        self.rgb.iter().try_for_each(|channel| {
            let nearest = (channel * 255.0).round();
            let byte = (0..=u8::MAX).find(|byte| f64::from(*byte) >= nearest).unwrap_or(u8::MAX);
            write!(f, "{byte:02x}")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn colour(text: &str) -> Colour {
        Colour::parse(text).unwrap_or_else(|| panic!("{text}"))
    }

    #[test]
    fn colours_are_read_in_every_spelling_of_mails() {
        for (text, shown) in [
            ("#ABC", "#aabbcc"),
            ("#0f5443", "#0f5443"),
            ("rgb(15, 84, 67)", "#0f5443"),
            ("rgb(100% 0% 50%)", "#ff0080"),
            (" White ", "#ffffff"),
        ] {
            assert_eq!(colour(text).to_string(), shown);
        }
        for text in ["", "#12", "#ggg", "var(--ink)", "rgb(1,2)", "é"] {
            assert_eq!(Colour::parse(text), None, "{text}");
        }
    }

    #[test]
    fn contrast_is_that_of_wcag() {
        let ratio = |text, ground| (colour(text).contrast(colour(ground)) * 100.0).round() / 100.0;
        assert_eq!(ratio("#000", "#fff").to_string(), "21");
        assert_eq!(ratio("#767676", "#fff").to_string(), "4.54");
        assert_eq!(ratio("#999", "#fff").to_string(), "2.85");
        assert_eq!(ratio("rgba(0,0,0,0.5)", "#fff").to_string(), "3.98");
    }

    #[test]
    fn lightness_turned_over_twice_is_what_it_was() {
        assert_eq!(colour("#fff").turned_over().to_string(), "#000000");
        assert_eq!(colour("#000").turned_over().to_string(), "#ffffff");
        for text in ["#0f5443", "#777777", "#d9b779"] {
            let back = colour(text).turned_over().turned_over();
            assert!((back.luminance() - colour(text).luminance()).abs() < 1e-6, "{text}");
        }
        assert!(colour("#0000ee").turned_over().contrast(Colour::BLACK) > 7.0);
    }
}
