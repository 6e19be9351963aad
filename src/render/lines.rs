//! One person's lines among those that everybody shares.

use std::fmt;

/// A part of one person's mail. Lines that everybody shares stand in it as the `S` that they were
/// made into when the campaign was opened ([`super::Renderer::new`]).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lines<'a, S> {
    own: String,
    /// Each with the place in `own` before which it stands.
    shared: Vec<(usize, &'a S)>,
}

/// Some lines of a part, one after another. All but the last are whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stretch<'a, S> {
    /// This person's; may be empty.
    Own(&'a str),
    /// The same for everybody who has them.
    Shared(&'a S),
}

impl<'a, S> Lines<'a, S> {
    /// All of them in order.
    pub fn stretches(&self) -> impl Iterator<Item = Stretch<'_, S>> {
        let mut from = 0;
        let before_end = self.shared.iter().flat_map(move |&(at, lines)| {
            let own = &self.own[from..at];
            from = at;
            [Stretch::Own(own), Stretch::Shared(lines)]
        });
        let last = self.shared.last().map_or(0, |(at, _)| *at);
        before_end.chain([Stretch::Own(&self.own[last..])])
    }

    /// The lines with something of this person's in them, one after another.
    pub fn own_lines(&self) -> &str {
        &self.own
    }

    /// This person's text, to be added to.
    pub(super) fn own(&mut self) -> &mut String {
        &mut self.own
    }

    /// Adds lines that everybody shares.
    pub(super) fn share(&mut self, lines: &'a S) {
        self.shared.push((self.own.len(), lines));
    }

    /// What is this person's alone.
    pub(super) fn into_own(self) -> String {
        self.own
    }
}

/// Lines none of which is shared.
impl<S> From<String> for Lines<'_, S> {
    fn from(own: String) -> Self {
        Self { own, shared: Vec::new() }
    }
}

/// The whole text.
impl<S: AsRef<str>> fmt::Display for Lines<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.stretches().try_for_each(|stretch| match stretch {
            Stretch::Own(text) => f.write_str(text),
            Stretch::Shared(lines) => f.write_str(lines.as_ref()),
        })
    }
}
