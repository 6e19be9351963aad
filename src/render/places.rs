//! Where the elements of one person's HTML were written.

use std::convert::Infallible;

use super::{Hole, Input, Person, Renderer, proof::expand_with_marks};
use crate::diagnostic::Diagnostic;

/// Fills in HTML that is what a person gets, but that every element an author wrote has one more
/// attribute: its place.
#[derive(Debug)]
pub struct Places {
    /// The name of the attribute; no source holds it.
    pub marker: String,
    /// File and line, from 1, by the value of the attribute.
    pub spots: Vec<(String, usize)>,
    renderer: Renderer<String>,
}

/// Gets the places of a campaign ready. It fails only where [`expand()`](super::expand()) fails.
pub fn places(input: &Input<'_>) -> Result<Places, Vec<Diagnostic>> {
    let (expanded, _, marks) = expand_with_marks(input)?;
    let spots = marks.spots.iter().map(|spot| {
        let (line, _) = spot.value.line_column(spot.span.start);
        (spot.value.name.to_string(), line)
    });
    let Ok(renderer) = Renderer::new(&expanded, |lines| Ok::<_, Infallible>(lines.to_owned()));
    Ok(Places { marker: marks.marker, spots: spots.collect(), renderer })
}

impl Places {
    /// One person's HTML with its places.
    pub fn html(&self, person: &Person<'_>) -> Result<String, Vec<Hole>> {
        self.renderer.render(person).map(|rendered| rendered.html.to_string())
    }
}
