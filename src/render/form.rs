//! A flat template made ready to be filled in: whole lines that are the same for everybody are cut
//! out of it and prepared, once a campaign.

use super::{Escape, Expression, Piece, Spot, Template};

/// What lines that everybody shares are made into, once.
pub(super) type Prepare<'a, S, E> = &'a dyn Fn(&str) -> Result<S, E>;

/// A template in the order in which it is written.
#[derive(Debug)]
pub(super) struct Form<S>(pub(super) Vec<Step<S>>);

/// A step in writing it.
#[derive(Debug)]
pub(super) enum Step<S> {
    /// Whole lines, the same in every copy that has them.
    Shared(S),
    /// Final text in a line with a person's value.
    Text(String),
    /// [`Piece::Print`].
    Print { value: Expression, escape: Escape, spot: Spot },
    /// [`Piece::If`].
    If { test: Expression, then: Form<S>, otherwise: Form<S> },
}

impl<S> Form<S> {
    /// Everything as text, for a part without lines.
    pub(super) fn uncut(template: &Template) -> Self {
        let mut steps = Vec::new();
        for piece in &template.0 {
            steps.push(match piece {
                Piece::Text(text) => Step::Text(text.clone()),
                Piece::Print { value, escape, spot } => {
                    Step::Print { value: value.clone(), escape: *escape, spot: spot.clone() }
                }
                Piece::If { test, then, otherwise } => Step::If {
                    test: test.clone(),
                    then: Self::uncut(then),
                    otherwise: Self::uncut(otherwise),
                },
            });
        }
        Self(steps)
    }

    /// With its shared lines cut out.
    pub(super) fn cut<E>(template: &Template, prepare: Prepare<'_, S, E>) -> Result<Self, E> {
        Self::uncut(template).cut_lines(true, prepare)
    }

    /// The same for a part whose blank end is trimmed when it is filled in. The last line that is
    /// blank for nobody, and all behind it, stays uncut.
    pub(super) fn cut_before_end<E>(
        template: &Template,
        prepare: Prepare<'_, S, E>,
    ) -> Result<Self, E> {
        let mut form = Self::uncut(template);
        let is_solid = |step: &Step<S>| matches!(step, Step::Text(text) if !text.trim().is_empty());
        let Some(last) = form.0.iter().rposition(is_solid) else { return Ok(form) };
        let mut end = form.0.split_off(last);
        if let Step::Text(text) = &mut end[0]
            && let Some(line_end) = text.trim_end().rfind('\n')
        {
            let last_line = text.split_off(line_end + 1);
            form.0.push(Step::Text(std::mem::replace(text, last_line)));
        }
        form = form.cut_lines(true, prepare)?;
        form.0.append(&mut end);
        Ok(form)
    }

    fn cut_lines<E>(self, mut at_line_start: bool, prepare: Prepare<'_, S, E>) -> Result<Self, E> {
        let mut steps = Vec::with_capacity(self.0.len());
        for step in self.0 {
            match step {
                Step::Text(text) => {
                    let (head, lines, tail) = whole_lines(&text, at_line_start);
                    steps.push(Step::Text(head.to_owned()));
                    if !lines.is_empty() {
                        steps.push(Step::Shared(prepare(lines)?));
                    }
                    steps.push(Step::Text(tail.to_owned()));
                }
                Step::If { test, then, otherwise } => {
                    let then = then.cut_lines(false, prepare)?;
                    let otherwise = otherwise.cut_lines(false, prepare)?;
                    steps.push(Step::If { test, then, otherwise });
                }
                Step::Shared(_) | Step::Print { .. } => steps.push(step),
            }
            at_line_start = false;
        }
        steps.retain(|step| !matches!(step, Step::Text(text) if text.is_empty()));
        Ok(Self(steps))
    }
}

/// What stands before, in and behind the whole lines of `text`.
fn whole_lines(text: &str, at_line_start: bool) -> (&str, &str, &str) {
    let begin = if at_line_start { Some(0) } else { text.find('\n').map(|at| at + 1) };
    let (head, rest) = text.split_at(begin.unwrap_or(text.len()));
    let (lines, tail) = rest.split_at(rest.rfind('\n').map_or(0, |at| at + 1));
    (head, lines, tail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_lines_are_cut() {
        for (text, at_line_start, lines) in [
            ("a\nb\nc", true, ("", "a\nb\n", "c")),
            ("a\nb\nc", false, ("a\n", "b\n", "c")),
            ("a\nc", false, ("a\n", "", "c")),
            ("a", true, ("", "", "a")),
            ("a", false, ("a", "", "")),
            ("\r\n\r\n", false, ("\r\n", "\r\n", "")),
        ] {
            assert_eq!(whole_lines(text, at_line_start), lines, "{text:?}");
        }
    }
}
