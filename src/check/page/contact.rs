//! Links that write a mail or ring somebody up.

use super::{
    link::{Link, MISMATCH},
    target::{decoded, is_one_site},
};
use crate::{
    audience::Address,
    check::{Finding, Level, Rule},
    render::VALUE,
};

static SYNTAX: Rule = Rule {
    code: "L8",
    name: "syntax",
    level: Level::Error,
    may_pass: true,
    title: "A mail or telephone link that does not work",
    why: "A mail program or telephone cannot make an address or a number of it.",
    mend: "Write `mailto:name@example.org`, or `tel:+442072193000` without spaces.",
};

pub(super) static RULES: [&Rule; 1] = [&SYNTAX];

impl Link<'_, '_> {
    /// `mailto:` (RFC 6068): addresses with commas between, and fields behind `?`.
    pub(super) fn mail(&self, rest: &str) -> Option<Finding> {
        let (to, fields) = rest.split_once('?').unwrap_or((rest, ""));
        if rest.contains(VALUE) || (to.is_empty() && !fields.is_empty()) {
            return None;
        }
        if to.starts_with("//") {
            let message = format!("{} has `//` after its colon", self.shown());
            return Some(self.finding(&SYNTAX, message).fix("write `mailto:name@example.org`"));
        }
        let bad = to.split(',').find_map(|address| {
            Address::parse(&decoded(address)).err().map(|fault| (address.to_owned(), fault))
        });
        if let Some((address, fault)) = bad {
            let message = format!("`{address}` is no address to write to: {fault}");
            return Some(self.finding(&SYNTAX, message).fix("write `mailto:name@example.org`"));
        }
        let domain =
            |address: &str| Address::parse(address).ok().map(|address| address.domain().to_owned());
        let shown = domain(&self.says)?;
        let led = domain(&decoded(to))?;
        (!is_one_site(&shown, &led)).then(|| {
            let message = format!("this link shows an address at `{shown}` and writes to `{led}`");
            self.finding(&MISMATCH, message).fix("let both name the same address")
        })
    }

    /// `tel:` (RFC 3966): digits, with hyphens, dots and parentheses between.
    pub(super) fn phone(&self, rest: &str) -> Option<Finding> {
        let number = rest.split(';').next().unwrap_or_default();
        let digits = number.strip_prefix('+').unwrap_or(number);
        let is_plain = digits.chars().all(|c| c.is_ascii_digit() || "-.()*#".contains(c));
        let is_number = digits.chars().filter(char::is_ascii_digit).count() >= 3;
        if number.contains(VALUE) || (is_plain && is_number) {
            return None;
        }
        let message = format!("`{}` is no telephone number for a link", decoded(number));
        Some(self.finding(&SYNTAX, message).fix("write digits only, as in `tel:+442072193000`"))
    }
}
